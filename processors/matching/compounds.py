"""The parts of compounds, in the languages that write them as one word.

A word of three parts or more has, besides these, the compounds that it is made of: *luchtmachtbasis* has `lucht`, `macht`,
`basis` and `luchtmacht` where its words are parts of one another, and just `luchtmacht` and `basis` where *luchtmacht*
is a word that nobody takes apart.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from processors.matching.segment import Piece

MAX_LETTERS = 48
"""Longer words are no compounds but noise, and reading one takes time that grows with the square of its length."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a compound: its folded written form, the words whose normal forms it has, its place among the parts."""

    form: str
    words: tuple[str, ...]
    rank: int


class Compounds(Protocol):
    """The compounds of one language, and what it knows of the lemmas of words."""

    def parts(self, exact: str) -> Sequence[Part]:
        """The parts of a word by its written form; none where it is no compound."""
        ...

    def lemma(self, written: str) -> str | None:
        """The lemma of a word that is in no list: of a compound by that of its last part; None where none is known."""
        ...

    def lemmas_besides(self, written: str, listed: Sequence[str]) -> Iterator[str]:
        """The lemmas that a word has besides those that are listed for it."""
        ...


def nested_parts(pieces: Sequence[Piece], split: Callable[[str], Sequence[Piece] | None]) -> Iterator[Part]:
    """The parts that `pieces` are, taken apart in turn by `split` where they can be; a piece that can stays a part."""
    rank = 0
    for piece in pieces:
        inner = split(piece.base)
        if inner is None:
            yield _part(piece, rank)
            rank += 1
            continue
        yield _part(piece, rank)
        for part in nested_parts(inner, split):
            yield Part(part.form, part.words, rank + part.rank)
        rank += len(inner)


def _part(piece: Piece, rank: int) -> Part:
    """A linking s is no part of the form: what `oorlogs-` is there is *oorlog*."""
    if piece.text == f"{piece.base}s" or piece.text == piece.base:
        return Part(piece.base, (piece.base,), rank)
    return Part(piece.text, (piece.base, piece.text), rank)
