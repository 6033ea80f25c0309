"""Which subscriptions need their owner's eye, and why. Pure.

A subscription is listed where its query can't be used or is warned of, where it floods, where it has not rung for so many
days, and where a channel doesn't take its messages.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from belfry.notify.notices import shown_channel
from belfry.notify.records import Head, Item, ItemChannel
from belfry.notify.times import quiet_until
from schemas.subscriptions import Subscription

Code = Literal["unreadable", "invalid", "query", "floods", "never_rang", "failing", "given_up"]

FLOOD_A_DAY = 200
"""So many bells within a day, and FLOOD_TIMES as many as on its other days, are reported."""
FLOOD_TIMES = 10
LATE = timedelta(minutes=5)
"""What has waited for so long untried is reported."""
LEDGER_DAYS = 31
"""So long what became of bells is kept."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with one subscription, and what to do."""

    subscription_id: str
    code: Code
    text: str


@dataclass(frozen=True, slots=True)
class Rings:
    """How often a subscription rang in the days that are looked at, and in the last one of them."""

    days: int = 0
    day: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of all subscriptions, by id. `warnings` gives what a query is warned of."""

    rings: Mapping[str, Rings]
    heads: Mapping[str, Head]
    items: Mapping[str, Sequence[Item]]
    warnings: Callable[[str], Iterable[str]]


def findings(subscriptions: Iterable[Subscription], known: Known, now: datetime, days: int) -> Iterator[Finding]:
    """What is wrong, subscription by subscription, what is worst first."""
    for subscription in subscriptions:
        yield from _of(subscription, known, now, days)


def _of(subscription: Subscription, known: Known, now: datetime, days: int) -> Iterator[Finding]:
    id_ = subscription.id
    if subscription.invalid is not None:
        text = f"does not ring: its query can't be used: {subscription.invalid}"
        yield Finding(id_, "invalid", f"{text}. `belfry subscriptions edit {id_} --query …`")
    items = [item for item in known.items.get(id_, ()) if item.at >= now - timedelta(days=days)]
    yield from _channels(subscription, items)
    yield from _late(subscription, items, now)
    rings = known.rings.get(id_, Rings())
    over_days = min(days, LEDGER_DAYS) if subscription.channels else days
    bells = _bells(known.items.get(id_, ()), now, over_days) if subscription.channels else rings
    if flooding := _flood(known.heads.get(id_, Head()), bells, over_days):
        yield Finding(id_, "floods", f"{flooding}. A narrower query, --throttle or --digest helps")
    began = max(subscription.created_at, subscription.resumed_at or subscription.created_at)
    silent = not rings.days and not subscription.paused and subscription.invalid is None
    if silent and began <= now - timedelta(days=days):
        text = f"has not rung for {days} days; `belfry backtest` shows what its query would have found"
        yield Finding(id_, "never_rang", text)
    if subscription.invalid is None:
        yield from (Finding(id_, "query", warning) for warning in known.warnings(subscription.query))


def _bells(items: Sequence[Item], now: datetime, days: int) -> Rings:
    """How often it rang by the ledger, where a story of many copies is one bell. Without channels nothing is written there."""
    rang = [
        item.at for item in items if item.kind == "bell" and not item.resent and item.at >= now - timedelta(days=days)
    ]
    return Rings(len(rang), sum(at >= now - timedelta(days=1) for at in rang))


def _flood(head: Head, rings: Rings, days: int) -> str | None:
    if head.slowed:
        return f"floods: {head.hour_bells} bells within the hour; until it is over they come once an hour"
    usual = (rings.days - rings.day) / max(1, days - 1)
    if rings.day >= max(FLOOD_A_DAY, FLOOD_TIMES * usual):
        return f"rang {rings.day:,} times within a day, otherwise {usual:.1f} times"
    return None


def _late(subscription: Subscription, items: Sequence[Item], now: datetime) -> Iterator[Finding]:
    """Channels whose messages wait untried: while a receiver is down, others of its subscriptions may be tried instead."""
    quiet = quiet_until(now, subscription.quiet_hours, ZoneInfo(subscription.time_zone)) is not None
    if subscription.paused or quiet:
        return
    for url in subscription.channels:
        pending = [(item, each) for item in items for each in item.pending if each.url == url]
        waiting_since = min((item.at for item, _ in pending), default=now)
        if now - waiting_since >= LATE and not any(each.attempts for _, each in pending):
            minutes = (now - waiting_since) // timedelta(minutes=1)
            waits = "1 message waits" if len(pending) == 1 else f"{len(pending):,} messages wait"
            text = f"{waits} for {shown_channel(url)}, up to {minutes:,} minutes by now"
            yield Finding(subscription.id, "failing", f"{text}: its receiver is slow, or can't be reached")


def _channels(subscription: Subscription, items: Sequence[Item]) -> Iterator[Finding]:
    """What each channel that the subscription still has did not take."""
    waiting: Counter[str] = Counter()
    dead: Counter[str] = Counter()
    last: dict[str, ItemChannel] = {}
    for item in sorted(items, key=lambda item: item.seq):
        for channel in item.channels:
            if channel.url not in subscription.channels:
                continue
            tried = channel.state == "pending" and channel.attempts > 0
            waiting[channel.url] += tried
            dead[channel.url] += channel.state == "dead"
            if tried or channel.state == "dead":
                last[channel.url] = channel
    for url, channel in last.items():
        said = f"{channel.reason}: {channel.error}"
        if waiting[url]:
            yield Finding(
                subscription.id, "failing", f"{shown_channel(url)} takes no message now ({said}); it is tried again"
            )
        if dead[url]:
            text = f"{shown_channel(url)} did not take {dead[url]:,} message{'' if dead[url] == 1 else 's'} ({said})"
            yield Finding(
                subscription.id, "given_up", f"{text}. Mend the channel; `belfry alerts resend` sends one again"
            )
