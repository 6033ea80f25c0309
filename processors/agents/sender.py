"""Sending to Kafka from a role: idempotent, in order, acknowledged by all replicas."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
from collections.abc import Callable, Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from processors.agents.records import Outgoing
from schemas.errors import KafkaUnavailableError
from schemas.topics import MAX_MESSAGE_BYTES

_FLIGHT_BYTES = 16 * 1024 * 1024
"""So much is given to the producer before its acknowledgements are waited for: a thousand bells for each of a hundred
articles must not all stand in memory twice."""
_CLOSE_WITHIN_S = 2.0


class KafkaSender:
    """The Sender of a running role. After any failure the producer is made anew: its sequence numbers are in doubt.

    Nothing is sent while `is_sure` says no: see Membership.
    """

    def __init__(self, bootstrap: str, is_sure: Callable[[], bool] = lambda: True) -> None:
        self._bootstrap = bootstrap
        self._is_sure = is_sure
        self._producer: AIOKafkaProducer | None = None
        self._lock = asyncio.Lock()

    async def send_all(self, records: Sequence[Outgoing]) -> Sequence[int]:
        """Send in this order and wait for every acknowledgement. Raises KafkaUnavailableError."""
        offsets: list[int] = []
        try:
            for part in _flights(records):
                if not self._is_sure():
                    raise KafkaUnavailableError(
                        "this worker was silent for so long that its partitions may be another's"
                    )
                offsets += await self._send(part)
        except (TimeoutError, KafkaError, OSError) as error:
            await self.close()
            raise KafkaUnavailableError(
                f"Kafka at {self._bootstrap} took not all of {len(records)} records: {error!r}"
            ) from error
        return offsets

    async def close(self) -> None:
        """Let go of the connection; the next send makes a new one."""
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                await asyncio.wait_for(producer.stop(), _CLOSE_WITHIN_S)
            except (TimeoutError, KafkaError, OSError):
                return

    async def _send(self, records: Sequence[Outgoing]) -> list[int]:
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
        return [acknowledged.offset for acknowledged in await asyncio.gather(*sent)]

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


def _flights(records: Sequence[Outgoing]) -> list[list[Outgoing]]:
    flights: list[list[Outgoing]] = []
    room = 0
    for record in records:
        size = len(record.value or b"") + 200
        if not flights or size > room:
            flights.append([])
            room = _FLIGHT_BYTES
        flights[-1].append(record)
        room -= size
    return flights
