"""Arrays that grow: rows in one numpy array, doubled when full, so that kernels see plain arrays."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

_LINE = 64
"""Bytes of memory that a processor fetches at once."""


def filled(shape: tuple[int, ...], fill: int, dtype: DTypeLike) -> NDArray[Any]:
    """As np.full, beginning at a line of the cache, so that rows whose length divides a line's stand in one each."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    memory = np.empty(size + _LINE, np.uint8)
    first = -memory.__array_interface__["data"][0] % _LINE
    array = memory[first : first + size].view(dtype).reshape(shape)
    array[...] = fill
    return array


class Rows:
    """`array[:used]` are the rows. `array` is another one after each growth: take it anew before each use."""

    def __init__(self, columns: int = 0, *, room: int = 64, dtype: DTypeLike = np.int32, fill: int = 0) -> None:
        self._shape: tuple[int, ...] = (columns,) if columns else ()
        self._fill = fill
        self.used = 0
        self.array: NDArray[Any] = filled((room, *self._shape), fill, dtype)

    def reserve(self, room: int) -> None:
        """Have room for at least so many rows in all."""
        if room > len(self.array):
            grown = filled((max(room, 2 * len(self.array)), *self._shape), self._fill, self.array.dtype)
            grown[: len(self.array)] = self.array
            self.array = grown

    def extend(self, rows: Sequence[Any] | NDArray[Any]) -> int:
        """Put rows behind the others; returns the number of the first of them."""
        first = self.used
        if len(rows):
            self.reserve(first + len(rows))
            self.array[first : first + len(rows)] = rows
            self.used += len(rows)
        return first


class Stretches:
    """Stretches of rows that are given back and used again, by their length."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._free: dict[int, list[int]] = {}

    def put(self, values: Sequence[Any]) -> int:
        """Where the values stand from now on."""
        free = self._free.get(len(values))
        if not free:
            return self.rows.extend(values)
        at = free.pop()
        self.rows.array[at : at + len(values)] = values
        return at

    def free(self, at: int, length: int) -> None:
        """Give back what `put` gave."""
        if length:
            self._free.setdefault(length, []).append(at)
