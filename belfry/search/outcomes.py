"""What became of one item of a bulk request, and what to do about it. Pure."""

from collections.abc import Mapping
from typing import Any, Literal

from processors.document import IndexOutcome

Again = Literal["again", "no_index"]
"""again: the same item may work later. no_index: its index is missing and may not be made by a write."""

_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that say nothing about the document: the node is busy, starting, or its shard is elsewhere just now."""

_PASSING_TYPES = frozenset(
    {
        # 403, but because of a disk that is full, or of somebody's write block: not the document's fault.
        "cluster_block_exception",
        # 400 or 404 while the index or its shard is just coming or going.
        "shard_not_found_exception",
        "index_closed_exception",
        "process_cluster_event_timeout_exception",
        # The user may not write here: somebody has to set that right, and nothing may be lost until then.
        "security_exception",
    }
)

REASON_CHARS = 1000


def item_outcome(item: Mapping[str, Any]) -> IndexOutcome | Again:
    """What became of one item of a bulk answer (`{"index": {"status": 201, …}}`), by its status and error type.

    Whatever is not known to pass by itself is refused, so that one document never holds up the others.
    """
    operation, result = next(iter(item.items()))
    status = int(result.get("status", 0))
    error: Mapping[str, Any] = result.get("error") or {}
    code = str(error.get("type", ""))
    if status == 409:
        return IndexOutcome("superseded")
    if 200 <= status < 300 or (operation == "delete" and status == 404):
        return IndexOutcome("done")
    if status == 404 and code == "index_not_found_exception":
        return "no_index"
    if status in _PASSING or code in _PASSING_TYPES:
        return "again"
    return IndexOutcome("refused", code or f"status_{status}", _reason(error))


def _reason(error: Mapping[str, Any]) -> str:
    cause: Mapping[str, Any] = error.get("caused_by") or {}
    reasons = [str(each["reason"]) for each in (error, cause) if each.get("reason")]
    return ": ".join(reasons)[:REASON_CHARS]
