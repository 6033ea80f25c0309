"""A worker that was silent for too long doubts that its partitions are still its own."""

import pytest

from processors.agents.membership import Membership
from processors.agents.records import Outgoing
from processors.agents.sender import KafkaSender
from schemas.errors import KafkaUnavailableError

SESSION_S = 10.0


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Coordinator:
    """As aiokafka's: whether Kafka answers, and how long that takes."""

    def __init__(self, clock: Clock) -> None:
        self.answers, self.takes_s = True, 0.0
        self._clock = clock

    async def _do_heartbeat(self) -> bool:
        self._clock.now += self.takes_s
        return self.answers

    async def beat(self) -> bool:
        return await self._do_heartbeat()


async def test_it_is_sure_only_within_the_session_that_its_last_answered_heartbeat_began():
    clock = Clock()
    member, coordinator = Membership(SESSION_S, clock), Coordinator(clock)
    member.listen(coordinator)
    assert not member.is_sure(), "before it has joined"
    member.confirmed(clock.now)
    assert member.is_sure()
    clock.now += 8
    coordinator.takes_s = 3
    assert await coordinator.beat()
    assert member.is_sure(), "again"
    clock.now += 5.5
    assert member.is_sure()
    clock.now += 1
    assert not member.is_sure(), "since the answer it is less than the session, since the question it may not be"
    coordinator.takes_s, coordinator.answers = 0, False
    assert not await coordinator.beat()
    assert not member.is_sure(), "put out of the group"
    member.confirmed(clock.now)
    assert member.is_sure()
    member.confirmed(clock.now - 60)
    assert member.is_sure(), "what comes late takes nothing back"


async def test_a_sender_that_is_not_sure_sends_nothing():
    sender = KafkaSender("127.0.0.1:1", lambda: False)
    with pytest.raises(KafkaUnavailableError, match="may be another"):
        await sender.send_all([Outgoing("topic", b"key", b"value")])
    assert await sender.send_all([]) == []
