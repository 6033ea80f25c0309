"""The stories of group's partitions, read from the changelog before a partition's first article is placed.

All of it is read: signatures are needed in memory, and only those of some days are kept.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
import time
from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from processors.agents.changelog import changelog_consumer, changelog_records
from processors.agents.group import GroupState
from processors.stories.remembered import Remembered
from schemas.errors import KafkaUnavailableError
from schemas.topics import Topics

_log = structlog.get_logger()


class GroupKeeper:
    """Brings the stories of partitions into `state` when they are got, and out of it when they are lost."""

    def __init__(self, bootstrap: str, topics: Topics, state: GroupState) -> None:
        self.known: frozenset[int] = frozenset()
        self._bootstrap = bootstrap
        self._topics = topics
        self._state = state
        self._lock = asyncio.Lock()
        self._losses = 0

    async def ensure(self, partitions: Iterable[int]) -> None:
        """Return when the stories of all these are complete. Raises KafkaUnavailableError."""
        async with self._lock:
            missing = sorted(set(partitions) - self.known)
            if not missing:
                return
            began, losses = time.monotonic(), self._losses
            try:
                async with changelog_consumer(self._bootstrap) as consumer:
                    remembered = await self._read(consumer, missing)
            except (KafkaError, OSError) as error:
                raise KafkaUnavailableError(f"the stories can't be read: {error!r}") from error
            for partition, entries in remembered.items():
                await asyncio.to_thread(self._state.restore, partition, entries)
            if losses != self._losses:
                # Some were lost while they were read: whatever is still owned is asked for again.
                self._drop(missing)
                raise KafkaUnavailableError("partitions were taken away while their stories were read")
            self.known |= set(missing)
            articles = sum(map(len, remembered.values()))
            ms = round((time.monotonic() - began) * 1000)
            _log.info("stories complete", partitions=missing, articles=articles, ms=ms)

    def forget(self, partitions: Iterable[int]) -> None:
        """Drop what another worker may change from now on."""
        lost = set(partitions)
        self._losses += 1
        self.known -= lost
        self._drop(lost)

    def _drop(self, partitions: Iterable[int]) -> None:
        for partition in partitions:
            self._state.stories.pop(partition, None)

    async def _read(self, consumer: Any, partitions: list[int]) -> dict[int, dict[bytes, Remembered]]:
        found: dict[int, dict[bytes, Remembered]] = {partition: {} for partition in partitions}
        records = changelog_records(consumer, self._topics.stories, partitions, lambda _, begin, __: begin)
        async for partition, some in records:
            await asyncio.to_thread(_apply, found[partition], some)
        return found


def _apply(entries: dict[bytes, Remembered], records: Sequence[Any]) -> None:
    for record in records:
        entries.pop(record.key, None)
        if record.value is None:
            continue
        try:
            entries[record.key] = Remembered.model_validate_json(record.value)
        except ValidationError:
            # Of another version of Belfry: its copies are not known, which costs a second bell, not an article.
            _log.warning("a remembered story can't be read", key=record.key)
