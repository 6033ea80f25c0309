"""From a Faust stream to a step and back: batches, retries in place, acknowledgement after the side effect, in order.

Idiomatic Faust loses articles (an exception in an agent acknowledges the message; `take()` goes on draining). So the
stream isn't acknowledged by Faust at all: events are queued, a flusher takes them in batches, and acknowledges each in
order when the step has returned. One unacknowledged event at the head would be committed over, so nothing is ever
skipped: what fails is tried again until it works, and past a limit the process exits, for a supervisor to start anew.

When partitions are taken away, whatever is queued is let go unacknowledged: it is read again from the last commit, here
or elsewhere. The batch that is being worked on is waited for, so that it isn't worked on twice at the same time.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterable, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import structlog

from processors.agents.records import Done, Record, Step
from schemas.errors import ServiceError

_log = structlog.get_logger()

_PROMPT_LINGER_S = 0.005
"""Records of one fetch come from Faust one by one: enough to have them together."""


class Delivery(Protocol):
    """A record that waits for its acknowledgement."""

    record: Record

    def ack(self) -> None:
        """Acknowledge: it needn't be read again."""
        ...

    def is_ours(self) -> bool:
        """Whether this process still owns the record's partition; after a rebalance another one reads it again."""
        ...


@dataclass(frozen=True)
class FlowLimits:
    """How a flow batches and how long it tries."""

    batch_size: int = 100
    batch_bytes: int = 16 * 1024 * 1024
    linger_s: float = 0.05
    apart_s: float = 0.0
    """Two batches begin no sooner after each other, unless the second is full. What comes now and then waits for nothing;
    where much comes, records that go on together cost this stage and all behind it less."""
    retry_first_s: float = 0.2
    retry_max_s: float = 15.0
    unexpected_attempts: int = 4
    """So often a batch is tried that fails for a reason nobody foresaw, before the process gives up."""

    @property
    def prompt(self) -> "FlowLimits":
        """For a stage on every bell's way: it takes what is there, and waits for nothing more.

        Where much comes its batches are no smaller: they gather while the one before is worked on.
        """
        return replace(self, linger_s=min(self.linger_s, _PROMPT_LINGER_S))


@dataclass
class FlowFigures:
    """What a flow has done since its process began."""

    records: int = 0
    batches: int = 0
    retries: int = 0
    outage_since: float | None = None


class Flow:
    """One stream through one step. `feed` fills it, `run` empties it; both end only by being cancelled or by failing.

    `on_done` is told what became of each record of a batch, once that is acknowledged. A
    `quiet` flow doesn't log its batches.
    """

    def __init__(
        self,
        name: str,
        step: Step,
        limits: FlowLimits,
        *,
        on_done: Callable[[Sequence[Done]], None] | None = None,
        quiet: bool = False,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.figures = FlowFigures()
        self._step = step
        self._limits = limits
        self._on_done = on_done
        self._say = _log.debug if quiet else _log.info
        self._sleep = sleep
        self._clock = clock
        # Twice a batch: while one is processed the next is read; more would only be read again after a kill.
        self._queue: asyncio.Queue[tuple[int, Delivery]] = asyncio.Queue(maxsize=2 * limits.batch_size)
        self._epoch = 0
        self._began = float("-inf")
        self._idle = asyncio.Event()
        self._idle.set()
        self._work: asyncio.Future[Sequence[Done]] | None = None

    async def feed(self, deliveries: AsyncIterable[Delivery]) -> None:
        """Queue what comes; waits while the queue is full, which makes Faust stop fetching."""
        async for delivery in deliveries:
            await self._queue.put((self._epoch, delivery))

    async def run(self) -> None:
        """Process batches for ever. Raises what a step raises past all retries: the process must end then."""
        while True:
            epoch, batch = await self._next_batch()
            if epoch == self._epoch:
                await self.flush(batch)

    async def let_go(self, within_s: float) -> None:
        """Forget what is queued; wait for the batch in hand, and give it up where it takes longer.

        To be called when partitions are taken away. When it returns, nothing more is written for them.
        """
        self._epoch += 1
        try:
            async with asyncio.timeout(within_s):
                await self._idle.wait()
        except TimeoutError:
            if self._work is not None:
                self._work.cancel()
            await self._idle.wait()

    async def flush(self, batch: Sequence[Delivery]) -> None:
        """Process a batch until it is done, then acknowledge each of its deliveries in order.

        A batch that fails while its partitions are taken away is given up, unacknowledged.
        """
        ours = [delivery for delivery in batch if delivery.is_ours()]
        if not ours:
            return
        records = [delivery.record for delivery in ours]
        began, epoch = self._clock(), self._epoch
        self._idle.clear()
        try:
            outcomes = await self._process_until_done(records, epoch)
            if outcomes is None:
                return
            for delivery in ours:
                delivery.ack()
        finally:
            self._idle.set()
        self.figures.records += len(ours)
        self.figures.batches += 1
        self._tell(records, outcomes, self._clock() - began)

    def _tell(self, records: Sequence[Record], outcomes: Sequence[Done], took_s: float) -> None:
        kinds = [outcome.kind for outcome in outcomes]
        counts = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
        self._say("batch", flow=self.name, records=len(records), ms=round(took_s * 1000), **counts)
        if self._on_done is not None:
            self._on_done(outcomes)

    async def _next_batch(self) -> tuple[int, list[Delivery]]:
        epoch, first = await self._queue.get()
        batch, size = [first], len(first.record.value or b"")
        deadline = max(self._clock() + self._limits.linger_s, self._began + self._limits.apart_s)
        with contextlib.suppress(TimeoutError):
            while len(batch) < self._limits.batch_size and size < self._limits.batch_bytes:
                async with asyncio.timeout(max(0.0, deadline - self._clock())):
                    newer, delivery = await self._queue.get()
                if newer != epoch:
                    epoch, batch, size = newer, [], 0
                batch.append(delivery)
                size += len(delivery.record.value or b"")
        self._began = self._clock()
        return epoch, batch

    async def _process_until_done(self, records: Sequence[Record], epoch: int) -> Sequence[Done] | None:
        """Each record's outcome; None where the records were taken away before the step had succeeded."""
        unexpected = 0
        pause_s = self._limits.retry_first_s
        while epoch == self._epoch:
            self._work = asyncio.ensure_future(self._step.process(records))
            try:
                outcomes = await self._work
            except asyncio.CancelledError:
                if epoch == self._epoch:
                    raise
                break  # `let_go` cancelled the work, not this
            except ServiceError as error:
                self._note_failure(error, len(records))
            except Exception as error:
                unexpected += 1
                self._note_failure(error, len(records))
                if unexpected >= self._limits.unexpected_attempts:
                    raise GaveUp(f"{self.name}: a batch failed {unexpected} times: {error!r}") from error
            else:
                self._note_success()
                return outcomes
            await self._nap(pause_s)
            pause_s = min(2 * pause_s, self._limits.retry_max_s)
        _log.warning("batch given up, its partitions were taken away", flow=self.name, records=len(records))
        return None

    async def _nap(self, seconds: float) -> None:
        """Wait before the next try; whoever waits for the batch in hand needn't wait for that."""
        self._idle.set()
        await self._sleep(seconds)
        self._idle.clear()

    def _note_success(self) -> None:
        if self.figures.outage_since is not None:
            _log.info("works again", flow=self.name, after_s=round(self._clock() - self.figures.outage_since, 1))
        self.figures.outage_since = None

    def _note_failure(self, error: Exception, records: int) -> None:
        self.figures.retries += 1
        if self.figures.outage_since is None:
            self.figures.outage_since = self._clock()
        _log.warning(
            "batch failed, trying again",
            flow=self.name,
            records=records,
            retries=self.figures.retries,
            error=repr(error),
            exc_info=not isinstance(error, ServiceError),
        )


class GaveUp(BaseException):
    """A batch can't be processed for a reason nobody foresaw. Ends the process without acknowledging anything."""
