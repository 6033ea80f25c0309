"""`published:[a TO b]`: days and instants to a half-open range in UTC."""

import re
from datetime import UTC, date, datetime, time, timedelta

from processors.matching.limits import refusal, short
from processors.matching.tree import Published

_RANGE = re.compile(r"\[\s*+([^\s\]]++)\s++TO\s++([^\s\]]++)\s*+\]")
_BOUND = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_EXPECTED = ("a range such as [2022-01-01 TO 2022-02-01]",)
_EXPECTED_BOUND = ("a day such as 2022-01-31", "an instant such as 2022-01-31T12:00:00Z", "* for an open end")


def published(inside: str, column: int, place: int) -> Published:
    """The filter for `[a TO b]`, brackets included. All of day b is in, and instant b itself.

    `column` is the filter's, `place` that of its bracket. Raises QueryError.
    """
    match = _RANGE.fullmatch(inside)
    if match is None:
        raise _bad_value(f"published: can't be “{short(inside)}”", place, _EXPECTED, _instead(inside))
    first, last = match[1], match[2]
    since = None if first == "*" else _instant(first, place, after=False)
    until = None if last == "*" else _instant(last, place, after=True)
    return Published(since, until, f"{first} TO {last}", column)


def _instant(bound: str, column: int, *, after: bool) -> datetime | None:
    """The first instant of a bound, or the first one after it; None beyond the calendar's end."""
    match = _BOUND.fullmatch(bound)
    if match is None:
        raise _bad_value(f"“{short(bound)}” is no day or instant", column, _EXPECTED_BOUND, "")
    try:
        day = date.fromisoformat(match[1])
        if match[2] is None:
            return _later(datetime.combine(day, time(), UTC), timedelta(days=1)) if after else _midnight(day)
        local = datetime.combine(day, time.fromisoformat(match[2]))
        zone = match[3] or "Z"
        instant = datetime.fromisoformat(local.isoformat() + zone.replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _bad_value(f"there is no {short(bound)}", column, _EXPECTED_BOUND, "") from error
    return _later(instant, timedelta(microseconds=1)) if after else instant


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _later(instant: datetime, by: timedelta) -> datetime | None:
    try:
        return instant + by
    except OverflowError:
        return None


def _instead(inside: str) -> str:
    bare = inside.strip("[]").strip()
    if _BOUND.fullmatch(bare):
        return f"Write published:[{bare} TO {bare}]"
    if re.fullmatch(r"\S{1,40}+\s+(?:to|To|-|tot|bis|à)\s+\S{1,40}+", bare):
        first, *_, last = bare.split()
        return f"Write published:[{first} TO {last}]"
    return "Write published:[2022-01-01 TO 2022-02-01]; * leaves an end open"


def _bad_value(message: str, column: int, expected: tuple[str, ...], suggestion: str) -> Exception:
    return refusal("bad_value", message, column=column, expected=expected, suggestion=suggestion)
