"""Entities in articles: what is found, with which ids, where; and what must not be found."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.mentions import field_words
from processors.ner.choice import NameModels
from processors.recognise import PIECE_CHARACTERS, pieces, recognise, recognise_batch
from schemas.entities import Entity
from schemas.spans import reading_order

LISTS = NameModels(on=False)
"""What lists and rules find by themselves; what the model adds is shown in test_names_by_model."""


def named(text: str, language: str, title: str = "") -> list[tuple[str, str | None]]:
    """Names (no demonyms) with their ids, in reading order."""
    return [(one.text, one.id) for one in recognise(title, text, language, LISTS) if one.link == "name"]


def demonyms(text: str, language: str) -> list[tuple[str, str | None]]:
    return [(one.text, one.id) for one in recognise("", text, language, LISTS) if one.link == "demonym"]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("nl", "De NAVO en de EU praten met de VS en de VN.", ["Q7184", "Q458", "Q30", "Q1065"]),
        ("en", "NATO and the EU are talking to the US and the UN.", ["Q7184", "Q458", "Q30", "Q1065"]),
        ("de", "Die Nato und die EU sprechen mit den USA und der UNO.", ["Q7184", "Q458", "Q30", "Q1065"]),
        ("fr", "L’OTAN et l'UE parlent aux États-Unis et à l’ONU.", ["Q7184", "Q458", "Q30", "Q1065"]),
        ("en", "The U.S. and the U.K. left the E.U. summit.", ["Q30", "Q145", "Q458"]),
        ("nl", "President Zelenski kwam uit Kiev naar Brussel.", ["Q3874799", "Q1899", "Q239"]),
        ("en", "President Zelensky came from Kyiv to Brussels.", ["Q3874799", "Q1899", "Q239"]),
        ("de", "Präsident Selenskyj reiste aus Kiew nach Brüssel.", ["Q3874799", "Q1899", "Q239"]),
        ("fr", "Le président Zelensky est venu de Kyiv à Bruxelles.", ["Q3874799", "Q1899", "Q239"]),
        ("nl", "Wit-Rusland en het Verenigd Koninkrijk", ["Q184", "Q145"]),
        ("und", "NATO, NAVO, OTAN", ["Q7184", "Q7184", "Q7184"]),
        ("und", "EU praat met VS", ["Q458", "Q30"]),
        ("es", "La UE y la OTAN", ["Q458", "Q7184"]),
    ],
)
def test_one_thing_has_one_id_in_every_language(language: str, text: str, expected: list[str]) -> None:
    assert [entity_id for _, entity_id in named(text, language)] == expected


def test_in_a_line_of_capitals_an_acronym_that_is_no_word_is_still_one() -> None:
    assert named("VS EN CHINA SLUITEN AKKOORD IN MADRID", "nl") == [
        ("VS", "Q30"),
        ("CHINA", "Q148"),
        ("MADRID", "Q2807"),
    ]
    assert named("WHO KNOWS WHAT IS IN IT FOR US", "en") == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("nl", "Poetin sprak met Erdogan.", ["Q7747", "Q39259"]),
        ("nl", "President Bazoum sprak in Niger.", ["Q3318398", "Q1032"]),
        ("nl", "Mevrouw Bazoum sprak.", [None]),
        ("en", "Ortega, a plumber from Texas, won.", ["Q1439"]),
    ],
)
def test_a_surname_alone_is_somebody_known_or_the_leader_of_a_country_that_is_mentioned(
    language: str, text: str, expected: list[str | None]
) -> None:
    assert [entity_id for _, entity_id in named(text, language)] == expected


def test_small_towns_are_known_where_they_are_at_home() -> None:
    assert named("Het parket van Turnhout onderzoekt de zaak.", "nl") == [("Turnhout", "Q271783")]
    assert named("Turnhout is where he was born.", "en") == []


def test_short_names_count_in_their_own_language_only() -> None:
    assert named("It is up to US now.", "nl") == []
    assert named("Wat VN doet", "en") == []
    assert named("IS it true?", "nl", "") == [("IS", "x:islamic-state")]
    assert named("IS it true that THEY know?", "en") == []


def test_the_canonical_name_is_english() -> None:
    (only,) = recognise("", "De Noord-Atlantische Verdragsorganisatie vergadert.", "nl", LISTS)
    assert (only.name, only.type, only.text) == ("NATO", "ORG", "Noord-Atlantische Verdragsorganisatie")


def test_the_longest_name_wins() -> None:
    assert named("De NAVO-Ruslandraad vergadert.", "nl") == [("NAVO-Ruslandraad", "x:nato-russia-council")]
    assert named("VN-Veiligheidsraad", "nl") == [("VN-Veiligheidsraad", "Q37470")]


def test_a_name_is_found_within_a_hyphenated_word() -> None:
    assert named("De NAVO-bondgenoten en een EU-top.", "nl") == [("NAVO", "Q7184"), ("EU", "Q458")]
    assert named("Der Kiew-Besuch", "de") == [("Kiew", "Q1899")]


def test_a_genitive_belongs_to_the_mention() -> None:
    assert named("Ruslands president en Oekraïnes leger", "nl") == [("Ruslands", "Q159"), ("Oekraïnes", "Q212")]
    assert named("Russlands Armee", "de") == [("Russlands", "Q159")]
    assert named("Russia's army", "en") == [("Russia", "Q159")]
    assert named("Voorts was het in België koud.", "nl") == [("België", "Q31")]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("nl", "Russische troepen en een Oekraïense tank", [("Russische", "Q159"), ("Oekraïense", "Q212")]),
        ("en", "Russian troops and Ukrainians", [("Russian", "Q159"), ("Ukrainians", "Q212")]),
        ("de", "russische Truppen und die Ukrainer", [("russische", "Q159"), ("Ukrainer", "Q212")]),
        ("fr", "les troupes russes et ukrainiennes", [("russes", "Q159"), ("ukrainiennes", "Q212")]),
        ("nl", "een Engels team", [("Engels", "Q21")]),
        ("en", "russian dolls and a polish cloth", []),
    ],
)  # fmt: skip
def test_demonyms_point_at_their_country(language: str, text: str, expected: list[tuple[str, str | None]]) -> None:
    assert demonyms(text, language) == expected
    assert all(one.type == "MISC" for one in recognise("", text, language, LISTS) if one.link == "demonym")


def test_a_surname_stands_for_the_person_whose_full_name_the_article_has() -> None:
    text = "Kuleba wacht. Dmytro Kuleba sprak met Annalena Baerbock. Kuleba’s antwoord viel Baerbock tegen."
    assert [entity_id for _, entity_id in named(text, "nl")] == [
        "Q24025631",
        "Q24025631",
        "Q564328",
        "Q24025631",
        "Q564328",
    ]
    assert named("Volgens Larcher is het laat.", "nl") == []


def test_somebody_else_with_the_surname_is_not_the_person() -> None:
    text = "Annalena Baerbock sprak. Ook Peter Baerbock was er, en mevrouw Jansen-Baerbock."
    assert named(text, "nl") == [("Annalena Baerbock", "Q564328"), ("Peter Baerbock", None), ("Jansen-Baerbock", None)]


def test_a_korean_surname_comes_first() -> None:
    text = "Yoon Suk-yeol met Tsai Ing-wen. Yoon smiled at Tsai."
    assert [entity_id for _, entity_id in named(text, "en")] == ["Q16090635", "Q233984", "Q16090635", "Q233984"]


def test_particles_belong_to_a_surname() -> None:
    text = "Ursula von der Leyen kwam. Later vertrok Von der Leyen."
    assert named(text, "nl") == [("Ursula von der Leyen", "Q60772"), ("Von der Leyen", "Q60772")]


def test_a_surname_is_also_what_the_article_makes_of_the_full_name() -> None:
    text = "Le général Abdel Fattah Al-Bourhane promet des élections. Al-Bourhane est au Caire."
    assert named(text, "fr") == [
        ("Abdel Fattah Al-Bourhane", "Q63111184"),
        ("Al-Bourhane", "Q63111184"),
        ("Caire", "Q85"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "times"),
    [
        ("de", "Stephan Weil dankte. Weil das Wasser steigt, bleiben Schulen zu. Weil kündigte Hilfe an.", 2),
        ("en", "Theresa May spoke. May the best side win. May said no.", 2),
    ],
)
def test_a_surname_that_is_a_little_word_is_none_where_a_sentence_goes_on_with_another(
    language: str, text: str, times: int
) -> None:
    assert sum(entity_id is not None for _, entity_id in named(text, language)) == times


def test_french_contracts_the_article_of_a_place() -> None:
    found = named("Il va au Caire, revient du Havre et lit le journal du Monde.", "fr")
    assert found == [("Caire", "Q85"), ("Havre", "Q42810")]


@pytest.mark.parametrize(
    "text",
    [
        "Angaben des Internationalen Komitees vom Roten Kreuz",
        "Das Internationale Komitee vom Roten Kreuz half.",
        "Ein Internationales Komitee vom Roten Kreuz",
    ],
)
def test_german_declines_the_names_of_bodies(text: str) -> None:
    assert [entity_id for _, entity_id in named(text, "de")] == ["x:icrc"]


def test_a_small_namesake_does_not_hide_the_place_that_everybody_knows() -> None:
    """Kentucky has a London, too; an article about Illinois and Texas says nothing of it."""
    text = "The letter from Illinois was sold in Texas. A rival bid came from a dealer in London."
    assert named(text, "en")[-1] == ("London", "Q84")
    assert named("They met in London, Kentucky.", "en")[0] != ("London", "Q84")


def test_a_partys_common_name_needs_its_country() -> None:
    assert ("Labour", "x:labour-party") in named("Labour leader Keir Starmer spoke in the Commons.", "en")
    assert named("Labour costs rose in Ohio.", "en")[0][0] == "Ohio"


def test_two_persons_of_one_surname_leave_it_without_an_id() -> None:
    text = "Joe Biden en Jill Biden waren er. Biden zwaaide."
    assert named(text, "nl")[-1] == ("Biden", "Q6279"), "only the one whom the gazetteer knows"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Bergen afval liggen langs de weg."),
        ("nl", "Namen noemen wilde zij niet."),
        ("de", "Nach dem Essen gingen sie in die Halle."),
        ("de", "Den Namen kennt man nicht. Man sagt nichts."),
        ("en", "Reading is fun. Mobile phones are banned."),
        ("en", "The Island is a Man of Vision, they Wake up."),
        ("fr", "Tours et détours. Un Tours ne fait pas une ville."),
        ("nl", "Jack London schreef romans en Paris Hilton zingt."),
        ("nl", "Woordvoerder Ned Price zweeg. Price vertrok."),
        ("nl", "Teamchef Eddie Jordan lachte."),
        ("nl", "zegt Dries Van den Abeele uit de provincie"),
        ("en", "TELL US WHAT IT IS"),
        ("en", "Jordan Henderson scored."),
        ("nl", "Mevrouw Van Gent en meneer De Haan kwamen, zegt Van Antwerpen."),
        ("de", "Frau Berlin und Herr Essen wohnen dort."),
        ("de", "Im Zug saß ein Mann, der am Hof lebte."),
        ("nl", "KV Mechelen won van Real Madrid en Studio Brussel draaide muziek."),
        ("en", "Manchester United lost; British Airways and Brussels Airlines flew."),
        ("de", "Der FC Bayern und Dynamo Dresden spielten."),
        ("nl", "Ook ontwerper Virginia Lincoln kwam, en de Florida Panthers wonnen."),
        ("en", "Chad Whitfield runs a small aid group."),
        ("en", "He films his mother, Georgia, and his sister Victoria. Georgia speaks of a lost summer."),
        ("nl", "Zijn dochter Victoria en zijn zus, Sofia, zwaaiden."),
        ("fr", "Portrait : Florence. Mme Florence Martin se lève tôt."),
    ],
)
def test_what_only_looks_like_a_place_is_none(language: str, text: str) -> None:
    found = recognise("", text, language, LISTS)
    assert [(one.type, one.id) for one in found if one.type == "LOC" or one.id] == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("nl", "De trein naar Bergen reed door tot in Essen.", [("Bergen", None), ("Essen", "Q2066")]),
        ("nl", "De Noorse politie vond hem in Bergen, in Noorwegen.", [("Bergen", "Q26793"), ("Noorwegen", "Q20")]),
        ("de", "Die Polizei in Essen sucht Zeugen.", [("Essen", "Q2066")]),
        ("nl", "De politie van Gent en die van Leuven", [("Gent", "Q1296"), ("Leuven", "Q118958")]),
        ("en", "Floods in Reading", [("Reading", "Q161491")]),
        ("fr", "Un incendie à Nice", [("Nice", "Q33959")]),
    ],
)  # fmt: skip
def test_a_place_that_looks_like_a_word_is_found_where_its_surroundings_say_so(
    language: str, text: str, expected: list[tuple[str, str | None]]
) -> None:
    assert named(text, language) == expected


def test_a_countrys_mention_tells_namesakes_apart() -> None:
    assert named("Atlanta ligt in Georgia. De Amerikaanse staat Georgia in de VS.", "nl")[-1] == ("VS", "Q30")
    assert named("In Georgia wordt gestemd.", "en") == [("Georgia", "Q230")]


def test_a_title_in_capitals_throughout_says_nothing_about_capitals() -> None:
    assert named("", "en", title="Reading And Mobile Phones Are Banned In Schools") == []


def test_entities_of_the_title_come_first_and_know_the_text() -> None:
    found = recognise("Baerbock waarschuwt", "Annalena Baerbock sprak in Berlijn.", "nl", LISTS)
    assert [(one.field, one.text, one.id) for one in found] == [
        ("title", "Baerbock", "Q564328"),
        ("text", "Annalena Baerbock", "Q564328"),
        ("text", "Berlijn", "Q64"),
    ]


def test_a_name_does_not_run_over_a_line_end() -> None:
    assert named("Europese\nUnie", "nl") == []
    assert named("Europese  Unie", "nl") == [("Europese  Unie", "Q458")]


def check(title: str, text: str, found: tuple[Entity, ...]) -> None:
    fields = {"title": title, "text": text}
    assert all(fields[one.field][one.start : one.end] == one.text != "" for one in found)
    assert list(found) == sorted(found, key=reading_order)
    ends = {"title": 0, "text": 0}
    for one in found:
        assert one.start >= ends[one.field], "no overlap"
        ends[one.field] = one.end


PARTS = [
    "NAVO", "de ", "Volodymyr", "Zelenski", "Zelenski's", " ", "  ", "\n", "-", "'", "’", ".", "VS", "V.S.", "Europese Unie",
    "Kiev", "Bergen", "in", "🙂", "e\u0301", "\u202e", "שלום", "Oekrai\u0308ne", "L'OTAN", "UNO", "Von der Leyen", "x", "\t", "«", "İ",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(PARTS)).map("".join),
    st.lists(st.sampled_from(PARTS)).map("".join),
    st.sampled_from(["nl", "en", "de", "fr", "und", "xx"]),
)
def test_entities_lie_where_they_say_in_order_and_apart(title: str, text: str, language: str) -> None:
    found = recognise(title, text, language)
    check(title, text, found)
    assert recognise(title, text, language) == found


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    check(text, text, recognise(text, text, "nl"))


def test_a_mark_without_a_letter_stands_in_no_names_way() -> None:
    assert named("Angela Merkel sprak. \u0301 Merkel zweeg.", "nl") == [
        ("Angela Merkel", "x:angela-merkel"),
        ("Merkel", "x:angela-merkel"),
    ]


@settings(max_examples=100)
@given(st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from("aB.-_ \n\r\u0301"))))
def test_words_keep_every_character_and_say_what_was_between(text: str) -> None:
    end = 0
    for number, word in enumerate(field_words(text)):
        assert text[word.start : word.end] == word.text
        between = text[end : word.start]
        assert between.strip() == ""
        line_ends = number == 0 or "\n" in between or "\r" in between
        assert word.gap == (2 if line_ends else 1 if between else 0)
        end = word.end
    assert text[end:].strip() == ""


@settings(max_examples=100)
@given(st.text(st.sampled_from("ab \n"), max_size=200), st.integers(1, 20))
def test_pieces_are_the_whole_text(text: str, size: int) -> None:
    cut = list(pieces(text, size))
    assert "".join(piece for _, piece in cut) == text
    assert all(text[start : start + len(piece)] == piece and len(piece) <= size for start, piece in cut)


def test_offsets_hold_across_pieces() -> None:
    text = (
        "woorden en nog meer woorden " * (PIECE_CHARACTERS // 20) + "in Kiev met Annalena Baerbock. Ook Baerbock sprak."
    )
    found = recognise("", text, "nl", LISTS)
    check("", text, found)
    assert [one.text for one in found] == ["Kiev", "Annalena Baerbock", "Baerbock"]


HOSTILE = {
    "one word": "a" * 2_000_000,
    "one name": "NAVO" * 500_000,
    "line breaks": "\n" * 100_000,
    "names": "Volodymyr " * 50_000,
    "beginnings of long names": "Ministry of Foreign Affairs of the " * 10_000,
    "brackets": "(" * 1_000_000,
    "mixed signs": "(.-'" * 100_000,
    "right to left": "שלום וברכה " * 20_000,
    "emoji": "🙂👍🏽 " * 30_000,
    "accents": "e" + "\u0301" * 500_000,
    "lone surrogates": "\ud800 NAVO \udfff" * 10_000,
    "controls": "\x00\x07\x1b" * 30_000,
    "spaces": " " * 1_000_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_texts_take_linear_time(kind: str) -> None:
    recognise("", "warm", "nl", LISTS)
    text = HOSTILE[kind]
    began = time.process_time()
    check("", text, recognise("", text, "nl", LISTS))
    assert time.process_time() - began < len(text) * 3e-5 + 0.5


def test_a_batch_is_its_articles_one_by_one() -> None:
    articles = [("", "Kiev en de NAVO", "nl"), ("Biden", "", "en")]
    assert recognise_batch(articles) == [recognise(*article) for article in articles]
