"""What the alert language means, by its definition, over a tiny language of the tests' own."""

import pytest

from processors.matching.naive import naive_spans
from processors.matching.parse import parse
from processors.matching.tree import And, Near, Word
from schemas.entities import Entity
from tests.small_language import SmallMeanings, article, spans, texts

FAR = "een twee drie vier vijf zes zeven acht negen"


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        # Words, wildcards, exact forms
        ("troepen", "nieuwe troepen", ["troepen"]),
        ("troep", "Nieuwe Troepen", ["Troepen"]),
        ("schip", "twee schepen", ["schepen"]),
        ("troepenopbouw", "de troepen en de opbouw", None),
        ("troepen opbouw", "de opbouw van troepen", ["opbouw", "troepen"]),
        ("troepen opbouw", "de opbouw", None),
        ("troep*", "troepen troepenopbouw stroop", ["troepen", "troepenopbouw"]),
        ("*opbouw*", "de troepenopbouw", ["troepenopbouw"]),
        ("t*pbouw", "troepenopbouw", ["troepenopbouw"]),
        ("cafe*", "het Café", ["Café"]),
        ("=NATO", "NATO nato Nato", ["NATO"]),
        ("=raad", "NAVO-Ruslandraad", None),
        ("=NAVO", "NAVO-Ruslandraad", ["NAVO"]),
        ('="Wit-Rusland"', "Wit-Rusland", ["Wit-Rusland"]),
        ('="Wit-Rusland"', "Wit Rusland wit-rusland WitRusland", None),
        # Hyphens
        ("build-up", "a build-up, a buildup, a build up", ["build-up", "buildup", "build up"]),
        ("buildup", "a build-up, a build up", ["build-up"]),
        ("raad", "de NAVO-Ruslandraad", ["Ruslandraad"]),
        ('"NATO Russia Council"', "the NATO-Russia Council", ["NATO-Russia Council"]),
        ('"NAVO Ruslandraad"', "de NAVO-Ruslandraad", ["NAVO-Ruslandraad"]),
        ('"NAVO-Ruslandraad bijeen"', "NAVO-Ruslandraad bijeen", ["NAVO-Ruslandraad bijeen"]),
        ('"navo* bijeen"', "NAVO-Ruslandraad bijeen", ["NAVO-Ruslandraad bijeen"]),
        ('"navo* ruslandraad"', "NAVO-Ruslandraad bijeen", ["NAVO-Ruslandraad"]),
        ('"build-up of"', "the build up of troops", ["build up of"]),
        # Phrases
        ('"russische troepen"', "Russische troepenopbouw", ["Russische troepenopbouw"]),
        ('"troepen opbouw"', "troepenopbouw", None),
        ('"troepen opbouw"', "opbouw troepen", None),
        ('"massing of troops"', "the massing of troops", ["massing of troops"]),
        ('"massing of troops"', "the massing of new troops", None),
        ('"massing of troops"~1', "the massing of new troops", ["massing of new troops"]),
        ('"a b c"~2', "a x b y c", ["a x b y c"]),
        ('"a b c"~1', "a x b y c", None),
        ('"mass* of troops"', "massing. Of troops", ["massing. Of troops"]),
        # NEAR, BEFORE
        ("opbouw NEAR/3 troepen", "troepenopbouw", ["troepenopbouw"]),
        ("opbouw NEAR/3 troepen", "opbouw van Russische troepen", ["opbouw", "troepen"]),
        ("opbouw NEAR/1 troepen", "opbouw van Russische troepen", None),
        ("opbouw NEAR/2 troepen", "opbouw van Russische troepen", ["opbouw", "troepen"]),
        ("troepen NEAR/0 opbouw", "opbouw troepen", ["opbouw", "troepen"]),
        ("troepen BEFORE/2 opbouw", "troepenopbouw", ["troepenopbouw"]),
        ("opbouw BEFORE/2 troepen", "troepenopbouw", None),
        ("troepenopbouw NEAR/2 opbouw", "troepenopbouw", ["troepenopbouw"]),
        ("troepenopbouw BEFORE/2 opbouw", "troepenopbouw", None),
        (
            '"russische troepen" BEFORE/0 opbouw',
            "russische troepenopbouw",
            ["russische troepenopbouw", "troepenopbouw"],
        ),
        ("troepen NEAR/5 troepen", "de troepen", None),
        ("troepen NEAR/5 troepen", "de troepen en troepen", ["troepen", "troepen"]),
        ("troep* NEAR/5 *opbouw*", "troepenopbouw", None),
        ("raket NEAR/3 raket", "raketraket", ["raketraket"]),
        ("raket BEFORE/3 raket", "raketraket", ["raketraket"]),
        ("a NEAR/2 b", "a b x x x a", ["a", "b"]),
        ("(a NEAR/1 b) NEAR/2 c", "a b x x c", ["a", "b", "c"]),
        ("a NEAR/1 (b BEFORE/5 c)", "b a x x c", ["b", "a", "c"]),
        ("(a OR b) NEAR/0 (c OR d)", "a c x d b", ["a", "c", "d", "b"]),
        ("a NEAR/1 raad", "NAVO-Ruslandraad a", ["Ruslandraad", "a"]),
        ("a NEAR/0 navo", "NAVO-Ruslandraad a", None),
        ("a NEAR/1 navo", "NAVO-Ruslandraad a", ["NAVO", "a"]),
        # UNLESS
        ("troep* UNLESS/4 terugtrek*", f"troepenterugtrekking {FAR} nieuwe troepen", ["troepen"]),
        ("drone* UNLESS/3 (speelgoed OR landbouw*)", "de landbouwdrone", None),
        ("drone* UNLESS/3 (speelgoed OR landbouw*)", "de drones", ["drones"]),
        ("drone UNLESS/1 speelgoed", "speelgoed of drones", None),
        ("drone UNLESS/0 speelgoed", "speelgoed of drones", ["drones"]),
        ("wapen* UNLESS/3 wapenstilstand", "de wapenstilstand", None),
        ("a UNLESS/2 (b NEAR/9 c)", "b x a x x x c", None),
        ("a UNLESS/2 b NEAR/3 c", "a c", ["a", "c"]),
        # ATLEAST
        ("ATLEAST/2 a", "a b", None),
        ("ATLEAST/2 a", "a b a", ["a", "a"]),
        ("ATLEAST/2 (troepen OR opbouw)", "troepenopbouw", None),
        ("ATLEAST/2 (troep* OR troepen)", "troepen", None),
        ("ATLEAST/2 (navo OR raad)", "NAVO-Ruslandraad", ["NAVO", "Ruslandraad"]),
        ("ATLEAST/2 (a NEAR/3 b)", "a b b", None),
        ("ATLEAST/2 (a NEAR/1 b)", "a b x x b a", ["a", "b", "b", "a"]),
        ('ATLEAST/2 ("a b c d" OR b OR c)', "a b c d", ["b", "c"]),
        # AND, OR, NOT
        ("a NOT b", "a c", ["a"]),
        ("a NOT b", "a b", None),
        ("NOT a b", "b", ["b"]),
        ("(a OR b) NOT (c NOT d)", "a c d", ["a"]),
        ("a OR (b c)", "a b", ["a"]),
        ("a b NEAR/3 c OR d", "a x", None),
        ("a b NEAR/3 c OR d", "d", ["d"]),
        ("troep* OR troepen OR troep", "de troepen", ["troepen"]),
        # Filters
        ("a lang:xx", "a", ["a"]),
        ("a lang:nl", "a", None),
        ("a NOT lang:nl", "a", ["a"]),
        ("lang:xx source:belga story:s1 published:[2022-01-18 TO 2022-01-18]", "a", []),
        ("published:[2022-01-01 TO 2022-01-17]", "a", None),
        ("published:[* TO 2022-01-18T12:00:00Z]", "a", []),
        ("published:[2022-01-18T12:00:01Z TO *]", "a", None),
    ],
)
def test_the_language_means(query: str, text: str, marked: list[str] | None):
    assert texts(query, text) == marked


@pytest.mark.parametrize(
    ("query", "title", "text", "marked"),
    [
        ("title:a", "a", "b", ["a"]),
        ("title:a", "b", "a", None),
        ("title:a text:b", "a b", "a b", ["a", "b"]),
        ("text:(a OR b)", "a", "b", ["b"]),
        ("a NEAR/9 b", "a", "b", None),
        ('"a b"', "a", "b", None),
        ("a b", "a", "b", ["a", "b"]),
        ("a UNLESS/9 b", "b", "a", ["a"]),
        ("(title:a OR b) NEAR/3 c", "a c", "a c b", ["a", "c", "c", "b"]),
        ("title:(a NOT b)", "a", "b", ["a"]),
        ("NOT title:b a", "a", "b", ["a"]),
        ("title:(a lang:xx)", "a", "", ["a"]),
        (
            'ATLEAST/2 ("massing of troops" OR troops*)',
            "Massing of troops",
            "the troops",
            ["Massing of troops", "troops", "troops"],
        ),
        ("title:ATLEAST/2 a", "a", "a", None),
        ("ATLEAST/2 title:a", "a", "a a", None),
    ],
)
def test_fields(query: str, title: str, text: str, marked: list[str] | None):
    assert texts(query, text, title) == marked


def test_title_comes_first_and_offsets_count_in_their_field():
    found = spans("a", "x a", "yy a")
    assert found is not None
    assert [(span.field, span.start, span.end, span.part) for span in found] == [
        ("title", 3, 4, "a"),
        ("text", 2, 3, "a"),
    ]


def test_a_place_is_shown_once_for_the_first_part_of_the_query_that_it_satisfies():
    found = spans('abc OR "abc b" OR abc*', "abc b abcd")
    assert found is not None
    assert [(span.text, span.part) for span in found] == [("abc", "abc"), ("abc b", '"abc b"'), ("abcd", "abc*")]


def _entity(text: str, written: str, id_: str | None, *, nth: int = 0) -> Entity:
    start = -1
    for _ in range(nth + 1):
        start = text.index(written, start + 1)
    return Entity(field="text", start=start, end=start + len(written), text=written, type="LOC", id=id_, name=written)


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("entity:NATO", ["NAVO", "North Atlantic Treaty"]),
        ("entity:NATO NEAR/0 raad", ["NAVO", "Ruslandraad"]),
        ("entity:NATO NEAR/9 entity:NATO", ["NAVO", "North Atlantic Treaty"]),
        ("entity:NATO NEAR/0 navo", None),
        ("entity:NATO NEAR/0 treaty", ["North Atlantic Treaty", "Treaty"]),
        ("ATLEAST/2 entity:NATO", ["NAVO", "North Atlantic Treaty"]),
        ("ATLEAST/3 entity:NATO", None),
        ("entity:NATO UNLESS/2 Ruslandraad", ["North Atlantic Treaty"]),
        ("title:entity:NATO", None),
        ("NOT entity:EU raad", ["Ruslandraad"]),
    ],
)
def test_entities_are_mentions_of_the_words_that_they_stand_on(query: str, marked: list[str] | None):
    text = "De NAVO-Ruslandraad x x x x North Atlantic Treaty"
    entities = (
        _entity(text, "NAVO", "Q7184"),
        _entity(text, "North Atlantic Treaty", "Q7184"),
        _entity(text, "De", None),
    )
    meanings = SmallMeanings(entities={"NATO": ["Q7184", "Q1"], "EU": ["Q458"]})
    assert texts(query, text, meanings=meanings, entities=entities) == marked


CONCEPTS = SmallMeanings(
    concepts={
        "build-up": ("troepen NEAR/3 opbouw", "lang:xx NOT toneel"),
        "alarm": ("concept:build-up OR alarm", None),
    }
)


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("concept:build-up", "de opbouw van troepen hier", ["opbouw van troepen"]),
        ("concept:build-up", "troepenopbouw", ["troepenopbouw"]),
        ("concept:build-up", "toneel: troepenopbouw", None),
        ("concept:build-up NEAR/1 grens", "opbouw van troepen aan grens", ["opbouw van troepen", "grens"]),
        ("concept:build-up NEAR/0 van", "opbouw van troepen", ["opbouw van troepen", "van"]),
        ("concept:alarm", "alarm om troepenopbouw", ["alarm", "troepenopbouw"]),
        ("ATLEAST/2 concept:alarm", "alarm om troepenopbouw", ["alarm", "troepenopbouw"]),
        ("concept:alarm UNLESS/1 om", "alarm om een troepenopbouw", None),
        ("concept:unheard", "alarm", None),
    ],
)
def test_concepts_are_mentions_of_their_own(query: str, text: str, marked: list[str] | None):
    assert texts(query, text, meanings=CONCEPTS) == marked


def test_a_field_scope_limits_the_mentions_of_a_concept_but_not_its_condition():
    assert texts("title:concept:build-up", "", "troepenopbouw", meanings=CONCEPTS) == ["troepenopbouw"]
    assert texts("title:concept:build-up", "toneel", "troepenopbouw", meanings=CONCEPTS) is None
    assert texts("title:concept:build-up", "troepenopbouw", "", meanings=CONCEPTS) is None


def test_a_concept_has_mentions_only_in_its_languages():
    assert naive_spans(parse("concept:build-up"), article("troepenopbouw", language="nl"), CONCEPTS) is None


def test_what_is_no_mention_is_refused():
    both = And((Word("a"), Word("b")))
    with pytest.raises(TypeError):
        naive_spans(Near(both, Word("c"), 1), article("a b c"), SmallMeanings())
