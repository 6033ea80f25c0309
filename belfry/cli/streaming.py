"""Lines in, lines out, without making anybody wait: what is written is flushed before the next input is waited for.

So a reader at the other end of a pipe gets each answer at once where inputs come one by one, and few large writes where
they come fast.
"""

import io
import os
import select
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, BinaryIO

import typer

MAX_DELAY_S = 0.02
"""How long a line may lie unflushed while inputs keep coming; the design promises 50 ms from reading to the line."""
MAX_PENDING_BYTES = 256 * 1024


class ReaderGoneError(Exception):
    """Nobody reads any more what is written (`belfry … | head`): no error to the user.

    Not an OSError, for those that read the input meanwhile would take it for a fault of that.
    """


class PromptOutput:
    """Collects lines for a stream and flushes them in time. Not safe for threads."""

    def __init__(self, stream: BinaryIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._pending: list[bytes] = []
        self._size = 0
        self._since = 0.0

    def write(self, lines: bytes) -> None:
        """Take whole lines, and flush where that is due."""
        if not self._pending:
            self._since = self._clock()
        self._pending.append(lines)
        self._size += len(lines)
        if self._size >= MAX_PENDING_BYTES:
            self.flush()

    def flush_if_due(self) -> None:
        """To be called now and then while more input is at hand."""
        if self._pending and self._clock() - self._since >= MAX_DELAY_S:
            self.flush()

    def flush(self) -> None:
        """Hand everything on. Raises ReaderGoneError where the reader has gone."""
        try:
            if self._pending:
                lines = b"".join(self._pending)
                self._pending.clear()
                self._size = 0
                self._stream.write(lines)
            self._stream.flush()
        except BrokenPipeError as error:
            raise ReaderGoneError from error


@contextmanager
def until_reader_goes() -> Generator[None]:
    """Whatever is printed within ends the command with 0, and without a word, where its reader has gone."""
    try:
        yield
    except ReaderGoneError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


class _Awaited(io.RawIOBase):
    """A raw stream that says so before it has to wait for its source."""

    def __init__(self, source: io.RawIOBase, before_waiting: Callable[[], None]) -> None:
        self._source = source
        self._before_waiting = before_waiting

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:  # collections.abc.Buffer, from Python 3.12 on
        if not select.select([self._source], [], [], 0)[0]:
            self._before_waiting()
        return self._source.readinto(buffer)


def awaited(stream: BinaryIO, before_waiting: Callable[[], None]) -> BinaryIO:
    """`stream`, calling `before_waiting` whenever no more of it is at hand; as it is where that can't be known."""
    raw = getattr(stream, "raw", None)
    if not isinstance(raw, io.RawIOBase):
        return stream
    try:
        raw.fileno()
    except (OSError, io.UnsupportedOperation):
        return stream
    return io.BufferedReader(_Awaited(raw, before_waiting), 64 * 1024)
