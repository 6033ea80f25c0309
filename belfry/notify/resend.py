"""Sending alerts once more on purpose: to their topic, with a header that tells notify so.

kafka-python has no types; its objects stay in this module.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Sequence
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError

from belfry.notify.step import RESEND_HEADER
from producers.checksum import use_compiled_checksum
from schemas.alerts import Alert
from schemas.errors import KafkaUnavailableError
from schemas.topics import MAX_MESSAGE_BYTES, Topics

use_compiled_checksum()

_WITHIN_S = 15.0
_PRODUCER: Any = KafkaProducer


def ring_again(bootstrap: str, topics: Topics, alerts: Sequence[tuple[Alert, str]]) -> None:
    """Send each alert with the id of the wish; returns when all are safe. Raises KafkaUnavailableError."""
    timeout_ms = int(_WITHIN_S * 1000)
    try:
        producer = _PRODUCER(
            bootstrap_servers=bootstrap.split(","),
            bootstrap_timeout_ms=timeout_ms,
            acks="all",
            enable_idempotence=True,
            allow_auto_create_topics=False,
            max_request_size=MAX_MESSAGE_BYTES,
            max_block_ms=timeout_ms,
            request_timeout_ms=timeout_ms // 2,
            delivery_timeout_ms=timeout_ms,
        )
        try:
            sent = [
                producer.send(
                    topics.alerts,
                    key=alert.subscription_id.encode(),
                    value=alert.encode(),
                    headers=[(RESEND_HEADER, wish.encode())],
                )
                for alert, wish in alerts
            ]
            for each in sent:
                each.get(timeout=_WITHIN_S)
        finally:
            producer.close(timeout=1.0)
    except (KafkaError, OSError) as error:
        raise KafkaUnavailableError(f"alerts can't be sent to {bootstrap}: {error!r}") from error
