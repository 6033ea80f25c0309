"""What Kafka and Elasticsearch know of every record: ends, commits, tallies, refusals.

kafka-python has no types; its objects stay in this module.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from kafka import KafkaConsumer
from kafka.errors import KafkaError
from kafka.structs import TopicPartition

from belfry.search.names import IndexNames
from belfry.stack.admin import kafka_admin
from processors.counts import Tally
from schemas.errors import KafkaUnavailableError, SearchUnavailableError
from schemas.topics import Topics

_WITHIN_S = 10.0
_CONSUMER: Any = KafkaConsumer


@dataclass(frozen=True)
class KafkaFigures:
    """What Kafka knows.

    Records of articles.raw ever sent, enrich's tally of them, bells that notify delivered, records not yet read by flow.
    """

    received: int
    tally: Tally
    delivered: int
    lag: Mapping[str, int]


@dataclass(frozen=True)
class IndexFigures:
    """What the index knows: articles of articles.raw that it refused, and bells."""

    refused: int
    alerts: int


def kafka_figures(bootstrap: str, topics: Topics) -> KafkaFigures:
    """The figures now. Raises KafkaUnavailableError. A topic that isn't there counts as empty."""
    try:
        with kafka_admin(bootstrap, within_s=_WITHIN_S) as admin:
            consumer = _CONSUMER(
                bootstrap_servers=bootstrap.split(","),
                enable_auto_commit=False,
                allow_auto_create_topics=False,
                bootstrap_timeout_ms=int(_WITHIN_S * 1000),
                consumer_timeout_ms=int(_WITHIN_S * 1000),
            )
            try:
                return _figures(consumer, admin, topics)
            finally:
                consumer.close()
    except (KafkaError, OSError) as error:
        raise KafkaUnavailableError(f"Kafka at {bootstrap} doesn't answer: {error!r}") from error


def index_figures(url: str, names: IndexNames) -> IndexFigures:
    """The figures now. Raises SearchUnavailableError."""
    client = Elasticsearch(url, request_timeout=_WITHIN_S, max_retries=0)
    try:
        client.indices.refresh(index=f"{names.alerts},{names.dead_letters}", ignore_unavailable=True)
        # Only what came from articles.raw: alerts that can't be indexed are dead letters of that stage, too.
        refused = {"bool": {"filter": [{"terms": {"stage": ["group", "index"]}}, {"exists": {"field": "origin"}}]}}
        return IndexFigures(
            _count(client, names.dead_letters, refused), _count(client, names.alerts, {"match_all": {}})
        )
    except (ApiError, TransportError) as error:
        raise SearchUnavailableError(f"Elasticsearch at {url} doesn't answer: {error}") from error
    finally:
        client.close()


def _count(client: Elasticsearch, index: str, query: dict[str, Any]) -> int:
    try:
        return int(client.count(index=index, query=query)["count"])
    except NotFoundError:
        return 0


def _figures(consumer: Any, admin: Any, topics: Topics) -> KafkaFigures:
    reads = {
        "enrich": (topics.raw, "enrich"),
        "group": (topics.to_group, "group"),
        "index": (topics.enriched, "index"),
        "index-alerts": (topics.alerts, "index"),
        "index-dead": (topics.dead, "index"),
        "match": (topics.enriched, "match"),
        "notify": (topics.alerts, "notify"),
    }
    # Commits before ends: what is read in between is then counted as lag, never missed.
    groups = {group: f"{topics.prefix}{group}" for _, group in reads.values()}
    commits = {group: _commits(admin, name) for group, name in groups.items()}
    ends = {topic: _ends(consumer, topic) for topic, _ in reads.values()}
    return KafkaFigures(
        received=sum(ends[topics.raw].values()),
        tally=_tally(consumer, topics.counts),
        delivered=sum(int(value) for value in _last_values(consumer, topics.notify_counts)),
        lag={flow: _lag(consumer, ends[topic], commits[group]) for flow, (topic, group) in reads.items()},
    )


def _commits(admin: Any, group: str) -> Mapping[TopicPartition, int]:
    found = admin.list_group_offsets(group)[group]
    return {tp: committed.offset for tp, committed in found.items() if committed.offset >= 0}


def _partitions(consumer: Any, topic: str) -> list[TopicPartition]:
    return [TopicPartition(topic, partition) for partition in sorted(consumer.partitions_for_topic(topic) or ())]


def _ends(consumer: Any, topic: str) -> dict[TopicPartition, int]:
    partitions = _partitions(consumer, topic)
    return consumer.end_offsets(partitions) if partitions else {}


def _lag(consumer: Any, ends: Mapping[TopicPartition, int], commits: Mapping[TopicPartition, int]) -> int:
    unread: Sequence[TopicPartition] = [tp for tp in ends if tp not in commits]
    begins: Mapping[TopicPartition, int] = consumer.beginning_offsets(unread) if unread else {}
    return sum(max(0, end - commits.get(tp, begins.get(tp, 0))) for tp, end in ends.items())


def _tally(consumer: Any, topic: str) -> Tally:
    """The tallies of all partitions, summed."""
    tallies = [Tally.model_validate_json(value) for value in _last_values(consumer, topic)]
    return Tally(
        repeated=sum(tally.repeated for tally in tallies),
        forwarded=sum(tally.forwarded for tally in tallies),
        held=sum(tally.held for tally in tallies),
        dead=sum(tally.dead for tally in tallies),
    )


def _last_values(consumer: Any, topic: str) -> Sequence[bytes]:
    """The last value of each partition that has any. Raises OSError where they can't be read in time."""
    partitions = _partitions(consumer, topic)
    if not partitions:
        return ()
    ends, begins = consumer.end_offsets(partitions), consumer.beginning_offsets(partitions)
    waiting = {tp for tp in partitions if ends[tp] > begins[tp]}
    consumer.assign(sorted(waiting))
    for tp in waiting:
        consumer.seek(tp, ends[tp] - 1)
    last: dict[int, bytes] = {}
    if waiting:
        for record in consumer:
            last[record.partition] = record.value
            waiting.discard(TopicPartition(record.topic, record.partition))
            if not waiting:
                break
    if waiting:
        raise OSError(f"{topic} can't be read to its end within {_WITHIN_S:g} s")
    return tuple(last.values())
