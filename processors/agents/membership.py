"""Whether a worker is still who owns its partitions: asked before anything is written or sent for them.

Kafka gives the partitions of a member that is silent for the session timeout to another one. A process that was stopped
for longer (a paused virtual machine, SIGSTOP, a machine that swaps) goes on where it was without knowing, until it is
told: what it wrote then would stand behind what the new owner wrote, and what it sent would ring again. So it doubts:
from the beginning of its last heartbeat that Kafka answered, no longer than the session timeout.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportUntypedFunctionDecorator=false, reportUnusedFunction=false

import asyncio
import time
from collections.abc import Callable
from typing import Any

_MARGIN_S = 1.0
"""For what is on its way to Kafka when it is asked for the last time."""
_LOOK_EVERY_S = 0.1


class Membership:
    """A worker's place in its group, as far as it can be sure of it. `session_s` is the session timeout.

    Heartbeats are made by the consumer's own thread, so a loop that is busy makes nobody doubt.
    """

    def __init__(self, session_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._session_s = session_s
        self._clock = clock
        self._until = 0.0

    def is_sure(self) -> bool:
        """Whether the partitions that this worker was given can't be another's yet."""
        return self._clock() < self._until

    def confirmed(self, began: float) -> None:
        """Kafka has answered something that was asked then, as a member."""
        self._until = max(self._until, began + self._session_s - _MARGIN_S)

    def listen(self, coordinator: Any) -> None:
        """Note every heartbeat of aiokafka's coordinator that is answered."""
        beat = coordinator._do_heartbeat

        async def noted() -> bool:
            began = self._clock()
            if answered := await beat():
                self.confirmed(began)
            return answered

        coordinator._do_heartbeat = noted


def membership(app: Any) -> Membership:
    """That of a Faust app's worker."""
    member = Membership(app.conf.broker_session_timeout)

    @app.on_partitions_assigned.connect
    async def joined(*_: Any, **__: Any) -> None:
        member.confirmed(time.monotonic())

    @app.task()
    async def listen() -> None:
        while (coordinator := _coordinator(app)) is None:  # noqa: ASYNC110 nobody tells when the consumer has one
            await asyncio.sleep(_LOOK_EVERY_S)
        member.listen(coordinator)

    return member


def _coordinator(app: Any) -> Any:
    """The consumer's, in its thread; None before that has begun."""
    consumer = getattr(getattr(app.consumer, "_thread", None), "_consumer", None)
    return getattr(consumer, "_coordinator", None)
