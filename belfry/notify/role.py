"""The role notify: [alerts] to their receivers."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportUntypedFunctionDecorator=false, reportUnusedFunction=false

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import structlog

from belfry.notify.changes import Changelog
from belfry.notify.courier import Channel, Courier, Means
from belfry.notify.desk import Desk, Known
from belfry.notify.following import FollowedTopic
from belfry.notify.keeper import NotifyKeeper
from belfry.notify.lanes import RetryRules
from belfry.notify.pace import Rules
from belfry.notify.step import NotifyStep
from belfry.notify.store import NotifyStore
from belfry.notify.subscribers import CanceledArticles, Subscribers
from processors.agents.app import RoleSettings, attach, owned, role_app, run_or_exit
from processors.agents.flow import Flow, FlowLimits
from processors.agents.membership import membership
from processors.agents.records import Done, Record, Step
from processors.agents.role import Role, role_minutes, utc_now
from processors.agents.sender import KafkaSender
from schemas.errors import ServiceError

_log = structlog.get_logger()

_LOOK_EVERY_S = 0.25
_FORGET_EVERY_S = 60.0
_LET_GO_WITHIN_S = 5.0
_CLOSE_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """What notify needs beyond a role's settings. The ids name the very topics of the alerts and of the changelog."""

    channel_for: Callable[[str], Channel]
    close_channels: Callable[[], Awaitable[None]]
    alerts_id: str
    state_id: str
    rules: Rules
    retry: RetryRules


def notify_role(settings: RoleSettings, limits: FlowLimits, notify: NotifySettings) -> Role:
    """[alerts] to their receivers."""
    app = role_app(settings)
    topics = settings.topics
    member = membership(app)
    sender = KafkaSender(settings.kafka_bootstrap, member.is_sure)
    store = NotifyStore(Path(settings.datadir) / "notify.sqlite", f"{topics.notify_state} {notify.state_id}")
    subscribers, canceled = Subscribers(), CanceledArticles()
    followed = [
        FollowedTopic(settings.kafka_bootstrap, topics.subscriptions, subscribers.apply),
        FollowedTopic(settings.kafka_bootstrap, topics.canceled, canceled.apply),
    ]
    known = Known(store, subscribers, canceled, notify.alerts_id)
    keeper = NotifyKeeper(settings.kafka_bootstrap, topics, store)
    changelog = Changelog(store, sender, topics, keeper.owns)
    means = Means(known, changelog, sender, topics, notify.channel_for, keeper.owns, utc_now, is_sure=member.is_sure)
    courier = Courier(means, notify.retry, Random())  # noqa: S311 jitter
    desk = Desk(known, changelog, notify.rules, utc_now, courier.offer)
    courier.owners = desk
    changed: set[str] = set()

    def got(partitions: Iterable[int]) -> None:
        # Whatever was changed while they were another's, or nobody's, was not noted here.
        changed.update(store.waited_for(partitions))
        changelog.got(partitions)
        courier.got(partitions)

    def note_change(subscription_id: str) -> None:
        changed.add(subscription_id)
        courier.changed(subscription_id)

    keeper.on_got = got
    subscribers.on_change = note_change
    # A sender of their own, which they close: what is delivered while the role ends must still be written.
    minutes = role_minutes(app, "notify", settings, KafkaSender(settings.kafka_bootstrap), [topics.alerts])
    step = NotifyStep(desk, subscribers, followed[0], sender, topics.dead)
    flow = Flow("notify", _Prepared(followed, keeper, step), limits.prompt, on_done=minutes.add)
    attach(app, [(topics.alerts, flow)])

    @app.on_partitions_revoked.connect
    async def forget(_app: Any, revoked: Any, **_: Any) -> None:
        gone = {tp.partition for tp in revoked if tp.topic == topics.alerts}
        await courier.let_go(gone, _LET_GO_WITHIN_S)
        async with desk.at_rest:
            keeper.forget(gone)

    async def look() -> None:
        await _all_ready(followed)
        forgot_at = 0.0
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            if app.rebalancing:
                continue
            now = asyncio.get_running_loop().time()
            forgets = now - forgot_at > _FORGET_EVERY_S
            forgot_at = now if forgets else forgot_at
            await _look(desk, keeper, changelog, owned(app, topics.alerts), changed, forgets=forgets)

    for background in (followed[0].follow, followed[1].follow, changelog.run, courier.run, look):
        _run(app, background)

    @app.on_before_shutdown.connect
    async def finish(*_: Any, **__: Any) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(courier.close(_CLOSE_WITHIN_S), 2 * _CLOSE_WITHIN_S)
        await notify.close_channels()
        await sender.close()

    def loaded() -> bool:
        return all(each.ready.is_set() for each in followed) and keeper.known.issuperset(owned(app, topics.alerts))

    return Role("notify", app, [flow], loaded, [store.close])


async def _look(
    desk: Desk, keeper: NotifyKeeper, changelog: Changelog, mine: Sequence[int], changed: set[str], *, forgets: bool
) -> None:
    """Have the state of the partitions that are owned now, and do in them what is due."""
    try:
        await keeper.ensure(mine)
        ours = keeper.known.intersection(mine)
        now_changed = tuple(changed)
        if now_changed:
            await desk.changed(ours, now_changed)
            changed.difference_update(now_changed)
        await desk.send_digests(ours)
        await changelog.write_counts()
        while forgets and await desk.forget_old(ours):
            pass
    except ServiceError as error:
        _log.warning("what is due waits for another try", error=str(error))


async def _all_ready(followed: Sequence[FollowedTopic]) -> None:
    for each in followed:
        await each.ready.wait()


def _run(app: Any, background: Callable[[], Awaitable[None]]) -> None:
    @app.task()
    async def run() -> None:
        await run_or_exit("notify", background)


class _Prepared:
    """The step, once the subscriptions are known and the state of a partition is complete."""

    def __init__(self, followed: Sequence[FollowedTopic], keeper: NotifyKeeper, step: Step) -> None:
        self._followed = followed
        self._keeper = keeper
        self._step = step

    async def process(self, batch: Sequence[Record]) -> Sequence[Done]:
        await _all_ready(self._followed)
        await self._keeper.ensure({record.partition for record in batch})
        return await self._step.process(batch)
