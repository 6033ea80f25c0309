"""The courier: brings what is open to its receivers, and writes down what became of it, before it brings the next.

An item is open in the changelog before it is brought (desk.py), and it is closed there as soon as its receiver has
answered. So a kill repeats at most what was answered and not yet written, one message a lane, under the same key.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal, Protocol
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

import structlog

from belfry.notify.changes import Changelog
from belfry.notify.deadletters import dead_deliveries
from belfry.notify.desk import Known
from belfry.notify.events import COUNTED, predates
from belfry.notify.lanes import Attempt, LaneKey, Lanes, RetryRules
from belfry.notify.message import Bell, Message
from belfry.notify.records import Item, ItemChannel, Story
from belfry.notify.store import Change
from belfry.notify.times import quiet_until
from processors.agents.records import Sender
from schemas.alerts import Alert
from schemas.errors import BelfryError, ServiceError, Undeliverable
from schemas.subscriptions import Subscription
from schemas.topics import Topics

_log = structlog.get_logger()

DELIVERY_LIMIT_S = 300.0
"""A channel takes a bounded time by itself; this is for one that doesn't."""
PAUSED_S = 60.0
_SWEEP_S = 30.0
_WRITE_AGAIN_S = 0.5
_SURE_AGAIN_S = 0.2
_MAX_ERROR_CHARS = 300

Result = Literal["sent", "dropped", "failed", "held"]


class Channel(Protocol):
    """See belfry.notify.channel."""

    async def deliver(self, message: Message) -> None:
        """Hand the message over. Raises Undeliverable."""
        ...


class Owners(Protocol):
    """Who is told when a channel fails, and works again: the desk."""

    async def channel_failed(self, partition: int, subscription_id: str, url: str, reason: str) -> None:
        """A message was given up."""
        ...

    async def channel_works(self, partition: int, subscription_id: str, url: str) -> None:
        """A message was taken."""
        ...


@dataclass(frozen=True, slots=True)
class Means:
    """What the courier works with. Nothing is begun while `is_sure` says no: see Membership."""

    known: Known
    changelog: Changelog
    sender: Sender
    topics: Topics
    channel_for: Callable[[str], Channel]
    owns: Callable[[int], bool]
    now: Callable[[], datetime]
    is_sure: Callable[[], bool] = lambda: True
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class Courier:
    """See the module. `run` must be running."""

    def __init__(self, means: Means, rules: RetryRules, chance: Random) -> None:
        self.owners: Owners | None = None
        self._means = means
        self._rules = rules
        self._lanes = Lanes(rules, chance)
        self._stirred = asyncio.Event()
        self._tasks: dict[asyncio.Task[None], int] = {}
        self._locks: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()
        self._delivered: dict[int, int] = {}
        self._left: set[int] = set()
        """Partitions that were let go, until they are got again."""
        self._swept_at = means.clock()
        self._closing = False

    def offer(self, partition: int, key: bytes, item: Item) -> None:
        """An item that is on its way, to each channel that it still has to go to.

        While its partition is let go it is the next owner's: what was before it there has been left to that one.
        """
        if partition in self._left:
            return
        for channel in item.pending:
            self._lanes.add(LaneKey(partition, item.subscription_id, channel.url), key)
        self._stirred.set()

    def got(self, partitions: Iterable[int]) -> None:
        """These are ours now: bring what is open in them."""
        for partition in partitions:
            self._left.discard(partition)
            self._delivered[partition] = self._means.known.store.delivered(partition)
            for key, item in self._means.known.store.open_items(partition):
                self.offer(partition, key, item)

    def changed(self, subscription_id: str) -> None:
        """The subscription was changed: what was held for it may go now."""
        self._lanes.wake(subscription_id, self._means.clock())
        self._stirred.set()

    async def let_go(self, partitions: Iterable[int], within_s: float) -> None:
        """Bring nothing more of these. Deliveries that are under way are waited for, then given up."""
        gone = set(partitions)
        self._left |= gone
        self._lanes.let_go(gone)
        tasks = [task for task, partition in self._tasks.items() if partition in gone]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=within_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def close(self, within_s: float) -> None:
        """Finish what is under way, and begin nothing more."""
        self._closing = True
        await self.let_go(set(self._delivered), within_s)

    async def run(self) -> None:
        """Bring things for ever."""
        while True:
            self._stirred.clear()
            now = self._means.clock()
            idle = self._closing or not self._means.is_sure()
            for attempt in () if idle else self._lanes.ready(now):
                task = asyncio.create_task(self._attempt(attempt))
                self._tasks[task] = attempt.lane.partition
                task.add_done_callback(lambda done: self._tasks.pop(done, None))
            if now - self._swept_at > _SWEEP_S:
                self._swept_at = now
                await self._give_up_old()
            following = now + _SURE_AGAIN_S if idle else self._lanes.next_at(now)
            pause_s = _SWEEP_S if following is None else min(_SWEEP_S, max(0.0, following - self._means.clock()))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._stirred.wait()

    async def _attempt(self, attempt: Attempt) -> None:
        try:
            result, failure = await self._brought(attempt)
        except Exception as error:  # noqa: BLE001 a channel that breaks is one that fails; the lane must go on
            _log.error("delivery broke", subscription=attempt.lane.subscription_id, exc_info=True)
            result, failure = "failed", Undeliverable("failed", repr(error), retry=True)
        if result == "sent":
            self._lanes.sent(attempt)
        elif result == "held":
            self._lanes.held(attempt, self._means.clock(), PAUSED_S)
        elif result == "dropped" or failure is None:
            self._lanes.dropped(attempt)
        else:
            self._lanes.failed(attempt, self._means.clock(), failure.reason, failure.retry_after_s)
        self._stirred.set()

    async def _brought(self, attempt: Attempt) -> tuple[Result, Undeliverable | None]:
        item, lane = self._item(attempt.item), attempt.lane
        # A partition may be lost while its state is read: what was found then is the next owner's.
        is_ours = self._means.owns(lane.partition)
        if item is None or not is_ours or lane.url not in {channel.url for channel in item.pending}:
            return "dropped", None
        subscription = self._means.known.subscribers.get(lane.subscription_id)
        if subscription is None or predates(subscription, item.at):
            await self._update(attempt, lambda latest: _dropped(latest, lane.url, "removed"))
            return "dropped", None
        if item.kind != "notice":
            if lane.url not in subscription.channels:
                await self._update(attempt, lambda latest: _moved(latest, lane.url, subscription.channels))
                return "dropped", None
            if subscription.paused or (not item.resent and self._is_quiet(subscription)):
                return "held", None
        message = self._message(item, subscription)
        if message is None:
            await self._update(attempt, lambda latest: latest.settled("canceled"))
            return "dropped", None
        failure = await self._delivered_to(lane.url, message)
        if failure is None:
            # Where writing takes its time, as on a busy machine, the receiver needn't wait for it too.
            self._lanes.answered(attempt)
            self._stirred.set()
            await self._update(attempt, lambda latest: self._sent(latest, attempt))
            if self.owners is not None:
                await self.owners.channel_works(lane.partition, lane.subscription_id, lane.url)
            return "sent", None
        if failure.retry and self._means.now() < self._deadline(item, subscription):
            await self._update(attempt, lambda latest: self._tried(latest, lane.url, failure))
            return "failed", failure
        await self._give_up(attempt.lane, attempt.item, failure)
        return "dropped", None

    async def _delivered_to(self, url: str, message: Message) -> Undeliverable | None:
        try:
            async with asyncio.timeout(DELIVERY_LIMIT_S):
                await self._means.channel_for(url).deliver(message)
        except Undeliverable as failure:
            return failure
        except TimeoutError:
            return Undeliverable("timeout", f"not delivered within {DELIVERY_LIMIT_S:g} s", retry=True)
        except ServiceError as error:
            return Undeliverable("unreachable", str(error), retry=True)
        except BelfryError as error:
            # An address or a setting that can't be used: somebody has to mend that.
            return Undeliverable("bad_address", str(error), retry=False)
        return None

    def _message(self, item: Item, subscription: Subscription) -> Message | None:
        """The message, without what was canceled; None where nothing is left of it."""
        bells: list[Bell] = []
        for bell in item.bells:
            if self._means.known.canceled.includes(bell.alert):
                continue
            story = self._means.known.store.get(bell.story.encode())
            bells.append(self._bell(bell.alert, story if isinstance(story, Story) else None))
        if item.bells and not bells and not item.more:
            return None
        return Message(item.kind, item.message_id, subscription, tuple(bells), item.at, item.notice, item.more)

    def _bell(self, alert: Alert, story: Story | None) -> Bell:
        """The bell, with the other articles of its story that were not canceled since."""
        if story is None:
            return Bell(alert)
        others = [each for each in story.articles if each.article_id != alert.article_id]
        canceled = self._means.known.canceled
        shown = [
            each.article
            for each in others
            if not canceled.includes_version(each.article_id, story.versions.get(each.article_id, 0))
        ]
        return Bell(alert, tuple(shown), max(0, story.count - 1 - len(others)))

    def _is_quiet(self, subscription: Subscription) -> bool:
        """What was not taken before the quiet hours rings after them."""
        return quiet_until(self._means.now(), subscription.quiet_hours, ZoneInfo(subscription.time_zone)) is not None

    def _sent(self, latest: Item, attempt: Attempt) -> Item:
        first = latest.counted is None and not latest.resent and latest.kind != "notice"
        if first and (latest.kind == "digest" or latest.digest in ("", COUNTED)):
            partition = attempt.lane.partition
            self._delivered[partition] = self._delivered.get(partition, 0) + len(latest.bells)
            latest = latest.model_copy(update={"counted": self._delivered[partition]})
        return latest.with_channel(self._channel(latest, attempt.lane.url, "sent"))

    def _tried(self, latest: Item, url: str, failure: Undeliverable) -> Item:
        return latest.with_channel(self._channel(latest, url, "pending", failure))

    def _channel(
        self, item: Item, url: str, state: Literal["pending", "sent", "dead"], failure: Undeliverable | None = None
    ) -> ItemChannel:
        [known] = [channel for channel in item.channels if channel.url == url]
        said = {} if failure is None else {"reason": failure.reason, "error": failure.text[:_MAX_ERROR_CHARS]}
        return known.model_copy(
            update={"state": state, "attempts": known.attempts + 1, "at": self._means.now(), **said}
        )

    async def _give_up(self, lane: LaneKey, key: bytes, failure: Undeliverable) -> None:
        """To the dead letters with it, then to the ledger, and its owner is told."""
        item = self._item(key)
        if item is None:
            return
        letters = dead_deliveries(item, lane.url, failure, self._means.topics, self._means.now())
        await self._surely(lane.partition, lambda: self._means.sender.send_all(letters))
        channel = lane.url
        await self._update_key(
            lane.partition, key, lambda latest: latest.with_channel(self._channel(latest, channel, "dead", failure))
        )
        _log.warning("delivery given up", subscription=lane.subscription_id, reason=failure.reason, item=item.id)
        if self.owners is not None and item.kind != "notice":
            await self.owners.channel_failed(lane.partition, lane.subscription_id, lane.url, failure.reason)

    async def _give_up_old(self) -> None:
        """What couldn't even be tried for so long, because its receiver is down and others were tried instead."""
        for lane in self._lanes.busy():
            for key in self._lanes.waiting(lane):
                item = self._item(key)
                subscription = self._means.known.subscribers.get(lane.subscription_id)
                if item is None or subscription is None or subscription.paused:
                    break
                if self._means.now() < self._deadline(item, subscription) + timedelta(seconds=2 * PAUSED_S):
                    break
                known = next(channel for channel in item.channels if channel.url == lane.url)
                self._lanes.remove(lane, key)
                if key in self._lanes.waiting(lane):
                    break  # it is being tried
                error = known.error or "its receiver could not be reached in all that time"
                await self._give_up(lane, key, Undeliverable(known.reason or "unreachable", error, retry=True))

    def _deadline(self, item: Item, subscription: Subscription) -> datetime:
        """Until when it is tried: a pause doesn't count."""
        return max(item.at, subscription.resumed_at or item.at) + timedelta(seconds=self._rules.give_up_after_s)

    def _item(self, key: bytes) -> Item | None:
        found = self._means.known.store.get(key)
        return found if isinstance(found, Item) and found.state == "open" else None

    async def _update(self, attempt: Attempt, changed: Callable[[Item], Item]) -> None:
        await self._update_key(attempt.lane.partition, attempt.item, changed)

    async def _update_key(self, partition: int, key: bytes, changed: Callable[[Item], Item]) -> None:
        """Change an item as it is now: its channels come back at the same time."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        async with lock:
            latest = self._item(key)
            if latest is None:
                return
            after = changed(latest)
            await self._surely(partition, lambda: self._means.changelog.write([Change(partition, key, after)]))
        if after.state == "open" and len(after.channels) > len(latest.channels):
            self.offer(partition, key, after)

    async def _surely(self, partition: int, write: Callable[[], Awaitable[object]]) -> None:
        """Write, again and again while Kafka is away: until then nothing more goes to this channel."""
        told = False
        while True:
            try:
                await write()
            except ServiceError as error:
                if not self._means.owns(partition):
                    return
                if not told:
                    _log.warning("what was delivered can't be written down, trying again", error=str(error))
                told = True
                await self._means.sleep(_WRITE_AGAIN_S)
            else:
                return


def _dropped(item: Item, url: str, reason: str) -> Item:
    return item.with_channel(ItemChannel(url=url, state="dropped", reason=reason))


def _moved(item: Item, url: str, channels: Sequence[str]) -> Item:
    """The subscription goes elsewhere now, and so does what it still had to take to where it went before."""
    known = {channel.url for channel in item.channels}
    new = tuple(ItemChannel(url=each) for each in channels if each not in known)
    changed = item.model_copy(update={"channels": (*item.channels, *new)})
    return _dropped(changed, url, "channel_removed")
