"""One language as far as articles in it have come: its words, its terms, and the concepts in it."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from processors.matching.compiled.arrays import Arrays
from processors.matching.compiled.cut import remember
from processors.matching.compiled.language_terms import LanguageTerms
from processors.matching.compiled.layout import CONCEPT_COLUMNS
from processors.matching.compiled.store import Rows
from processors.matching.compiled.terms import IN_WORDS, Key, Terms
from processors.matching.compiled.vocabulary import Vocabulary, Written
from processors.matching.tokenise import word_places
from processors.matching.words import Normaliser

MAX_STRETCHES: Final = 1 << 16
MAX_LETTERS: Final = 1 << 22


class Stretches:
    """How stretches of text with joiners in them are cut: by the rule itself, once for each."""

    def __init__(self) -> None:
        self._empty()

    def _empty(self) -> None:
        self._table: NDArray[np.int32] = np.full(1 << 11, -1, np.int32)
        self._hashes = Rows(dtype=np.uint64, room=1 << 10)
        self._heads = Rows(4, room=1 << 10)
        self._letters = Rows(dtype=np.uint32, room=1 << 13)
        self._cuts = Rows(2, room=1 << 10)

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What kernels read; taken anew after each change."""
        return {
            "cut_table": self._table,
            "cut_hashes": self._hashes.array,
            "cut_heads": self._heads.array,
            "cut_letters": self._letters.array,
            "cuts": self._cuts.array,
        }

    def keep_bounded(self) -> None:
        """Forget all where there are too many."""
        if self._heads.used > MAX_STRETCHES or self._letters.used > MAX_LETTERS:
            self._empty()

    def learn(self, stretches: Sequence[str], hashes: Sequence[int]) -> None:
        """Cut stretches that aren't known yet, whose hashes (see cut.py) are given."""
        first = self._heads.used
        for stretch in stretches:
            cuts = list(word_places(stretch))
            at = self._cuts.extend(cuts)
            letters = self._letters.extend(np.frombuffer(stretch.encode("utf-32-le", "surrogatepass"), np.uint32))
            self._heads.extend([(at, len(cuts), letters, len(stretch))])
        self._hashes.extend(np.array(hashes, np.uint64))
        if 2 * self._heads.used > len(self._table):
            size = 1 << (4 * self._heads.used).bit_length()
            self._table = np.full(size, -1, np.int32)
            first = 0
        remember(self._table, self._hashes.array, first, self._heads.used)


class LanguageIndex:
    """See the module."""

    def __init__(self, normaliser: Normaliser, terms: Terms) -> None:
        self._terms = terms
        self._language_terms = LanguageTerms(normaliser, terms)
        self._vocabulary = Vocabulary(normaliser, self._language_terms)
        self.concepts = Rows(CONCEPT_COLUMNS, room=16)

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What kernels read; taken anew after each change."""
        self._language_terms.sequences.reserve(self._terms.count)
        return self._vocabulary.arrays | {"concepts": self.concepts.array[: self.concepts.used]}

    @property
    def words(self) -> int:
        """How many words are known."""
        return self._vocabulary.size

    def add(self, term: int, key: Key) -> None:
        """Look for a term from now on."""
        if key.kind in IN_WORDS:
            self._vocabulary.add_term(*self._language_terms.add(term, key))

    def discard(self, term: int, key: Key) -> None:
        """Look for a term no longer."""
        if key.kind in IN_WORDS:
            self._language_terms.discard(term, key)

    def drop(self, terms: Sequence[int]) -> None:
        """The numbers of these terms will be others'."""
        self._vocabulary.drop_terms(terms)

    def learn_plain(self, codes: NDArray[np.uint32], arrays: Arrays, count: int, unknown: int) -> int:
        """See Vocabulary."""
        return self._vocabulary.learn_plain(codes, arrays, count, unknown)

    def learn(self, words: Sequence[Written], hashes: Sequence[int]) -> None:
        """Analyse words that aren't known yet."""
        self._vocabulary.learn(words, hashes)

    def keep_bounded(self) -> None:
        """Forget the words where there are too many."""
        self._vocabulary.keep_bounded()
