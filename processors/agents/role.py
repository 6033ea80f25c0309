"""What the roles have in common: being run, being ready, and telling their figures."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportUntypedFunctionDecorator=false, reportUnusedFunction=false

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import structlog

from processors.agents.app import RoleSettings, lag, settled
from processors.agents.flow import Flow
from processors.agents.minutes import Minutes
from processors.agents.records import Outgoing
from processors.agents.sender import KafkaSender
from processors.garbage import collect_seldom
from schemas.errors import ServiceError

_log = structlog.get_logger()
_WARM_LANGUAGES = ("nl", "en", "de", "fr")
_WARM_UP = "Troepenopbouw. Truppen, troops, troupes."
_TELL_EVERY_S = 10.0
_LAST_WITHIN_S = 2.0


@dataclass
class Role:
    """A role that can be run: its Faust app, its flows, and whether it is ready to work."""

    name: str
    app: Any
    flows: list[Flow]
    loaded: Callable[[], bool] = lambda: True
    closers: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    loop_at: float = 0.0
    """When the event loop last turned, in Unix seconds; 0: it has not begun."""

    def is_ready(self) -> bool:
        """Partitions are assigned, state, models and subscriptions loaded."""
        return settled(self.app) and self.loaded()


def turn(role: Role) -> None:
    """Have the role note that its event loop turns, and look for garbage seldom once it is ready."""

    @role.app.task()
    async def note() -> None:
        seldom = False
        while True:
            role.loop_at = time.time()
            if not seldom and role.is_ready():
                collect_seldom()
                seldom = True
            await asyncio.sleep(1)


def utc_now() -> datetime:
    """The clock of the roles."""
    return datetime.now(UTC)


def role_minutes(
    app: Any,
    role: Literal["enrich", "group", "index", "match", "notify"],
    settings: RoleSettings,
    sender: KafkaSender,
    read: Sequence[str],
) -> Minutes:
    """Minutes that are sent on their way every few seconds, and once more when the role ends."""
    minutes = Minutes(role, settings.worker, utc_now)

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

    @app.task()
    async def tell_often() -> None:
        while True:
            await asyncio.sleep(_TELL_EVERY_S)
            if not app.rebalancing:
                await tell()

    @app.on_before_shutdown.connect
    async def tell_last(*_: Any, **__: Any) -> None:
        with contextlib.suppress(TimeoutError):  # a broker that is away must not hold up the end
            await asyncio.wait_for(tell(), _LAST_WITHIN_S)
        await sender.close()

    return minutes


def words_loaded(app: Any) -> Callable[[], bool]:
    """Load the word lists in the background, so that the first article isn't late; tells whether that is done."""
    done: list[bool] = []

    @app.task()
    async def warm() -> None:
        await asyncio.to_thread(_load_words)
        done.append(True)

    return lambda: bool(done)


def _load_words() -> None:
    from processors.matching.index_terms import index_terms

    for language in _WARM_LANGUAGES:
        index_terms("", _WARM_UP, language)
