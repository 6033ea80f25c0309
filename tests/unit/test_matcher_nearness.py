"""The quick look at positions, alternatives and words that must not be there hides nothing, and lets little through."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.matching.articles import MatchArticle
from processors.matching.compiled.engine import Engine
from processors.matching.compiled.nearness import MOST_SLOP, around, reach, turned
from processors.matching.meanings import shipped_meanings
from processors.matching.parse import parse


def folded(positions: set[int]) -> int:
    return sum({1 << (position & 63) for position in positions})


POSITIONS = st.sets(st.integers(0, 3_000_000), min_size=1, max_size=8)


@given(POSITIONS, st.integers(0, MOST_SLOP))
def test_what_has_so_many_words_between_is_around(positions: set[int], slop: int):
    bits = int(around(folded(positions), slop))
    expected = folded({max(0, p + d) for p in positions for d in range(-slop - 1, slop + 2) if p + d >= 0})
    assert bits & expected == expected
    assert bits == folded({p + d + 64 for p in positions for d in range(-slop - 1, slop + 2)})


@given(POSITIONS, st.integers(0, MOST_SLOP))
def test_what_follows_after_so_many_words_is_reached(positions: set[int], slop: int):
    bits = int(reach(turned(folded(positions), 1), slop))
    assert bits == folded({p + 1 + d for p in positions for d in range(slop + 1)})


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(shipped_meanings())


def looked_at_and_matching(engine: Engine, query: str, text: str) -> tuple[int, int]:
    """How many queries, of this one, are candidates for the text, and how many match."""
    number = engine.add(parse(query))
    article = MatchArticle(
        title="", text=text, language="en", source="belga", published_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    matches = len(engine.answer(article).matches)
    engine.discard(number)
    return engine.candidates, matches


PLACES = st.sets(st.integers(0, 400), min_size=1, max_size=12)


@settings(deadline=None)
@given(PLACES, PLACES, st.integers(0, MOST_SLOP + 2), st.sampled_from(["phrase", "NEAR", "BEFORE"]))
def test_of_two_words_the_candidates_are_those_that_stand_near(
    engine: Engine, ones: set[int], others: set[int], slop: int, kind: str
):
    ones -= others
    words = ["rome" if place in ones else "paris" if place in others else "of" for place in range(402)]
    query = f'"rome paris"~{slop}' if kind == "phrase" else f"rome {kind}/{slop} paris"
    behind = any(0 < other - one <= slop + 1 for one in ones for other in others)
    ahead = any(0 < one - other <= slop + 1 for one in ones for other in others)
    looked_at, matching = looked_at_and_matching(engine, query, " ".join(words))
    assert matching == (behind or (kind == "NEAR" and ahead))
    if slop <= MOST_SLOP:
        assert looked_at == (behind or (kind != "phrase" and ahead))


@pytest.mark.parametrize("query", ['"rome paris"', "rome NEAR/0 paris", "paris NEAR/0 rome"])
def test_two_words_are_found_however_often_they_stand_apart(engine: Engine, query: str):
    text = "rome of " * 300 + "paris of " * 300 + "rome paris"
    assert looked_at_and_matching(engine, query, text) == (1, 1)


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("rome NOT paris", "rome of london", (1, 1)),
        ("rome NOT paris", "rome of paris", (0, 0)),
        ("rome NOT (paris OR london)", "rome of london", (0, 0)),
        ("rome NOT (paris OR london OR of)", "rome of", (1, 0)),
        ("rome NOT paris NOT london", "rome of london", (0, 0)),
        ("rome NOT title:paris", "rome of paris", (1, 1)),
        ('rome NOT "paris of"', "rome of paris", (1, 1)),
        ("rome NOT build-up", "rome to build of up", (1, 1)),
        ("rome NOT build-up", "rome to build up", (1, 0)),
        ("rome (paris OR london)", "rome of berlin", (0, 0)),
        ("rome (paris OR london)", "rome of london", (1, 1)),
        ('rome (paris OR "london of")', "rome of london", (1, 0)),
        ("(rome of) OR (paris london)", "rome of london", (1, 1)),
        ("rome (paris OR concept:troop-buildup)", "rome, massing of troops", (1, 1)),
        ("rome (paris OR build-up)", "rome to build up", (1, 1)),
    ],
)
def test_what_must_be_there_or_not_is_seen_before_the_query_is_looked_at(
    engine: Engine, query: str, text: str, expected: tuple[int, int]
):
    assert looked_at_and_matching(engine, query, text) == expected
