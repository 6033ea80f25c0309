"""Mentions, for the definition (naive.py): which are near each other, which overlap, which can be counted together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from processors.matching.naive_units import Point
from schemas.spans import Field


class Place(NamedTuple):
    """Where a term stands: characters of a field, and the term's number in the query."""

    field: Field
    start: int
    end: int
    term: int


@dataclass(frozen=True, slots=True)
class Mention:
    """See the module. Those with equal `key`s are the very same mention."""

    field: Field
    first: Point
    last: Point
    places: frozenset[Place]

    @property
    def key(self) -> tuple[Field, Point, Point]:
        """What makes it this mention and no other."""
        return self.field, self.first, self.last


def choosable(mentions: Sequence[Mention], count: int) -> list[Mention]:
    """The mentions with which `count` can be chosen that don't overlap."""
    return [
        mention
        for mention in mentions
        if 1 + _most([other for other in mentions if not _overlap(mention, other)]) >= count
    ]


def _most(mentions: Sequence[Mention]) -> int:
    """How many mentions can be chosen that don't overlap: always the one that ends first."""
    chosen: list[Mention] = []
    for mention in sorted(mentions, key=lambda mention: mention.last[0]):
        if not any(_overlap(mention, other) for other in chosen):
            chosen.append(mention)
    return len(chosen)


def _overlap(a: Mention, b: Mention) -> bool:
    return a.field == b.field and a.first[0] <= b.last[0] and b.first[0] <= a.last[0]


def is_near(a: Mention, b: Mention, distance: int) -> bool:
    """Whether at most so many words stand between two mentions of one field."""
    if a.field != b.field:
        return False
    return _overlap(a, b) or max(a.first[0], b.first[0]) - min(a.last[0], b.last[0]) - 1 <= distance


def pair(a: Mention, b: Mention) -> Mention:
    """Two mentions as one, from the first to the last point of both."""
    return Mention(a.field, min(a.first, b.first), max(a.last, b.last), a.places | b.places)


def each_once(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions by their keys, the places of the very same one joined."""
    each: dict[tuple[Field, Point, Point], Mention] = {}
    for mention in mentions:
        same = each.get(mention.key)
        each[mention.key] = mention if same is None else replace(same, places=same.places | mention.places)
    return list(each.values())
