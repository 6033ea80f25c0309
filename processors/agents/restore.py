"""The state of enrich's partitions, read from its changelogs before a partition's first record is decided."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
import time
from collections.abc import Iterable
from typing import Any

import structlog
from aiokafka.errors import KafkaError

from processors.agents.changelog import changelog_consumer as _consumer
from processors.agents.changelog import changelog_records as _records
from processors.agents.enrich_state import EnrichState, HeldArticle
from processors.counts import Tally
from schemas.errors import KafkaUnavailableError
from schemas.topics import Topics

_log = structlog.get_logger()


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
