"""Sending to Kafka from a role: idempotent, in order, acknowledged by all replicas."""

import asyncio
from collections.abc import Sequence

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from aiokafka import AIOKafkaProducer  # pyright: ignore[reportMissingTypeStubs]
from aiokafka.errors import KafkaError  # pyright: ignore[reportMissingTypeStubs]

from processors.agents.records import Outgoing
from schemas.errors import KafkaUnavailableError
from schemas.topics import MAX_MESSAGE_BYTES


class KafkaSender:
    """The Sender of a running role. After any failure the producer is made anew: its sequence numbers are in doubt."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._producer: AIOKafkaProducer | None = None
        self._lock = asyncio.Lock()

    async def send_all(self, records: Sequence[Outgoing]) -> None:
        """Send in this order and wait for every acknowledgement. Raises KafkaUnavailableError."""
        if not records:
            return
        try:
            producer = await self._ready()
            sent = [
                await producer.send(
                    record.topic,
                    key=record.key,
                    value=record.value,
                    partition=record.partition,
                    headers=list(record.headers) or None,
                )
                for record in records
            ]
            await producer.flush()
            await asyncio.gather(*sent)
        except (TimeoutError, KafkaError, OSError) as error:
            await self.close()
            raise KafkaUnavailableError(
                f"Kafka at {self._bootstrap} took not all of {len(records)} records: {error!r}"
            ) from error

    async def close(self) -> None:
        """Let go of the connection; the next send makes a new one."""
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                await asyncio.wait_for(producer.stop(), 5)
            except (TimeoutError, KafkaError, OSError):
                return

    async def _ready(self) -> AIOKafkaProducer:
        async with self._lock:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._bootstrap,
                    acks="all",
                    enable_idempotence=True,
                    max_request_size=MAX_MESSAGE_BYTES,
                    max_batch_size=256 * 1024,
                    linger_ms=2,
                    request_timeout_ms=15_000,
                )
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._producer = producer
            return self._producer
