"""How fast bells come: the throttle that somebody asked for, and what is a flood. Pure.

A flood is more bells within a clock hour than `flood_per_hour`; or, for a subscription that has been known for a day,
more than FLOOD_TIMES as many as usual, and FLOOD_FLOOR at least. What is usual forgets: an hour of three days ago
counts a third. A flood is over when an hour had fewer than half as many.
"""

import math
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from belfry.notify.records import Head, milliseconds
from schemas.subscriptions import Subscription

FLOOD_TIMES = 10
FLOOD_FLOOR = 50
_KNOWN_AFTER = timedelta(days=1)
_FORGETS = math.exp(-1 / 72)
_HOUR_MS = 3_600_000
_MAX_REMEMBERED = 1000
"""Instants of bells that a throttle remembers."""
_WINDOWS_MS = {"hour": _HOUR_MS, "day": 24 * _HOUR_MS}


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for all subscriptions. `digest_at`: the local time of daily and weekly digests."""

    digest_at: time = time(7)
    flood_per_hour: int = 6000
    max_digest: int = 200
    """Bells that a digest shows; further ones it counts."""
    late_after: timedelta = timedelta(days=1)
    """An alert that is decided so long after it rang is old news, and is not sent any more."""
    max_waiting: int = 5000
    """Bells that wait whole; of further ones only the number is kept."""


def throttle_of(subscription: Subscription) -> tuple[int, int] | None:
    """(so many bells, in so many milliseconds), or None. Very many are as many fewer in a shorter time."""
    if subscription.throttle is None:
        return None
    text, unit = subscription.throttle.split("/")
    count, window_ms = int(text), _WINDOWS_MS[unit]
    if count <= _MAX_REMEMBERED:
        return count, window_ms
    return _MAX_REMEMBERED, window_ms * _MAX_REMEMBERED // count


def is_throttled(head: Head, subscription: Subscription, now: datetime) -> bool:
    """Whether one more bell now would be more than the throttle lets through in any hour (or day)."""
    throttle = throttle_of(subscription)
    if throttle is None:
        return False
    count, window_ms = throttle
    return len(_within(head, now, window_ms)) >= count


def rung(head: Head, subscription: Subscription, now: datetime) -> Head:
    """The head after a bell that rings now."""
    throttle = throttle_of(subscription)
    if throttle is None:
        return head.model_copy(update={"rung_ms": ()}) if head.rung_ms else head
    return head.model_copy(update={"rung_ms": (*_within(head, now, throttle[1]), milliseconds(now))})


def _within(head: Head, now: datetime, window_ms: int) -> tuple[int, ...]:
    """When bells rang in the last so many milliseconds. Instants to come are of a clock that was set back: forgotten."""
    at = milliseconds(now)
    return tuple(one for one in head.rung_ms if at - window_ms < one <= at)


def counted(head: Head, now: datetime, rules: Rules) -> tuple[Head, bool]:
    """The head after one more bell, and whether a flood begins with it."""
    head = rolled(head, now, rules)
    bells = head.hour_bells + 1
    floods = bells > flood_limit(head, now, rules)
    begins = floods and not head.slowed
    return head.model_copy(
        update={"hour_bells": bells, "slowed": head.slowed or floods, "since": head.since or now}
    ), begins


def rolled(head: Head, now: datetime, rules: Rules) -> Head:
    """The head in the hour of `now`: what is usual includes the hours before, and a flood may be over."""
    hour = int(now.timestamp() // 3600)
    passed = hour - head.hour
    if passed <= 0:
        return head
    usual = head.usual * _FORGETS**passed + (1 - _FORGETS) * head.hour_bells * _FORGETS ** (passed - 1)
    calm = passed > 1 or head.hour_bells < flood_limit(head, now, rules) / 2
    return head.model_copy(update={"hour": hour, "hour_bells": 0, "usual": usual, "slowed": head.slowed and not calm})


def flood_limit(head: Head, now: datetime, rules: Rules) -> float:
    """More bells within an hour are a flood."""
    if head.since is None or now - head.since < _KNOWN_AFTER:
        return rules.flood_per_hour
    return min(rules.flood_per_hour, max(FLOOD_FLOOR, FLOOD_TIMES * head.usual))
