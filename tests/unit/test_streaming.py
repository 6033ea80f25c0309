"""Lines in, lines out: nothing waits unflushed, and nothing is flushed for nothing."""

import io
import os
import threading
import time
from collections.abc import Callable

import pytest

from belfry.cli.streaming import MAX_DELAY_S, MAX_PENDING_BYTES, PromptOutput, ReaderGoneError, awaited


class Sink(io.BytesIO):
    """What was written, and how often."""

    writes = 0

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        self.writes += 1
        return super().write(data)


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_lines_are_held_back_no_longer_than_they_may():
    sink, clock = Sink(), Clock()
    output = PromptOutput(sink, clock)
    output.write(b"a\n")
    output.flush_if_due()
    assert sink.getvalue() == b""
    clock.now_s = MAX_DELAY_S / 2
    output.write(b"b\n")
    clock.now_s = MAX_DELAY_S
    output.flush_if_due()
    assert (sink.getvalue(), sink.writes) == (b"a\nb\n", 1)


def test_much_at_once_is_handed_on_at_once():
    sink = Sink()
    output = PromptOutput(sink, Clock())
    output.write(b"x" * MAX_PENDING_BYTES)
    assert len(sink.getvalue()) == MAX_PENDING_BYTES


def test_an_empty_flush_writes_nothing():
    sink = Sink()
    PromptOutput(sink, Clock()).flush()
    assert sink.writes == 0


def test_a_reader_that_has_gone_is_told_to_the_caller():
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb", buffering=0) as pipe:
        output = PromptOutput(pipe, Clock())
        output.write(b"a\n")
        with pytest.raises(ReaderGoneError):
            output.flush()


def _lines_and_waits(feed: Callable[[int], None]) -> tuple[list[bytes], list[int]]:
    """The lines that were read from a pipe, and how many had been when it was waited for."""
    reading, writing = os.pipe()
    lines: list[bytes] = []
    waits: list[int] = []
    thread = threading.Thread(target=feed, args=(writing,))
    with os.fdopen(reading, "rb") as stream:
        thread.start()
        source = awaited(stream, lambda: waits.append(len(lines)))
        while line := source.readline():
            lines.append(line)
    thread.join()
    return lines, waits


def test_waiting_is_announced_before_every_wait_and_not_while_input_is_at_hand():
    def feed(writing: int) -> None:
        os.write(writing, b"1\n2\n3\n")
        time.sleep(0.2)
        os.write(writing, b"4\n")
        os.close(writing)

    lines, waits = _lines_and_waits(feed)
    assert lines == [b"1\n", b"2\n", b"3\n", b"4\n"]
    assert 3 in waits
    assert not {1, 2} & set(waits)


def test_a_stream_without_a_descriptor_is_read_as_it_is():
    stream = io.BytesIO(b"1\n")
    assert awaited(stream, lambda: None) is stream
