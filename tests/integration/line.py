"""The whole line on the session's servers: roles of its own, under a prefix of its own; what tests send and look for."""

import os
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from elasticsearch import ApiError, Elasticsearch
from elasticsearch.helpers import scan
from kafka import KafkaConsumer, KafkaProducer

from belfry.role_names import ROLES, RoleName
from belfry.search.names import IndexNames
from belfry.settings import Settings, settings
from belfry.stack import Addresses
from belfry.subscriptions.kafka_store import KafkaSubscriptionStore
from belfry.supervisor.children import Children
from belfry.supervisor.status import Status, status
from belfry.supervisor.supervise import Supervisor, child_environment, run_dir
from schemas.articles import RawArticle
from schemas.subscriptions import Subscription
from schemas.topics import MAX_MESSAGE_BYTES

T = TypeVar("T")
WITHIN_S = 45.0


def until(look: Callable[[], T], within_s: float = WITHIN_S) -> T:
    """What `look` returns as soon as that is true-ish; the last answer where it never is."""
    deadline = time.monotonic() + within_s
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def article(article_id: str = "", body: str = "Er is nieuws.", **changes: Any) -> RawArticle:
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "article_id": article_id or uuid.uuid4().hex,
        "published_at": now,
        "fetched_at": now,
        "body": body,
        "language": "nl",
    }
    return RawArticle.model_validate(values | changes)


def subscription(query: str, **changes: Any) -> Subscription:
    values: dict[str, Any] = {"id": uuid.uuid4().hex, "query": query, "created_at": datetime.now(UTC)}
    return Subscription.model_validate(values | changes)


@dataclass(frozen=True)
class Sent:
    """Where records went, and between which moments they were given to the producer."""

    partitions: frozenset[int]
    within_s: float

    @classmethod
    def of(cls, acknowledged: Sequence[Any]) -> "Sent":
        at = [each.timestamp for each in acknowledged]
        return cls(frozenset(each.partition for each in acknowledged), (max(at) - min(at)) / 1000 if at else 0.0)


class Worker:
    """More of a role, as `belfry worker --instance` runs it beside a line."""

    def __init__(self, line: "Line", role: RoleName, instance: str) -> None:
        self.role = role
        self.children = Children(
            [role],
            run_dir=run_dir(line.config.home) / f"worker-{instance}",
            log_dir=line.config.home / "logs",
            environment=child_environment(line.config, line.supervisor.addresses),
            instance=instance,
        )
        self._stopping = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self.children.start()
        self._watching.start()

    def pid(self) -> int:
        """0 while it is not ready."""
        return next(each.pid if each.ready else 0 for each in self.children.heartbeats())

    def stop(self) -> None:
        self._stopping.set()
        self._watching.join()
        self.children.stop()

    def _watch(self) -> None:
        while not self._stopping.wait(0.2):
            self.children.watch()


class Line:
    """A running line: the roles under a prefix of their own, on the servers at `addresses` or else on servers of its own.

    `home` holds what a real one's would. `changes` are settings.
    """

    bootstrap: str
    elasticsearch: Elasticsearch
    store: KafkaSubscriptionStore
    _producer: Any

    def __init__(
        self, home: Path, addresses: Addresses | None = None, roles: Sequence[RoleName] = ROLES, **changes: Any
    ) -> None:
        prefix = f"t{uuid.uuid4().hex[:12]}."
        values: dict[str, Any] = {
            "home": home,
            "cache": settings().cache,
            "kafka_bootstrap": None if addresses is None else addresses.kafka_bootstrap,
            "elasticsearch_url": None if addresses is None else addresses.elasticsearch_url,
            "topic_prefix": prefix,
            "index_prefix": prefix,
            "allow_addresses": "127.0.0.0/8",
            "retry_first_s": 0.1,
            "retry_longest_s": 0.3,
        }
        self.config = Settings(**(values | changes))
        self.topics = self.config.topics
        self.names = IndexNames(prefix)
        self.supervisor = Supervisor(self.config, roles=roles, on_step=lambda _: None)
        self._stopping = threading.Event()
        self._held = threading.Lock()
        self._watching = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self.supervisor.start()
        self._watching.start()
        self.connect(self.supervisor.addresses)

    def connect(self, addresses: Addresses) -> None:
        self.bootstrap = addresses.kafka_bootstrap
        self.elasticsearch = Elasticsearch(addresses.elasticsearch_url)
        self.store = KafkaSubscriptionStore(self.bootstrap, self.topics.subscriptions)
        self._producer = KafkaProducer(
            bootstrap_servers=self.bootstrap,
            acks="all",
            enable_idempotence=True,
            max_request_size=MAX_MESSAGE_BYTES + 1024,
        )

    def stop(self) -> None:
        self._stopping.set()
        if self._watching.is_alive():
            self._watching.join(30)
        self.disconnect()
        self.supervisor.stop()

    @contextmanager
    def without_roles(self) -> Iterator[None]:
        """No role runs meanwhile; they are started again after it."""
        with self._held:
            self.supervisor.children.stop()
            yield
            self.supervisor.children.start()

    def _watch(self) -> None:
        while not self._stopping.wait(0.2):
            with self._held:
                self.supervisor.watch_once()

    def disconnect(self) -> None:
        self._producer.close()
        self.elasticsearch.close()

    def send(self, *articles: RawArticle, headers: Sequence[tuple[str, bytes]] = ()) -> "Sent":
        """Send, and return when all are acknowledged."""
        sent = [
            self._producer.send(
                self.topics.raw, key=each.article_id.encode(), value=each.encode(), headers=list(headers)
            )
            for each in articles
        ]
        return Sent.of([each.get(timeout=30) for each in sent])

    def send_bytes(self, value: bytes | None, key: bytes | None, topic: str | None = None) -> None:
        self._producer.send(topic or self.topics.raw, key=key, value=value).get(timeout=30)

    def send_many(self, records: Iterable[tuple[bytes, bytes]]) -> "Sent":
        """Send (key, value) records in order, and return when all are acknowledged."""
        sent = [self._producer.send(self.topics.raw, key=key, value=value) for key, value in records]
        return Sent.of([each.get(timeout=120) for each in sent])

    def pid(self, role: str) -> int:
        """Of the role's process; 0 while it has none that works."""
        return next(
            each.pid if each.ready else 0 for each in self.supervisor.children.heartbeats() if each.role == role
        )

    def kill(self, role: str) -> None:
        """Kill -9, once it works."""
        os.kill(until(lambda: self.pid(role)), signal.SIGKILL)

    def status(self) -> Status:
        return status(self.config)

    def settled(self, received: int, within_s: float = WITHIN_S) -> Status:
        """The status once so many records were received and nothing is on its way, or the last one."""

        def look() -> Status | None:
            nonlocal last
            last = self.status()
            done = last.counts is not None and last.lag is not None and last.counts.received >= received
            return last if done and not any((last.lag or {}).values()) else None

        last = self.status()
        return until(look, within_s) or last

    def document(self, article_id: str) -> dict[str, Any] | None:
        found = self.search(self.names.articles, {"term": {"article_id": article_id}})
        return found[0] if found else None

    def alerts(self, article_id: str) -> list[dict[str, Any]]:
        return self.search(self.names.alerts, {"term": {"article_id": article_id}})

    def letters(self, key: str) -> list[dict[str, Any]]:
        return self.search(self.names.dead_letters, {"term": {"key": key}})

    def search(self, index: str, query: dict[str, Any]) -> list[dict[str, Any]]:
        """All that match, newest state."""
        client = self.elasticsearch.options(ignore_status=404)
        try:
            client.indices.refresh(index=index)
            hits = client.search(index=index, query=query, size=10_000, ignore_unavailable=True)
        except ApiError:  # an index that is just being made
            return []
        return [hit["_source"] for hit in hits.body.get("hits", {}).get("hits", [])]

    def all(self, index: str) -> list[dict[str, Any]]:
        """Every document, however many."""
        self.elasticsearch.indices.refresh(index=index)
        return [hit["_source"] for hit in scan(self.elasticsearch, index=index)]

    def values(self, topic: str) -> list[bytes]:
        """Every value in the topic."""
        consumer: Any = KafkaConsumer(
            bootstrap_servers=self.bootstrap, enable_auto_commit=False, consumer_timeout_ms=10_000
        )
        try:
            from kafka.structs import TopicPartition

            partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
            ends = consumer.end_offsets(partitions)
            consumer.assign(partitions)
            consumer.seek_to_beginning()
            values: list[bytes] = []
            while any(consumer.position(tp) < end for tp, end in ends.items()):
                for records in consumer.poll(timeout_ms=500).values():
                    values += [record.value for record in records]
            return values
        finally:
            consumer.close()


@contextmanager
def running_line(
    home: Path, addresses: Addresses | None = None, roles: Sequence[RoleName] = ROLES, **changes: Any
) -> Iterator[Line]:
    line = Line(home, addresses, roles, **changes)
    line.start()
    try:
        yield line
    finally:
        line.stop()
