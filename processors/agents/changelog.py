"""Reading a changelog: what stands in some partitions of a topic now, from an offset of one's own on."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.topics import MAX_MESSAGE_BYTES

_SILENT_S = 15.0
"""A changelog from which nothing comes for so long can't be read now."""

Start = Callable[[int, int, int], int]
"""From which offset on to read, given partition, first offset and end."""


def all_of_it(_partition: int, begin: int, _end: int) -> int:
    """A Start: everything."""
    return begin


def last_of_it(_partition: int, _begin: int, end: int) -> int:
    """A Start: the last record of each partition."""
    return end - 1


def what_is_new(next_offset: Callable[[int], int]) -> Start:
    """A Start: what a copy that goes up to `next_offset` of a partition lacks; everything, where it can't be of this log."""

    def start(partition: int, begin: int, end: int) -> int:
        known = next_offset(partition)
        return known if begin <= known <= end else begin

    return start


@asynccontextmanager
async def changelog_consumer(bootstrap: str) -> AsyncGenerator[Any]:
    """A consumer of no group."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
        fetch_max_wait_ms=100,
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        with contextlib.suppress(KafkaError, OSError):
            await consumer.stop()


async def changelog_records(
    consumer: Any, topic: str, partitions: list[int], start: Start
) -> AsyncIterator[tuple[int, Sequence[Any]]]:
    """What stands in the partitions now, as (partition, some records), in order within each. Raises OSError."""
    all_of_them = [TopicPartition(topic, partition) for partition in partitions]
    begins, ends = await consumer.beginning_offsets(all_of_them), await consumer.end_offsets(all_of_them)
    starts = {tp: start(tp.partition, begins[tp], ends[tp]) for tp in all_of_them if begins[tp] < ends[tp]}
    waiting = {tp for tp, offset in starts.items() if offset < ends[tp]}
    if not waiting:
        return
    consumer.assign(list(waiting))
    for tp in waiting:
        consumer.seek(tp, starts[tp])
    deadline = time.monotonic() + _SILENT_S
    while waiting:
        got = await consumer.getmany(timeout_ms=200, max_records=5000)
        if got:
            deadline = time.monotonic() + _SILENT_S
        elif time.monotonic() > deadline:
            raise OSError(f"nothing of {topic} came for {_SILENT_S:g} s")
        for tp, records in got.items():
            yield tp.partition, records
            if records[-1].offset + 1 >= ends[tp]:
                waiting.discard(tp)
