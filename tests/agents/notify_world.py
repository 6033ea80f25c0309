"""Notify's parts around a changelog in memory, a store on disk and receivers that note what they get; no Kafka."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from belfry.notify.changes import Changelog
from belfry.notify.courier import Courier, Means
from belfry.notify.desk import Came, Desk, Known
from belfry.notify.lanes import RetryRules
from belfry.notify.message import Message
from belfry.notify.pace import Rules
from belfry.notify.records import Item, decoded
from belfry.notify.store import Change, NotifyStore
from belfry.notify.subscribers import CanceledArticles, Subscribers
from processors.agents.records import Outgoing
from schemas.alerts import Alert
from schemas.dead_letters import DeadLetter
from schemas.errors import KafkaUnavailableError
from schemas.subscriptions import Subscription
from schemas.topics import Topics
from tests.notify_cases import NOW

TOPICS = Topics("t.", 4)


class Log:
    """What Kafka has. `room`: so many records it still takes; then whoever writes is killed."""

    def __init__(self) -> None:
        self.topics: dict[str, dict[int, list[tuple[bytes, bytes | None]]]] = defaultdict(lambda: defaultdict(list))
        self.room: int | None = None

    async def send_all(self, records: Sequence[Outgoing]) -> Sequence[int]:
        offsets: list[int] = []
        for record in records:
            if self.room is not None:
                if self.room == 0:
                    raise KafkaUnavailableError("killed")
                self.room -= 1
            partition = self.topics[record.topic][record.partition or 0]
            offsets.append(len(partition))
            partition.append((record.key or b"", record.value))
        await asyncio.sleep(0)
        return offsets

    def letters(self) -> list[DeadLetter]:
        return [DeadLetter.decode(value) for _, value in self.topics[TOPICS.dead][0]]


class Receivers:
    """`answer` is asked for each message, and may raise Undeliverable, or take its time."""

    def __init__(self) -> None:
        self.got: list[tuple[str, Message]] = []
        self.answer: Callable[[str, Message], object] = lambda _url, _message: None

    def channel(self, url: str) -> "Receivers.To":
        return Receivers.To(self, url)

    def keys(self, url: str | None = None) -> list[str]:
        return [message.message_id for to, message in self.got if url in (None, to)]

    class To:
        def __init__(self, receivers: "Receivers", url: str) -> None:
            self._receivers = receivers
            self._url = url

        async def deliver(self, message: Message) -> None:
            answered = self._receivers.answer(self._url, message)
            if asyncio.iscoroutine(answered):
                await answered
            self._receivers.got.append((self._url, message))


class World:
    """A worker's notify, from a start to its end."""

    def __init__(self, log: Log, folder: Path, receivers: Receivers, rules: Rules, retry: RetryRules) -> None:
        self.now: datetime = NOW
        self.log = log
        self.store = NotifyStore(folder / "notify.sqlite", "topic")
        self.subscribers, self.canceled = Subscribers(), CanceledArticles()
        self.known = Known(self.store, self.subscribers, self.canceled, "alerts")
        self.mine = {0, 1}
        self.seconds = 0.0
        self.changelog = Changelog(self.store, log, TOPICS, lambda partition: partition in self.mine, self.clock)
        means = Means(
            known=self.known,
            changelog=self.changelog,
            sender=log,
            topics=TOPICS,
            channel_for=receivers.channel,
            owns=lambda partition: partition in self.mine,
            now=lambda: self.now,
        )
        self.courier = Courier(means, retry, Random(1))
        self.desk = Desk(self.known, self.changelog, rules, lambda: self.now, self.courier.offer)
        self.courier.owners = self.desk
        for partition in self.mine:
            records = log.topics[TOPICS.notify_state][partition]
            fresh = records[self.store.next_offset(partition) :]
            changes = [Change(partition, key, value if value is None else decoded(key, value)) for key, value in fresh]
            self.store.put(changes, [(partition, len(records))])

    def clock(self) -> float:
        return self.seconds

    def counts(self, partition: int = 0) -> list[int]:
        return [int(value or b"0") for _, value in self.log.topics[TOPICS.notify_counts][partition]]

    def subscribe(self, *subscriptions: Subscription) -> None:
        for one in subscriptions:
            self.subscribers.apply(one.id.encode(), one.encode())
            self.courier.changed(one.id)

    async def come(self, *alerts: Alert, offset: int = 0, partition: int = 0) -> Sequence[str]:
        came = [Came(each, partition, offset + place) for place, each in enumerate(alerts)]
        return await self.desk.take(came)

    async def tick(self, passed: timedelta = timedelta(0)) -> None:
        self.now += passed
        await self.desk.send_digests(self.mine)

    def items(self) -> list[Item]:
        rows = self.store._all("SELECT key, value FROM entry")
        records = [decoded(key, value) for key, value in rows]
        return [record for record in records if isinstance(record, Item)]


@asynccontextmanager
async def world(
    log: Log,
    folder: Path,
    receivers: Receivers,
    *subscriptions: Subscription,
    rules: Rules | None = None,
    retry: RetryRules | None = None,
    now: datetime = NOW,
) -> AsyncIterator[World]:
    ours = World(log, folder, receivers, rules or Rules(), retry or RetryRules(first_s=0.002, longest_s=0.004))
    ours.now = now
    ours.subscribe(*subscriptions)
    ours.changelog.got(ours.mine)
    ours.courier.got(ours.mine)
    tasks = [asyncio.create_task(ours.changelog.run()), asyncio.create_task(ours.courier.run())]
    try:
        yield ours
    finally:
        log.room = None
        for task in [*tasks, *ours.courier._tasks]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        ours.store.close()


async def until(look: Callable[[], object], within_s: float = 5.0) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            while not look():  # noqa: ASYNC110 what is waited for is no event
                await asyncio.sleep(0.001)
    assert look()
