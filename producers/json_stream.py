"""A `.json` file as a stream: one object, a list of objects, or objects one after the other, each bounded.

The file is cut into its values by brackets and strings alone; each value is then read strictly, like a line of JSON
lines. A value that can't be read doesn't take the others along: where it is broken, reading goes on at the next line that
begins with a brace. What is larger than it may be is passed over without being held.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

_READ_BYTES = 64 * 1024
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{}]', re.DOTALL)
_PASSED_OVER = re.compile(rb'\\.|["\[\]{}]', re.DOTALL)
_BETWEEN = re.compile(rb"(?:[ \t\r\n,]|\xef\xbb\xbf)*+")
_SCALAR = re.compile(rb'[^\s,\[\]{}"]*+')
_OPENING = frozenset(b"[{")
_QUOTE = ord('"')
_BACKSLASH = ord("\\")


@dataclass(frozen=True, slots=True)
class JsonPiece:
    """A value of the file, or a place where there should be one; `line` counts from 1.

    `whole`: `data` is all of it. `broken_off`: the file ends inside (`data` is what there is of it; empty where only the
    list's end is missing). `too_large`: `data` is empty. `stray`: `data` begins with what begins no value.
    """

    line: int
    kind: Literal["whole", "broken_off", "too_large", "stray"]
    data: bytes


class JsonPieces:
    """The values of `stream`, in their order, by iteration. Holds one value of at most `limit` bytes, and then some."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._held = bytearray()
        self._line = 1
        self._in_list = False
        self._ended = False

    def __iter__(self) -> Iterator[JsonPiece]:
        while (piece := self._next()) is not None:
            yield piece

    def go_on_after(self, unreadable: JsonPiece) -> None:
        """Go on at the next line that begins with a brace, in what was given last and couldn't be read or after it."""
        restart = unreadable.data.find(b"\n{")
        if restart >= 0:
            self._held[:0] = unreadable.data[restart + 1 :]
            self._line = unreadable.line + unreadable.data.count(b"\n", 0, restart + 1)
            return
        if unreadable.data.endswith(b"\n") and self._held.startswith(b"{"):
            return
        while (restart := self._held.find(b"\n{")) < 0:
            self._drop(max(0, len(self._held) - 1))
            if not self._fill():
                self._held.clear()
                self._in_list = False
                return
        self._drop(restart + 1)

    def _fill(self) -> bool:
        """Read on, at least as much again as is held, so that what is scanned twice stays in proportion."""
        if not self._ended:
            more = self._stream.read(max(_READ_BYTES, len(self._held)))
            self._ended = not more
            self._held += more
        return not self._ended

    def _drop(self, count: int) -> None:
        self._line += self._held.count(b"\n", 0, count)
        del self._held[:count]

    def _next(self) -> JsonPiece | None:
        while True:
            self._skip_between()
            if not self._held:
                return self._end()
            first = self._held[0]
            if first == ord("[") and not self._in_list:
                self._in_list = True
                self._drop(1)
            elif first == ord("]") and self._in_list:
                self._in_list = False
                self._drop(1)
            elif first in _OPENING or first == _QUOTE:
                return self._value()
            else:
                return self._stray()

    def _skip_between(self) -> None:
        while True:
            between = _BETWEEN.match(self._held)
            self._drop(between.end() if between else 0)
            if self._held or not self._fill():
                return

    def _end(self) -> JsonPiece | None:
        if not self._in_list:
            return None
        self._in_list = False
        return JsonPiece(self._line, "broken_off", b"")

    def _value(self) -> JsonPiece:
        depth, at = 0, 0
        while True:
            depth, at, whole = self._scanned(depth, at)
            if whole:
                return self._piece("whole" if at <= self._limit else "too_large", at)
            if len(self._held) > self._limit:
                # Held too long because a quote or bracket is missing: the next object isn't to pay for it.
                restart = self._held.find(b"\n{")
                return self._pass_over(depth, at) if restart < 0 else self._piece("broken_off", restart)
            if not self._fill():
                return self._piece("broken_off", len(self._held))

    def _scanned(self, depth: int, at: int) -> tuple[int, int, bool]:
        """Depth and place after what is held, from `at` on; whether the value ends there. Stops before an open string."""
        for token in _TOKEN.finditer(self._held, at):
            first = self._held[token.start()]
            if first != _QUOTE:
                depth += 1 if first in _OPENING else -1
            elif token.end() - token.start() == 1:
                return depth, token.start(), False
            if depth == 0:
                return depth, token.end(), True
        return depth, len(self._held), False

    def _piece(self, kind: Literal["whole", "broken_off", "too_large", "stray"], size: int) -> JsonPiece:
        piece = JsonPiece(self._line, kind, b"" if kind == "too_large" else bytes(self._held[:size]))
        self._drop(size)
        return piece

    def _pass_over(self, depth: int, at: int) -> JsonPiece:
        """Go to the end of a value that is too large, from `at`, which is inside no string."""
        piece = JsonPiece(self._line, "too_large", b"")
        self._drop(at)
        in_string = False
        while True:
            depth, in_string, end = self._passed(depth, in_string)
            if end is not None:
                self._drop(end)
                return piece
            # A backslash at the very end may belong to what comes next.
            dangling = (len(self._held) - len(self._held.rstrip(b"\\"))) % 2
            self._drop(len(self._held) - dangling)
            if not self._fill():
                self._held.clear()
                return piece

    def _passed(self, depth: int, in_string: bool) -> tuple[int, bool, int | None]:
        """Depth and whether a string is open after what is held; where the value ends, if it does."""
        for token in _PASSED_OVER.finditer(self._held):
            first = self._held[token.start()]
            if first == _QUOTE:
                in_string = not in_string
            elif first != _BACKSLASH and not in_string:
                depth += 1 if first in _OPENING else -1
            if depth == 0 and not in_string:
                return depth, in_string, token.end()
        return depth, in_string, None

    def _stray(self) -> JsonPiece:
        """A number, a word, or what is no JSON at all."""
        while (word := _SCALAR.match(self._held)) and word.end() == len(self._held) <= _READ_BYTES and self._fill():
            pass
        size = max(1, word.end() if word else 1)
        return self._piece("stray", size)
