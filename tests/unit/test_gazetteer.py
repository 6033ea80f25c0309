"""The gazetteer: reading its tables, looking names up, and what the shipped one must know."""

import gzip
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.demonyms import demonym_forms
from processors.gazetteer import COLUMNS, Gazetteer, default_gazetteer, read_gazetteer
from processors.names import folded, folded_word, name_key, name_words

ROWS = [
    ("Q1", "LOC", "country", "AA", "95", "Aland", "Aland|Aaland", "nl:AL", "", "", "", ""),
    ("Q2", "LOC", "city", "AA", "55", "Bergen", "Bergen|Mons", "", "nl,de:Bergen", "", "", "fr:Bergen"),
    ("x:p", "PER", "person", "", "72", "Ann de Wit", "Ann de Wit", "", "", "de Wit|De Witt", "Wittstein", ""),
]


@pytest.fixture
def small(tmp_path: Path) -> Gazetteer:
    lines = ["\t".join(COLUMNS), *("\t".join(row) for row in ROWS)]
    (tmp_path / "gazetteer.tsv.gz").write_bytes(gzip.compress(("\n".join(lines) + "\n").encode()))
    (tmp_path / "demonyms.tsv").write_text(
        "id\tname\tnl\ten\tde\tfr\nQ1\tAland\tAlands\tAlandic\talandisch\talandais\n"
    )
    (tmp_path / "contexts.tsv").write_text("id\tnames\tlanguages\twords\nx:p\tWitt\tnl|de\tmelk|milch\n")
    (tmp_path / "given_names.txt").write_text("ann\njan\n")
    return read_gazetteer(tmp_path)


def test_a_table_gives_entities_readings_surnames_and_first_names(small: Gazetteer) -> None:
    assert [entity.id for entity in small.entities] == ["Q1", "Q2", "x:p"]
    assert small.given_names == {"ann", "jan"}
    assert small.surnames(2) == ("de Wit", "De Witt")
    assert small.surnames(0) == ()
    assert [(r.languages, r.common, r.role) for r in small.readings("al")] == [(("nl",), (), "name")]
    assert [(r.languages, r.common, r.role) for r in small.readings("bergen")] == [(None, ("nl", "de"), "name")]
    assert [r.foreign for r in small.readings("bergen")] == [("fr",)]
    assert [(r.languages, r.needs) for r in small.readings("witt")] == [(("nl", "de"), ("melk", "milch"))]
    assert [r.role for r in small.readings("wittstein")] == ["bare"]
    assert [(r.languages, r.role) for r in small.readings("alandse")] == [(("nl",), "demonym")]
    assert [r.languages for r in small.readings("alandische")] == [("de",)]


def test_the_longest_name_that_begins_with_a_word_is_known(small: Gazetteer) -> None:
    assert (small.longest("ann"), small.longest("bergen"), small.longest("wit")) == (3, 1, 0)


def test_names_and_ids_are_looked_up_folded(small: Gazetteer) -> None:
    assert small.ids("ÁLAND") == ("Q1",)
    assert small.ids("ann  DE wit") == ("x:p",)
    assert small.ids("x:p") == ("x:p",)
    assert small.ids("Alandic") == (), "a demonym names no entity"
    assert small.ids("Nowhere") == ()
    assert small.ids("") == ()
    assert (small.canonical_name("Q2"), small.canonical_name("Q9")) == ("Bergen", None)
    assert (small.place("Q2"), small.place("Q9")) == (1, None)


def test_a_folder_without_tables_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"gazetteer\.tsv\.gz"):
        read_gazetteer(tmp_path)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["NATO", "NAVO", "OTAN", "nato"], "Q7184"),
        (["EU", "UE", "Europese Unie", "European Union"], "Q458"),
        (["VS", "US", "USA", "Verenigde Staten", "États-Unis", "U.S."], "Q30"),
        (["VN", "UN", "ONU", "Vereinte Nationen"], "Q1065"),
        (["Kiev", "Kyiv", "Kyjiw", "Kiew"], "Q1899"),
        (["Wit-Rusland", "Belarus", "Biélorussie", "Weißrussland", "Weissrussland"], "Q184"),
        (["Zelenski", "Zelensky", "Selenskyj", "Volodymyr Zelenskyy", "Volodymyr Zelenski"], "Q3874799"),
        (["Rusland", "Russia", "Russland", "Russie"], "Q159"),
    ],
)
def test_one_thing_has_one_id_in_every_language(names: list[str], expected: str) -> None:
    assert {name: default_gazetteer().ids(name)[:1] for name in names} == dict.fromkeys(names, (expected,))


def test_namesakes_come_likeliest_first() -> None:
    assert default_gazetteer().ids("Georgia")[:2] == ("Q230", "Q1428")


def test_an_unknown_name_gets_the_nearest_known_ones() -> None:
    assert default_gazetteer().nearest("Volodymir Zelensky")[0] == "Volodymyr Zelensky"
    assert default_gazetteer().nearest("Stoltenburg")[0] == "Stoltenberg"
    assert default_gazetteer().nearest("") == ()
    assert default_gazetteer().nearest("qqqqqqqq") == ()


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_text_may_be_looked_up(text: str) -> None:
    known = default_gazetteer()
    assert all(known.canonical_name(entity_id) for entity_id in known.ids(text))
    assert len(known.nearest(text)) <= 3


def test_looking_for_the_nearest_is_quick_on_any_name() -> None:
    default_gazetteer().nearest("warm")
    for name in ("Sant Maria de la", "a", "Jean-Claude Juncke", "x" * 100_000, "Saint " * 40):
        began = time.process_time()
        default_gazetteer().nearest(name)
        assert time.process_time() - began < 0.15, name[:20]


def test_every_id_is_a_wikidata_id_or_one_of_belfrys_own() -> None:
    ids = [entity.id for entity in default_gazetteer().entities]
    assert len(set(ids)) == len(ids)
    assert [one for one in ids if not (one.startswith("x:") or (one[0] == "Q" and one[1:].isdigit()))] == []


def test_threads_share_one_gazetteer() -> None:
    found: list[Gazetteer] = []
    threads = [threading.Thread(target=lambda: found.append(default_gazetteer())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in found}) == 1


@pytest.mark.parametrize(
    ("language", "bases", "some"),
    [
        ("nl", ("Russisch", "Rus", "Russen"), {"Russisch", "Russische", "Rus", "Russen"}),
        ("nl", ("Chinees", "Chinezen"), {"Chinees", "Chinese", "Chinezen"}),
        ("de", ("russisch", "Russe"), {"russisch", "russische", "russischen", "russischem", "Russen", "Russin", "Russinnen"}),
        ("de", ("schweizerisch", "Schweizer"), {"Schweizer", "Schweizern", "Schweizerin"}),
        ("fr", ("russe",), {"russe", "russes"}),
        ("fr", ("européen",), {"européen", "européens", "européenne", "européennes"}),
        ("fr", ("français",), {"français", "française", "françaises"}),
        ("en", ("Dutch", "Dutchman"), {"Dutch", "Dutchman"}),
    ],
)  # fmt: skip
def test_demonyms_are_inflected(language: str, bases: tuple[str, ...], some: set[str]) -> None:
    assert some <= set(demonym_forms(language, bases))


def test_demonyms_of_another_language_are_refused() -> None:
    with pytest.raises(ValueError, match="no demonyms in 'es'"):
        demonym_forms("es", ("ruso",))


@settings(max_examples=200)
@given(st.text(st.sampled_from("abcXYZ éßœ'’-.  \t")))
def test_a_name_key_is_its_folded_words(name: str) -> None:
    assert name_key(name) == " ".join(folded(word) for word in name_words(name)).strip()
    assert [folded_word(word) for word in name_words(name)] == [folded(word) for word in name_words(name)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("l’OTAN", "l'otan"), ("Wit–Rusland", "wit-rusland"), ("Erdoğan", "ERDOGAN"), ("Łódź", "lodz"), ("Oekrai\u0308ne", "oekraine")],
)  # fmt: skip
def test_writings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)
