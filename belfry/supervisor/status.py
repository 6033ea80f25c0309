"""What runs, and what became of every record.

Each record of articles.raw counts once, however often it is read:
- received: the end offsets of articles.raw, which only grow, whatever retention deletes;
- repeated, held: enrich's tallies (processors/counts.py);
- dead: enrich's tallies, and what the index refused (distinct dead letters of that stage);
- indexed: what enrich sent on, less what the index refused, less what the index role has still to read.
So received = repeated + indexed + dead + held once all lag is 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from belfry.addresses import read_state
from belfry.search.names import IndexNames
from belfry.settings import Settings
from belfry.supervisor.children import read_heartbeats
from belfry.supervisor.detached import running
from belfry.supervisor.supervise import run_dir
from processors.counts import Tally
from schemas.errors import KafkaUnavailableError, SearchUnavailableError, ServiceError
from schemas.topics import Topics

_TIMEOUT_MS = 10_000


@dataclass(frozen=True)
class Counts:
    """Since BELFRY_HOME was made. See the module for what each is."""

    received: int
    repeated: int
    indexed: int
    dead: int
    held: int
    alerts: int
    delivered: int


@dataclass(frozen=True)
class Process:
    """A process of the stack."""

    role: str
    pid: int
    ready: bool


@dataclass(frozen=True)
class Status:
    """One look at the stack. `counts` and `lag` are None where a server doesn't answer; `problems` says which."""

    running: bool
    processes: tuple[Process, ...]
    kafka: str | None
    elasticsearch: str | None
    web: str | None
    counts: Counts | None
    lag: Mapping[str, int] | None
    problems: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """As `belfry status --json` prints it."""
        return asdict(self)


@dataclass(frozen=True)
class KafkaFigures:
    """What Kafka knows: end offsets and tallies summed over partitions, lag by role."""

    received: int
    tally: Tally
    lag: Mapping[str, int]


def status(config: Settings) -> Status:
    """What runs under the home (or on the servers that the settings name), and the counts."""
    state = running(config.home)
    kafka = config.kafka_bootstrap or (state.kafka_bootstrap if state else None)
    elasticsearch = config.elasticsearch_url or (state.elasticsearch_url if state else None)
    processes = [Process(h.role, h.pid, h.ready) for h in read_heartbeats(run_dir(config.home))]
    if state is not None:
        processes.insert(0, Process("supervisor", state.supervisor_pid, state.ready))
    problems: list[str] = []
    counts: Counts | None = None
    lag: Mapping[str, int] | None = None
    if kafka and elasticsearch:
        try:
            figures = kafka_figures(kafka, config.topics)
            lag = figures.lag
            counts = counted(figures, *index_figures(elasticsearch, IndexNames(config.index_prefix)))
        except ServiceError as error:
            problems.append(str(error))
    return Status(
        running=state is not None,
        processes=tuple(processes),
        kafka=kafka,
        elasticsearch=elasticsearch,
        web=(read := read_state(config.home)) and read.web_url,
        counts=counts,
        lag=lag,
        problems=tuple(problems),
    )


def counted(figures: KafkaFigures, refused: int, alerts: int) -> Counts:
    """The counts from Kafka's figures, the number of articles that the index refused, and of alerts in the index."""
    tally = figures.tally
    return Counts(
        received=figures.received,
        repeated=tally.repeated,
        indexed=max(0, tally.forwarded - refused - figures.lag["index"]),
        dead=tally.dead + refused,
        held=tally.held,
        alerts=alerts,
        delivered=0,
    )


def index_figures(url: str, names: IndexNames) -> tuple[int, int]:
    """How many articles the index refused, and how many alerts it holds. Raises SearchUnavailableError."""
    client = Elasticsearch(url, request_timeout=_TIMEOUT_MS / 1000, max_retries=0)
    try:
        client.indices.refresh(index=f"{names.alerts},{names.dead_letters}", ignore_unavailable=True)
        refused = _count(client, names.dead_letters, {"term": {"stage": "index"}})
        return refused, _count(client, names.alerts, {"match_all": {}})
    except (ApiError, TransportError) as error:
        raise SearchUnavailableError(f"Elasticsearch at {url} doesn't answer: {error}") from error
    finally:
        client.close()


def _count(client: Elasticsearch, index: str, query: dict[str, Any]) -> int:
    try:
        return int(client.count(index=index, query=query)["count"])
    except NotFoundError:
        return 0


def kafka_figures(bootstrap: str, topics: Topics) -> KafkaFigures:
    """End offsets, tallies and lag. Raises KafkaUnavailableError."""
    try:
        consumer = KafkaConsumer(
            bootstrap_servers=bootstrap.split(","),
            enable_auto_commit=False,
            consumer_timeout_ms=_TIMEOUT_MS,
            request_timeout_ms=_TIMEOUT_MS,
            bootstrap_timeout_ms=_TIMEOUT_MS,
        )
        admin = KafkaAdminClient(bootstrap_servers=bootstrap.split(","), request_timeout_ms=_TIMEOUT_MS)
    except (KafkaError, OSError) as error:
        raise KafkaUnavailableError(f"Kafka at {bootstrap} doesn't answer: {error}") from error
    try:
        raw = _ends(consumer, topics.raw)
        reads = {"enrich": [topics.raw], "match": [topics.enriched]}
        reads["index"] = [topics.enriched]
        reads["index-alerts"] = [topics.alerts]
        reads["index-dead"] = [topics.dead]
        lag = {
            name: _lag(consumer, admin, f"{topics.prefix}{name.split('-')[0]}", read) for name, read in reads.items()
        }
        return KafkaFigures(received=sum(raw.values()), tally=_tally(consumer, topics.counts), lag=lag)
    except (KafkaError, OSError) as error:
        raise KafkaUnavailableError(f"Kafka at {bootstrap} doesn't answer: {error}") from error
    finally:
        consumer.close()
        admin.close()


def _partitions(consumer: KafkaConsumer, topic: str) -> list[TopicPartition]:
    return [TopicPartition(topic, partition) for partition in sorted(consumer.partitions_for_topic(topic) or ())]


def _ends(consumer: KafkaConsumer, topic: str) -> dict[TopicPartition, int]:
    return consumer.end_offsets(_partitions(consumer, topic))


def _lag(consumer: KafkaConsumer, admin: KafkaAdminClient, group: str, read: Sequence[str]) -> int:
    committed = admin.list_group_offsets(group)
    total = 0
    for topic in read:
        for partition, end in _ends(consumer, topic).items():
            found = committed.get(partition)
            total += max(0, end - (found.offset if found is not None and found.offset > 0 else 0))
    return total


def _tally(consumer: KafkaConsumer, topic: str) -> Tally:
    """The tallies of all partitions, summed."""
    total = Tally()
    partitions = _partitions(consumer, topic)
    ends, begins = consumer.end_offsets(partitions), consumer.beginning_offsets(partitions)
    wanted = [partition for partition in partitions if ends[partition] > begins[partition]]
    consumer.assign(wanted)
    for partition in wanted:
        consumer.seek(partition, ends[partition] - 1)
    waiting = set(wanted)
    for record in consumer:
        waiting.discard(TopicPartition(record.topic, record.partition))
        last = Tally.model_validate_json(record.value)
        total = Tally(
            repeated=total.repeated + last.repeated,
            forwarded=total.forwarded + last.forwarded,
            held=total.held + last.held,
            dead=total.dead + last.dead,
        )
        if not waiting:
            break
    if waiting:
        raise KafkaUnavailableError(f"{topic} can't be read to its end within {_TIMEOUT_MS / 1000:.0f} s")
    return total
