"""Dead letters: whatever could not be processed, with its bytes, the stage and the reason; can be shown and replayed."""

import base64
import hashlib
from datetime import datetime
from typing import Literal

from schemas.messages import Message, UtcDatetime

MAX_VALUE_BYTES = 2 * 1024 * 1024
"""At most so many bytes of a refused value are kept; `value_sha256` is of the whole."""

Stage = Literal["enrich", "group", "index", "match", "notify"]
Reason = Literal[
    "empty",
    "not_json",
    "invalid",
    "newer_schema",
    "key_mismatch",
    "too_large",
    "too_slow",
    "no_text",
    "refused_by_index",
    "refused_by_receiver",
    "undelivered",
    "failed",
]


class DeadLetter(Message):
    """A record that a stage could not process, as it was read: topic, partition, offset, key, value."""

    id: str
    stage: Stage
    reason: Reason
    error: str
    key: str | None
    value: str | None
    value_sha256: str | None
    topic: str
    partition: int
    offset: int
    failed_at: UtcDatetime
    origin: str | None = None
    """topic/partition/offset of the raw record that this one was made from, where that is another."""


def dead_letter(
    *,
    stage: Stage,
    reason: Reason,
    error: str,
    key: bytes | None,
    value: bytes | None,
    topic: str,
    partition: int,
    offset: int,
    failed_at: datetime,
    origin: str | None = None,
) -> DeadLetter:
    """The dead letter of one record. Its id depends on the stage and the record's place only, so that a repeat is known.

    `origin` is the place of the raw record that this one was made from, where that is another: a raw record that was
    read twice gives two enriched ones, but is one dead letter.
    """
    place = origin or f"{topic}/{partition}/{offset}"
    return DeadLetter(
        id=hashlib.sha256(f"{stage}\x1f{place}".encode()).hexdigest()[:32],
        stage=stage,
        reason=reason,
        error=error[:2000],
        key=None if key is None else key.decode("utf-8", "replace")[:500],
        value=None if value is None else base64.b64encode(value[:MAX_VALUE_BYTES]).decode(),
        value_sha256=None if value is None else hashlib.sha256(value).hexdigest(),
        topic=topic,
        partition=partition,
        offset=offset,
        failed_at=failed_at,
        origin=origin,
    )
