"""Many wildcards against one new word: by their first letters, their last, or three letters that must be in the word."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Pieces = tuple[str, ...]
Entry = TypeVar("Entry")


class Wildcards:
    """Terms by their patterns, which are pieces (folded) with anything between them."""

    def __init__(self) -> None:
        self._prefixes: dict[str, list[tuple[str, int]]] = {}
        self._suffixes: dict[str, list[tuple[str, int]]] = {}
        self._within: dict[str, list[tuple[Pieces, int]]] = {}
        self._rest: list[tuple[Pieces, int]] = []

    def add(self, pieces: Pieces, term: int) -> tuple[str, ...]:
        """Test words for a pattern from now on; returns the keys (see term_keys.py) of which that changes the entries."""
        kind, key = _filed(pieces)
        if kind == "prefix":
            self._prefixes.setdefault(key, []).append((pieces[0], term))
        elif kind == "suffix":
            self._suffixes.setdefault(key, []).append((pieces[1], term))
        elif kind == "within":
            self._within.setdefault(key, []).append((pieces, term))
        else:
            self._rest.append((pieces, term))
        return _keys(kind, key)

    def discard(self, pieces: Pieces, term: int) -> tuple[str, ...]:
        """Test words no longer for a pattern that was added; returns keys like `add`."""
        kind, key = _filed(pieces)
        if kind == "prefix":
            _drop(self._prefixes, key, (pieces[0], term))
        elif kind == "suffix":
            _drop(self._suffixes, key, (pieces[1], term))
        elif kind == "within":
            _drop(self._within, key, (pieces, term))
        else:
            self._rest.remove((pieces, term))
        return _keys(kind, key)

    def keys(self) -> Iterator[str]:
        """All keys, see term_keys.py."""
        yield from map("^".__add__, self._prefixes)
        yield from map("$".__add__, self._suffixes)
        yield from map("~".__add__, ("", *self._within) if self._within else ())
        yield from ("*",) if self._rest else ()

    def filed(self, key: str) -> Sequence[tuple[str, int]]:
        """Of a key of prefixes or suffixes: these, and their terms."""
        return (self._prefixes if key[0] == "^" else self._suffixes).get(key[1:], ())

    def fitting(self, form: str) -> list[int]:
        """The terms whose patterns a form fits, each once."""
        found: list[int] = []
        for prefix, term in self._prefixes.get(form[:3], ()):
            if form.startswith(prefix):
                found.append(term)
        for suffix, term in self._suffixes.get(form[-3:], ()):
            if form.endswith(suffix):
                found.append(term)
        if self._within:
            for key in {form[start : start + 3] for start in range(len(form) - 2)} & self._within.keys():
                found += (term for pieces, term in self._within[key] if fits_pieces(pieces, form))
        for pieces, term in self._rest:
            if fits_pieces(pieces, form):
                found.append(term)
        return found


def fits_pieces(pieces: Sequence[str], form: str) -> bool:
    """Whether a form is these pieces in this order with anything between: always the leftmost place of each."""
    first, *between = pieces
    if not between:
        return form == first
    last = between.pop()
    place, end = len(first), len(form) - len(last)
    if not form.startswith(first) or not form.endswith(last) or place > end:
        return False
    for piece in between:
        found = form.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def _filed(pieces: Pieces) -> tuple[str, str]:
    """How a pattern is filed, and under which three letters."""
    if len(pieces) == 2 and len(pieces[0]) >= 3 and not pieces[1]:
        return "prefix", pieces[0][:3]
    if len(pieces) == 2 and len(pieces[1]) >= 3 and not pieces[0]:
        return "suffix", pieces[1][-3:]
    longest = max(pieces, key=len)
    return ("within", longest[:3]) if len(longest) >= 3 else ("rest", "")


def _keys(kind: str, key: str) -> tuple[str, ...]:
    return {"prefix": ("^" + key,), "suffix": ("$" + key,), "within": ("~", "~" + key)}.get(kind, ("*",))


def _drop(filed: dict[str, list[Entry]], key: str, entry: Entry) -> None:
    here = filed[key]
    here.remove(entry)
    if not here:
        del filed[key]
