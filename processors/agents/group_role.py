"""The role group: enriched articles by language to [articles.enriched], each with its story."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportUntypedFunctionDecorator=false, reportUnusedFunction=false

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog

from processors.agents.app import RoleSettings, attach, owned, role_app
from processors.agents.flow import Flow, FlowLimits
from processors.agents.group import GroupState, GroupStep
from processors.agents.group_keeper import GroupKeeper
from processors.agents.membership import membership
from processors.agents.records import Done, Record, Step
from processors.agents.role import Role, role_minutes, utc_now
from processors.agents.sender import KafkaSender
from schemas.errors import ServiceError

_log = structlog.get_logger()
_LOOK_EVERY_S = 0.5
_FORGET_EVERY_S = 30.0


def group_role(settings: RoleSettings, limits: FlowLimits, *, window: timedelta, at_most: int) -> Role:
    """Enriched articles by language to [articles.enriched], each with its story.

    Copies are found within `window`, among the last `at_most` articles of a partition.
    """
    app = role_app(settings)
    topics = settings.topics
    sender = KafkaSender(settings.kafka_bootstrap, membership(app).is_sure)
    state = GroupState(window, at_most)
    keeper = GroupKeeper(settings.kafka_bootstrap, topics, state)
    step = GroupStep(state=state, sender=sender, topics=topics, now=utc_now)
    minutes = role_minutes(app, "group", settings, sender, [topics.to_group])
    flow = Flow("group", _WithStories(keeper, step), limits.prompt, on_done=minutes.add)
    attach(app, [(topics.to_group, flow)])

    @app.on_partitions_revoked.connect
    async def forget(_app: Any, revoked: Any, **_: Any) -> None:
        async with step.at_rest():
            keeper.forget({tp.partition for tp in revoked if tp.topic == topics.to_group})

    @app.task()
    async def look() -> None:
        forgotten_at = 0.0
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            if app.rebalancing:
                continue
            mine = owned(app, topics.to_group)
            is_due = app.loop.time() - forgotten_at > _FORGET_EVERY_S
            if await _looked_after(step, keeper, mine, forget=is_due) and is_due:
                forgotten_at = app.loop.time()

    return Role("group", app, [flow], lambda: keeper.known.issuperset(owned(app, topics.to_group)))


async def _looked_after(step: GroupStep, keeper: GroupKeeper, mine: Sequence[int], *, forget: bool) -> bool:
    """Have the stories of the partitions that are owned now, and forget what is outdated in them. False where that waits."""
    try:
        await keeper.ensure(mine)
        forgotten = 0
        while forget and (some := await step.forget_outdated(keeper.known.intersection(mine))):
            forgotten += some
    except ServiceError as error:
        _log.warning("stories wait for another try", error=str(error))
        return False
    if forgotten:
        _log.info("outdated articles forgotten", articles=forgotten)
    return True


class _WithStories:
    """The group step, with the stories of a partition complete before its first article is placed."""

    def __init__(self, keeper: GroupKeeper, step: Step) -> None:
        self._keeper = keeper
        self._step = step

    async def process(self, batch: Sequence[Record]) -> Sequence[Done]:
        await self._keeper.ensure({record.partition for record in batch})
        return await self._step.process(batch)
