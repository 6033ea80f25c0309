"""The desk: takes alerts and the passing of time to the policy, makes durable what it says, then has it sent.

One piece of work at a time reads the state, has it changed and writes it; what is sent meanwhile (courier.py) changes
other records. `on_open` is told of each item that is on its way, once that is durable.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from belfry.notify.changes import Changelog
from belfry.notify.digests import digest_item_id
from belfry.notify.events import (
    AlertCame,
    ChannelFailed,
    ChannelWorks,
    Decision,
    DigestDue,
    Event,
    Outcome,
    State,
    SubscriptionChanged,
)
from belfry.notify.pace import Rules
from belfry.notify.policy import policy
from belfry.notify.records import Head, Item, ItemBell, ItemChannel, Story, head_key, story_key, subscription_of
from belfry.notify.sheet import Sheet
from belfry.notify.store import Change, NotifyStore
from belfry.notify.subscribers import CanceledArticles, Subscribers
from schemas.alerts import Alert
from schemas.errors import ServiceError
from schemas.subscriptions import Subscription

_log = structlog.get_logger()

FEED = "feed:"
_BROKEN_FOR = timedelta(minutes=10)
_MAX_SPANS = 2000
_MAX_TITLE_CHARS = 10_000

Open = Callable[[int, bytes, Item], None]


@dataclass(frozen=True, slots=True)
class Came:
    """An alert as it was read. `run`: of the replay that it rings for; `resend`: somebody asked for it once more."""

    alert: Alert
    partition: int
    offset: int
    run: str = ""
    resend: str = ""

    @property
    def story(self) -> str:
        """The key of its story, as text."""
        story_id = self.alert.story_id or self.alert.article_id
        return story_key(self.alert.subscription_id, self.run, story_id).decode()


@dataclass(frozen=True, slots=True)
class Known:
    """What the desk looks things up in. `source` names the very topic of the alerts, whose offsets the heads hold."""

    store: NotifyStore
    subscribers: Subscribers
    canceled: CanceledArticles
    source: str


class Desk:
    """See the module. Everything raises KafkaUnavailableError where it can't be made durable; it may be done again."""

    def __init__(
        self, known: Known, changelog: Changelog, rules: Rules, now: Callable[[], datetime], on_open: Open
    ) -> None:
        self.at_rest = asyncio.Lock()
        """Held while the desk works: whoever has it may take partitions away."""
        self._known = known
        self._changelog = changelog
        self._rules = rules
        self._now = now
        self._on_open = on_open
        self._broken: dict[bytes, datetime] = {}

    async def take(self, batch: Sequence[Came]) -> list[Decision]:
        """Decide each alert, in order; returns when all of it is durable.

        One that breaks the policy is `failed`, and the caller's to keep: it must not hold up the rest.
        """
        async with self.at_rest:
            sheet = Sheet(self._known.store)
            decisions: list[Decision] = [self._decided(sheet, came) for came in batch]
            await self._write(sheet)
        return decisions

    async def send_digests(self, partitions: Iterable[int]) -> int:
        """Make the digests that are due; returns how many."""
        made = 0
        for partition, key in self._known.store.due_digests(partitions, self._now()):
            if self._broken.get(key, self._now()) > self._now():
                continue
            try:
                async with self.at_rest:
                    made += await self._send_digest(partition, subscription_of(key))
            except ServiceError:
                raise
            except Exception:  # noqa: BLE001 one digest must not hold up all others
                _log.error("digest can't be made, waits for another try", key=key, exc_info=True)
                self._broken[key] = self._now() + _BROKEN_FOR
        return made

    async def changed(self, partitions: Iterable[int], subscription_ids: Iterable[str]) -> None:
        """Subscriptions were changed, paused, resumed, removed: what waits for them may be due at another time."""
        mine = set(partitions)
        for subscription_id in subscription_ids:
            partition = self._known.store.partition_of(head_key(subscription_id))
            if partition is not None and partition in mine:
                await self._happened(partition, subscription_id, SubscriptionChanged())

    async def channel_failed(self, partition: int, subscription_id: str, url: str, reason: str) -> None:
        """A channel gave up a message: its owner is told, once."""
        await self._happened(partition, subscription_id, ChannelFailed(url, reason))

    async def channel_works(self, partition: int, subscription_id: str, url: str) -> None:
        """A channel took a message. Cheap where it had not failed."""
        if url in Sheet(self._known.store).head(subscription_id).failing:
            await self._happened(partition, subscription_id, ChannelWorks(url))

    async def forget_old(self, partitions: Iterable[int], limit: int = 1000) -> int:
        """Forget stories and ledger of long ago; returns how many records. To be called until it returns 0."""
        found = self._known.store.to_forget(partitions, self._now(), limit)
        await self._changelog.write([Change(partition, key, None) for partition, key in found])
        return len(found)

    def _decided(self, sheet: Sheet, came: Came) -> Decision:
        try:
            return self._decide(sheet, came)
        except Exception:  # noqa: BLE001 see `take`
            _log.error("alert can't be decided", alert=came.alert.alert_id, exc_info=True)
            return "failed"

    def _decide(self, sheet: Sheet, came: Came) -> Decision:
        alert = _bounded(came.alert)
        subscription = self._known.subscribers.get(alert.subscription_id)
        if subscription is not None and not subscription.channels:
            return "nothing"
        bell = ItemBell(alert=alert, story=came.story, partition=came.partition, offset=came.offset)
        before = sheet.head(alert.subscription_id)
        if subscription is not None and came.resend:
            return self._resend(sheet, came, before, bell, subscription)
        event = AlertCame(
            bell,
            canceled=self._known.canceled.includes(alert),
            item=sheet.item(alert.subscription_id, alert.alert_id),
            decided=before.source == self._known.source and came.offset <= before.decided,
        )
        story = sheet.story(came.story.encode())
        outcome = policy(State(subscription, before, story), event, self._now(), self._rules)
        head = outcome.state.head
        if head != before:
            head = head.model_copy(update={"source": self._known.source, "decided": came.offset})
            outcome = replace(outcome, state=replace(outcome.state, head=head))
        sheet.keep(came.partition, alert.subscription_id, before, outcome)
        after = outcome.state.story
        if after is not None and after != story:
            if story is None and subscription is not None and FEED in subscription.channels:
                after = after.model_copy(update={"first": bell})
            sheet.keep_story(came.partition, came.story.encode(), after)
            self._renew_feed(sheet, came.partition, subscription, after)
        return outcome.decision

    def _renew_feed(self, sheet: Sheet, partition: int, subscription: Subscription | None, story: Story) -> None:
        """A feed's entry says where else its story is: it is written again when a copy comes."""
        if story.first is None or story.count < 2 or subscription is None or FEED not in subscription.channels:
            return
        entry = sheet.item(subscription.id, story.first.alert.alert_id)
        # One that isn't there yet will say it by itself.
        if entry is None or entry.state != "closed" or entry.closed:
            return
        head = sheet.head(subscription.id)
        item = Item(
            id=f"{entry.id}+{story.count}",
            message_id=entry.id,
            subscription_id=subscription.id,
            kind="bell",
            state="open",
            seq=head.seq,
            at=self._now(),
            alert_ids=entry.alert_ids,
            bells=(story.first,),
            channels=(ItemChannel(url=FEED),),
            resent=True,
        )
        sheet.keep_item(partition, item)

    def _resend(self, sheet: Sheet, came: Came, before: Head, bell: ItemBell, subscription: Subscription) -> Decision:
        """Once more, to all channels, at once; under the same idempotency key, and noted as what it is."""
        head = before.model_copy(update={"seq": before.seq + 1})
        item = Item(
            id=f"{bell.alert.alert_id}~{came.resend}",
            message_id=bell.alert.alert_id,
            subscription_id=subscription.id,
            kind="bell",
            state="open",
            seq=head.seq,
            at=self._now(),
            alert_ids=(bell.alert.alert_id,),
            bells=(bell,),
            channels=tuple(ItemChannel(url=url) for url in subscription.channels),
            resent=True,
        )
        sheet.keep_item(came.partition, item if item.channels else item.settled("no_channels"))
        sheet.keep_head(came.partition, subscription.id, head)
        return "rings"

    async def _send_digest(self, partition: int, subscription_id: str) -> int:
        sheet = Sheet(self._known.store)
        head = sheet.head(subscription_id)
        if head.digest_at is None:
            return 0
        waiting = tuple(item for _, item in self._known.store.items(subscription_id, "waiting"))
        canceled = frozenset(
            item.id for item in waiting if any(self._known.canceled.includes(bell.alert) for bell in item.bells)
        )
        made = sheet.item(subscription_id, digest_item_id(subscription_id, head.digest_at))
        outcome = self._policy(sheet, partition, subscription_id, DigestDue(waiting, canceled, made))
        self._forget_gone(sheet, partition, subscription_id)
        await self._write(sheet)
        return outcome.decision == "digest"

    async def _happened(self, partition: int, subscription_id: str, event: Event) -> None:
        async with self.at_rest:
            sheet = Sheet(self._known.store)
            self._policy(sheet, partition, subscription_id, event)
            self._forget_gone(sheet, partition, subscription_id)
            await self._write(sheet)

    def _forget_gone(self, sheet: Sheet, partition: int, subscription_id: str) -> None:
        head = sheet.head(subscription_id)
        if self._known.subscribers.get(subscription_id) is None and not (head.waiting or head.more):
            sheet.keep_head(partition, subscription_id, None)

    def _policy(self, sheet: Sheet, partition: int, subscription_id: str, event: Event) -> Outcome:
        before = sheet.head(subscription_id)
        state = State(self._known.subscribers.get(subscription_id), before)
        outcome = policy(state, event, self._now(), self._rules)
        sheet.keep(partition, subscription_id, before, outcome)
        return outcome

    async def _write(self, sheet: Sheet) -> None:
        await self._changelog.write(sheet.changes())
        for partition, key, item in sheet.opened():
            self._on_open(partition, key, item)


def _bounded(alert: Alert) -> Alert:
    """The alert as it is kept and sent: with it, an item must still fit a message of Kafka's."""
    changes: dict[str, object] = {}
    if len(alert.spans) > _MAX_SPANS:
        changes["spans"] = alert.spans[:_MAX_SPANS]
    if len(alert.article.title) > _MAX_TITLE_CHARS:
        changes["article"] = alert.article.model_copy(update={"title": alert.article.title[:_MAX_TITLE_CHARS]})
    return alert.model_copy(update=changes) if changes else alert
