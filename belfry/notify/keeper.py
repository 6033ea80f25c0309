"""The state of notify's partitions, read from its changelog before anything is decided or sent in them."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from belfry.notify.records import decoded
from belfry.notify.store import Change, NotifyStore
from processors.agents.changelog import changelog_records, last_of_it, what_is_new
from processors.agents.keeper import Keeper
from schemas.topics import Topics


class NotifyKeeper(Keeper):
    """Brings the copy on disk up to date when partitions are got. `on_got` is told of them, once they are known."""

    def __init__(self, bootstrap: str, topics: Topics, store: NotifyStore) -> None:
        super().__init__(bootstrap, "the state of notify")
        self.on_got: Callable[[Iterable[int]], None] = lambda _: None
        self._topics = topics
        self._store = store

    def owns(self, partition: int) -> bool:
        """Whether the state of the partition is complete, and ours."""
        return partition in self.known

    async def _read(self, consumer: Any, partitions: list[int]) -> Mapping[str, int]:
        await self._read_state(consumer, partitions)
        await self._read_counts(consumer, partitions)
        return {}

    def _got(self, partitions: Iterable[int]) -> None:
        self.on_got(partitions)

    async def _read_state(self, consumer: Any, partitions: list[int]) -> None:
        new = what_is_new(self._store.next_offset)
        async for partition, records in changelog_records(consumer, self._topics.notify_state, partitions, new):
            changes = [
                Change(partition, record.key, None if record.value is None else decoded(record.key, record.value))
                for record in records
            ]
            self._store.put(changes, [(partition, records[-1].offset + 1)])

    async def _read_counts(self, consumer: Any, partitions: list[int]) -> None:
        async for partition, records in changelog_records(consumer, self._topics.notify_counts, partitions, last_of_it):
            self._store.count_delivered(partition, int(records[-1].value))
