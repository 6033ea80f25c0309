"""The words of one language that texts have had so far: analysed once in their life, with the terms that they have.

A stream of random words must not fill the memory, so beyond a bound all is forgotten and learnt anew from what comes.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from processors.matching.compiled.arrays import Arrays
from processors.matching.compiled.cut import remember
from processors.matching.compiled.language_terms import LanguageTerms, uses
from processors.matching.compiled.layout import (
    BEGINS,
    ENDS,
    LENGTH,
    LETTERS,
    MAX_RANK,
    RANK_BITS,
    ROW_COUNT,
    ROW_ROOM,
    ROWS,
    UNIT_COLUMNS,
    V_FORM_COUNT,
    V_FULL,
    V_INDEX,
    V_WORDS,
    VOCABULARY_COUNTS,
    WORD_COLUMNS,
)
from processors.matching.compiled.learn import learn_plain
from processors.matching.compiled.listed import listed_words
from processors.matching.compiled.store import Rows
from processors.matching.compiled.term_keys import TermKeys
from processors.matching.compiled.word_keys import WordKeys
from processors.matching.words import Normaliser, Unit

MAX_WORDS: Final = 1 << 17
MAX_LETTERS: Final = 1 << 22
MAX_UNITS: Final = 1 << 20

Written = tuple[str, bool]
"""A word as it is written, and whether it is an acronym."""


class Vocabulary:
    """See the module."""

    def __init__(self, normaliser: Normaliser, terms: LanguageTerms) -> None:
        self._normaliser = normaliser
        self._terms = terms
        self._possessive = normaliser.plain is not None and normaliser.plain.possessive
        self._term_keys = None if normaliser.plain is None else TermKeys(terms)
        self._listed = listed_words(normaliser)
        self._counts = np.zeros(VOCABULARY_COUNTS, np.int64)
        self._empty()

    def _empty(self) -> None:
        self._table: NDArray[np.int32] = np.full(1 << 12, -1, np.int32)
        self._hashes = Rows(dtype=np.uint64, room=1 << 11)
        self._words = Rows(WORD_COLUMNS, room=1 << 11)
        self._letters = Rows(dtype=np.uint32, room=1 << 14)
        self._units = Rows(UNIT_COLUMNS, room=1 << 11)
        self._rows = Rows(2, room=1 << 12)
        self._keys = WordKeys()

    @property
    def size(self) -> int:
        """How many words are known."""
        return self._words.used

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What kernels read; taken anew after each change."""
        return {
            "word_table": self._table,
            "word_hashes": self._hashes.array,
            "words": self._words.array,
            "letters": self._letters.array,
            "units": self._units.array,
            "rows": self._rows.array,
            "sequences": self._terms.sequences.array,
            "sequence_terms": self._terms.sequence_terms.array,
        }

    def keep_bounded(self) -> bool:
        """Forget all words where there are too many; returns whether that was so."""
        if self._words.used <= MAX_WORDS and self._letters.used <= MAX_LETTERS and self._units.used <= MAX_UNITS:
            return False
        self._empty()
        return True

    def learn_plain(self, codes: NDArray[np.uint32], arrays: Arrays, count: int, unknown: int) -> int:
        """Learn the words of those of the text's `count` tokens that have none yet, `unknown` ones, as far as kernels can.

        Gives the tokens their words; returns how many have none yet.
        """
        if self._term_keys is None:
            return unknown
        self._term_keys.follow()
        for rows in (self._words, self._hashes, self._units):
            rows.reserve(rows.used + unknown)
        self._fit_table(unknown)
        keys, counts = self._keys, self._counts
        filled = (self._words, self._letters, self._units, self._rows, keys.hashes, keys.forms, keys.form_starts)
        arrays.set_all(self._term_keys.arrays | self._listed | {"vocabulary": counts})
        while True:
            arrays.set_all(self.arrays | keys.arrays)
            counts[:] = (*(rows.used for rows in filled), 0)
            left = learn_plain(codes, arrays.work, count, self._possessive)
            for rows, used in zip(filled, counts.tolist(), strict=False):
                rows.used = used
            self._hashes.used, keys.words.used, keys.form_words.used = counts[[V_WORDS, V_INDEX, V_FORM_COUNT]].tolist()
            if not counts[V_FULL]:
                return left
            # Units too: a joined word has one for each part, so that there may be more of them than tokens.
            for rows in (self._units, self._letters, self._rows, *keys.rows):
                rows.reserve(2 * len(rows.array))

    def learn(self, words: Sequence[Written], hashes: Sequence[int]) -> None:
        """Analyse words that aren't known yet, whose hashes (see cut.py) are given."""
        rows: list[tuple[int, int]] = []
        units: list[tuple[int, int, int, int, bool]] = []
        table: list[tuple[int, ...]] = []
        unit_at, row_at, letter_at = self._units.used, self._rows.used, self._letters.used
        keys = self._keys
        for number, (written, acronym) in enumerate(words, start=self._words.used):
            analysis = self._normaliser.analyse(written, acronym=acronym)
            parts = analysis.units
            found = uses(self._terms, parts)
            length, count = len(written), len(found)
            table.append(
                (
                    unit_at + len(units),
                    len(parts),
                    row_at + len(rows),
                    count,
                    count,
                    analysis.width,
                    letter_at,
                    length << 1 | acronym,
                )
            )
            if len(parts) == 1 and parts[0].end == length:
                units.append((BEGINS, ENDS, parts[0].start, length, True))
            else:
                units += map(unit_row, parts)
            rows += found
            letter_at += length
            keys.add(number, parts)
        self._letters.extend(
            np.frombuffer("".join([word for word, _ in words]).encode("utf-32-le", "surrogatepass"), np.uint32)
        )
        keys.enter()
        self._units.extend(units)
        self._rows.extend(rows)
        first = self._words.extend(table)
        self._hashes.extend(np.array(hashes, np.uint64))
        if not self._fit_table(0):
            remember(self._table, self._hashes.array, first, self._words.used)

    def _fit_table(self, more: int) -> bool:
        """Room for more words; returns whether the table was made, with those that are known in it."""
        words = self._words.used + more
        if 2 * words <= len(self._table):
            return False
        self._table = np.full(1 << (4 * words).bit_length(), -1, np.int32)
        remember(self._table, self._hashes.array, 0, self._words.used)
        return True

    def add_term(self, keys: Iterable[str], pattern: Sequence[str] | None) -> None:
        """Look again at the known words that have one of these keys (`stem`, `=exact`), or fit the pattern's pieces."""
        if not self._words.used:
            return
        again = {word for key in keys for word in self._keys.with_key(key)}
        if pattern is not None:
            again.update(self._keys.fitting(pattern))
        for word in again:
            self._refresh(word)

    def drop_terms(self, terms: Sequence[int]) -> None:
        """No known word has these terms any more."""
        rows = self._rows.array[: self._rows.used]
        rows[np.isin(rows[:, 0], terms), 0] = -1

    def _refresh(self, word: int) -> None:
        row = self._words.array[word]
        length, acronym = int(row[LENGTH]) >> 1, bool(row[LENGTH] & 1)
        letters = self._letters.array[row[LETTERS] : row[LETTERS] + length]
        written = letters.tobytes().decode("utf-32-le", "surrogatepass")
        found = uses(self._terms, self._normaliser.analyse(written, acronym=acronym).units)
        if len(found) > row[ROW_ROOM]:
            at = self._rows.extend([*found, *[(-1, 0)] * len(found)])
            self._words.array[word, ROWS] = at
            self._words.array[word, ROW_ROOM] = 2 * len(found)
        elif found:
            self._rows.array[row[ROWS] : row[ROWS] + len(found)] = found
        self._words.array[word, ROW_COUNT] = len(found)


def unit_row(unit: Unit) -> tuple[int, int, int, int, bool]:
    """The row of a unit in Language.units."""
    if unit.kind == "compound":
        begins = ends = 1 + min(unit.rank, MAX_RANK - 1)
    else:
        begins, ends = BEGINS, ENDS
    plain = unit.kind != "compound" and unit.first == unit.last
    return (unit.first << RANK_BITS) + begins, (unit.last << RANK_BITS) + ends, unit.start, unit.end, plain
