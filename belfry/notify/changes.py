"""Writing what notify remembers: to the changelog first, then to the copy on disk, by one writer, in order.

Whoever has something to write gives it here and waits; all that was given meanwhile goes in one round trip. One writer,
so that the copy on disk is never ahead of a record that is still on its way. Where the changelog has records that this
worker doesn't know, of a write that failed or of another worker, the copy doesn't say that it goes further, until its
partitions are read again.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from belfry.notify.records import Item
from belfry.notify.store import Change, NotifyStore
from processors.agents.disk_copy import goes_to
from processors.agents.records import Outgoing, Sender
from schemas.errors import KafkaUnavailableError, ServiceError
from schemas.topics import Topics


@dataclass
class _Given:
    changes: Sequence[Change]
    written: asyncio.Future[None]


class Changelog:
    """See the module. `run` must be running."""

    def __init__(self, store: NotifyStore, sender: Sender, topics: Topics, owns: Callable[[int], bool]) -> None:
        self._store = store
        self._sender = sender
        self._topics = topics
        self._owns = owns
        self._given: asyncio.Queue[_Given] = asyncio.Queue()

    async def write(self, changes: Sequence[Change]) -> None:
        """Return when these are durable, in this order.

        Raises KafkaUnavailableError where that isn't known, or a partition isn't owned any more.
        """
        if not changes:
            return
        given = _Given(changes, asyncio.get_running_loop().create_future())
        self._given.put_nowait(given)
        await given.written

    async def run(self) -> None:
        """Write for ever. Raises what the copy on disk raises: the process must end then, and read the changelog anew."""
        while True:
            given = [await self._given.get()]
            while not self._given.empty():
                given.append(self._given.get_nowait())
            try:
                await self._write(given)
            except ServiceError as error:
                for each in given:
                    if not each.written.done():
                        each.written.set_exception(error)
            else:
                for each in given:
                    if not each.written.done():
                        each.written.set_result(None)

    async def _write(self, given: Sequence[_Given]) -> None:
        for each in given:
            if not all(self._owns(change.partition) for change in each.changes):
                each.written.set_exception(KafkaUnavailableError("the partition was taken away"))
        changes = [change for each in given if not each.written.done() for change in each.changes]
        if not changes:
            return
        records = [
            Outgoing(self._topics.notify_state, change.key, change.value, change.partition) for change in changes
        ]
        counts = self._counts(changes)
        offsets = await self._sender.send_all([*records, *counts])
        written = zip((change.partition for change in changes), offsets, strict=False)
        self._store.put(changes, goes_to(self._store.next_offset, written).items())

    def _counts(self, changes: Sequence[Change]) -> list[Outgoing]:
        delivered: dict[int, int] = {}
        for change in changes:
            if isinstance(change.record, Item) and change.record.counted is not None:
                delivered[change.partition] = max(change.record.counted, delivered.get(change.partition, 0))
        return [
            Outgoing(self._topics.notify_counts, str(partition).encode(), str(bells).encode(), partition)
            for partition, bells in delivered.items()
            if bells > self._store.delivered(partition)
        ]
