"""Which known words a new term may fit: by their stems, exact forms and folded forms."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from processors.matching.compiled.cut import hash_all, hashed
from processors.matching.compiled.store import Rows
from processors.matching.compiled.wildcards import fits_pieces
from processors.matching.words import Unit

_LINE_END: Final = 10


class WordKeys:
    """Words by number. What is added is entered with the next `enter`."""

    def __init__(self) -> None:
        self.hashes = Rows(dtype=np.uint64, room=1 << 10)
        self.words = Rows(room=1 << 10)
        self.forms = Rows(dtype=np.uint8, room=1 << 13)
        self.form_starts = Rows(room=1 << 10)
        self.form_words = Rows(room=1 << 10)
        self._new_keys: list[str] = []
        self._new_words: list[int] = []
        self._new_forms: list[str] = []
        self._new_form_words: list[int] = []

    @property
    def rows(self) -> tuple[Rows, ...]:
        """All that grows with the words."""
        return self.hashes, self.words, self.forms, self.form_starts, self.form_words

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What kernels add to; taken anew after each change."""
        return {
            "index_hashes": self.hashes.array,
            "index_words": self.words.array,
            "forms": self.forms.array,
            "form_starts": self.form_starts.array,
            "form_words": self.form_words.array,
        }

    def add(self, word: int, units: Sequence[Unit]) -> None:
        """Take a word's units."""
        for unit in units:
            keys = unit.stems if unit.exact is None else (*unit.stems, "=" + unit.exact)
            self._new_keys += keys
            self._new_words += [word] * len(keys)
            self._new_forms += unit.forms
            self._new_form_words += [word] * len(unit.forms)

    def enter(self) -> None:
        """Enter what was added."""
        if not self._new_keys:
            return
        hashes = np.zeros(len(self._new_keys), np.uint64)
        hash_all(_codes("".join(self._new_keys)), np.cumsum([0, *map(len, self._new_keys)]), hashes)
        self.hashes.extend(hashes)
        self.words.extend(self._new_words)
        forms = np.frombuffer("\n".join([*self._new_forms, ""]).encode("utf-8", "surrogatepass"), np.uint8)
        ends = np.nonzero(forms == _LINE_END)[0]
        self.form_starts.extend(self.forms.used + np.concatenate(([0], ends[:-1] + 1)))
        self.form_words.extend(self._new_form_words)
        self.forms.extend(forms)
        for new in (self._new_keys, self._new_words, self._new_forms, self._new_form_words):
            new.clear()

    def with_key(self, key: str) -> list[int]:
        """The words of which a unit has this stem, or for `=X` the exact form X; some others now and then."""
        wanted = hashed(_codes(key), 0, len(key))
        return self.words.array[np.nonzero(self.hashes.array[: self.hashes.used] == wanted)[0]].tolist()

    def fitting(self, pieces: Sequence[str]) -> list[int]:
        """The words of which a form fits a wildcard's pieces."""
        longest, forms = (
            max(pieces, key=len).encode("utf-8", "surrogatepass"),
            self.forms.array[: self.forms.used].tobytes(),
        )
        starts, found = self.form_starts.array[: self.form_starts.used], set[int]()
        place = forms.find(longest)
        while place >= 0:
            number = int(np.searchsorted(starts, place, "right")) - 1
            start = int(starts[number])
            end = forms.index(b"\n", start)
            if fits_pieces(pieces, forms[start:end].decode("utf-8", "surrogatepass")):
                found.add(int(self.form_words.array[number]))
            place = forms.find(longest, end)
        return list(found)


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
