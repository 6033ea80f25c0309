"""The parts of Dutch and German compounds."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a compound: its written form folded, its normal forms, and its place in the order of parts."""

    form: str
    stems: tuple[str, ...]
    rank: int


class Compounds:
    """The compounds of one language."""

    def parts(self, exact: str) -> Sequence[Part]:
        """The parts of a word by its written form; none where it is no compound."""
        raise NotImplementedError

    def lemma(self, written: str) -> str | None:
        """The lemma of a compound by that of its head; None where it is no compound."""
        raise NotImplementedError


def compounds(language: str) -> Compounds | None:  # noqa: ARG001
    """The compounds of a language; None where it isn't one that writes them together."""
    return None
