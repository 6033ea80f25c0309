"""`published:[a TO b]`: days and instants to a half-open range in UTC."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

from processors.matching.limits import refusal, short
from processors.matching.tree import Published

_RANGE = re.compile(r"\[\s*+([^\s\]]++)\s++TO\s++([^\s\]]++)\s*+\]")
_BOUND = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_MONTH = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2]))?")
_TWO_ENDS = re.compile(
    r"([^\s,.]{1,40}+)(?:\s{1,9}(?:to|To|-|–|tot|bis|à|au)\s{1,9}|\s?,\s?|\s?\.\.\s?)([^\s,.]{1,40}+)"
)
_ONE_END = re.compile(r"([<>])=?\s?([0-9]{4}-[0-9]{2}-[0-9]{2})")
_EXAMPLE = "Write published:[2022-01-01 TO 2022-02-01]; * leaves an end open"
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
    if _MONTH.fullmatch(first) or _MONTH.fullmatch(last):
        raise _bad_value(
            f"“{short(first if _MONTH.fullmatch(first) else last)}” is no day",
            place,
            _EXPECTED_BOUND,
            f"Write published:[{_days(first)[0]} TO {_days(last)[1]}]",
        )
    since = None if first == "*" else _instant(first, place, after=False)
    until = None if last == "*" else _instant(last, place, after=True)
    return Published(since, until, f"{first} TO {last}", column)


def _instant(bound: str, column: int, *, after: bool) -> datetime | None:
    """The first instant of a bound, or the first one after it; None beyond the calendar's end."""
    match = _BOUND.fullmatch(bound)
    if match is None:
        raise _bad_value(f"“{short(bound)}” is no day or instant", column, _EXPECTED_BOUND, _EXAMPLE)
    try:
        day = date.fromisoformat(match[1])
        if match[2] is None:
            return _later(datetime.combine(day, time(), UTC), timedelta(days=1)) if after else _midnight(day)
        local = datetime.combine(day, time.fromisoformat(match[2]))
        zone = match[3] or "Z"
        instant = datetime.fromisoformat(local.isoformat() + zone.replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _bad_value(f"there is no {short(bound)}", column, _EXPECTED_BOUND, _EXAMPLE) from error
    return _later(instant, timedelta(microseconds=1)) if after else instant


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _later(instant: datetime, by: timedelta) -> datetime | None:
    try:
        return instant + by
    except OverflowError:
        return None


def _instead(inside: str) -> str:
    """What to write where brackets don't hold two ends with TO between."""
    bare = inside.strip("[]").strip()
    if _BOUND.fullmatch(bare) and not inside.startswith("["):
        return f"Write published:[{bare} TO {bare}]"
    if _MONTH.fullmatch(bare):
        return f"Write published:[{_days(bare)[0]} TO {_days(bare)[1]}]"
    if one_end := _ONE_END.fullmatch(bare):
        return f"Write published:[{one_end[2]} TO *]" if one_end[1] == ">" else f"Write published:[* TO {one_end[2]}]"
    if ends := _TWO_ENDS.fullmatch(bare):
        return f"Write published:[{ends[1]} TO {ends[2]}]"
    return _EXAMPLE


def _days(bound: str) -> tuple[str, str]:
    """The first and the last day of a month or a year; as given where it is neither."""
    match = _MONTH.fullmatch(bound)
    if match is None or match[1] == "0000":
        return bound, bound
    first_month, last_month = int(match[2] or 1), int(match[2] or 12)
    return f"{match[1]}-{first_month:02}-01", f"{match[1]}-{last_month:02}-{monthrange(int(match[1]), last_month)[1]}"


def _bad_value(message: str, column: int, expected: tuple[str, ...], suggestion: str) -> Exception:
    return refusal("bad_value", message, column=column, expected=expected, suggestion=suggestion)
