"""The same work done by forked copies of this process at once, its results in the order of the jobs.

A copy has what this process has loaded, without loading it again or holding it twice until it changes it. For work of
milliseconds on what is in memory; the copies end with this process, however that ends.
"""

import gc
import multiprocessing
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Generic, TypeVar, cast

from processors.agents.pool import end_with_parent
from schemas.errors import BelfryError

Job = TypeVar("Job")
Result = TypeVar("Result")

_AHEAD = 2
"""Jobs a copy: one that it works on, and one that it needn't wait for."""

_work: list[Callable[[Any], Any]] = []
"""What the copies do. Inherited, because what it is bound to can't be sent."""


class Forked(Generic[Job, Result]):
    """Copies of this process that do `work`. Not for use from several threads; fork before starting any."""

    def __init__(self, work: Callable[[Job], Result], copies: int, *, before_waiting: Callable[[], None]) -> None:
        gc.collect()
        gc.freeze()  # a copy that looks for garbage would write to, and so copy, everything
        _work[:] = [work]
        self._executor = ProcessPoolExecutor(copies, multiprocessing.get_context("fork"), _begin)
        self._most = _AHEAD * copies
        self._before_waiting = before_waiting
        self._under_way: deque[Future[Result]] = deque()

    def put(self, job: Job) -> Iterator[Result]:
        """Hand a job over; the results that are there by now, in order. Waits where too much is under way.

        Raises BelfryError where a copy was ended from outside.
        """
        # Whichever comes first is told that a copy has ended: who hands a job over, or who asks for a result.
        with _told_of_an_end():
            self._under_way.append(cast("Future[Result]", self._executor.submit(_do, job)))
        while self._under_way and (len(self._under_way) > self._most or self._under_way[0].done()):
            yield self._first()

    def rest(self) -> Iterator[Result]:
        """Wait for the results of everything that was handed over, in order. Raises like `put`."""
        while self._under_way:
            yield self._first()

    def close(self) -> None:
        """End the copies; what was handed over and not asked for is dropped."""
        self._executor.shutdown(cancel_futures=True)

    def _first(self) -> Result:
        future = self._under_way.popleft()
        if not future.done():
            self._before_waiting()
        with _told_of_an_end():
            return future.result()


@contextmanager
def _told_of_an_end() -> Generator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise BelfryError("a process that matches was ended from outside: run the command again") from error


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; this one is ended by its parent
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=end_with_parent, daemon=True, name="end-with-parent").start()


def _do(job: Any) -> Any:
    return _work[0](job)
