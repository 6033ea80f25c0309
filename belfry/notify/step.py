"""The notify step: alerts from their topic to the desk. What isn't an alert is dead-lettered by the role index."""

from collections.abc import Sequence
from typing import Protocol, cast

from belfry.notify.desk import Came
from belfry.notify.events import Decision
from belfry.notify.subscribers import Subscribers
from processors.agents.outcomes import REPLAY_HEADER, dead_outgoing
from processors.agents.records import Done, Outgoing, Record, Sender
from processors.agents.role import utc_now
from schemas.alerts import Alert
from schemas.dead_letters import Reason
from schemas.errors import DecodeError

RESEND_HEADER = "belfry-resend"
"""On an alert that somebody sends once more: an id of that wish."""

_ERRORS: dict[Reason, str] = {
    "failed": "what is to be done about it can't be decided: see the log of notify",
    "undelivered": "it came to notify more than a day after it rang; `belfry alerts resend` sends it",
}
"""Of the dead letters that this step writes; what isn't an alert is the role index's."""
_OUTCOMES: dict[Decision, Done] = {
    "rings": Done("done", alerts=1),
    "waits": Done("held", alerts=1),
    "also_in": Done("repeated"),
    "repeat": Done("repeated"),
    "canceled": Done("superseded"),
    "removed": Done("superseded"),
    "late": Done("dead", "undelivered"),
    "failed": Done("dead", "failed"),
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

    def __init__(self, desk: Taking, subscribers: Subscribers, followed: Following, sender: Sender, dead: str) -> None:
        self._desk = desk
        self._subscribers = subscribers
        self._followed = followed
        self._sender = sender
        self._dead = dead

    async def process(self, batch: Sequence[Record]) -> Sequence[Done]:
        """See Step."""
        read = [_read(record) for record in batch]
        came = [each for each in read if isinstance(each, Came)]
        if not all(self._subscribers.knows(each.alert) for each in came):
            # The alert was made by what stands in the topic: whatever isn't there was removed since.
            await self._followed.caught_up()
        decisions = iter(await self._desk.take(came))
        done = [_OUTCOMES.get(next(decisions), Done("done")) if isinstance(each, Came) else each for each in read]
        letters = [
            self._letter(record, outcome.reason, _ERRORS[outcome.reason])
            for record, outcome in zip(batch, done, strict=True)
            if outcome.reason is not None and outcome.reason in _ERRORS
        ]
        await self._sender.send_all(letters)
        return done

    def _letter(self, record: Record, reason: Reason, error: str) -> Outgoing:
        return dead_outgoing(record, topic=self._dead, stage="notify", reason=reason, error=error, failed_at=utc_now())


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
