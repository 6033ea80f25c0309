"""Days and instants of `--from` and `--to`, read as the alert language reads `published:[… TO …]`. Pure."""

import re
from datetime import datetime

from processors.matching.parse import parse
from processors.matching.tree import Published
from schemas.errors import QueryError, UsageError

_FORMS = "a day, 2022-01-31, or an instant, 2022-01-31T09:30:00Z"
_INSTEAD = re.compile(r"Write published:\[(?:\* TO )?([^\s*]+)(?: TO \*)?\]")


def time_bounds(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """[first instant, first instant after); None where that side is open. A day counts whole, all in UTC.

    Raises UsageError that names the option.
    """
    node = published_between(since, until)
    return node.since, node.until


def published_between(since: str | None, until: str | None) -> Published:
    """The filter `published:[since TO until]`; None leaves an end open. Raises UsageError that names the option."""
    first = "*" if since is None else _bound("--from", since, "{} TO *")
    last = "*" if until is None else _bound("--to", until, "* TO {}")
    node = parse(f"published:[{first} TO {last}]")
    if not isinstance(node, Published):
        raise UsageError(f"--from {since} --to {until}: takes one value each")
    if node.since and node.until and node.since >= node.until:
        raise UsageError(f"--from {since} is after --to {until}")
    return node


def _bound(option: str, given: str, place: str) -> str:
    """A bound that the language takes at its place in a range. Raises UsageError."""
    bound = given.strip()
    if not bound or not bound.isprintable() or set(bound) & set(" []()\\"):
        raise UsageError(f"{option} {given}: takes {_FORMS}")
    try:
        parse(f"published:[{place.format(bound)}]")
    except QueryError as error:
        instead = _INSTEAD.fullmatch(error.suggestion)
        remedy = f"{option} {instead[1]}" if instead else _FORMS
        raise UsageError(f"{option} {given}: {error.message}; write {remedy}") from error
    return bound
