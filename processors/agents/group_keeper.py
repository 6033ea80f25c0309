"""The stories of group's partitions, read from the changelog before a partition's first article is placed.

All of it is read: signatures are needed in memory, and only those of some days are kept.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import structlog
from pydantic import ValidationError

from processors.agents.changelog import all_of_it, changelog_records
from processors.agents.group import GroupState
from processors.agents.keeper import Keeper
from processors.stories.remembered import Remembered
from schemas.topics import Topics

_log = structlog.get_logger()


class GroupKeeper(Keeper):
    """Brings the stories of partitions into `state` when they are got, and out of it when they are lost."""

    def __init__(self, bootstrap: str, topics: Topics, state: GroupState) -> None:
        super().__init__(bootstrap, "the state of group")
        self._topics = topics
        self._state = state

    async def _read(self, consumer: Any, partitions: list[int]) -> Mapping[str, int]:
        found: dict[int, dict[bytes, Remembered]] = {partition: {} for partition in partitions}
        async for partition, some in changelog_records(consumer, self._topics.stories, partitions, all_of_it):
            await asyncio.to_thread(_apply, found[partition], some)
        for partition, entries in found.items():
            await asyncio.to_thread(self._state.restore, partition, entries)
        return {"articles": sum(map(len, found.values()))}

    def _drop(self, partitions: Iterable[int]) -> None:
        for partition in partitions:
            self._state.stories.pop(partition, None)


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
