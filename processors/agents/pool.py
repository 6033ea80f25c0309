"""Heavy work beside the event loop: one child process with the models, a time limit an article, and no orphan.

Heartbeats live in the event loop, so nothing heavy runs there. A child process rather than a thread, because a thread
can't be ended: an article that takes too long, or that takes the process with it, must not hold up the rest.
"""

import asyncio
import concurrent.futures
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, TypeVar

from schemas.errors import EnrichError

Job = TypeVar("Job")
Result = TypeVar("Result")


def _start_child(initialise: Callable[[], None]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        sentinel = parent.sentinel

        def end_with_parent() -> None:
            multiprocessing.connection.wait([sentinel])
            os._exit(0)

        threading.Thread(target=end_with_parent, daemon=True, name="end-with-parent").start()
    initialise()


def _within(limit_s: float, work: Callable[[Job], Result], job: Job) -> Result | EnrichError:
    """Run in the child. An alarm ends work in Python; what hangs outside Python is ended by the parent."""

    def too_slow(_signal: int, _frame: object) -> None:
        raise EnrichError(f"took longer than {limit_s:g} s", code="too_slow")

    signal.signal(signal.SIGALRM, too_slow)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        return work(job)
    except EnrichError as error:
        return EnrichError(str(error), code=error.code)
    except RecursionError:
        return EnrichError("nested too deeply", code="failed")
    except Exception as error:  # noqa: BLE001 whatever an article does to a model, it is that article's outcome
        return EnrichError(f"{type(error).__name__}: {error}", code="failed")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _batch_within(limit_s: float, work: Callable[[Job], Result], jobs: Sequence[Job]) -> list[Result | tuple[str, str]]:
    # Exceptions with keyword arguments don't pickle; an outcome travels as (code, message).
    results = [_within(limit_s, work, job) for job in jobs]
    return [(result.code, str(result)) if isinstance(result, EnrichError) else result for result in results]


class Pool(Generic[Job, Result]):
    """Runs `work` on batches in one child process. `work` and `initialise` are top-level functions (they are pickled)."""

    def __init__(
        self, work: Callable[[Job], Result], initialise: Callable[[], None], *, limit_s: float, grace_s: float = 5.0
    ) -> None:
        self._work = work
        self._initialise = initialise
        self._limit_s = limit_s
        self._grace_s = grace_s
        self._executor: concurrent.futures.ProcessPoolExecutor | None = None

    async def results(self, jobs: Sequence[Job]) -> list[Result | EnrichError]:
        """A result or an EnrichError (`too_slow`, `failed`, or what `work` raised) for each job, in order.

        A job that hangs outside Python or kills the child costs only itself: the others are run again one by one.
        """
        if not jobs:
            return []
        found = await self._try(jobs, self._limit_s * min(len(jobs), 3) + self._grace_s)
        if found is not None:
            return found
        results: list[Result | EnrichError] = []
        for job in jobs:
            alone = await self._try([job], self._limit_s + self._grace_s)
            results += alone or [EnrichError("ended the process that worked on it, or hung in it", code="failed")]
        return results

    async def warm(self) -> None:
        """Start the child and load its models; returns when it is ready."""
        await asyncio.get_running_loop().run_in_executor(self._child(), os.getpid)

    def close(self) -> None:
        """End the child."""
        executor, self._executor = self._executor, None
        if executor is not None:
            # No public way to end a child that hangs before Python 3.14 (kill_workers).
            children = list((getattr(executor, "_processes", None) or {}).values())
            executor.shutdown(wait=False, cancel_futures=True)
            for child in children:
                child.kill()

    async def _try(self, jobs: Sequence[Job], timeout_s: float) -> list[Result | EnrichError] | None:
        loop = asyncio.get_running_loop()
        if self._executor is None:
            await self.warm()  # loading the models isn't the articles' time
        try:
            future = loop.run_in_executor(self._child(), _batch_within, self._limit_s, self._work, jobs)
            found = await asyncio.wait_for(future, timeout_s)
        except (TimeoutError, BrokenProcessPool):
            self.close()
            return None
        return [EnrichError(item[1], code=item[0]) if isinstance(item, tuple) else item for item in found]

    def _child(self) -> concurrent.futures.ProcessPoolExecutor:
        if self._executor is None:
            self._executor = concurrent.futures.ProcessPoolExecutor(
                max_workers=1,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start_child,
                initargs=(self._initialise,),
            )
        return self._executor
