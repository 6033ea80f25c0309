"""Many wildcards against one new word: by their first letters, their last, or three letters that must be in the word."""

from collections.abc import Iterator, Sequence

Pieces = tuple[str, ...]


class Wildcards:
    """Terms by their patterns, which are pieces (folded) with anything between them."""

    def __init__(self) -> None:
        self._prefixes: dict[str, list[int]] = {}
        self._suffixes: dict[str, list[int]] = {}
        self._within: dict[str, list[tuple[Pieces, int]]] = {}
        self._rest: list[tuple[Pieces, int]] = []
        self._prefix_lengths: list[int] = []
        self._suffix_lengths: list[int] = []

    def add(self, pieces: Pieces, term: int) -> None:
        """Test words for a pattern from now on."""
        kind, key = _filed(pieces)
        if kind == "prefix":
            self._prefixes.setdefault(key, []).append(term)
            self._prefix_lengths = sorted({*self._prefix_lengths, len(key)})
        elif kind == "suffix":
            self._suffixes.setdefault(key, []).append(term)
            self._suffix_lengths = sorted({*self._suffix_lengths, len(key)})
        elif kind == "within":
            self._within.setdefault(key, []).append((pieces, term))
        else:
            self._rest.append((pieces, term))

    def discard(self, pieces: Pieces, term: int) -> None:
        """Test words no longer for a pattern that was added."""
        kind, key = _filed(pieces)
        if kind == "rest":
            self._rest.remove((pieces, term))
            return
        if kind == "within":
            self._within[key].remove((pieces, term))
            if not self._within[key]:
                del self._within[key]
            return
        terms = self._prefixes if kind == "prefix" else self._suffixes
        terms[key].remove(term)
        if not terms[key]:
            del terms[key]

    def fitting(self, form: str) -> Iterator[int]:
        """The terms whose patterns a form fits, each once."""
        for length in self._prefix_lengths:
            if length > len(form):
                break
            if (terms := self._prefixes.get(form[:length])) is not None:
                yield from terms
        for length in self._suffix_lengths:
            if length > len(form):
                break
            if (terms := self._suffixes.get(form[-length:])) is not None:
                yield from terms
        if self._within:
            for key in {form[start : start + 3] for start in range(len(form) - 2)}:
                for pieces, term in self._within.get(key, ()):
                    if fits_pieces(pieces, form):
                        yield term
        for pieces, term in self._rest:
            if fits_pieces(pieces, form):
                yield term


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
    """How a pattern is filed, and under what."""
    if len(pieces) == 2 and pieces[0] and not pieces[1]:
        return "prefix", pieces[0]
    if len(pieces) == 2 and pieces[1] and not pieces[0]:
        return "suffix", pieces[1]
    longest = max(pieces, key=len)
    return ("within", longest[:3]) if len(longest) >= 3 else ("rest", "")
