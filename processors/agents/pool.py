"""Heavy work beside the event loop: one child process with the models, a time limit an article, and no orphan.

Heartbeats live in the event loop, so nothing heavy runs there. A child process rather than a thread, because a thread
can't be ended: an article that takes too long, or that takes the process with it, must not hold up the rest.

The child is sent a batch and answers job by job, so it is known which one it was at when it hung or died: that one is
given up (one that died is tried once more), and a new child goes on with the next.
"""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar, cast

import psutil

from processors.agents.patience import Patience
from schemas.errors import EnrichError

Job = TypeVar("Job")
Result = TypeVar("Result")

IDLE_S = 180.0
"""A child that loads its models is waited for as long as it works: a slow machine only makes it slow. One that has not
used the processor for so long hangs."""
SLOWER = 5.0
"""A job's limit is one of processor time, and of so many times that by the clock: it may be on a machine that is busy
with something else, or that was stopped for a minute."""
_LOOK_S = 1.0
_AGAIN_AFTER_S = 0.5
_NEARLY = 0.9
"""Nobody has the processor for all of the time, and who works without a pause is to be ended at the limit by the clock."""


@dataclass(frozen=True)
class _Failed:
    """An EnrichError on its way: exceptions with keyword arguments don't pickle."""

    code: str
    message: str


@dataclass(frozen=True)
class _Child:
    process: BaseProcess
    pipe: Connection

    def used_s(self) -> float:
        """How long it has used the processor; 0 where it has ended."""
        try:
            times = psutil.Process(self.process.pid).cpu_times()
        except psutil.NoSuchProcess:
            return 0.0
        return times.user + times.system


class Pool(Generic[Job, Result]):
    """Runs `work` on batches in one child process. `work` and `initialise` are top-level functions (they are pickled).

    `limit_s` of processor time bound each job in Python (see SLOWER); what hangs outside Python is ended `grace_s` later.
    """

    def __init__(
        self, work: Callable[[Job], Result], initialise: Callable[[], None], *, limit_s: float, grace_s: float = 5.0
    ) -> None:
        self._work = work
        self._initialise = initialise
        self._limit_s = limit_s
        self._grace_s = grace_s
        # Across threads: a batch that was cancelled goes on in its thread until it is done.
        self._lock = threading.Lock()
        self._child: _Child | None = None

    async def results(self, jobs: Sequence[Job]) -> list[Result | EnrichError]:
        """A result or an EnrichError (`too_slow`, `failed`, or what `work` raised) for each job, in order.

        Raises RuntimeError where the child can't be started.
        """
        return await asyncio.to_thread(self._results, jobs) if jobs else []

    def begin(self) -> Future[None]:
        """Start the child and load its models; the future is done when it is ready, or fails with RuntimeError."""

        def start() -> None:
            with self._lock:
                self._started()

        # A daemon: loading must not hold up a process that is told to end.
        future: Future[None] = Future()

        def run() -> None:
            try:
                future.set_result(start())
            except BaseException as error:  # noqa: BLE001 whoever waits is told
                future.set_exception(error)

        threading.Thread(target=run, daemon=True, name="start-models").start()
        return future

    def close(self) -> None:
        """End the child, whatever it does."""
        child, self._child = self._child, None
        if child is not None:
            child.process.kill()
            child.process.join()
            child.pipe.close()

    def _results(self, jobs: Sequence[Job]) -> list[Result | EnrichError]:
        results: list[Result | EnrichError] = []
        suspect = -1
        with self._lock:
            while len(results) < len(jobs):
                child = self._started()  # loading the models isn't the articles' time
                try:
                    child.pipe.send(list(jobs[len(results) :]))
                    while len(results) < len(jobs):
                        results.append(self._answer(child))
                except TimeoutError:
                    self.close()
                    results.append(EnrichError("hung in the process that worked on it", code="failed"))
                except (EOFError, OSError):
                    self.close()
                    # Its child may have been killed by something else: it is tried once more.
                    if suspect == len(results):
                        results.append(EnrichError("ended the process that worked on it, twice", code="failed"))
                    suspect = len(results)
        return results

    def _answer(self, child: _Child) -> Result | EnrichError:
        if not child.pipe.poll(self._limit_s + self._grace_s):
            began, used = time.monotonic(), child.used_s()
            while not child.pipe.poll(min(_LOOK_S, self._grace_s)):
                late_s = time.monotonic() - began + self._limit_s
                if child.used_s() - used > self._limit_s or late_s > self._limit_s * SLOWER + self._grace_s:
                    raise TimeoutError  # an OSError
        answer: Any = child.pipe.recv()
        return EnrichError(answer.message, code=answer.code) if isinstance(answer, _Failed) else answer

    def _started(self) -> _Child:
        if self._child is not None and self._child.process.is_alive():
            return self._child
        self.close()
        context = multiprocessing.get_context("spawn")
        ours, theirs = cast("tuple[Connection, Connection]", context.Pipe())
        process = context.Process(
            target=_serve, args=(theirs, self._initialise, self._work, self._limit_s), daemon=True, name="models"
        )
        process.start()
        theirs.close()
        self._child = _Child(process, ours)
        try:
            _await_loaded(self._child)
        except (EOFError, OSError) as error:
            self.close()
            raise RuntimeError("the process with the models didn't start; the log says why") from error
        return self._child


def _await_loaded(child: _Child) -> None:
    """Return when it is ready. Raises EOFError where it ended, TimeoutError where it hangs."""
    patience = Patience(IDLE_S)
    while not child.pipe.poll(_LOOK_S):
        if patience.is_over(child.used_s()):
            raise TimeoutError
    child.pipe.recv()


def _serve(pipe: Connection, initialise: Callable[[], None], work: Callable[[Any], Any], limit_s: float) -> None:
    """What the child does: load, say so, then batches until its parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=end_with_parent, daemon=True, name="end-with-parent").start()
    initialise()
    pipe.send("ready")
    with contextlib.suppress(EOFError):
        while True:
            for job in pipe.recv():
                pipe.send(_within(limit_s, work, job))


def end_with_parent() -> None:
    """Wait in a child of multiprocessing until its parent is gone, however it ended, and end the child then."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)


def _within(limit_s: float, work: Callable[[Any], Any], job: Any) -> Any:
    """The result, or a _Failed."""
    try:
        return within(limit_s, work, job)
    except EnrichError as error:
        return _Failed(error.code, str(error))


def within(limit_s: float, work: Callable[[Job], Result], job: Job) -> Result:
    """What `work` makes of a job. Raises EnrichError: its own, `too_slow` past the limit, `failed` for all else that it raises.

    The limit is of processor time, and SLOWER times that by the clock. An alarm ends work in Python, so this is for a
    process's main thread; what hangs outside Python goes on.
    """
    began, used = time.monotonic(), time.process_time()

    def too_slow(_signal: int, _frame: object) -> None:
        if time.process_time() - used < limit_s * _NEARLY and time.monotonic() - began < limit_s * SLOWER:
            return  # it has not had its time yet; the alarm comes again
        raise EnrichError(f"took longer than {limit_s:g} s", code="too_slow")

    before = signal.signal(signal.SIGALRM, too_slow)
    # Once more and again: what catches all that is raised may have caught the first.
    signal.setitimer(signal.ITIMER_REAL, limit_s, min(limit_s, _AGAIN_AFTER_S))
    try:
        return work(job)
    except EnrichError:
        raise
    except RecursionError as error:
        raise EnrichError("nested too deeply", code="failed") from error
    except Exception as error:
        raise EnrichError(f"{type(error).__name__}: {error}", code="failed") from error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
