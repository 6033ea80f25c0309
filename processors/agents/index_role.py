"""The role index: [articles.enriched], [alerts], [articles.dead] and the roles' minutes into Elasticsearch."""
# pyright: reportUnknownMemberType=false, reportUntypedFunctionDecorator=false, reportUnusedFunction=false

import asyncio
from dataclasses import replace
from typing import Any

import structlog

from processors.agents.app import RoleSettings, attach, role_app
from processors.agents.flow import Flow, FlowLimits
from processors.agents.index import Index, IndexStep
from processors.agents.role import Role, role_minutes, utc_now, words_loaded
from processors.agents.sender import KafkaSender
from schemas.alerts import Alert
from schemas.articles import EnrichedArticle
from schemas.dead_letters import DeadLetter
from schemas.errors import ServiceError
from schemas.pipeline import PipelineMinute

_log = structlog.get_logger()
_RETRY_S = 2.0
_APART = 2.5
"""Times the linger: a request costs Elasticsearch some 7 ms, whatever it holds. What comes alone doesn't wait for that."""


def index_role(settings: RoleSettings, limits: FlowLimits, index: Index) -> Role:
    """[articles.enriched], [alerts], [articles.dead] and the roles' minutes into Elasticsearch."""
    app = role_app(settings)
    topics = settings.topics
    sender = KafkaSender(settings.kafka_bootstrap)
    minutes = role_minutes(app, "index", settings, sender, [topics.enriched, topics.alerts, topics.dead])
    articles = IndexStep(EnrichedArticle, index.write_articles, sender=sender, topics=topics, now=utc_now)
    alerts = IndexStep(Alert, index.write_alerts, sender=sender, topics=topics, now=utc_now)
    # A dead letter that can't be indexed stays in its topic: a letter about a letter would never end.
    dead = IndexStep(
        DeadLetter, index.write_dead_letters, sender=sender, topics=topics, now=utc_now, dead_letters=False
    )
    # A minute that can't be indexed is a gap in a chart.
    told = IndexStep(
        PipelineMinute, index.write_pipeline, sender=sender, topics=topics, now=utc_now, dead_letters=False
    )
    apart = replace(limits, apart_s=_APART * limits.linger_s)
    flows = {
        topics.enriched: Flow("index", articles, apart, on_done=minutes.add),
        topics.alerts: Flow("index-alerts", alerts, apart),
        topics.dead: Flow("index-dead", dead, limits),
        topics.pipeline: Flow("index-pipeline", told, limits, quiet=True),
    }
    attach(app, flows.items())

    @app.on_before_shutdown.connect
    async def close(*_: Any, **__: Any) -> None:
        await index.close()

    prepared: list[bool] = []

    @app.task()
    async def prepare() -> None:
        while not prepared:
            try:
                await index.prepare()
            except ServiceError as error:
                _log.warning("index can't be prepared, trying again", error=str(error))
                await asyncio.sleep(_RETRY_S)
            else:
                prepared.append(True)

    words = words_loaded(app)
    return Role("index", app, list(flows.values()), lambda: bool(prepared) and words())
