"""What [articles.enriched] holds of a time: read twice, since what is canceled later is known only at the end."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from kafka import KafkaConsumer
from kafka.errors import KafkaError
from kafka.structs import TopicPartition

from processors.agents.outcomes import REPLAY_HEADER
from schemas.articles import EnrichedArticle
from schemas.errors import DecodeError, KafkaUnavailableError
from schemas.topics import MAX_MESSAGE_BYTES

_CONSUMER: Any = KafkaConsumer
_WITHIN_S = 10.0
_SILENT_S = 30.0
_CLOCKS = timedelta(hours=1)
"""So much earlier than an article was fetched its record may have been written, by another machine's clock."""


@dataclass(frozen=True)
class Span:
    """A time from `since` to before `until`; None is open."""

    since: datetime | None
    until: datetime | None

    def has(self, moment: datetime) -> bool:
        """Whether it is within."""
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)


@dataclass(frozen=True)
class Held:
    """A version that the topic holds, in the partition that it is in."""

    article: EnrichedArticle
    partition: int


@dataclass
class Contents:
    """What the topic holds of a time, by id: its versions, and those articles whose last version is canceled."""

    versions: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    last: dict[str, tuple[int, bool]] = field(default_factory=dict[str, tuple[int, bool]])

    def is_canceled(self, article_id: str) -> bool:
        """Whether the article was canceled in the end."""
        return self.last.get(article_id, (0, False))[1]

    def add(self, article: EnrichedArticle) -> None:
        """Take in a version."""
        self.versions.add((article.article_id, article.version))
        known = self.last.get(article.article_id)
        if known is None or article.version >= known[0]:
            self.last[article.article_id] = (article.version, article.status == "canceled")


class History:
    """The topic as it is when this is made; what comes later is not looked at. Raises KafkaUnavailableError."""

    def __init__(self, bootstrap: str, topic: str, span: Span) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._span = span
        with self._consumer() as consumer:
            partitions = [
                TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())
            ]
            self._ends: dict[Any, int] = consumer.end_offsets(partitions) if partitions else {}
            self._starts: dict[Any, int] = consumer.beginning_offsets(partitions) if partitions else {}
            if span.since is not None and partitions:
                at = int((span.since - _CLOCKS).timestamp() * 1000)
                for tp, found in consumer.offsets_for_times(dict.fromkeys(partitions, max(0, at))).items():
                    self._starts[tp] = self._ends[tp] if found is None else max(self._starts[tp], found.offset)

    def contents(self) -> Contents:
        """Which versions it holds of the time, and what was canceled up to now."""
        found = Contents()
        for held in self._versions():
            found.add(held.article)
        return found

    def articles(self, contents: Contents) -> Iterator[Held]:
        """Each version of the time once, of each article in order; canceled articles are left out."""
        left = set(contents.versions)
        for held in self._versions():
            key = (held.article.article_id, held.article.version)
            if key in left and self._span.has(held.article.fetched_at) and not contents.is_canceled(key[0]):
                left.discard(key)
                yield held

    def _versions(self) -> Iterator[Held]:
        """What was sent by itself; an earlier replay's records are no history."""
        with self._consumer() as consumer:
            waiting = {tp for tp, end in self._ends.items() if self._starts[tp] < end}
            consumer.assign(sorted(waiting))
            for tp in waiting:
                consumer.seek(tp, self._starts[tp])
            while waiting:
                polled = consumer.poll(timeout_ms=int(_SILENT_S * 1000), max_records=500)
                if not polled:
                    raise KafkaUnavailableError(f"nothing of {self._topic} came for {_SILENT_S:g} s")
                for tp, records in polled.items():
                    for record in records:
                        if record.offset < self._ends[tp] and (held := _held(record)) is not None:
                            yield held
                    if records[-1].offset + 1 >= self._ends[tp]:
                        waiting.discard(tp)

    @contextmanager
    def _consumer(self) -> Generator[Any]:
        try:
            consumer = _CONSUMER(
                bootstrap_servers=self._bootstrap.split(","),
                enable_auto_commit=False,
                allow_auto_create_topics=False,
                bootstrap_timeout_ms=int(_WITHIN_S * 1000),
                max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
            )
            try:
                yield consumer
            finally:
                consumer.close()
        except (KafkaError, OSError) as error:
            raise KafkaUnavailableError(f"Kafka at {self._bootstrap} doesn't answer: {error!r}") from error


def _held(record: Any) -> Held | None:
    if any(name == REPLAY_HEADER for name, _ in record.headers or ()):
        return None
    try:
        return Held(EnrichedArticle.decode(record.value), record.partition)
    except DecodeError:  # it never rang, either
        return None
