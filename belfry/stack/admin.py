"""kafka-python's admin client. The type checker brings declarations of an older release, so it is used untyped."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from kafka import KafkaAdminClient

_CLIENT: Any = KafkaAdminClient


@contextmanager
def kafka_admin(bootstrap: str, *, within_s: float) -> Generator[Any]:
    """An admin client that waits so long for a broker, and for each answer. Raises what kafka-python raises."""
    wait_ms = int(within_s * 1000)
    client = _CLIENT(bootstrap_servers=bootstrap.split(","), request_timeout_ms=wait_ms, bootstrap_timeout_ms=wait_ms)
    try:
        yield client
    finally:
        client.close()
