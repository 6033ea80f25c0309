"""The roles as Faust apps: which topics each reads, through which steps, with which state."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportUntypedFunctionDecorator=false, reportUnusedFunction=false

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import structlog

from processors.agents.app import RoleSettings, attach, lag, owned, role_app, settled
from processors.agents.enrich import EnrichStep
from processors.agents.enrich_state import EnrichState
from processors.agents.enrichment import PooledEnrichment
from processors.agents.flow import Flow, FlowLimits
from processors.agents.index import Index, IndexStep
from processors.agents.live_subscriptions import LiveSubscriptions
from processors.agents.match import MatchStep
from processors.agents.memories import MemoriesOnDisk
from processors.agents.minutes import Minutes
from processors.agents.records import Done, Outgoing, Record, Step
from processors.agents.restore import StateKeeper
from processors.agents.sender import KafkaSender
from processors.matching.matcher import Matcher
from schemas.alerts import Alert
from schemas.articles import EnrichedArticle
from schemas.dead_letters import DeadLetter
from schemas.errors import ServiceError
from schemas.pipeline import PipelineMinute

_log = structlog.get_logger()
_LOOK_EVERY_S = 0.5
_TELL_EVERY_S = 10.0


@dataclass
class Role:
    """A role that can be run: its Faust app, its flows, and whether it is ready to work."""

    name: str
    app: Any
    flows: list[Flow]
    loaded: Callable[[], bool] = lambda: True
    closers: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    def is_ready(self) -> bool:
        """Partitions are assigned, state, models and subscriptions loaded."""
        return settled(self.app) and self.loaded()


def _now() -> datetime:
    return datetime.now(UTC)


def enrich_role(settings: RoleSettings, limits: FlowLimits, *, article_limit_s: float, versions_id: str) -> Role:
    """[articles.raw] to [articles.enriched].

    `versions_id` names the very changelog of the memories: a copy on disk of another one is thrown away.
    """
    app = role_app(settings)
    topics = settings.topics
    sender = KafkaSender(settings.kafka_bootstrap)
    enrichment = PooledEnrichment(limit_s=article_limit_s)
    memories = MemoriesOnDisk(Path(settings.datadir) / "memories.sqlite", f"{topics.versions} {versions_id}")
    state = EnrichState(memories)
    keeper = StateKeeper(settings.kafka_bootstrap, topics, state)
    step = EnrichStep(state=state, enrichment=enrichment, sender=sender, topics=topics, now=_now)
    minutes = _minutes(app, "enrich", settings, sender, [topics.raw])
    flow = Flow("enrich", _WithState(keeper, step), limits, on_done=minutes.add)
    attach(app, [(topics.raw, flow)])
    warmed: list[bool] = []

    @app.on_partitions_revoked.connect
    async def forget(_app: Any, revoked: Any, **_: Any) -> None:
        async with step.at_rest():
            keeper.forget({tp.partition for tp in revoked if tp.topic == topics.raw})

    @app.task()
    async def warm() -> None:
        await enrichment.warm()
        warmed.append(True)

    @app.timer(interval=_LOOK_EVERY_S)
    async def release() -> None:
        if app.rebalancing:
            return
        mine = owned(app, topics.raw)
        try:
            await keeper.ensure(mine)
            released = await step.release_due(keeper.known.intersection(mine))
        except ServiceError as error:
            _log.warning("embargoed articles wait for another try", error=str(error))
        else:
            if released:
                _log.info("embargoed articles released", articles=released)

    def loaded() -> bool:
        return bool(warmed) and keeper.known.issuperset(owned(app, topics.raw))

    return Role("enrich", app, [flow], loaded, [enrichment.close, memories.close])


def index_role(settings: RoleSettings, limits: FlowLimits, index: Index) -> Role:
    """[articles.enriched], [alerts], [articles.dead] and the roles' minutes into Elasticsearch."""
    app = role_app(settings)
    topics = settings.topics
    sender = KafkaSender(settings.kafka_bootstrap)
    minutes = _minutes(app, "index", settings, sender, [topics.enriched, topics.alerts, topics.dead])
    articles = IndexStep(EnrichedArticle, index.write_articles, sender=sender, topics=topics, now=_now)
    alerts = IndexStep(Alert, index.write_alerts, sender=sender, topics=topics, now=_now)
    # A dead letter that can't be indexed stays in its topic: a letter about a letter would never end.
    dead = IndexStep(DeadLetter, index.write_dead_letters, sender=sender, topics=topics, now=_now, dead_letters=False)
    # A minute that can't be indexed is a gap in a chart.
    told = IndexStep(PipelineMinute, index.write_pipeline, sender=sender, topics=topics, now=_now, dead_letters=False)
    flows = {
        topics.enriched: Flow("index", articles, limits, on_done=minutes.add),
        topics.alerts: Flow("index-alerts", alerts, limits),
        topics.dead: Flow("index-dead", dead, limits),
        topics.pipeline: Flow("index-pipeline", told, limits),
    }
    attach(app, flows.items())
    return Role("index", app, list(flows.values()))


def match_role(settings: RoleSettings, limits: FlowLimits, matcher: Matcher) -> Role:
    """[articles.enriched] against all subscriptions, bells to [alerts]."""
    app = role_app(settings)
    topics = settings.topics
    sender = KafkaSender(settings.kafka_bootstrap)
    subscriptions = LiveSubscriptions(settings.kafka_bootstrap, topics.subscriptions, matcher)
    step = MatchStep(subscriptions=subscriptions, sender=sender, topics=topics, now=_now)
    minutes = _minutes(app, "match", settings, sender, [topics.enriched])
    flow = Flow("match", _After(subscriptions.ready, step), limits, on_done=minutes.add)
    attach(app, [(topics.enriched, flow)])

    @app.task()
    async def follow() -> None:
        await subscriptions.follow()

    return Role("match", app, [flow], subscriptions.ready.is_set)


def _minutes(
    app: Any,
    role: Literal["enrich", "index", "match"],
    settings: RoleSettings,
    sender: KafkaSender,
    read: Sequence[str],
) -> Minutes:
    """Minutes that are sent on their way every few seconds, and once more when the role ends."""
    minutes = Minutes(role, settings.worker, _now)

    async def tell() -> None:
        told = minutes.so_far(lag(app, read))
        try:
            await sender.send_all(
                [Outgoing(settings.topics.pipeline, each.document_id.encode(), each.encode()) for each in told]
            )
        except ServiceError as error:
            _log.warning("figures wait for another try", error=str(error))
        else:
            minutes.written(told)

    @app.timer(interval=_TELL_EVERY_S)
    async def tell_often() -> None:
        if not app.rebalancing:
            await tell()

    @app.on_before_shutdown.connect
    async def tell_last(*_: Any, **__: Any) -> None:
        await tell()
        await sender.close()

    return minutes


class _After:
    """A step that waits for something before its first batch."""

    def __init__(self, ready: asyncio.Event, step: Step) -> None:
        self._ready = ready
        self._step = step

    async def process(self, batch: Sequence[Record]) -> Sequence[Done]:
        await self._ready.wait()
        return await self._step.process(batch)


class _WithState:
    """The enrich step, with the state of a partition complete before its first record is decided."""

    def __init__(self, keeper: StateKeeper, step: Step) -> None:
        self._keeper = keeper
        self._step = step

    async def process(self, batch: Sequence[Record]) -> Sequence[Done]:
        await self._keeper.ensure({record.partition for record in batch})
        return await self._step.process(batch)
