"""Small topics that every worker reads whole and follows: the subscriptions, and which articles were canceled."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.topics import MAX_MESSAGE_BYTES

_log = structlog.get_logger()
_RETRY_S = 1.0
_WAIT_MS = 100


class FollowedTopic:
    """Reads a topic of one partition for ever, in the background, and gives each record's key and value to `apply`."""

    def __init__(self, bootstrap: str, topic: str, apply: Callable[[bytes | None, bytes | None], None]) -> None:
        self.ready = asyncio.Event()
        """Whether all that stood in it at the start was applied."""
        self._bootstrap = bootstrap
        self._topic = topic
        self._apply = apply
        self._next_offset = 0
        self._asking: list[asyncio.Future[None]] = []

    async def follow(self) -> None:
        """Read the topic for ever; after an outage it goes on where it was."""
        while True:
            try:
                await self._follow_once()
            except (KafkaError, OSError) as error:
                _log.warning("topic can't be followed, trying again", topic=self._topic, error=repr(error))
                await asyncio.sleep(_RETRY_S)

    async def caught_up(self) -> None:
        """Return when everything was applied that stands in the topic at the moment of the call."""
        asked = asyncio.get_running_loop().create_future()
        self._asking.append(asked)
        await asked

    async def _follow_once(self) -> None:
        consumer: Any = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            enable_auto_commit=False,
            # Where the topic was made anew, all of it is read again; "latest" would miss what it holds.
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
            fetch_max_wait_ms=_WAIT_MS,
        )
        await consumer.start()
        try:
            partition = TopicPartition(self._topic, 0)
            consumer.assign([partition])
            consumer.seek(partition, self._next_offset)
            await self._read_until_end(consumer, partition)
            self.ready.set()
            while True:
                asked, self._asking = self._asking, []
                if asked:
                    try:
                        await self._read_until_end(consumer, partition)
                    except BaseException:
                        self._asking += asked
                        raise
                    for each in asked:
                        if not each.done():
                            each.set_result(None)
                await self._read(consumer, partition)
        finally:
            with contextlib.suppress(KafkaError, OSError):
                await consumer.stop()

    async def _read_until_end(self, consumer: Any, partition: TopicPartition) -> None:
        end = (await consumer.end_offsets([partition]))[partition]
        while await consumer.position(partition) < end:
            await self._read(consumer, partition)

    async def _read(self, consumer: Any, partition: TopicPartition) -> None:
        batches = await consumer.getmany(partition, timeout_ms=_WAIT_MS, max_records=1000)
        for record in batches.get(partition, []):
            self._apply(record.key, record.value)
            self._next_offset = record.offset + 1
