"""How kernels are compiled: with explicit types, so each once, and kept on disk for the next process.

What was compiled is kept in BELFRY_CACHE (or NUMBA_CACHE_DIR where that is set), in a folder of its own for each state of
the sources: numba notices when a kernel's own file changes, but not when a kernel that it calls does. `make setup` compiles.
"""
# pyright: basic

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numba
from numba import carray, njit, types  # pyright: ignore[reportPrivateImportUsage]
from numba.core import cgutils, config
from numba.extending import intrinsic, overload_attribute

from processors.matching.compiled.cache import cache_folder
from processors.matching.compiled.layout import FIELDS_IN_ORDER, Field

SOURCES: Final = (
    *("kernel", "layout", "characters", "cut", "occurrences", "presearch", "lists", "leaves", "algebra", "places"),
    *("nearness", "answer", "lines"),
    *("endings", "plain", "enter", "learn", "../folding", "../tokenise"),
)
"""What compiled kernels depend on; a test looks for others."""

Kernel = Callable[..., Any]


def _folder() -> Path:
    """Where compiled kernels are kept."""
    digest = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    for name in SOURCES:
        digest.update((Path(__file__).parent / f"{name}.py").read_bytes())
    return cache_folder("kernels", digest.hexdigest()[:16])


if not config.CACHE_DIR:  # pyright: ignore[reportAttributeAccessIssue]
    config.CACHE_DIR = str(_folder())  # pyright: ignore[reportAttributeAccessIssue]

INT: Final = types.int64
BOOL: Final = types.boolean
HASH: Final = types.uint64
KIND: Final = types.uint16
TWO: Final = types.UniTuple(types.int64, 2)
NOTHING: Final = types.void
INT_ARRAY: Final = types.Array(types.int32, 1, "C")
INT_TABLE: Final = types.Array(types.int32, 2, "C")
LONG_TABLE: Final = types.Array(types.int64, 2, "C")
MARK_ARRAY: Final = types.Array(types.uint8, 1, "C")
TEXT_ARRAY: Final = types.Array(types.uint8, 1, "C", readonly=True)
BYTE_ARRAY: Final = types.Array(types.int8, 1, "C")
HASH_ARRAY: Final = types.Array(types.uint64, 1, "C")
COUNT_ARRAY: Final = types.Array(types.int64, 1, "C")
KIND_ARRAY: Final = types.Array(types.uint16, 1, "C")
LETTER_ARRAY: Final = types.Array(types.uint32, 1, "C")
LETTER_TABLE: Final = types.Array(types.uint32, 2, "C")
COUNT_TABLE: Final = types.Array(types.int64, 2, "C")
CODE_ARRAY: Final = types.Array(types.uint32, 1, "C", readonly=True)
ENDING_ARRAY: Final = types.Array(types.int32, 1, "C", readonly=True)

WORK: Final = types.Array(types.int64, 1, "C")
"""All arrays as one: the address and the number of rows of each, see arrays.py."""


@intrinsic
def _pointer(_context: Any, _address: Any) -> Any:
    """A number as the address that it is."""

    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(types.int64), generate


def _prefetch(_context: Any, _table: Any, _row: Any) -> Any:
    """Begin to fetch a row of a table that is read soon; nothing else, whatever the number."""
    ir: Any = cgutils.ir  # pyright: ignore[reportPrivateImportUsage] - numba's own, so that llvmlite is the same

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        table = context.make_array(kind)(context, builder, arguments[0])
        place = [arguments[1], *[context.get_constant(types.intp, 0)] * (kind.ndim - 1)]
        address = cgutils.get_item_pointer(context, builder, kind, table, place, wraparound=False)
        number = ir.IntType(32)
        wanted = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, wanted, "llvm.prefetch.p0")
        read, keep, data = number(0), number(3), number(1)
        builder.call(function, [builder.bitcast(address, cgutils.voidptr_t), read, keep, data])
        return context.get_dummy_value()

    return types.void(_table, types.int64), generate


prefetch: Kernel = intrinsic(_prefetch)


def _as_attribute(place: int, field: Field) -> None:
    """Let `work.NAME` be the array in kernels: passing dozens of arrays from call to call took most of their time."""
    columns, dtype = field.columns, field.dtype

    @overload_attribute(types.Array, field.name)
    def attribute(work):  # pyright: ignore[reportUnusedFunction]
        if work.dtype != types.int64 or work.ndim != 1:
            return None
        if columns:
            return lambda work: carray(_pointer(work[2 * place]), (work[2 * place + 1], columns), dtype)  # pyright: ignore[reportCallIssue]
        return lambda work: carray(_pointer(work[2 * place]), (work[2 * place + 1],), dtype)  # pyright: ignore[reportCallIssue]


for _place, _field in enumerate(FIELDS_IN_ORDER):
    _as_attribute(_place, _field)


def kernel(*arguments: Any, returns: Any = NOTHING) -> Callable[[Kernel], Kernel]:
    """Compile a function for arguments of these types. It lets other threads run, so callers keep it to themselves."""
    return njit(returns(*arguments), cache=True, nogil=True, error_model="numpy")  # pyright: ignore[reportReturnType]
