"""The units of a field where they stand, for the definition (naive.py): positions counted over the whole field."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from processors.matching.words import Normaliser, Unit

Point = tuple[int, int]
"""(position, rank): a whole word begins at (p, _BEGINS) and ends at (p, _ENDS); its parts lie between."""
_BEGINS, _ENDS = -1, 1 << 30


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A unit as it stands in a field: its points, its characters, and the unit that it is a part of."""

    unit: Unit
    first: Point
    last: Point
    start: int
    end: int
    whole: "Standing | None"

    def wholes(self) -> Iterator["Standing"]:
        """All units that it is a part of."""
        if self.whole is not None:
            yield self.whole
            yield from self.whole.wholes()

    def stands_at(self, other: "Standing") -> bool:
        """Whether it takes the same positions."""
        return (self.first[0], self.last[0]) == (other.first[0], other.last[0])


Row = tuple[Standing, ...]


def standing_units(normaliser: Normaliser, content: str) -> list[Standing]:
    """All units of a field, each after the one that it is a part of."""
    found: list[Standing] = []
    position = 0
    for token in normaliser.tokens(content):
        analysis = normaliser.analyse(content[token.start : token.end], acronym=token.acronym)
        begin = len(found)
        for unit in analysis.units:
            begins, ends = (unit.rank, unit.rank) if unit.kind == "compound" else (_BEGINS, _ENDS)
            found.append(
                Standing(
                    unit,
                    (position + unit.first, begins),
                    (position + unit.last, ends),
                    token.start + unit.start,
                    token.start + unit.end,
                    None if unit.parent < 0 else found[begin + unit.parent],
                )
            )
        position += analysis.width
    return found


def fits(pieces: Sequence[str], form: str) -> bool:
    """Whether a form is what a wildcard gives: its pieces in this order, anything between them."""
    return re.fullmatch(".*".join(re.escape(piece) for piece in pieces), form, re.DOTALL) is not None


def singles(standing: Iterable[Standing]) -> list[Row]:
    """Rows of one unit each."""
    return [(one,) for one in standing]


def rows(steps: Sequence[Sequence[Row]], slop: int, after: int | None = None) -> Iterator[Row]:
    """A choice of each step, each after the last of the one before, with at most `slop` further words in total."""
    if not steps:
        yield ()
        return
    for row in steps[0]:
        skipped = 0 if after is None else row[0].first[0] - after - 1
        if 0 <= skipped <= slop:
            for rest in rows(steps[1:], slop - skipped, row[-1].last[0]):
                yield row + rest
