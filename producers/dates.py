"""Dates as sources write them. Pure.

Taken: ISO 8601 (extended and basic, with a space for the T, a month or a day alone), RFC 2822, and year or day first with
`/` or `.` or `-` where the order is certain (2022/01/31, 31-01-2022, 31.01.2022). Without a zone it is UTC. Not taken:
seconds since an epoch, words, and 01/31/2022 or 31/01/2022, which mean different days to different people.

A date is *impossible* where it has one of these forms but no such day or time exists; it is *implausible* where it is
the very start of 1970 (what software writes for "unknown"), or over thirty days ahead.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

Precision = Literal["month", "day", "instant"]

MAX_AHEAD = timedelta(days=30)
MAX_DATE_CHARS = 100

_TIME = r"(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,12}))?)?"
_ZONE = r"\s?(?P<zone>[Zz]|UTC|GMT|[+\-−]\d\d(?::?\d\d)?)?"
_FORMS = tuple(
    re.compile(form + r"\Z", re.ASCII)
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d\d)",
        rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?:(?:[Tt]|\s){_TIME}{_ZONE})?",
        rf"(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d)(?:[Tt]{_TIME}{_ZONE})?",
        rf"(?P<year>\d{{4}})(?P<s>[/.])(?P<month>\d\d?)(?P=s)(?P<day>\d\d?)(?:\s{_TIME}{_ZONE})?",
        rf"(?P<day>\d\d?)(?P<s>[-.])(?P<month>\d\d?)(?P=s)(?P<year>\d{{4}})(?:\s{_TIME}{_ZONE})?",
        (
            r"(?:[A-Za-z]{3,9},\s*)?(?P<day>\d\d?)\s(?P<name>[A-Za-z]{3,9})\s(?P<year>\d{4})"
            rf"(?:\s{_TIME}(?:\s(?P<zone>Z|UTC?|GMT|[ECMP][SD]T|[+-]\d{{4}})(?:\s\([^()]{{0,40}}\))?)?)?"
        ),
    )
)
_DAY_FIRST = re.compile(r"\d\d?[-.]\d\d?[-.]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_AMERICAN_HOURS = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}


@dataclass(frozen=True, slots=True)
class GivenDate:
    """A date as it was given: its first instant in UTC, or None where the date is impossible."""

    instant: datetime | None
    precision: Precision


def given_date(text: str) -> GivenDate | None:
    """The date that `text` is, or None where it is none at all. Never raises."""
    text = text.strip()
    if len(text) > MAX_DATE_CHARS:
        return None
    for form in _FORMS:
        match = form.match(text)
        if match is None:
            continue
        parts = match.groupdict()
        month = _month(parts)
        if month is None or (_DAY_FIRST.match(text) and not 1 <= month <= 12):
            return None  # no month of that name, or day and month stand the other way round, or it is none
        precision: Precision = "month" if not parts.get("day") else "instant" if parts.get("hour") else "day"
        return GivenDate(_instant(parts, month), precision)
    return None


def is_plausible(instant: datetime, now: datetime) -> bool:
    """Whether an article can have been published at `instant`, as seen at `now`."""
    start_of_1970 = timedelta(0) <= instant - datetime(1970, 1, 1, tzinfo=UTC) < timedelta(minutes=1)
    return not start_of_1970 and instant <= now + MAX_AHEAD


def _month(parts: dict[str, str | None]) -> int | None:
    number, name = parts.get("month"), parts.get("name")
    if number:
        return int(number)
    short = (name or "")[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else None


def _instant(parts: dict[str, str | None], month: int) -> datetime | None:
    def number(name: str, missing: int = 0) -> int:
        return int(parts.get(name) or missing)

    hour, minute, second = number("hour"), number("minute"), number("second")
    late = timedelta(0)
    if (hour, minute, second) == (24, 0, 0):
        hour, late = 0, timedelta(days=1)  # ISO 8601's end of a day
    elif second == 60:
        second, late = 59, timedelta(seconds=1)  # a leap second
    late += timedelta(microseconds=int((parts.get("fraction") or "").ljust(6, "0")[:6]))
    try:
        written = datetime(
            number("year"), month, number("day", 1), hour, minute, second, tzinfo=_zone(parts.get("zone"))
        )
        return written.astimezone(UTC) + late
    except (ValueError, OverflowError):
        return None


def _zone(written: str | None) -> timezone:
    if written is None or written.upper() in ("Z", "UT", "UTC", "GMT"):
        return UTC
    if written in _AMERICAN_HOURS:
        return timezone(timedelta(hours=_AMERICAN_HOURS[written]))
    digits = written[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if int(digits[2:]) > 59:
        raise ValueError("a zone's minutes go to 59")
    return timezone(timedelta(minutes=-minutes if written[0] in "-−" else minutes))
