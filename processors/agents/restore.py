"""The state of enrich's partitions, read from its changelogs before a partition's first record is decided."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from processors.agents.enrich_state import EnrichState, HeldArticle
from processors.counts import Tally
from schemas.errors import KafkaUnavailableError
from schemas.topics import MAX_MESSAGE_BYTES, Topics

_log = structlog.get_logger()
_SILENT_S = 15.0
"""A changelog from which nothing comes for so long can't be read now."""

Start = Callable[[int, int, int], int]
"""From which offset on to read, given partition, first offset and end."""


class StateKeeper:
    """Brings the state of partitions into `state` when they are got, and out of it when they are lost."""

    def __init__(self, bootstrap: str, topics: Topics, state: EnrichState) -> None:
        self.known: frozenset[int] = frozenset()
        self._bootstrap = bootstrap
        self._topics = topics
        self._state = state
        self._lock = asyncio.Lock()
        self._losses = 0

    async def ensure(self, partitions: Iterable[int]) -> None:
        """Return when the state of all these is complete. Raises KafkaUnavailableError."""
        async with self._lock:
            missing = sorted(set(partitions) - self.known)
            if not missing:
                return
            began, losses = time.monotonic(), self._losses
            self._drop(set(missing))
            try:
                async with _consumer(self._bootstrap) as consumer:
                    await self._read_memories(consumer, missing)
                    await self._read_held(consumer, missing)
                    await self._read_tallies(consumer, missing)
            except (KafkaError, OSError) as error:
                raise KafkaUnavailableError(f"the state of enrich can't be read: {error!r}") from error
            if losses != self._losses:
                # Some were lost while they were read: whatever is still owned is asked for again.
                raise KafkaUnavailableError("partitions were taken away while their state was read")
            self.known |= set(missing)
            _log.info("state complete", partitions=missing, ms=round((time.monotonic() - began) * 1000))

    def forget(self, partitions: set[int]) -> None:
        """Drop what another worker may change from now on. What is on disk is brought up to date when it is needed."""
        self._losses += 1
        self.known -= partitions
        self._drop(partitions)

    def _drop(self, partitions: set[int]) -> None:
        for partition in partitions:
            self._state.tallies.pop(partition, None)
        for key in [key for key, held in self._state.held.items() if held.partition in partitions]:
            del self._state.held[key]

    async def _read_memories(self, consumer: Any, partitions: list[int]) -> None:
        memories = self._state.memories

        def start(partition: int, begin: int, end: int) -> int:
            known = memories.next_offset(partition)
            return known if begin <= known <= end else begin

        async for partition, records in _records(consumer, self._topics.versions, partitions, start):
            entries = {record.key: record.value for record in records if record.value is not None}
            memories.put(partition, entries, records[-1].offset + 1)

    async def _read_held(self, consumer: Any, partitions: list[int]) -> None:
        async for _, records in _records(consumer, self._topics.held, partitions, lambda _, begin, __: begin):
            for record in records:
                if record.value is None:
                    self._state.held.pop(record.key, None)
                else:
                    self._state.held[record.key] = HeldArticle.model_validate_json(record.value)

    async def _read_tallies(self, consumer: Any, partitions: list[int]) -> None:
        async for partition, records in _records(consumer, self._topics.counts, partitions, lambda _, __, end: end - 1):
            self._state.tallies[partition] = Tally.model_validate_json(records[-1].value)


@asynccontextmanager
async def _consumer(bootstrap: str) -> AsyncGenerator[Any]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
        fetch_max_wait_ms=100,
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        with contextlib.suppress(KafkaError, OSError):
            await consumer.stop()


async def _records(
    consumer: Any, topic: str, partitions: list[int], start: Start
) -> AsyncIterator[tuple[int, Sequence[Any]]]:
    """What stands in the partitions now, as (partition, some records), in order within each. Raises OSError."""
    all_of_them = [TopicPartition(topic, partition) for partition in partitions]
    begins, ends = await consumer.beginning_offsets(all_of_them), await consumer.end_offsets(all_of_them)
    starts = {tp: start(tp.partition, begins[tp], ends[tp]) for tp in all_of_them if begins[tp] < ends[tp]}
    waiting = {tp for tp, offset in starts.items() if offset < ends[tp]}
    if not waiting:
        return
    consumer.assign(list(waiting))
    for tp in waiting:
        consumer.seek(tp, starts[tp])
    deadline = time.monotonic() + _SILENT_S
    while waiting:
        got = await consumer.getmany(timeout_ms=200, max_records=5000)
        if got:
            deadline = time.monotonic() + _SILENT_S
        elif time.monotonic() > deadline:
            raise OSError(f"nothing of {topic} came for {_SILENT_S:g} s")
        for tp, records in got.items():
            yield tp.partition, records
            if records[-1].offset + 1 >= ends[tp]:
                waiting.discard(tp)
