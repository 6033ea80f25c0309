"""The quick look at positions never hides what is there."""

from hypothesis import given
from hypothesis import strategies as st

from processors.matching.compiled.nearness import MOST_SLOP, around, reach, turned


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
