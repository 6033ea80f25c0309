"""What kernels find the terms of one language by: stems, exact forms and the beginnings and ends of wildcards, as arrays.

The same as language_terms.py has in dicts. Keys are stems; `=` and an exact form; `^` and the first three letters of patterns
such as `abcd*`; `$` and the last three of those such as `*abcd`. Where there are other patterns, there are `~` and, for each,
`~` with three letters that a form must have, or `*` where there are none; they are tested elsewhere.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from processors.matching.compiled.enter import enter_keys
from processors.matching.compiled.language_terms import LanguageTerms
from processors.matching.compiled.layout import KEY_COLUMNS
from processors.matching.compiled.store import Rows

_FEW: Final = 1 << 10


class TermKeys:
    """Follows the terms of a language. What was changed is left behind, and all is written anew when that is half of it."""

    def __init__(self, terms: LanguageTerms) -> None:
        self._terms = terms
        self._write_anew()

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What kernels read; taken anew after each change."""
        return {
            "key_table": self._table,
            "key_hashes": self._hashes.array,
            "keys": self._keys.array,
            "key_letters": self._letters.array,
            "key_entries": self._entries.array,
        }

    def follow(self) -> None:
        """Take over what changed since the last time."""
        changed = self._terms.changed
        grown = self._entries.used + self._letters.used > 2 * self._size + 32 * _FEW
        if changed is None or grown or len(changed) + self._keys.used > 2 * self._live + _FEW:
            self._write_anew()
        elif changed:
            self._write(list(changed))
        self._terms.changed = {}

    def _write_anew(self) -> None:
        keys = list(self._terms.keys())
        self._live = len(keys)
        self._table = np.full(1 << (4 * (2 * self._live + _FEW)).bit_length(), -1, np.int32)
        self._hashes = Rows(dtype=np.uint64)
        self._keys = Rows(KEY_COLUMNS)
        self._letters = Rows(dtype=np.uint32)
        self._entries = Rows()
        self._write(keys)
        self._size = self._entries.used + self._letters.used

    def _write(self, keys: list[str]) -> None:
        texts: list[str] = []
        rows: list[tuple[int, int, int, int]] = []
        entries: list[int] = []
        at, entries_at = self._letters.used, self._entries.used
        for key in keys:
            texts.append(key)
            key_at, first = at, len(entries)
            at += len(key)
            if key[:1] in "^$":
                for piece, term in self._terms.wildcards.filed(key):
                    texts.append(piece)
                    entries += (at, len(piece), term)
                    at += len(piece)
            else:
                entries += self._terms.entries(key)
            rows.append((key_at, len(key), entries_at + first, len(entries) - first))
        self._letters.extend(np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32))
        self._entries.extend(entries)
        first = self._keys.extend(rows)
        self._hashes.extend(np.zeros(len(rows), np.uint64))
        enter_keys(self._table, self._hashes.array, self._keys.array, self._letters.array, first, self._keys.used)
