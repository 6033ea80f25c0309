"""The notify step: alerts from their topic to the desk. What isn't an alert is dead-lettered by the role index."""

from collections.abc import Sequence
from typing import Protocol, cast

from belfry.notify.desk import Came
from belfry.notify.policy import Decision
from belfry.notify.subscribers import Subscribers
from processors.agents.outcomes import REPLAY_HEADER
from processors.agents.records import Done, Record
from schemas.alerts import Alert
from schemas.dead_letters import Reason
from schemas.errors import DecodeError

RESEND_HEADER = "belfry-resend"
"""On an alert that somebody sends once more: an id of that wish."""

_OUTCOMES: dict[Decision, Done] = {
    "rings": Done("done", alerts=1),
    "waits": Done("held", alerts=1),
    "also_in": Done("repeated"),
    "repeat": Done("repeated"),
    "canceled": Done("superseded"),
    "removed": Done("superseded"),
}


class Taking(Protocol):
    """The desk."""

    async def take(self, batch: Sequence[Came]) -> Sequence[Decision]:
        """Decide each alert; returns when all of it is durable."""
        ...


class Following(Protocol):
    """The subscriptions' topic, followed."""

    async def caught_up(self) -> None:
        """Return when everything that stands in it now was applied."""
        ...


class NotifyStep:
    """See the module. A record is done when what its alert makes is durable, delivered or not."""

    def __init__(self, desk: Taking, subscribers: Subscribers, followed: Following) -> None:
        self._desk = desk
        self._subscribers = subscribers
        self._followed = followed

    async def process(self, batch: Sequence[Record]) -> Sequence[Done]:
        """See Step."""
        read = [_read(record) for record in batch]
        came = [each for each in read if isinstance(each, Came)]
        if not all(self._subscribers.knows(each.alert) for each in came):
            # The alert was made by what stands in the topic: whatever isn't there was removed since.
            await self._followed.caught_up()
        decisions = iter(await self._desk.take(came))
        return [_OUTCOMES.get(next(decisions), Done("done")) if isinstance(each, Came) else each for each in read]


def _read(record: Record) -> Came | Done:
    try:
        alert = Alert.decode(record.value)
    except DecodeError as error:
        return Done("dead", cast("Reason", error.code))
    return Came(
        alert,
        record.partition,
        record.offset,
        run=record.headers.get(REPLAY_HEADER, b"").decode("utf-8", "replace"),
        resend=record.headers.get(RESEND_HEADER, b"").decode("utf-8", "replace"),
    )
