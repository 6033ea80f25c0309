"""Watches the topics while the demo runs: enriched articles, bells, dead letters, and when each could be found."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from elasticsearch import ApiError, Elasticsearch, TransportError
from kafka import KafkaConsumer
from kafka.structs import TopicPartition

from belfry.search.names import IndexNames
from schemas.alerts import Alert
from schemas.articles import EnrichedArticle
from schemas.dead_letters import DeadLetter
from schemas.topics import Topics

Seen = EnrichedArticle | Alert | DeadLetter


@dataclass
class Times:
    """Seconds from the moment an article was sent, by article id."""

    sent_at: dict[str, float] = field(default_factory=dict[str, float])
    to_bell_s: dict[str, float] = field(default_factory=dict[str, float])
    to_search_s: dict[str, float] = field(default_factory=dict[str, float])


class Watcher:
    """Follows the topics from now on, in threads of its own, and calls `on_seen` for whatever arrives."""

    def __init__(
        self, kafka: str, elasticsearch: str, topics: Topics, names: IndexNames, on_seen: Callable[[Seen], None]
    ) -> None:
        self.times = Times()
        self._topics = topics
        self._names = names
        self._on_seen = on_seen
        self._stopping = threading.Event()
        self._consumer = KafkaConsumer(bootstrap_servers=kafka.split(","), enable_auto_commit=False)
        self._partitions = [
            TopicPartition(topic, partition)
            for topic in (topics.enriched, topics.alerts, topics.dead)
            for partition in sorted(self._consumer.partitions_for_topic(topic) or ())
        ]
        self._consumer.assign(self._partitions)
        self._consumer.seek_to_end()
        for partition in self._partitions:
            self._consumer.position(partition)
        self._elasticsearch = Elasticsearch(elasticsearch, request_timeout=5, max_retries=0)
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._follow, self._look)]

    def start(self) -> None:
        """Begin to watch."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(10)
        self._consumer.close()
        self._elasticsearch.close()

    def _follow(self) -> None:
        while not self._stopping.is_set():
            for records in self._consumer.poll(timeout_ms=100).values():
                for record in records:
                    self._seen(record.topic, record.value)

    def _seen(self, topic: str, value: bytes) -> None:
        if topic == self._topics.enriched:
            self._on_seen(EnrichedArticle.decode(value))
        elif topic == self._topics.alerts:
            alert = Alert.decode(value)
            sent_at = self.times.sent_at.get(alert.article_id)
            if sent_at is not None:
                self.times.to_bell_s.setdefault(alert.article_id, time.time() - sent_at)
            self._on_seen(alert)
        else:
            self._on_seen(DeadLetter.decode(value))

    def _look(self) -> None:
        """Ask the index for what was sent and not yet found, as a reader's search would."""
        while not self._stopping.wait(0.05):
            waiting = [id_ for id_ in list(self.times.sent_at) if id_ not in self.times.to_search_s][:1000]
            if not waiting:
                continue
            try:
                answer = self._elasticsearch.search(
                    index=self._names.articles,
                    query={"ids": {"values": waiting}},
                    source=False,
                    size=len(waiting),
                    ignore_unavailable=True,
                )
            except (ApiError, TransportError):
                continue
            now = time.time()
            for hit in answer["hits"]["hits"]:
                id_ = hit["_id"]
                self.times.to_search_s.setdefault(id_, now - self.times.sent_at[id_])
