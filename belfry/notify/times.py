"""When digests are due and when it is quiet, by a subscriber's own clock. Pure.

Everything goes in instants (aware, UTC); local times are looked up once, so that each digest comes once: in the night
that an hour is lived twice its first time counts, in the night that an hour is left out the instant of the leap.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Period = Literal["hourly", "daily", "weekly"]

PERIODS: dict[Period, timedelta] = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
}
_MONDAY = 0
_SECOND = timedelta(seconds=1)


def next_slot(period: Period, after: datetime, zone: ZoneInfo, at: time) -> datetime:
    """The first instant later than `after` at which such a digest is due: a full local hour, `at`, Monday `at`."""
    if period == "hourly":
        local = after.astimezone(zone)
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return after.astimezone(UTC) - into + timedelta(hours=1)
    day = after.astimezone(zone).date()
    for days in range(-1, 9):
        there = day + timedelta(days=days)
        if period == "daily" or there.weekday() == _MONDAY:
            instant = first_instant(there, at, zone)
            if instant > after:
                return instant
    raise AssertionError("a week has a Monday")


def quiet_until(moment: datetime, quiet_hours: str | None, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours ("22:00-07:00", their end not included) that `moment` is in are over; None outside them."""
    if quiet_hours is None:
        return None
    begin, end = (time.fromisoformat(part) for part in quiet_hours.split("-"))

    def is_quiet(instant: datetime) -> bool:
        local = instant.astimezone(zone).time()
        return begin <= local < end if begin < end else (local >= begin or local < end)

    if not is_quiet(moment):
        return None
    day = moment.astimezone(zone).date()
    ends = sorted(
        instant
        for days in range(3)
        for instant in (first_instant(day + timedelta(days=days), end, zone), _last(day, days, end, zone))
        if instant > moment and not is_quiet(instant)
    )
    return ends[0] if ends else moment + timedelta(days=1)


def first_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When clocks in the zone first show this time of this day, or a later one where they leap over it."""
    wanted = datetime.combine(day, at)
    instant = wanted.replace(tzinfo=zone).astimezone(UTC)
    if _shown(instant, zone) == wanted:
        return instant
    early, late = instant - timedelta(days=2), instant
    while late - early > _SECOND:
        middle = early + (late - early) / 2
        early, late = (early, middle) if _shown(middle, zone) >= wanted else (middle, late)
    return (late + _SECOND / 2).replace(microsecond=0)


def _last(day: date, days: int, at: time, zone: ZoneInfo) -> datetime:
    """The second time, in a night that an hour is lived twice."""
    return datetime.combine(day + timedelta(days=days), at, tzinfo=zone).replace(fold=1).astimezone(UTC)


def _shown(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)
