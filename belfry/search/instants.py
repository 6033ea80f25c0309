"""Days and instants of `--from` and `--to`, read as the alert language reads `published:[… TO …]`. Pure."""

from datetime import datetime

from processors.matching.parse import parse
from processors.matching.tree import Published
from schemas.errors import QueryError, UsageError

_FORMS = "a day, 2022-01-31, or an instant, 2022-01-31T09:30:00Z"


def time_bounds(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """[first instant, first instant after); None where that side is open. A day counts whole, all in UTC.

    Raises UsageError that names the option.
    """
    for option, bound in (("--from", since), ("--to", until)):
        if bound is not None:
            try:
                parse(f"published:[{bound.strip()} TO *]")
            except QueryError as error:
                raise UsageError(f"{option} {bound}: {error.message}; write {_FORMS}") from error
    if since is None and until is None:
        return None, None
    node = parse(f"published:[{(since or '*').strip()} TO {(until or '*').strip()}]")
    if not isinstance(node, Published):
        raise UsageError(f"--from {since} --to {until}: takes one value each")
    if node.since and node.until and node.since >= node.until:
        raise UsageError(f"--from {since} is after --to {until}")
    return node.since, node.until
