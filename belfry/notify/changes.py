"""Writing what notify remembers: to the changelog first, then to the copy on disk, by one writer, in order.

Whoever has something to write gives it here and waits; all that was given meanwhile goes in one round trip. One writer,
so that the copy on disk is never ahead of a record that is still on its way. Where the changelog has records that this
worker doesn't know, of a write that failed or of another worker, the copy doesn't say that it goes further, until its
partitions are read again.

How many bells of a partition were delivered stands in its items, and by itself in a topic for whoever wants to know: in
the same round trip, but no more often than a few times a second, since each is a batch of its own in Kafka.
"""

import asyncio
import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from belfry.notify.records import Item
from belfry.notify.store import Change, NotifyStore
from processors.agents.disk_copy import goes_to
from processors.agents.records import Outgoing, Sender
from schemas.errors import KafkaUnavailableError, ServiceError
from schemas.topics import Topics

_COUNT_EVERY_S = 0.2


@dataclass
class _Given:
    changes: Sequence[Change]
    written: asyncio.Future[None]


class Changelog:
    """See the module. `run` must be running."""

    def __init__(
        self,
        store: NotifyStore,
        sender: Sender,
        topics: Topics,
        owns: Callable[[int], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._sender = sender
        self._topics = topics
        self._owns = owns
        self._clock = clock
        self._uncounted: set[int] = set()
        self._counted_at: dict[int, float] = {}
        self._given: asyncio.Queue[_Given] = asyncio.Queue()

    async def write(self, changes: Sequence[Change]) -> None:
        """Return when these are durable, in this order.

        Raises KafkaUnavailableError where that isn't known, or a partition isn't owned any more.
        """
        if changes:
            await self._written(changes)

    def got(self, partitions: Iterable[int]) -> None:
        """These are ours now: whoever had them may have ended before it wrote their counts."""
        self._uncounted.update(partition for partition in partitions if self._store.delivered(partition))

    async def write_counts(self) -> None:
        """Have the counts written that waited; to be called every now and then. Raises KafkaUnavailableError."""
        if self._uncounted:
            await self._written(())

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

    async def _written(self, changes: Sequence[Change]) -> None:
        given = _Given(changes, asyncio.get_running_loop().create_future())
        self._given.put_nowait(given)
        await given.written

    async def _write(self, given: Sequence[_Given]) -> None:
        for each in given:
            if not all(self._owns(change.partition) for change in each.changes):
                each.written.set_exception(KafkaUnavailableError("the partition was taken away"))
        changes = [change for each in given if not each.written.done() for change in each.changes]
        records = [
            Outgoing(self._topics.notify_state, change.key, change.value, change.partition) for change in changes
        ]
        now, delivered = self._clock(), self._delivered(changes)
        due = {each for each in delivered if now - self._counted_at.get(each, -math.inf) >= _COUNT_EVERY_S}
        counts = [
            Outgoing(self._topics.notify_counts, str(each).encode(), str(delivered[each]).encode(), each)
            for each in sorted(due)
        ]
        offsets = await self._sender.send_all([*records, *counts])
        written = zip((change.partition for change in changes), offsets, strict=False)
        self._store.put(changes, goes_to(self._store.next_offset, written).items())
        self._uncounted = (self._uncounted | delivered.keys()) - due
        self._counted_at |= dict.fromkeys(due, now)

    def _delivered(self, changes: Sequence[Change]) -> dict[int, int]:
        """By partition how many bells were delivered once this is written, where that isn't in the topic of counts yet."""
        self._uncounted = {partition for partition in self._uncounted if self._owns(partition)}
        delivered = {partition: self._store.delivered(partition) for partition in self._uncounted}
        for change in changes:
            if isinstance(change.record, Item) and change.record.counted is not None:
                before = delivered.get(change.partition, self._store.delivered(change.partition))
                if change.record.counted > before:
                    delivered[change.partition] = change.record.counted
        return delivered
