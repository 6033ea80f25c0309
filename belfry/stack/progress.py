"""What a person sees of long steps, on stderr: bars in a terminal, plain lines anywhere else."""

import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as RichProgress

Advance = Callable[[int], None]
"""Tells that so many more bytes are done; negative where some must be done again. May be called from any thread."""


class Progress(Protocol):
    """Shows steps. A step is shown from entering to leaving the context."""

    def download(self, title: str, total_bytes: int) -> AbstractContextManager[Advance]:
        """A step whose length is known, in bytes."""
        ...

    def step(self, title: str) -> AbstractContextManager[None]:
        """A step of unknown length."""
        ...


class TerminalProgress:
    """Bars and spinners that go away when the step is done, leaving one line of what was done."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream, highlight=False)

    @contextmanager
    def download(self, title: str, total_bytes: int) -> Generator[Advance]:
        """A bar with speed and time left."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
        )
        began = time.monotonic()
        with RichProgress(*columns, console=self._console, transient=True) as bars:
            task = bars.add_task(title, total=total_bytes)
            yield lambda count: bars.advance(task, count)
        self._done(title, began)

    @contextmanager
    def step(self, title: str) -> Generator[None]:
        """A spinner with the time since its begin."""
        began = time.monotonic()
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with RichProgress(*columns, console=self._console, transient=True) as bars:
            bars.add_task(title, total=None)
            yield
        self._done(title, began)

    def _done(self, title: str, began: float) -> None:
        self._console.print(f"{title}: {time.monotonic() - began:.1f} s")


class PlainProgress:
    """A line when a step begins, one every tenth of a download, one when it is done."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    @contextmanager
    def download(self, title: str, total_bytes: int) -> Generator[Advance]:
        """Lines in whole tenths."""
        done = told = 0

        def advance(count: int) -> None:
            nonlocal done, told
            with self._lock:
                done += count
                tenths = 10 * done // max(1, total_bytes)
                if told < tenths < 10:
                    told = tenths
                    self._say(f"{title}: {tenths}0 %")

        began = time.monotonic()
        self._say(f"{title} ({total_bytes / 1e6:.0f} MB)")
        yield advance
        self._say(f"{title}: {time.monotonic() - began:.1f} s")

    @contextmanager
    def step(self, title: str) -> Generator[None]:
        """A line at the end: what is short needs none at its begin, what fails says so itself."""
        began = time.monotonic()
        yield
        self._say(f"{title}: {time.monotonic() - began:.1f} s")

    def _say(self, line: str) -> None:
        self._stream.write(f"{line}\n")
        self._stream.flush()


class NoProgress:
    """Shows nothing."""

    @contextmanager
    def download(self, title: str, total_bytes: int) -> Generator[Advance]:  # noqa: ARG002 - the protocol's names
        """Nothing."""
        yield lambda _: None

    @contextmanager
    def step(self, title: str) -> Generator[None]:  # noqa: ARG002 - the protocol's names
        """Nothing."""
        yield


def stderr_progress() -> Progress:
    """What suits this process's stderr."""
    return TerminalProgress(sys.stderr) if sys.stderr.isatty() else PlainProgress(sys.stderr)
