"""The parts of compounds, in the languages that write them as one word.

A compound of three parts or more has besides them the words that are made of some of them: *luchtmachtbasis* has `lucht`,
`macht`, `basis` and `luchtmacht`, because *luchtmacht* is a word, and not `machtbasis`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
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

    def lemmas_besides(self, written: str, listed: Sequence[str]) -> Iterable[str]:
        """The lemmas that a word has besides those that are listed for it."""
        ...


def compound_parts(
    pieces: Sequence[Piece], split: Callable[[str], Sequence[Piece] | None], is_word: Callable[[str], bool]
) -> list[Part]:
    """The parts that `pieces` are, each taken apart in turn by `split` where it can be, and the words made of several.

    A part that is itself made of parts has the place of its first one.
    """
    parts: list[Part] = []
    simple: list[Piece] = []
    for piece in pieces:
        inner = split(piece.base)
        if inner is not None:
            parts.append(_part(piece, len(simple)))
        for smallest in _smallest(inner, split) if inner is not None else (piece,):
            parts.append(_part(smallest, len(simple)))
            simple.append(smallest)
    if len(simple) > 2:
        known = {part.words[0] for part in parts}
        parts += (part for part in _words_of_several(simple, is_word) if part.words[0] not in known)
    return parts


def _smallest(pieces: Sequence[Piece], split: Callable[[str], Sequence[Piece] | None]) -> Iterator[Piece]:
    for piece in pieces:
        inner = split(piece.base)
        if inner is None:
            yield piece
        else:
            yield from _smallest(inner, split)


def _words_of_several(simple: Sequence[Piece], is_word: Callable[[str], bool]) -> Iterator[Part]:
    for first in range(len(simple) - 1):
        for end in range(first + 2, len(simple) + (first > 0)):
            before = "".join(piece.text for piece in simple[first : end - 1])
            base = before + simple[end - 1].base
            if is_word(base):
                yield _part(Piece(before + simple[end - 1].text, base), first)


def _part(piece: Piece, rank: int) -> Part:
    """A linking s is no part of the form: what `oorlogs-` is there is *oorlog*."""
    if piece.text == f"{piece.base}s" or piece.text == piece.base:
        return Part(piece.base, (piece.base,), rank)
    return Part(piece.text, (piece.base, piece.text), rank)
