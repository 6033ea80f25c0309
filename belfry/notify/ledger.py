"""What notify remembers, read by others: from the copies of workers on this machine, and the rest from the changelog.

kafka-python has no types; its objects stay in this module.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer
from kafka.errors import KafkaError
from kafka.structs import TopicPartition

from belfry.notify.records import Record, decoded
from belfry.stack.admin import kafka_admin
from schemas.errors import KafkaUnavailableError
from schemas.topics import Topics

_WITHIN_S = 15.0
_CONSUMER: Any = KafkaConsumer


@dataclass
class _Partition:
    """What is known of a partition: values by key, as of the changelog before `next_offset`."""

    next_offset: int = 0
    values: dict[bytes, bytes] = field(default_factory=dict[bytes, bytes])


def ledger(home: Path, bootstrap: str, topics: Topics, prefixes: Sequence[bytes]) -> dict[bytes, Record]:
    """The records now whose key begins with one of the prefixes. Raises KafkaUnavailableError.

    A worker's copy under `home` saves reading what it has; where there is none, the whole changelog is read.
    """
    topic = topics.notify_state
    try:
        with kafka_admin(bootstrap, within_s=_WITHIN_S) as admin:
            [described] = admin.describe_topics([topic])
        copies = _copies(home, f"{topic} {described['topic_id']}", prefixes)
        consumer = _CONSUMER(
            bootstrap_servers=bootstrap.split(","),
            enable_auto_commit=False,
            allow_auto_create_topics=False,
            bootstrap_timeout_ms=int(_WITHIN_S * 1000),
            max_poll_records=5000,
        )
        try:
            found = _with_the_rest(consumer, topic, copies, tuple(prefixes))
        finally:
            consumer.close()
    except (KafkaError, OSError, KeyError) as error:
        raise KafkaUnavailableError(f"the ledger can't be read at {bootstrap}: {error!r}") from error
    return {key: decoded(key, value) for key, value in found.items()}


def _copies(home: Path, identity: str, prefixes: Sequence[bytes]) -> dict[int, _Partition]:
    """Of each partition the copy that goes furthest."""
    best: dict[int, _Partition] = {}
    for file in sorted(home.glob("faust/notify-*/notify.sqlite")):
        try:
            for partition, copy in _copy(file, identity, prefixes):
                if partition not in best or copy.next_offset > best[partition].next_offset:
                    best[partition] = copy
        except sqlite3.Error:
            continue  # being made, or damaged: its worker will see to it
    return best


def _copy(file: Path, identity: str, prefixes: Sequence[bytes]) -> Iterator[tuple[int, _Partition]]:
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as database:
        database.execute("BEGIN")  # one moment for offsets and entries
        if database.execute("SELECT identity FROM source").fetchall() != [(identity,)]:
            return
        for partition, next_offset in database.execute("SELECT partition, next_offset FROM applied").fetchall():
            copy = _Partition(next_offset)
            for prefix in prefixes:
                rows = database.execute(
                    "SELECT key, value FROM entry WHERE key >= ? AND key < ? AND partition = ?",
                    (prefix, prefix + b"\xff", partition),
                )
                copy.values.update(rows)
            yield partition, copy


def _with_the_rest(
    consumer: Any, topic: str, copies: dict[int, _Partition], prefixes: tuple[bytes, ...]
) -> dict[bytes, bytes]:
    partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
    begins, ends = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
    consumer.assign(partitions)
    known: dict[int, _Partition] = {}
    for tp in partitions:
        copy = copies.get(tp.partition, _Partition())
        if not begins[tp] <= copy.next_offset <= ends[tp]:
            copy = _Partition()
        known[tp.partition] = copy
        consumer.seek(tp, max(copy.next_offset, begins[tp]))
    deadline = time.monotonic() + _WITHIN_S
    while any(consumer.position(tp) < ends[tp] for tp in partitions):
        batches: dict[Any, list[Any]] = consumer.poll(timeout_ms=200)
        for tp, records in batches.items():
            values = known[tp.partition].values
            for record in records:
                if record.value is None:
                    values.pop(record.key, None)
                elif record.key.startswith(prefixes):
                    values[record.key] = record.value
        if batches:
            deadline = time.monotonic() + _WITHIN_S
        elif time.monotonic() > deadline:
            raise OSError(f"nothing of {topic} came for {_WITHIN_S:g} s")
    return {key: value for copy in known.values() for key, value in copy.values.items()}
