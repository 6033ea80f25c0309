"""A step that no signal may break off, because what it has begun would be known to nobody."""

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def uninterrupted() -> Generator[None]:
    """Signals that come inside are answered at its end, each once, by whoever answered them before.

    For the start of a process: Popen waits for it, and where a signal's handler raises there, the process runs and nobody has its
    number. Processes that are started inside don't inherit anything of it. Does nothing outside the main thread, which gets no signals.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: dict[int, None] = {}

    def note(number: int, _frame: FrameType | None) -> None:
        came[number] = None

    # What somebody chose to ignore stays ignored: a handler of ours would let a child that is started inside be ended by it.
    before = {
        number: handler for number in _SIGNALS if (handler := signal.getsignal(number)) not in (signal.SIG_IGN, None)
    }
    for number in before:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)
