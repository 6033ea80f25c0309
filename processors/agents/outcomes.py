"""What the steps share: dead letters of records, and the place a record came from."""

from datetime import datetime

from processors.agents.records import Outgoing, Record
from schemas.dead_letters import Reason, Stage, dead_letter

ORIGIN_HEADER = "belfry-origin"
REPLAY_HEADER = "belfry-replay"
RING_HEADER = "belfry-ring"
"""Of a replay that rings once more."""

SIGNATURE_HEADER = "belfry-signature"

_KEY_BYTES = 512
"""A key that is longer is none of Belfry's, and with it the letter might be too large for its topic."""


def place(record: Record) -> str:
    """topic/partition/offset of a record."""
    return f"{record.topic}/{record.partition}/{record.offset}"


def dead_outgoing(
    record: Record, *, topic: str, stage: Stage, reason: Reason, error: str, failed_at: datetime
) -> Outgoing:
    """The dead letter of `record`, ready to send."""
    origin = record.headers.get(ORIGIN_HEADER)
    letter = dead_letter(
        stage=stage,
        reason=reason,
        error=error,
        key=record.key,
        value=record.value,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        failed_at=failed_at,
        origin=None if origin is None else origin.decode("utf-8", "replace"),
    )
    key = None if record.key is None else record.key[:_KEY_BYTES]
    return Outgoing(topic=topic, key=key, value=letter.encode())
