"""What went wrong, in words that say what to do: the one place where causes become StackError."""

import errno
import os
import re
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from schemas.errors import StackError

_DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
_NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}
_FULL_BYTES = 5_000_000
_TAIL_LINES = 15
_TAIL_BYTES = 64 * 1024

Cause = Literal["port", "disk", "folder", "memory"]

_SIGNS: tuple[tuple[Cause, re.Pattern[str]], ...] = (
    ("port", re.compile(r"BindException|Address already in use|Bind\w+Exception")),
    ("disk", re.compile(r"No space left on device|Disk quota exceeded")),
    ("folder", re.compile(r"BELFRY folder in use|failed to obtain node locks")),
    (
        "memory",
        re.compile(r"OutOfMemoryError|Could not reserve enough space|insufficient memory|Cannot allocate memory"),
    ),
)
_WORDS: dict[Cause, tuple[str, str]] = {
    "port": (
        "its port is taken",
        "Stop what listens there, set {variable} to another port, or leave it unset: then a free one is used",
    ),
    "disk": ("the disk is full", "Free some space, or set BELFRY_HOME to a folder on another disk"),
    "folder": (
        "another one runs on the same folder",
        "Stop it with `belfry down`, or set BELFRY_HOME to another folder",
    ),
    "memory": ("there is not enough memory", "Both servers together need about 1 GB: end other programs"),
}


def cause_of_death(said: str) -> Cause | None:
    """Why a server that said this died, where that is known; the first sign in the order above."""
    return next((cause for cause, sign in _SIGNS if sign.search(said)), None)


def log_since(log: Path, since: int) -> str:
    """What was written to `log` after its first `since` bytes; of much only the last 64 KB."""
    with log.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        begin = since if since <= size else 0  # it was cut meanwhile: see supervisor/log_files.py
        file.seek(max(begin, size - _TAIL_BYTES))
        return file.read().decode("utf-8", "replace")


def server_failure(name: str, what: str, said: str, log: Path, *, variable: str) -> StackError:
    """What to tell of a server that `what` ("ended with 1 at start"), by what it `said` before."""
    tail = "\n".join(f"  {line[:300]}" for line in said.splitlines()[-_TAIL_LINES:])
    shown = f"; its last lines:\n{tail}\n " if tail else ", without a word"
    cause = cause_of_death(said)
    if cause is None and shutil.disk_usage(log.parent).free < _FULL_BYTES:
        cause = "disk"  # on a full disk it can't even write why it ends
    if cause is None:
        return StackError(f"{name} {what}{shown}", remedy=f"The whole log is {log}")
    words, remedy = _WORDS[cause]
    return StackError(f"{name} {what}, as {words}{shown}", remedy=remedy.format(variable=variable))


@contextmanager
def disk_errors(folder: Path, *, variable: str) -> Generator[None]:
    """Turn a full disk, and a folder that can't be written, into StackError that names `folder` and its variable."""
    try:
        yield
    except OSError as error:
        if error.errno in _DISK_FULL:
            raise StackError(
                f"the disk of {folder} is full",
                remedy=f"Free some space, or set {variable} to a folder on another disk",
            ) from error
        if error.errno in _NOT_WRITABLE:
            raise StackError(
                f"{error.filename or folder} can't be written: {error.strerror}",
                remedy=f"Make {folder} writable, or set {variable} to another folder",
            ) from error
        raise


def demand_space(folder: Path, needed_bytes: int, *, variable: str) -> None:
    """Raise StackError where the disk of an existing `folder` has less free space than that."""
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise StackError(
            f"the disk of {folder} has {free / 1e6:.0f} MB left, {needed_bytes / 1e6:.0f} MB are needed",
            remedy=f"Free some space, or set {variable} to a folder on another disk",
        )
