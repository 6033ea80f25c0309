"""From a Faust stream to a step and back: batches, retries in place, acknowledgement after the side effect, in order.

Idiomatic Faust loses articles (an exception in an agent acknowledges the message; `take()` goes on draining). So the
stream isn't acknowledged by Faust at all: events are queued, a flusher takes them in batches, and acknowledges each in
order when the step has returned. One unacknowledged event at the head would be committed over, so nothing is ever
skipped: what fails is tried again until it works, and past a limit the process exits, for a supervisor to start anew.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterable, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog
import tenacity

from processors.agents.records import Record, Step
from schemas.errors import ServiceError

_log = structlog.get_logger()


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
    retry_first_s: float = 0.2
    retry_max_s: float = 15.0
    unexpected_attempts: int = 4
    """So often a batch is tried that fails for a reason nobody foresaw, before the process gives up."""


@dataclass
class FlowFigures:
    """What a flow has done since its process began."""

    records: int = 0
    batches: int = 0
    retries: int = 0
    outage_since: float | None = None
    latencies_ms: list[float] = field(default_factory=list[float])


class Flow:
    """One stream through one step. `feed` fills it, `run` empties it; both end only by being cancelled or by failing."""

    def __init__(
        self,
        name: str,
        step: Step,
        limits: FlowLimits,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.figures = FlowFigures()
        self._step = step
        self._limits = limits
        self._sleep = sleep
        self._clock = clock
        # Twice a batch: while one is processed the next is read; more would only be read again after a kill.
        self._queue: asyncio.Queue[Delivery] = asyncio.Queue(maxsize=2 * limits.batch_size)

    async def feed(self, deliveries: AsyncIterable[Delivery]) -> None:
        """Queue what comes; waits while the queue is full, which makes Faust stop fetching."""
        async for delivery in deliveries:
            await self._queue.put(delivery)

    async def run(self) -> None:
        """Process batches for ever. Raises what a step raises past all retries: the process must end then."""
        while True:
            batch = await self._next_batch()
            await self.flush(batch)

    async def flush(self, batch: Sequence[Delivery]) -> None:
        """Process a batch until it is done, then acknowledge each of its deliveries in order."""
        ours = [delivery for delivery in batch if delivery.is_ours()]
        began = self._clock()
        if ours:
            await self._process_until_done(ours)
        for delivery in ours:
            delivery.ack()
        self.figures.records += len(ours)
        self.figures.batches += 1
        self.figures.latencies_ms.append((self._clock() - began) * 1000)
        del self.figures.latencies_ms[:-1000]

    async def _next_batch(self) -> list[Delivery]:
        first = await self._queue.get()
        batch, size = [first], len(first.record.value or b"")
        deadline = self._clock() + self._limits.linger_s
        with contextlib.suppress(TimeoutError):
            while len(batch) < self._limits.batch_size and size < self._limits.batch_bytes:
                async with asyncio.timeout(max(0.0, deadline - self._clock())):
                    delivery = await self._queue.get()
                batch.append(delivery)
                size += len(delivery.record.value or b"")
        return batch

    async def _process_until_done(self, batch: Sequence[Delivery]) -> None:
        records = [delivery.record for delivery in batch]
        unexpected = 0
        async for attempt in tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception_type(Exception),
            wait=tenacity.wait_exponential_jitter(
                multiplier=self._limits.retry_first_s, max=self._limits.retry_max_s, jitter=0.1
            ),
            sleep=self._sleep,
            reraise=True,
        ):
            with attempt:
                try:
                    await self._step.process(records)
                    self.figures.outage_since = None
                except ServiceError as error:
                    self._note_failure(error, len(records))
                    raise
                except Exception as error:
                    unexpected += 1
                    self._note_failure(error, len(records))
                    if unexpected >= self._limits.unexpected_attempts:
                        # Not an Exception: it must leave the retrying, and end the process.
                        raise GaveUp(f"{self.name}: a batch failed {unexpected} times: {error!r}") from error
                    raise

    def _note_failure(self, error: Exception, records: int) -> None:
        self.figures.retries += 1
        if self.figures.outage_since is None:
            self.figures.outage_since = self._clock()
        _log.warning(
            "batch failed, trying again",
            role=self.name,
            records=records,
            retries=self.figures.retries,
            error=repr(error),
            exc_info=not isinstance(error, ServiceError),
        )


class GaveUp(BaseException):
    """A batch can't be processed for a reason nobody foresaw. Ends the process without acknowledging anything."""
