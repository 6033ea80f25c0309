"""The lexicon of concepts: every shipped example comes out as it says, and a file that can't be used says where and why."""

from collections.abc import Collection
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from processors.matching.articles import MatchArticle
from processors.matching.checks import children
from processors.matching.concept_book import ConceptBook, refuse_unknown_entities, shipped_concepts
from processors.matching.concepts import LEXICON, ConceptLexicon, read_lexicon, shipped_lexicon
from processors.matching.matcher import Matcher
from processors.matching.meanings import ShippedMeanings, shipped_meanings
from processors.matching.tree import EntityTerm, Node
from processors.recognise import recognise
from schemas.errors import SettingsError
from schemas.spans import Span

LANGUAGES = ("nl", "en", "de", "fr")
SHIPPED = read_lexicon(LEXICON).definitions


@cache
def _asks_for_entities() -> bool:
    pending = [tree for concept_id in SHIPPED for tree in shipped_lexicon().trees(concept_id)]
    while pending:
        part = pending.pop()
        if isinstance(part, EntityTerm):
            return True
        pending += children(part)
    return False


def _article(text: str, language: str, title: str = "") -> MatchArticle:
    # Names are the dearest step by far, and there are more than a thousand examples.
    entities = recognise(title, text, language) if _asks_for_entities() else ()
    return MatchArticle(title, text, language, "test", datetime(2026, 1, 1, tzinfo=UTC), entities=entities)


def _mentioned(text: str, language: str) -> list[str]:
    return [concept.id for concept in shipped_concepts().mentions(_article(text, language))]


@pytest.mark.parametrize("concept_id", sorted(SHIPPED))
def test_the_examples_of_a_concept_mention_it_and_the_counter_examples_do_not(concept_id: str):
    wrong = [
        (language, kind, text)
        for language, queries in SHIPPED[concept_id].languages.items()
        for kind, wanted in (("match", True), ("no_match", False))
        for text in getattr(queries.examples, kind)
        if (concept_id in _mentioned(text, language)) is not wanted
    ]
    assert wrong == []


@pytest.mark.parametrize("concept_id", sorted(SHIPPED))
def test_a_shipped_concept_has_examples_of_both_kinds_in_every_language(concept_id: str):
    definition = SHIPPED[concept_id]
    assert tuple(definition.languages) == LANGUAGES
    for queries in definition.languages.values():
        assert len(queries.examples.match) >= 3
        assert len(queries.examples.no_match) >= 2


def test_shipped_concepts_ask_for_known_entities_only():
    refuse_unknown_entities(shipped_lexicon(), shipped_meanings())


def test_mentions_have_exact_places_by_concept_and_reading_order():
    title = "NAVO-Ruslandraad bijeen"
    text = "Gisteren noemde de woordvoerder de accumulatie van Russische troepen ernstig, zei de NAVO-Ruslandraad."
    found = shipped_concepts().mentions(_article(text, "nl", title))
    assert [concept.id for concept in found] == ["nato-russia-council", "troop-buildup"]
    council, buildup = found
    words = "accumulatie van Russische troepen"
    at = text.index(words)
    assert buildup.spans == (Span(field="text", start=at, end=at + len(words), text=words),)
    at = text.index("NAVO")
    assert council.spans == (
        Span(field="title", start=0, end=16, text="NAVO-Ruslandraad"),
        Span(field="text", start=at, end=at + 16, text="NAVO-Ruslandraad"),
    )


def test_a_concept_has_no_mentions_in_a_language_that_it_does_not_list():
    assert _mentioned("De opbouw van troepen gaat door.", "und") == []


@pytest.mark.shared
def test_the_seed_article_mentions_the_build_up_once_the_council_twice_and_what_else_is_in_it():
    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / "seed"
    if not folder.is_dir():
        pytest.skip("needs the shared folder beside the checkout")
    text = next(folder.glob("*.txt")).read_text(encoding="utf-8")
    found = shipped_concepts().mentions(_article(text, "nl"))
    mentions = {concept.id: [span.text for span in concept.spans] for concept in found}
    talks = mentions.pop("peace-talks")
    assert talks[0] == "vredesonderhandelingen"
    assert all("Oekraïne" in talk or "bemiddelaars" in talk for talk in talks[1:])
    assert mentions == {
        "nato-russia-council": ["NAVO-Ruslandraad", "NAVO-Ruslandraad"],
        "normandy-format": ["Normandië-formaat"],
        "territorial-integrity": ["territoriale integriteit", "territoriale integriteit"],
        "troop-buildup": ["accumulatie van Russische troepen"],
    }


GOOD = """
id: storm
name: Storm
description: Bad weather.
languages:
  nl:
    lists:
      wind: storm OR orkaan
    mention: "{wind} UNLESS/2 glas"
    where: lang:nl NOT theater
"""


def _folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name.replace('_', '-')}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


class _OwnMeanings(ShippedMeanings):
    def __init__(self, lexicon: ConceptLexicon) -> None:
        self._lexicon = lexicon

    def concept(self, concept_id: str, language: str) -> tuple[Node, Node | None] | None:
        return self._lexicon.concept(concept_id, language)

    def concept_ids(self) -> Collection[str]:
        return self._lexicon.ids


def test_a_concept_of_ones_own_is_found_beside_the_shipped_ones(tmp_path: Path):
    lexicon = read_lexicon(LEXICON, _folder(tmp_path, storm=GOOD))
    assert {"storm", "troop-buildup"} <= set(lexicon.ids)


def test_a_concept_of_ones_own_takes_the_place_of_a_shipped_one(tmp_path: Path):
    lexicon = read_lexicon(LEXICON, _folder(tmp_path, troop_buildup=GOOD.replace("id: storm", "id: troop-buildup")))
    assert lexicon.definitions["troop-buildup"].name == "Storm"


def test_the_users_folder_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BELFRY_CONCEPTS", str(_folder(tmp_path, storm=GOOD)))
    shipped_lexicon.cache_clear()
    try:
        article = _article("De orkaan bereikt de kust.", "nl")
        assert [
            concept.id for concept in ConceptBook(shipped_lexicon().ids, Matcher(shipped_meanings())).mentions(article)
        ] == ["storm"]
    finally:
        shipped_lexicon.cache_clear()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "storm.yaml:1: Input should be a valid dictionary"),
        ("a: [", "storm.yaml:1: not YAML"),
        (GOOD.replace("name: Storm\n", ""), "storm.yaml:2: name: Field required"),
        (GOOD.replace("storm OR", "storm) OR"), "storm.yaml:8: languages.nl.lists.wind: column 6"),
        (GOOD.replace("UNLESS/2 glas", "UNLESS/2 (glas"), "storm.yaml:9: languages.nl.mention: column 28"),
        (GOOD.replace("{wind} UNLESS", "{winds} UNLESS"), "storm.yaml:9: languages.nl.mention: {winds} names no list"),
        (GOOD.replace("UNLESS/2 glas", "glas"), "storm.yaml:9: languages.nl.mention: AND (also between words"),
        (GOOD.replace("lang:nl NOT", "NOT"), "storm.yaml:10: languages.nl.where: column 1"),
        (GOOD.replace("where:", "were:"), "storm.yaml:10: languages.nl.were: Extra inputs are not permitted"),
        (GOOD + "    where: x\n", "storm.yaml:11: languages.nl.where is given twice"),
        (GOOD.replace("id: storm", "id: Storm"), "storm.yaml:2: id: String should match pattern"),
        (GOOD.replace("id: storm", "id: gale"), "storm.yaml:2: id: is “gale”, but the file is named storm.yaml"),
        (GOOD.replace("storm OR orkaan", "concept:gale"), "storm.yaml:6: languages.nl: there is no concept “gale”"),
        (GOOD.replace("storm OR orkaan", "concept:storm"), "storm.yaml:6: languages.nl: the concept uses itself"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_place(tmp_path: Path, text: str, said: str):
    with pytest.raises(SettingsError) as caught:
        read_lexicon(_folder(tmp_path, storm=text))
    assert said in str(caught.value)


def test_concepts_that_use_each_other_in_a_circle_are_refused(tmp_path: Path):
    storm = GOOD.replace("storm OR orkaan", "concept:gale")
    gale = GOOD.replace("id: storm", "id: gale").replace("storm OR orkaan", "concept:storm")
    with pytest.raises(SettingsError, match="the concept uses itself, by itself or through others"):
        read_lexicon(_folder(tmp_path, storm=storm, gale=gale))


def test_a_folder_that_is_not_there_is_named():
    with pytest.raises(SettingsError, match="/no/such/folder is no folder of concepts"):
        read_lexicon(Path("/no/such/folder"))


def test_an_entity_that_nothing_is_known_by_is_refused(tmp_path: Path):
    lexicon = read_lexicon(_folder(tmp_path, storm=GOOD.replace("storm OR orkaan", "entity:Atlantiss")))
    with pytest.raises(SettingsError, match=r"concept storm: column .* no entity is known as “Atlantiss”"):
        refuse_unknown_entities(lexicon, shipped_meanings())


def test_every_shipped_concept_is_documented_by_what_it_is():
    text = (Path(__file__).resolve().parents[2] / "docs" / "concepts.md").read_text(encoding="utf-8")
    shipped = text.partition("## What is shipped\n")[2].partition("\n## ")[0]
    written = {line for line in shipped.splitlines() if line.startswith("| `")}
    assert written == {f"| `{concept_id}` | {each.description} |" for concept_id, each in SHIPPED.items()}


def test_the_documented_concept_is_one(tmp_path: Path):
    text = (Path(__file__).resolve().parents[2] / "docs" / "concepts.md").read_text(encoding="utf-8")
    written = text.partition("```yaml\n")[2].partition("```")[0]
    lexicon = read_lexicon(_folder(tmp_path, port_strike=written))
    meanings = _OwnMeanings(lexicon)
    for language, queries in lexicon.definitions["port-strike"].languages.items():
        for wanted, texts in ((True, queries.examples.match), (False, queries.examples.no_match)):
            for text in texts:
                assert bool(ConceptBook(lexicon.ids, Matcher(meanings)).mentions(_article(text, language))) is wanted, (
                    text
                )
