"""The role enrich: [articles.raw] to [articles.enriched]."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportUntypedFunctionDecorator=false, reportUnusedFunction=false

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog

from processors.agents.app import RoleSettings, attach, owned, role_app, run_or_exit
from processors.agents.enrich import EnrichStep
from processors.agents.enrich_state import EnrichState
from processors.agents.enrichment import PooledEnrichment
from processors.agents.flow import Flow, FlowLimits
from processors.agents.membership import membership
from processors.agents.memories import MemoriesOnDisk
from processors.agents.records import Done, Record, Step
from processors.agents.restore import StateKeeper
from processors.agents.role import Role, role_minutes, utc_now
from processors.agents.sender import KafkaSender
from processors.ner.choice import NameModels
from schemas.errors import ServiceError

_log = structlog.get_logger()
_LOOK_EVERY_S = 0.5
_APART_S = 0.04
"""At 50 articles a second two go through the line together, and wait 20 ms for that; at 5 none waits."""


def enrich_role(
    settings: RoleSettings, limits: FlowLimits, *, article_limit_s: float, versions_id: str, names: NameModels
) -> Role:
    """[articles.raw] to [articles.enriched].

    `versions_id` names the very changelog of the memories: a copy on disk of another one is thrown away.
    """
    app = role_app(settings)
    topics = settings.topics
    sender = KafkaSender(settings.kafka_bootstrap, membership(app).is_sure)
    enrichment = PooledEnrichment(limit_s=article_limit_s, names=names)
    models = enrichment.begin()
    memories = MemoriesOnDisk(Path(settings.datadir) / "memories.sqlite", f"{topics.versions} {versions_id}")
    state = EnrichState(memories)
    keeper = StateKeeper(settings.kafka_bootstrap, topics, state)
    step = EnrichStep(state=state, enrichment=enrichment, sender=sender, topics=topics, now=utc_now)
    minutes = role_minutes(app, "enrich", settings, sender, [topics.raw])
    prompt = replace(limits.prompt, apart_s=_APART_S)
    flow = Flow("enrich", _WithState(keeper, step), prompt, on_done=minutes.add)
    attach(app, [(topics.raw, flow)])

    @app.on_partitions_revoked.connect
    async def forget(_app: Any, revoked: Any, **_: Any) -> None:
        async with step.at_rest():
            keeper.forget({tp.partition for tp in revoked if tp.topic == topics.raw})

    @app.task()
    async def warm() -> None:
        await run_or_exit("enrich", lambda: asyncio.wrap_future(models))

    @app.task()
    async def look() -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            if not app.rebalancing:
                await _release(step, keeper, owned(app, topics.raw))

    def loaded() -> bool:
        return models.done() and keeper.known.issuperset(owned(app, topics.raw))

    return Role("enrich", app, [flow], loaded, [enrichment.close, memories.close])


async def _release(step: EnrichStep, keeper: StateKeeper, mine: Sequence[int]) -> None:
    """Have the state of the partitions that are owned now, and send on what has waited long enough in them."""
    try:
        await keeper.ensure(mine)
        released = await step.release_due(keeper.known.intersection(mine))
    except ServiceError as error:
        _log.warning("embargoed articles wait for another try", error=str(error))
    else:
        if released:
            _log.info("embargoed articles released", articles=released)


class _WithState:
    """The enrich step, with the state of a partition complete before its first record is decided."""

    def __init__(self, keeper: StateKeeper, step: Step) -> None:
        self._keeper = keeper
        self._step = step

    async def process(self, batch: Sequence[Record]) -> Sequence[Done]:
        await self._keeper.ensure({record.partition for record in batch})
        return await self._step.process(batch)
