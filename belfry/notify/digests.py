"""Digests: when what waits is due, and what becomes of it then. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from belfry.notify.events import COUNTED, DigestDue, Outcome, State, to_channels, with_head
from belfry.notify.message import digest_id
from belfry.notify.pace import Rules, rolled
from belfry.notify.records import Head, Item, Why
from belfry.notify.times import PERIODS, Period, next_slot, quiet_until
from schemas.subscriptions import Subscription

MAX_DIGEST_BYTES = 3_000_000
"""Well under what a topic takes; the channels' addresses come on top of it."""


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


def digest_due(state: State, event: DigestDue, now: datetime, rules: Rules) -> Outcome:
    """What becomes of what waits, where the digest is due; nothing before that, in quiet hours, or during a pause."""
    subscription, head = state.subscription, state.head
    if subscription is None:
        closed = tuple(item.settled("removed") for item in event.waiting)
        return Outcome(with_head(state, waiting=0, more=0, why=None, digest_at=None), closed, "removed")
    if subscription.paused:
        return Outcome(with_head(state, digest_at=None))
    if head.digest_at is None or now < head.digest_at:
        return Outcome(state)
    calm = quiet_until(now, subscription.quiet_hours, ZoneInfo(subscription.time_zone))
    if calm is not None:
        return Outcome(with_head(state, digest_at=calm))
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
    """A bell that waited, as the digest leaves it: in the digest, and besides on its way to who takes bells one by one."""
    singly = to_channels([url for url in subscription.channels if takes_single_bells(url)])
    within = digest.id if item.id in digest.alert_ids else COUNTED
    if not digest.channels:
        within = "" if singly else within
    if not singly:
        return item.settled(digest=within)
    return item.model_copy(update={"state": "open", "channels": singly, "digest": within})


def takes_single_bells(url: str) -> bool:
    """Whether the address gets each bell by itself, never a digest: a program reads there."""
    return url.lower().startswith(("http://", "https://", "stdout:"))


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
        channels=to_channels([url for url in subscription.channels if not takes_single_bells(url)]),
    )


def subscription_changed(state: State, now: datetime, rules: Rules) -> Outcome:
    """What waits is due by the subscription as it is now."""
    subscription, head = state.subscription, state.head
    if not head.waiting and not head.more:
        return Outcome(state)
    if subscription is None:
        return Outcome(with_head(state, digest_at=now))
    if subscription.version == head.version and head.digest_at is not None:
        return Outcome(state)
    slot = None if subscription.paused else digest_slot(subscription, head.why, now, head, rules)
    return Outcome(with_head(state, digest_at=slot, version=subscription.version))
