"""The store in Kafka's compacted topic. See store.py for what it promises."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# (kafka-python is untyped; its objects stay in this module)

import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError
from kafka.structs import TopicPartition

from belfry.subscriptions.store import book_of, kept_records, removal_records
from processors.subscription_book import SubscriptionBook
from producers.checksum import use_compiled_checksum
from schemas.errors import KafkaUnavailableError
from schemas.subscriptions import Subscription
from schemas.topics import MAX_MESSAGE_BYTES

use_compiled_checksum()

POLL_MS = 200
TIMEOUT_S = 15.0


class KafkaSubscriptionStore:
    """The compacted topic of one broker. Holds no connection between calls.

    Reads from the beginning to where the topic ends at the moment of the call; writes idempotently with acks=all
    and waits for every acknowledgement. `timeout_s` bounds connecting, and every wait without progress.
    """

    def __init__(self, bootstrap: str, topic: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._timeout_s = timeout_s

    def load(self) -> SubscriptionBook:
        """See SubscriptionStore."""
        with self._wrapped("read"):
            consumer = KafkaConsumer(
                **self._connection(),
                group_id=None,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                max_poll_records=5000,
            )
            try:
                return book_of(self._records(consumer))
            finally:
                consumer.close()

    def save(self, subscriptions: Iterable[Subscription]) -> None:
        """See SubscriptionStore."""
        self._send(kept_records(subscriptions))

    def remove(self, ids: Iterable[str]) -> None:
        """See SubscriptionStore."""
        self._send(removal_records(ids))

    def _connection(self) -> dict[str, Any]:
        return {
            "bootstrap_servers": self._bootstrap.split(","),
            "bootstrap_timeout_ms": int(self._timeout_s * 1000),
            # Topics are created with explicit partitions and compaction, never by a broker's default.
            "allow_auto_create_topics": False,
        }

    def _records(self, consumer: Any) -> Iterator[tuple[bytes | None, bytes | None]]:
        partitions = [TopicPartition(self._topic, number) for number in consumer.partitions_for_topic(self._topic)]
        if not partitions:
            raise KafkaUnavailableError(
                f"Kafka at {self._bootstrap} has no topic {self._topic}: `belfry up` and `belfry worker` create it"
            )
        consumer.assign(partitions)
        ends: dict[Any, int] = consumer.end_offsets(partitions)
        deadline = time.monotonic() + self._timeout_s
        while any(consumer.position(partition) < end for partition, end in ends.items()):
            batches: dict[Any, list[Any]] = consumer.poll(timeout_ms=POLL_MS)
            for records in batches.values():
                yield from ((record.key, record.value) for record in records)
            if batches:
                deadline = time.monotonic() + self._timeout_s
            elif time.monotonic() > deadline:
                raise KafkaUnavailableError(
                    f"Kafka at {self._bootstrap} sent nothing of {self._topic} for {self._timeout_s:g} s"
                )

    def _send(self, records: Iterable[tuple[bytes, bytes | None]]) -> None:
        timeout_ms = int(self._timeout_s * 1000)
        with self._wrapped("written to"):
            producer = KafkaProducer(
                **self._connection(),
                acks="all",
                enable_idempotence=True,
                max_request_size=MAX_MESSAGE_BYTES,
                max_block_ms=timeout_ms,
                request_timeout_ms=max(1, timeout_ms // 2),
                delivery_timeout_ms=timeout_ms,
                linger_ms=5,
            )
            try:
                sent = [producer.send(self._topic, key=key, value=value) for key, value in records]
                for future in sent:
                    future.get(timeout=self._timeout_s)
            finally:
                producer.close(timeout=1.0)

    @contextmanager
    def _wrapped(self, verb: str) -> Generator[None, None, None]:
        try:
            yield
        except (KafkaError, OSError) as error:
            raise KafkaUnavailableError(
                f"the topic {self._topic} can't be {verb} at {self._bootstrap} ({error}): is Kafka running there? "
                "`belfry status` shows it, `belfry up` starts one"
            ) from error
