"""What queries look for: each word, wildcard, exact form, entity, filter … once, with a number, whatever asks for it."""

from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from processors.matching.compiled.layout import T_ANCHOR_COUNT, T_FREQUENCY, T_JOINED, TERM_COLUMNS
from processors.matching.compiled.store import Rows

Kind = Literal["word", "wildcard", "exact", "part", "entity", "concept", "lang", "source", "story", "published"]


class Key(NamedTuple):
    """What a term is: `text` as in the query; of a part of a hyphenated word, the word and the part's number."""

    kind: Kind
    text: str


IN_WORDS: Final = frozenset({"word", "wildcard", "exact"})
"""Kinds that are found by looking at words."""

# Out of a thousand articles, how many have such a term: a guess until articles have been seen.
_GUESSES: Final[dict[str, int]] = {
    "exact": 20,
    "part": 50,
    "entity": 30,
    "concept": 60,
    "lang": 500,
    "source": 100,
    "story": 1,
    "published": 500,
}
_BY_LENGTH: Final = (900, 700, 400, 150, 60, 40, 30, 20, 12, 8, 6, 4, 3)


class Terms:
    """Numbers of terms, given out and taken back as queries come and go.

    A number that was taken back is given out again only after `settle`, when no language's words have it any more.
    """

    def __init__(self, added: Callable[[int, Key], None], removed: Callable[[int, Key], None]) -> None:
        self.numbers: dict[Key, int] = {}
        self.count = 0
        self.articles = 0
        self.table = Rows(TERM_COLUMNS, room=1024)
        self._arrays: dict[str, NDArray[Any]] = {}
        self._keys: list[Key] = []
        self._uses: list[int] = []
        self._free: list[int] = []
        self.dying: list[int] = []
        self._added = added
        self._removed = removed

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What kernels read; taken anew after each change."""
        table = self.table.array
        if self._arrays.get("terms") is not table:
            self._arrays = {"terms": table, "term_bits": table.view(np.uint64)}
        return self._arrays

    def key(self, term: int) -> Key:
        """What a term is."""
        return self._keys[term]

    def use(self, key: Key) -> int:
        """The number of a term, which is kept until `release` was called as often as this."""
        term = self.numbers.get(key)
        if term is None:
            term = self._new(key)
        self._uses[term] += 1
        return term

    def release(self, term: int) -> None:
        """A term is used once less."""
        self._uses[term] -= 1
        if not self._uses[term]:
            del self.numbers[self._keys[term]]
            self.dying.append(term)
            self._removed(term, self._keys[term])

    def settle(self) -> None:
        """The numbers taken back may be given out again: nothing refers to them any more."""
        self.table.array[self.dying, T_ANCHOR_COUNT] = 0
        self._free += self.dying
        self.dying.clear()

    def _new(self, key: Key) -> int:
        if self._free:
            term = self._free.pop()
            self._keys[term] = key
        else:
            term = self.count
            self.count += 1
            self._keys.append(key)
            self._uses.append(0)
            self.table.reserve(self.count)
        self.numbers[key] = term
        self.table.array[term, T_FREQUENCY] = _guess(key) * (1 + self.articles) // 200
        self.table.array[term, T_JOINED] = 0
        self._added(term, key)
        return term


def _guess(key: Key) -> int:
    if key.kind in ("word", "wildcard"):
        letters = len(key.text.strip("*"))
        guess = _BY_LENGTH[min(letters, len(_BY_LENGTH)) - 1]
        return guess * 3 if key.kind == "wildcard" else guess
    return _GUESSES[key.kind]
