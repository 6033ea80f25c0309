"""The cheapest way to read a word as a compound: modifiers, then a head, each at a cost that says how sure a part it is.

Costs are whole numbers; a part that stands in many compounds costs 10, a doubtful one up to 20. Among equally cheap
ways the one with the longest head is taken.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Element(NamedTuple):
    """What a piece of a word may be: `base` is the word that it is a form of, `cost` how doubtful it is."""

    cost: int
    base: str


class Piece(NamedTuple):
    """A piece of a compound as it stands in it, and the word that it is a form of."""

    text: str
    base: str


Lookup = Callable[[str], Element | None]

SHORTEST = 2
"""Letters of a part. The lists hold few of two."""

COST_OF_TWO = 36
COST_OF_FURTHER = 10
"""The most that two parts may cost together, and how much more for each further one."""


def segmentation(word: str, modifier: Lookup, head: Lookup, cost_of_two: int = COST_OF_TWO) -> Sequence[Piece] | None:
    """The pieces of `word`, two or more, of which the last is its head; None where it can't be read so cheaply enough."""
    return cheap_enough(cheapest(word, modifier, head), cost_of_two)


def cheap_enough(found: tuple[int, Sequence[Piece]] | None, cost_of_two: int) -> Sequence[Piece] | None:
    """The pieces of what `cheapest` found; None where they cost too much."""
    if found is None:
        return None
    cost, pieces = found
    return pieces if cost <= cost_of_two + COST_OF_FURTHER * (len(pieces) - 2) else None


def cheapest(word: str, modifier: Lookup, head: Lookup) -> tuple[int, Sequence[Piece]] | None:
    """The cheapest pieces of `word`, two or more, of which the last is its head, and what they cost; None for none."""
    length = len(word)
    costs = {0: 0}
    before: dict[int, tuple[int, Element]] = {}
    best: tuple[int, int, Element] | None = None
    for start in range(length - SHORTEST + 1):
        cost = costs.get(start)
        if cost is None:
            continue
        if start and (found := head(word[start:])) and not _takes_linking_s(word, start, before[start], modifier, head):
            total = cost + found.cost
            if best is None or total < best[0]:
                best = total, start, found
        for end in range(start + SHORTEST, length - SHORTEST + 1):
            element = modifier(word[start:end])
            if element is not None and cost + element.cost < costs.get(end, 1 << 30):
                costs[end] = cost + element.cost
                before[end] = start, element
    if best is None:
        return None
    total, start, found = best
    pieces = [Piece(word[start:], found.base)]
    while start:
        previous, element = before[start]
        pieces.append(Piece(word[previous:start], element.base))
        start = previous
    return total, pieces[::-1]


def _takes_linking_s(
    word: str, start: int, modifier_before: tuple[int, Element], modifier: Lookup, head: Lookup
) -> bool:
    """Whether the s before `start` is rather the head's first letter: *kiezel-stenen*, not *kiezels-tenen*."""
    previous, element = modifier_before
    piece = word[previous:start]
    if piece[-1] != "s" or piece == element.base:
        return False
    return head(word[start - 1 :]) is not None and modifier(piece[:-1]) is not None
