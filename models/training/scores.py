"""Precision, recall and F1 by exact spans."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

KINDS = ("PER", "ORG", "LOC", "MISC")
MAIN = ("PER", "ORG", "LOC")

Names = Iterable[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Score:
    """right of `found` names found, of `wanted` there are."""

    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what there is that was found."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0


def score(wanted: Sequence[Names], found: Sequence[Names], kinds: Sequence[str] = MAIN) -> Score:
    """How well `found` fits `wanted`, text by text."""
    right = finds = wants = 0
    for there, here in zip(wanted, found, strict=True):
        one = {name for name in there if name[2] in kinds}
        other = {name for name in here if name[2] in kinds}
        right, finds, wants = right + len(one & other), finds + len(other), wants + len(one)
    return Score(right, finds, wants)


def scores(wanted: Sequence[Names], found: Sequence[Names]) -> dict[str, Score]:
    """The score of PER+ORG+LOC together, and of each type."""
    return {"PER+ORG+LOC": score(wanted, found), **{kind: score(wanted, found, (kind,)) for kind in KINDS}}
