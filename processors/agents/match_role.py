"""The role match: [articles.enriched] against all subscriptions, bells to [alerts]."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportUntypedFunctionDecorator=false, reportUnusedFunction=false

import asyncio
from collections.abc import Sequence

from processors.agents.app import RoleSettings, attach, role_app
from processors.agents.flow import Flow, FlowLimits
from processors.agents.live_subscriptions import LiveSubscriptions
from processors.agents.match import MatchStep
from processors.agents.records import Done, Record, Step
from processors.agents.role import Role, role_minutes, utc_now, words_loaded
from processors.agents.sender import KafkaSender
from processors.matching.matcher import Matcher


def match_role(settings: RoleSettings, limits: FlowLimits, matcher: Matcher) -> Role:
    """[articles.enriched] against all subscriptions, bells to [alerts]."""
    app = role_app(settings)
    topics = settings.topics
    sender = KafkaSender(settings.kafka_bootstrap)
    subscriptions = LiveSubscriptions(settings.kafka_bootstrap, topics.subscriptions, matcher)
    step = MatchStep(subscriptions=subscriptions, sender=sender, topics=topics, now=utc_now)
    minutes = role_minutes(app, "match", settings, sender, [topics.enriched])
    flow = Flow("match", _After(subscriptions.ready, step), limits.prompt, on_done=minutes.add)
    attach(app, [(topics.enriched, flow)])

    @app.task()
    async def follow() -> None:
        await subscriptions.follow()

    loaded = words_loaded(app)
    return Role("match", app, [flow], lambda: subscriptions.ready.is_set() and loaded())


class _After:
    """A step that waits for something before its first batch."""

    def __init__(self, ready: asyncio.Event, step: Step) -> None:
        self._ready = ready
        self._step = step

    async def process(self, batch: Sequence[Record]) -> Sequence[Done]:
        await self._ready.wait()
        return await self._step.process(batch)
