"""Which known words a new term may fit: by their stems, exact forms and folded forms."""

from collections.abc import Sequence

import numpy as np

from processors.matching.compiled.store import Rows
from processors.matching.compiled.wildcards import fits_pieces
from processors.matching.words import Unit


class WordKeys:
    """Words by number. What is added is entered with the next `enter`."""

    def __init__(self) -> None:
        self._hashes = Rows(dtype=np.int64, room=1 << 10)
        self._words = Rows(room=1 << 10)
        self._new_hashes: list[int] = []
        self._new_words: list[int] = []
        self._forms = ""
        self._form_starts = Rows(room=1 << 10)
        self._form_words = Rows(room=1 << 10)
        self._new_forms: list[str] = []
        self._new_form_words: list[int] = []

    def add(self, word: int, units: Sequence[Unit]) -> None:
        """Take a word's units."""
        for unit in units:
            hashes = [*map(hash, unit.stems)]
            if unit.exact is not None:
                hashes.append(hash("=" + unit.exact))
            self._new_hashes += hashes
            self._new_words += [word] * len(hashes)
            self._new_forms += unit.forms
            self._new_form_words += [word] * len(unit.forms)

    def enter(self) -> None:
        """Enter what was added."""
        self._hashes.extend(self._new_hashes)
        self._words.extend(self._new_words)
        self._new_hashes.clear()
        self._new_words.clear()

    def with_key(self, key: str) -> list[int]:
        """The words of which a unit has this stem, or for `=X` the exact form X; some others now and then."""
        return self._words.array[np.nonzero(self._hashes.array[: self._hashes.used] == hash(key))[0]].tolist()

    def fitting(self, pieces: Sequence[str]) -> list[int]:
        """The words of which a form fits a wildcard's pieces."""
        self._enter_forms()
        longest, forms = max(pieces, key=len), self._forms
        starts, found = self._form_starts.array[: self._form_starts.used], set[int]()
        place = forms.find(longest)
        while place >= 0:
            number = int(np.searchsorted(starts, place, "right")) - 1
            start = int(starts[number])
            end = forms.index("\n", start)
            if fits_pieces(pieces, forms[start:end]):
                found.add(int(self._form_words.array[number]))
            place = forms.find(longest, end)
        return list(found)

    def _enter_forms(self) -> None:
        if self._new_forms:
            lengths = [len(form) + 1 for form in self._new_forms]
            self._form_starts.extend(np.cumsum([len(self._forms), *lengths])[:-1])
            self._form_words.extend(self._new_form_words)
            self._forms += "\n".join([*self._new_forms, ""])
            self._new_forms.clear()
            self._new_form_words.clear()
