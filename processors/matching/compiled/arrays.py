"""Addresses of arrays, for kernels: they see one array of numbers and in it all others by name (see kernel.py)."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from processors.matching.compiled.layout import FIELDS_IN_ORDER, Field

_PLACES = {field.name: place for place, field in enumerate(FIELDS_IN_ORDER)}


class Arrays:
    """Keeps alive what it has the addresses of."""

    def __init__(self) -> None:
        self.work: NDArray[np.int64] = np.zeros(2 * len(FIELDS_IN_ORDER), np.int64)
        self._held: dict[str, NDArray[Any]] = {}

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._held[name]

    def set(self, name: str, array: NDArray[Any]) -> None:
        """Let kernels see the array by this name. It must not be resized in place."""
        if self._held.get(name) is array:
            return
        place = _PLACES[name]
        field = FIELDS_IN_ORDER[place]
        _check(field, array)
        self._held[name] = array
        self.work[2 * place] = array.__array_interface__["data"][0]
        self.work[2 * place + 1] = len(array)

    def set_all(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """`set` for several."""
        for name, array in arrays.items():
            self.set(name, array)


def _check(field: Field, array: NDArray[Any]) -> None:
    """A kernel trusts what it is given, so a wrong array must not get there."""
    shape: Sequence[int] = (len(array), field.columns) if field.columns else (len(array),)
    if array.dtype != np.dtype(field.dtype) or array.shape != tuple(shape) or not array.flags.c_contiguous:
        raise TypeError(f"{field.name} can't be {array.dtype} {array.shape}")
