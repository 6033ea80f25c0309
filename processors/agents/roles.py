"""The roles as Faust apps: which topics each reads, through which steps, with which state."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportAttributeAccessIssue=false, reportMissingTypeStubs=false, reportUnknownParameterType=false
# pyright: reportUntypedFunctionDecorator=false, reportUnusedFunction=false

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from processors.agents.app import RoleSettings, attach, role_app
from processors.agents.enrich import EnrichState, EnrichStep
from processors.agents.enrichment import PooledEnrichment
from processors.agents.flow import Flow, FlowLimits
from processors.agents.index import Index, IndexStep
from processors.agents.live_subscriptions import LiveSubscriptions
from processors.agents.match import MatchStep
from processors.agents.records import Record
from processors.agents.sender import KafkaSender
from processors.counts import Tally
from processors.matching.matcher import Matcher
from schemas.alerts import Alert
from schemas.articles import EnrichedArticle
from schemas.dead_letters import DeadLetter
from schemas.errors import KafkaUnavailableError, ServiceError

_log = structlog.get_logger()
_RELEASE_EVERY_S = 1.0


@dataclass
class Role:
    """A role that can be run: its Faust app, its flows, and whether it is ready to work."""

    name: str
    app: Any
    flows: list[Flow]
    sender: KafkaSender
    loaded: Callable[[], bool] = lambda: True
    closers: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    def is_ready(self) -> bool:
        """Partitions are assigned, tables recovered, models and subscriptions loaded."""
        if not self.app.started or self.app.rebalancing or not self.loaded():
            return False
        return bool(self.app.consumer.assignment()) and not self.app.in_transaction


def _now() -> datetime:
    return datetime.now(UTC)


def enrich_role(settings: RoleSettings, limits: FlowLimits, *, article_limit_s: float) -> Role:
    """[articles.raw] to [articles.enriched]. Its tables are recovered from their changelogs before it reads."""
    app = role_app(settings)
    topics = settings.topics
    sender = KafkaSender(settings.kafka_bootstrap)
    enrichment = PooledEnrichment(limit_s=article_limit_s)
    state = EnrichState(
        memories=_table(app, "versions", topics.versions, topics.partitions),
        held=_table(app, "held", topics.held, topics.partitions),
    )
    step = EnrichStep(state=state, enrichment=enrichment, sender=sender, topics=topics, now=_now)
    tallies = _Tallies(settings, state, step)
    flow = Flow("enrich", tallies, limits)
    attach(app, topics.raw, flow)
    warmed: list[bool] = []

    @app.on_partitions_revoked.connect
    async def forget(_app: Any, revoked: Any, **_: Any) -> None:
        tallies.forget({tp.partition for tp in revoked if tp.topic == topics.raw})

    @app.task()
    async def warm() -> None:
        await enrichment.warm()
        warmed.append(True)

    @app.timer(interval=_RELEASE_EVERY_S)
    async def release() -> None:
        if app.rebalancing or not tallies.known:
            return
        owned = [tp.partition for tp in app.consumer.assignment() if tp.topic == topics.raw]
        try:
            released = await step.release_due([partition for partition in owned if partition in tallies.known])
        except ServiceError as error:
            _log.warning("embargoed articles wait for another try", error=str(error))
        else:
            if released:
                _log.info("embargoed articles released", articles=released)

    return Role("enrich", app, [flow], sender, lambda: bool(warmed), [enrichment.close])


def index_role(settings: RoleSettings, limits: FlowLimits, index: Index) -> Role:
    """[articles.enriched], [alerts] and [articles.dead] into Elasticsearch."""
    app = role_app(settings)
    topics = settings.topics
    sender = KafkaSender(settings.kafka_bootstrap)
    articles = IndexStep(EnrichedArticle, index.write_articles, sender=sender, topics=topics, now=_now)
    alerts = IndexStep(Alert, index.write_alerts, sender=sender, topics=topics, now=_now)
    # A dead letter that can't be indexed stays in its topic: a letter about a letter would never end.
    dead = IndexStep(DeadLetter, index.write_dead_letters, sender=sender, topics=topics, now=_now, dead_letters=False)
    flows = [
        Flow("index", articles, limits),
        Flow("index-alerts", alerts, limits),
        Flow("index-dead", dead, limits),
    ]
    for topic, flow in zip((topics.enriched, topics.alerts, topics.dead), flows, strict=True):
        attach(app, topic, flow)
    return Role("index", app, flows, sender)


def match_role(settings: RoleSettings, limits: FlowLimits, matcher: Matcher) -> Role:
    """[articles.enriched] against all subscriptions, bells to [alerts]."""
    app = role_app(settings)
    topics = settings.topics
    sender = KafkaSender(settings.kafka_bootstrap)
    subscriptions = LiveSubscriptions(settings.kafka_bootstrap, topics.subscriptions, matcher)
    step = MatchStep(subscriptions=subscriptions, sender=sender, topics=topics, now=_now)
    flow = Flow("match", _After(subscriptions.ready, step), limits)
    attach(app, topics.enriched, flow)

    @app.task()
    async def follow() -> None:
        await subscriptions.follow()

    return Role("match", app, [flow], sender, subscriptions.ready.is_set)


def _table(app: Any, name: str, changelog: str, partitions: int) -> Any:
    """A Faust table of raw bytes for reading and recovery; who writes it sends the changelog record first, and waits.

    Faust's own `table[key] = value` sends the changelog without waiting: after a kill, an acknowledged article could be
    unknown. So values go into the table's store directly, once their changelog record is acknowledged.
    """
    topic = app.topic(
        changelog,
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        partitions=partitions,
        compacting=True,
        acks=False,
        internal=True,
        allow_empty=True,
    )
    table = app.Table(
        name,
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        partitions=partitions,
        changelog_topic=topic,
    )
    return table.data


class _After:
    """A step that waits for something before its first batch."""

    def __init__(self, ready: asyncio.Event, step: MatchStep) -> None:
        self._ready = ready
        self._step = step

    async def process(self, batch: Sequence[Record]) -> None:
        await self._ready.wait()
        await self._step.process(batch)


class _Tallies:
    """The enrich step, with the tallies of its partitions read before a partition's first record is counted."""

    def __init__(self, settings: RoleSettings, state: EnrichState, step: EnrichStep) -> None:
        self.known: set[int] = set()
        self._settings = settings
        self._state = state
        self._step = step
        self._checked_at = 0.0

    async def process(self, batch: Sequence[Record]) -> None:
        missing = {record.partition for record in batch} - self.known
        if missing:
            self._state.tallies.update(await self._read(missing))
            self.known |= missing
        await self._step.process(batch)

    def forget(self, partitions: set[int]) -> None:
        """Another worker may count these from now on."""
        self.known -= partitions
        for partition in partitions:
            self._state.tallies.pop(partition, None)

    async def _read(self, partitions: set[int]) -> dict[int, Tally]:
        try:
            last = await last_records(self._settings.kafka_bootstrap, self._settings.topics.counts, sorted(partitions))
        except (KafkaError, OSError) as error:
            raise KafkaUnavailableError(f"the tallies can't be read: {error!r}") from error
        return {partition: Tally.model_validate_json(value) for partition, value in last.items()}


async def last_records(bootstrap: str, topic: str, partitions: list[int], timeout_s: float = 15.0) -> dict[int, bytes]:
    """The value of the last record of each partition that has any. Raises KafkaError or OSError."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        tps = [TopicPartition(topic, partition) for partition in partitions]
        consumer.assign(tps)
        ends = await consumer.end_offsets(tps)
        begins = await consumer.beginning_offsets(tps)
        wanted = {tp for tp in tps if ends[tp] > begins[tp]}
        for tp in wanted:
            consumer.seek(tp, ends[tp] - 1)
        for tp in set(tps) - wanted:
            consumer.pause(tp)
        found: dict[int, bytes] = {}
        deadline = time.monotonic() + timeout_s
        while len(found) < len(wanted):
            if time.monotonic() > deadline:
                raise OSError(f"no answer for {topic} within {timeout_s:g} s")
            for tp, records in (await consumer.getmany(timeout_ms=200)).items():
                if records and records[-1].value is not None:
                    found[tp.partition] = records[-1].value
        return found
    finally:
        with contextlib.suppress(KafkaError, OSError):
            await consumer.stop()
