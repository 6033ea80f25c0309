"""The state of notify's partitions, read from its changelog before anything is decided or sent in them."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from aiokafka.errors import KafkaError

from belfry.notify.records import decoded
from belfry.notify.store import Change, NotifyStore
from processors.agents.changelog import changelog_consumer, changelog_records
from schemas.errors import KafkaUnavailableError
from schemas.topics import Topics

_log = structlog.get_logger()


class NotifyKeeper:
    """Brings the copy on disk up to date when partitions are got. `on_got` is told of them, once they are known."""

    def __init__(self, bootstrap: str, topics: Topics, store: NotifyStore) -> None:
        self.known: frozenset[int] = frozenset()
        self.on_got: Callable[[Iterable[int]], None] = lambda _: None
        self._bootstrap = bootstrap
        self._topics = topics
        self._store = store
        self._lock = asyncio.Lock()
        self._losses = 0

    def owns(self, partition: int) -> bool:
        """Whether the state of the partition is complete, and ours."""
        return partition in self.known

    async def ensure(self, partitions: Iterable[int]) -> None:
        """Return when the state of all these is complete. Raises KafkaUnavailableError."""
        async with self._lock:
            missing = sorted(set(partitions) - self.known)
            if not missing:
                return
            began, losses = time.monotonic(), self._losses
            try:
                async with changelog_consumer(self._bootstrap) as consumer:
                    await self._read(consumer, missing)
                    await self._read_counts(consumer, missing)
            except (KafkaError, OSError) as error:
                raise KafkaUnavailableError(f"the state of notify can't be read: {error!r}") from error
            if losses != self._losses:
                # Some were lost while they were read: whatever is still owned is asked for again.
                raise KafkaUnavailableError("partitions were taken away while their state was read")
            self.known |= set(missing)
            self.on_got(missing)
            _log.info("state complete", partitions=missing, ms=round((time.monotonic() - began) * 1000))

    def forget(self, partitions: Iterable[int]) -> None:
        """These are another worker's from now on."""
        self._losses += 1
        self.known -= set(partitions)

    async def _read(self, consumer: Any, partitions: list[int]) -> None:
        def start(partition: int, begin: int, end: int) -> int:
            known = self._store.next_offset(partition)
            return known if begin <= known <= end else begin

        async for partition, records in changelog_records(consumer, self._topics.notify_state, partitions, start):
            changes = [
                Change(partition, record.key, None if record.value is None else decoded(record.key, record.value))
                for record in records
            ]
            self._store.put(changes, [(partition, records[-1].offset + 1)])

    async def _read_counts(self, consumer: Any, partitions: list[int]) -> None:
        topic = self._topics.notify_counts
        async for partition, records in changelog_records(consumer, topic, partitions, lambda _, __, end: end - 1):
            self._store.count_delivered(partition, int(records[-1].value))
