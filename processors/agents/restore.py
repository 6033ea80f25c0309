"""The state of enrich's partitions, read from its changelogs before a partition's first record is decided."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Iterable, Mapping
from typing import Any

from processors.agents.changelog import all_of_it, last_of_it, what_is_new
from processors.agents.changelog import changelog_records as _records
from processors.agents.enrich_state import EnrichState, HeldArticle
from processors.agents.keeper import Keeper
from processors.counts import Tally
from schemas.topics import Topics


class StateKeeper(Keeper):
    """Brings the state of partitions into `state` when they are got, and out of it when they are lost."""

    def __init__(self, bootstrap: str, topics: Topics, state: EnrichState) -> None:
        super().__init__(bootstrap, "the state of enrich")
        self._topics = topics
        self._state = state

    async def _read(self, consumer: Any, partitions: list[int]) -> Mapping[str, int]:
        await self._read_memories(consumer, partitions)
        await self._read_held(consumer, partitions)
        await self._read_tallies(consumer, partitions)
        return {}

    def _drop(self, partitions: Iterable[int]) -> None:
        lost = set(partitions)
        for partition in lost:
            self._state.tallies.pop(partition, None)
        for key in [key for key, held in self._state.held.items() if held.partition in lost]:
            del self._state.held[key]

    async def _read_memories(self, consumer: Any, partitions: list[int]) -> None:
        memories = self._state.memories
        new = what_is_new(memories.next_offset)
        async for partition, records in _records(consumer, self._topics.versions, partitions, new):
            entries = {record.key: record.value for record in records if record.value is not None}
            memories.put(partition, entries, records[-1].offset + 1)

    async def _read_held(self, consumer: Any, partitions: list[int]) -> None:
        async for _, records in _records(consumer, self._topics.held, partitions, all_of_it):
            for record in records:
                if record.value is None:
                    self._state.held.pop(record.key, None)
                else:
                    self._state.held[record.key] = HeldArticle.model_validate_json(record.value)

    async def _read_tallies(self, consumer: Any, partitions: list[int]) -> None:
        async for partition, records in _records(consumer, self._topics.counts, partitions, last_of_it):
            self._state.tallies[partition] = Tally.model_validate_json(records[-1].value)
