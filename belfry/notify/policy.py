"""What is done about an alert, a digest that is due, a changed subscription, a channel that fails. Pure.

`policy(state, event, now, rules)` gives the state afterwards and the items to keep. Of an alert, in this order:

1. its article was canceled, or its subscription is gone: nothing;
2. it was decided before (`decided`, `item`): the same again, and nothing more;
3. a repeat, a copy or an edit without new text (story.py): the story notes it, nothing rings;
4. paused, a digest, quiet hours, a flood, the throttle: it waits for a digest;
5. else it rings.

What it makes is written in the order items, head, story. A kill between any two of these is no harm: the alert is read
again, and the policy is told what is there of it already.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from belfry.notify.message import digest_id, notice_id
from belfry.notify.notices import failing_notice, flood_notice, owner_channels
from belfry.notify.pace import Rules, counted, is_throttled, rolled, rung
from belfry.notify.records import Head, Item, ItemBell, ItemChannel, Story, Why
from belfry.notify.story import told
from belfry.notify.times import PERIODS, Period, next_slot, quiet_until
from schemas.subscriptions import Subscription

Decision = Literal[
    "rings", "waits", "also_in", "repeat", "canceled", "removed", "digest", "notice", "nothing", "failed"
]

MAX_DIGEST_BYTES = 3_000_000
"""Well under what a topic takes; the channels' addresses come on top of it."""

CLOCKS_DIFFER = timedelta(minutes=5)

COUNTED = "counted"
"""The digest of a bell that a long digest only counts."""


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a subscription, and of the story that the event is about (None: never told of)."""

    subscription: Subscription | None
    head: Head
    story: Story | None = None


@dataclass(frozen=True, slots=True)
class AlertCame:
    """An alert, read from its topic.

    `canceled`: its article was, at a version that is not older. `item`: what an earlier reading of it made. `decided`:
    the head has it, so there is only the story left to be told.
    """

    bell: ItemBell
    canceled: bool = False
    item: Item | None = None
    decided: bool = False


@dataclass(frozen=True, slots=True)
class DigestDue:
    """It is time: `waiting` are the items that wait, `canceled` the ids of those whose article was canceled since.

    `made`: this digest, where it was made before a kill, and only what follows on it is still to be written.
    """

    waiting: tuple[Item, ...]
    canceled: frozenset[str] = frozenset()
    made: Item | None = None


@dataclass(frozen=True, slots=True)
class SubscriptionChanged:
    """The subscription was edited, paused or resumed: what waits may be due at another time."""


@dataclass(frozen=True, slots=True)
class ChannelFailed:
    """A channel gave up a message."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChannelWorks:
    """A channel that had given up a message took one."""

    url: str


Event = AlertCame | DigestDue | SubscriptionChanged | ChannelFailed | ChannelWorks


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state after the event, and the items to keep, in this order."""

    state: State
    items: tuple[Item, ...] = ()
    decision: Decision = "nothing"


def policy(state: State, event: Event, now: datetime, rules: Rules) -> Outcome:
    """What the event makes of the state."""
    match event:
        case AlertCame():
            return _alert_came(state, event, now, rules)
        case DigestDue():
            return _digest_due(state, event, now, rules)
        case SubscriptionChanged():
            return _subscription_changed(state, now, rules)
        case ChannelFailed():
            return _channel_failed(state, event, now)
        case ChannelWorks():
            failing = tuple(url for url in state.head.failing if url != event.url)
            return Outcome(_with_head(state, failing=failing))


def _alert_came(state: State, event: AlertCame, now: datetime, rules: Rules) -> Outcome:
    alert, subscription = event.bell.alert, state.subscription
    if subscription is None or predates(subscription, alert.matched_at):
        return Outcome(state, decision="removed")
    if event.canceled:
        return Outcome(state, decision="canceled")
    story, kind = told(state.story, alert, now)
    if kind == "repeat":
        return Outcome(state, decision="repeat")
    after = replace(state, story=story)
    if event.decided:
        return Outcome(after, decision="also_in" if event.item is None else "waits" if event.item.why else "rings")
    if event.item is None and kind not in ("first", "new_text"):
        return Outcome(after, decision="also_in")
    head, notices = _paced(state.head, subscription, now, rules)
    why = _why_it_waits(subscription, head, now)
    if event.item is not None:
        why = event.item.why
        head = head.model_copy(update={"seq": max(head.seq, event.item.seq - 1)})
    if why is not None:
        head, item = _waiting(head, subscription, event.bell, why, now, rules)
        return Outcome(replace(after, head=head), (item, *notices), "waits")
    head = rung(head.model_copy(update={"seq": head.seq + 1}), subscription, now)
    return Outcome(replace(after, head=head), (_bell(subscription, event.bell, head.seq, now), *notices), "rings")


def predates(subscription: Subscription, moment: datetime) -> bool:
    """Whether this was of an earlier subscription under that id. Clocks of two machines may differ a little."""
    return moment < subscription.created_at - CLOCKS_DIFFER


def _paced(head: Head, subscription: Subscription, now: datetime, rules: Rules) -> tuple[Head, tuple[Item, ...]]:
    """The head with one bell more; a notice where a flood begins with it. Whoever has digests isn't flooded."""
    head, begins = counted(head, now, rules)
    if subscription.digest is not None:
        return head.model_copy(update={"slowed": False}), ()
    if not begins:
        return head, ()
    return _noticed(head, subscription, f"flood {head.hour}", flood_notice(subscription, head.hour_bells), now)


def _bell(subscription: Subscription, bell: ItemBell, seq: int, now: datetime) -> Item:
    return Item(
        id=bell.alert.alert_id,
        message_id=bell.alert.alert_id,
        subscription_id=subscription.id,
        kind="bell",
        state="open",
        seq=seq,
        at=now,
        alert_ids=(bell.alert.alert_id,),
        bells=(bell,),
        channels=_channels(subscription.channels),
    )


def _why_it_waits(subscription: Subscription, head: Head, now: datetime) -> Why | None:
    if subscription.paused:
        return "paused"
    if subscription.digest is not None:
        return "digest"
    if quiet_until(now, subscription.quiet_hours, ZoneInfo(subscription.time_zone)) is not None:
        return "quiet"
    if head.slowed:
        return "flood"
    return "throttle" if is_throttled(head, subscription, now) else None


def _waiting(
    head: Head, subscription: Subscription, bell: ItemBell, why: Why, now: datetime, rules: Rules
) -> tuple[Head, Item]:
    whole = head.waiting < rules.max_waiting
    slot = None if why == "paused" else digest_slot(subscription, why, now, head, rules)
    earliest = min((each for each in (slot, head.digest_at) if each is not None), default=None)
    after = head.model_copy(
        update={
            "seq": head.seq + 1,
            "waiting": head.waiting + whole,
            "more": head.more + (not whole),
            "digest_at": earliest,
            "why": head.why or why,
            "version": subscription.version,
        }
    )
    item = _bell(subscription, bell, after.seq, now).model_copy(update={"state": "waiting", "channels": (), "why": why})
    return after, item if whole else item.settled(digest=COUNTED)


def digest_slot(subscription: Subscription, why: Why | None, now: datetime, head: Head, rules: Rules) -> datetime:
    """When what waits since `now` is due: never at a time when a digest was due before, never in quiet hours."""
    zone = ZoneInfo(subscription.time_zone)
    period = _period(subscription, why)
    slot = now
    if period is not None:
        after = now
        last = head.digested_at
        # The last one lies ahead where the clock was set back; further than a period ahead, it was wrong before.
        if last is not None and now < last <= now + PERIODS[period]:
            after = last
        slot = next_slot(period, after, zone, rules.digest_at)
    return quiet_until(slot, subscription.quiet_hours, zone) or slot


def _period(subscription: Subscription, why: Why | None) -> Period | None:
    if subscription.digest is not None:
        return subscription.digest
    if why == "flood":
        return "hourly"
    if why == "throttle" and subscription.throttle is not None:
        return "hourly" if subscription.throttle.endswith("/hour") else "daily"
    return None


def _digest_due(state: State, event: DigestDue, now: datetime, rules: Rules) -> Outcome:
    subscription, head = state.subscription, state.head
    if subscription is None:
        closed = tuple(item.settled("removed") for item in event.waiting)
        return Outcome(_with_head(state, waiting=0, more=0, why=None, digest_at=None), closed, "removed")
    if subscription.paused:
        return Outcome(_with_head(state, digest_at=None))
    if head.digest_at is None or now < head.digest_at:
        return Outcome(state)
    calm = quiet_until(now, subscription.quiet_hours, ZoneInfo(subscription.time_zone))
    if calm is not None:
        return Outcome(_with_head(state, digest_at=calm))
    closed = tuple(item.settled("canceled") for item in event.waiting if item.id in event.canceled)
    bells = sorted((item for item in event.waiting if item.id not in event.canceled), key=lambda item: item.seq)
    due = head.digest_at
    head = rolled(head, now, rules).model_copy(
        update={"waiting": 0, "more": 0, "why": None, "digest_at": None, "digested_at": due, "seq": head.seq + 1}
    )
    if event.made is not None:
        return _digest_made(state, subscription, head, event.made, bells, closed, now, rules)
    if not bells and not state.head.more:
        return Outcome(replace(state, head=head), closed)
    shown = _shown(bells, rules)
    more = state.head.more + len(bells) - len(shown)
    digest = _digest(subscription, shown, more, head.seq, due, now)
    gone = tuple(_gone(item, subscription, digest) for item in bells)
    digests = (digest,) if digest.channels else ()
    return Outcome(replace(state, head=head), (*digests, *closed, *gone), "digest")


def _shown(bells: Sequence[Item], rules: Rules) -> list[Item]:
    """The first ones, as many as a digest shows, and a message to Kafka holds."""
    shown: list[Item] = []
    room = MAX_DIGEST_BYTES
    for item in bells[: rules.max_digest]:
        room -= len(item.encode())
        if room < 0:
            break
        shown.append(item)
    return shown


def _gone(item: Item, subscription: Subscription, digest: Item) -> Item:
    """A bell that waited, as the digest leaves it: in the digest, and besides on its way to the webhooks, one by one."""
    webhooks = _channels([url for url in subscription.channels if is_webhook(url)])
    within = digest.id if item.id in digest.alert_ids else COUNTED
    if not digest.channels:
        within = "" if webhooks else within
    if not webhooks:
        return item.settled(digest=within)
    return item.model_copy(update={"state": "open", "channels": webhooks, "digest": within})


def is_webhook(url: str) -> bool:
    """Whether the address gets each bell by itself, never a digest."""
    return url.lower().startswith(("http://", "https://"))


def _digest_made(
    state: State,
    subscription: Subscription,
    head: Head,
    made: Item,
    bells: Sequence[Item],
    closed: tuple[Item, ...],
    now: datetime,
    rules: Rules,
) -> Outcome:
    """What came since it was made waits for the next one."""
    # The head, whose count of items this goes by, is written after the digest.
    gone = tuple(_gone(item, subscription, made) for item in bells if item.seq < made.seq)
    if len(gone) < len(bells):
        why = state.head.why
        slot = digest_slot(subscription, why, now, head, rules)
        head = head.model_copy(update={"waiting": len(bells) - len(gone), "why": why, "digest_at": slot})
    return Outcome(replace(state, head=head), (*closed, *gone), "digest")


def digest_item_id(subscription_id: str, due: datetime) -> str:
    """The id of the digest due then. Not of its bells: one that was begun before a kill is known again."""
    return digest_id(subscription_id, due.isoformat(), ())


def _digest(
    subscription: Subscription, bells: Sequence[Item], more: int, seq: int, due: datetime, now: datetime
) -> Item:
    id_ = digest_item_id(subscription.id, due)
    return Item(
        id=id_,
        message_id=id_,
        subscription_id=subscription.id,
        kind="digest",
        state="open",
        seq=seq,
        at=now,
        alert_ids=tuple(item.id for item in bells),
        bells=tuple(bell for item in bells for bell in item.bells),
        more=more,
        channels=_channels([url for url in subscription.channels if not is_webhook(url)]),
    )


def _subscription_changed(state: State, now: datetime, rules: Rules) -> Outcome:
    subscription, head = state.subscription, state.head
    if not head.waiting and not head.more:
        return Outcome(state)
    if subscription is None:
        return Outcome(_with_head(state, digest_at=now))
    if subscription.version == head.version and head.digest_at is not None:
        return Outcome(state)
    slot = None if subscription.paused else digest_slot(subscription, head.why, now, head, rules)
    return Outcome(_with_head(state, digest_at=slot, version=subscription.version))


def _channel_failed(state: State, event: ChannelFailed, now: datetime) -> Outcome:
    """The owner is told once, on the other channels, until it works again."""
    subscription = state.subscription
    if subscription is None or event.url in state.head.failing:
        return Outcome(state)
    head = state.head.model_copy(update={"failing": (*state.head.failing, event.url)})
    head, notices = _noticed(
        head,
        subscription,
        f"failing {event.url} {now.isoformat()}",
        failing_notice(subscription, event.url, event.reason),
        now,
        but=event.url,
    )
    return Outcome(replace(state, head=head), notices, "notice" if notices else "nothing")


def _noticed(
    head: Head, subscription: Subscription, about: str, text: str, now: datetime, *, but: str = ""
) -> tuple[Head, tuple[Item, ...]]:
    channels = tuple(url for url in owner_channels(subscription) if url != but)
    if not channels:
        return head, ()
    head = head.model_copy(update={"seq": head.seq + 1})
    id_ = notice_id(subscription.id, about)
    notice = Item(
        id=id_,
        message_id=id_,
        subscription_id=subscription.id,
        kind="notice",
        state="open",
        seq=head.seq,
        at=now,
        notice=text,
        channels=_channels(channels),
    )
    return head, (notice,)


def _channels(urls: Sequence[str]) -> tuple[ItemChannel, ...]:
    return tuple(ItemChannel(url=url) for url in urls)


def _with_head(state: State, **changes: object) -> State:
    return replace(state, head=state.head.model_copy(update=changes))
