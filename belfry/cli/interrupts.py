"""Ctrl-C and SIGTERM as a question that is answered at a good moment: nothing half done, the account still given."""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from types import FrameType, TracebackType
from typing import Any, Self, TypeVar

Item = TypeVar("Item")
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """While it is entered, a signal that comes while an item is worked on ends `until_stopped` after that item.

    One that comes before the first item, or while the next is waited for, doesn't wait; nor does a second one, which
    raises KeyboardInterrupt wherever it is. `stopping` is called when a signal has ended the items. Only in the main
    thread; elsewhere it changes nothing.
    """

    def __init__(self, stopping: Callable[[], None] = lambda: None) -> None:
        self.signal: int | None = None
        self._stopping = stopping
        self._busy = False
        self._before: dict[int, Any] = {}

    @property
    def exit_code(self) -> int | None:
        """What a shell expects of a process that was stopped so; None where none was."""
        return None if self.signal is None else 128 + self.signal

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._asked) for number in _SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def until_stopped(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items, until a signal comes. What the caller does after the last of them counts as work on an item."""
        iterator = iter(items)
        try:
            while self.signal is None:
                # A signal before this is seen by the look above or below; one after it ends the wait.
                self._busy = False
                if self._stopped():
                    return
                item = next(iterator)
                self._busy = True
                yield item
        except (StopIteration, KeyboardInterrupt):
            return
        finally:
            self._busy = True
            if self._stopped():
                self._stopping()

    def _stopped(self) -> bool:
        return self.signal is not None

    def _asked(self, number: int, _: FrameType | None) -> None:
        again = self._stopped()
        self.signal = number
        if again or not self._busy:
            raise KeyboardInterrupt
