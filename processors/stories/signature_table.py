"""Which of many signatures may be like a new one: locality-sensitive hashing over the lowest values. Pure.

Two texts of which one has three tenths of the other share ten of their lowest 32 values, more or less; so whatever shares
one of them is a candidate, the newest first of those that share it, and those that share most are looked at.

Everything lies in arrays: 900 bytes a signature. The values' chains go from the newest row to older ones, as in LZ77; a
row that is dropped stays in its chains until the arrays are packed.
"""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from processors.stories.signature import FACTS_KEPT, KEPT, KEY_SHIFT, Signature

INDEXED = 32
LOOKED_AT = 48
"""Candidates of which the whole signature is compared."""

_CHAIN_STEPS = 32
"""Of what has been in so many texts lately ("all rights reserved") the newest are enough."""

_FIRST_ROWS = 256
_EMPTY = np.uint32(0xFFFFFFFF)
_END = -1
_COMPLETE, _LIVE = 0, 2


class SignatureTable:
    """Signatures by row. Rows are given out in order of arrival; `packed` says when they have moved."""

    def __init__(self) -> None:
        self.rows = 0
        """Rows that are in use, dropped ones included."""
        self._live = 0
        self._allocate(_FIRST_ROWS)

    def __len__(self) -> int:
        return self._live

    @property
    def size_bytes(self) -> int:
        """What the arrays take."""
        return sum(array.nbytes for array in (*self._columns, self._chain, self._heads))

    def signature(self, row: int) -> Signature:
        """The signature that was put there."""
        count, facts = self._counts[row]
        complete, facts_complete = self._flags[row, :2]
        return Signature(
            self._values[row, :count].copy(),
            self._facts[row, :facts].copy(),
            int(self._words[row]),
            bool(complete),
            bool(facts_complete),
        )

    def is_full(self) -> bool:
        """Whether `make_room` has to be called before the next `put`."""
        return self.rows == len(self._counts)

    def make_room(self) -> NDArray[np.int64] | None:
        """Pack the rows where a quarter was dropped, or else take twice as many. Returns the old rows in new order."""
        if self._live > self.rows * 3 // 4:
            self._resize(np.arange(self.rows), 2 * len(self._counts))
            return None
        kept = np.flatnonzero(self._flags[: self.rows, _LIVE])
        self._resize(kept, max(_FIRST_ROWS, len(self._counts)))
        return kept

    def put(self, signature: Signature) -> int:
        """Add one; returns its row."""
        row, count, facts = self.rows, len(signature.values), len(signature.facts)
        self._values[row, :count] = signature.values
        self._values[row, count:] = _EMPTY
        self._facts[row, :facts] = signature.facts
        self._counts[row] = count, facts
        self._words[row] = min(signature.words, 0xFFFF)
        self._flags[row] = signature.complete, signature.facts_complete, True
        self.rows += 1
        self._live += 1
        buckets = self._buckets(self._values[row, :INDEXED])[: min(count, INDEXED)]
        self._chain[row, : len(buckets)] = self._heads[buckets]
        self._heads[buckets] = row * INDEXED + np.arange(len(buckets), dtype=np.int32)
        return row

    def drop(self, row: int) -> None:
        """Find it no more."""
        self._live -= int(self._flags[row, _LIVE])
        self._flags[row, _LIVE] = False

    def candidates(self, signature: Signature, at_least: float) -> Sequence[int]:
        """Rows that may be like it: of the shorter text of both, `at_least` this share is in the other.

        Those first that share most of the lowest values; of equals the oldest first. At most LOOKED_AT.
        """
        if not len(signature.values):
            return ()
        found = self._sharing(signature.values[:INDEXED])
        if not found:
            return ()
        rows, shared = np.unique(np.array(found), return_counts=True)
        rows = rows[np.lexsort((rows, -shared))[:LOOKED_AT]]
        return rows[self._containments(rows, signature) >= at_least].tolist()

    def _sharing(self, values: NDArray[np.uint32]) -> list[int]:
        """The rows that have one of the values among their own lowest, once for each that they have.

        Step by step: there are some hundred steps to take, and NumPy takes as long to begin as for twenty of them.
        """
        heads, chain = _numbers(self._heads), _numbers(self._chain.reshape(-1))
        theirs, live = _numbers(self._values.reshape(-1)), _numbers(self._flags[:, _LIVE])
        last_bucket = len(heads) - 1
        keys: list[int] = (values >> KEY_SHIFT).tolist()
        found: list[int] = []
        for key in keys:
            posting = heads[key & last_bucket]
            for _ in range(_CHAIN_STEPS):
                if posting < 0:
                    break
                row, place = divmod(posting, INDEXED)
                if theirs[row * KEPT + place] >> KEY_SHIFT == key and live[row]:
                    found.append(row)
                posting = chain[posting]
        return found

    def _containments(self, rows: NDArray[np.int32], signature: Signature) -> NDArray[np.float64]:
        """For each row how much of the shorter text is in the longer one: likeness.containment, for many at once."""
        own, theirs = signature.values >> KEY_SHIFT, self._values[rows] >> KEY_SHIFT
        counts = self._counts[rows, 0].astype(np.int64)
        last = theirs[np.arange(len(rows)), np.maximum(counts - 1, 0)]
        limits = np.where(self._flags[rows, _COMPLETE], _EMPTY, last)
        limits = limits if signature.complete else np.minimum(limits, own[-1])
        within: NDArray[np.bool_] = np.logical_and(
            np.arange(KEPT) < counts[:, np.newaxis], theirs <= limits[:, np.newaxis]
        )
        places = np.minimum(np.searchsorted(own, theirs), len(own) - 1)
        shared = np.count_nonzero(np.logical_and(own[places] == theirs, within), axis=1)
        shorter = np.minimum(np.count_nonzero(within, axis=1), np.searchsorted(own, limits, side="right"))
        return shared / np.maximum(shorter, 1)

    def _buckets(self, values: NDArray[np.uint32]) -> NDArray[np.int64]:
        return ((values >> KEY_SHIFT) & np.uint32(len(self._heads) - 1)).astype(np.int64)

    def _allocate(self, rows: int) -> None:
        self._values = np.full((rows, KEPT), _EMPTY, dtype=np.uint32)
        self._facts = np.zeros((rows, FACTS_KEPT), dtype=np.uint32)
        self._counts = np.zeros((rows, 2), dtype=np.uint8)
        self._words = np.zeros(rows, dtype=np.uint16)
        self._flags = np.zeros((rows, _LIVE + 1), dtype=np.bool_)
        self._columns = (self._values, self._facts, self._counts, self._words, self._flags)
        self._chain = np.full((rows, INDEXED), _END, dtype=np.int32)
        self._heads = np.full(rows * INDEXED, _END, dtype=np.int32)

    def _resize(self, kept: NDArray[Any], rows: int) -> None:
        """Move the `kept` rows into arrays of `rows`, and link their chains anew."""
        old, count = self._columns, len(kept)
        self._allocate(rows)
        for source, target in zip(old, self._columns, strict=True):
            target[:count] = source[kept]
        self.rows = count
        self._link(count)

    def _link(self, count: int) -> None:
        places = np.arange(INDEXED) < np.minimum(self._counts[:count, :1], INDEXED)
        postings = np.flatnonzero(places.reshape(-1)).astype(np.int32)
        buckets = self._buckets(self._values[:count, :INDEXED].reshape(-1)[postings])
        order = np.argsort(buckets, kind="stable")
        postings, buckets = postings[order], buckets[order]
        follows = buckets[1:] == buckets[:-1]
        chain = self._chain.reshape(-1)
        chain[postings[1:]] = np.where(follows, postings[:-1], _END)
        if len(postings):
            last = np.append(~follows, True)
            self._heads[buckets[last]] = postings[last]


def _numbers(array: NDArray[Any]) -> Sequence[int]:
    """The array itself, whose elements are Python's numbers: one by one these come faster than NumPy's."""
    return cast("Sequence[int]", array.data)
