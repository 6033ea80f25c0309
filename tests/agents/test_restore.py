"""Partitions that come and go while their state is read. (What is read, the integration tests show.)"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from processors.agents import keeper as shared
from processors.agents import restore
from processors.agents.enrich_state import EnrichState
from processors.agents.restore import StateKeeper
from processors.counts import Tally
from schemas.errors import KafkaUnavailableError
from schemas.topics import Topics
from tests.agents.test_enrich_step import FakeMemories


class Log:
    """A Kafka that holds nothing, asked for what is read from it; `meanwhile` happens while it is read."""

    def __init__(self) -> None:
        self.read: list[tuple[str, list[int]]] = []
        self.meanwhile = lambda: None

    async def records(self, _consumer: Any, topic: str, partitions: list[int], _start: Any) -> AsyncIterator[Any]:
        self.read.append((topic, partitions))
        self.meanwhile()
        return
        yield


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    log = Log()

    @asynccontextmanager
    async def consumer(_bootstrap: str) -> AsyncIterator[None]:
        yield

    monkeypatch.setattr(shared, "changelog_consumer", consumer)
    monkeypatch.setattr(restore, "_records", log.records)
    return log


async def test_a_partition_is_read_once_until_it_is_lost(log: Log):
    keeper = StateKeeper("", topics := Topics("t.", 4), EnrichState(FakeMemories()))
    await keeper.ensure([2, 0])
    await keeper.ensure([0])
    await keeper.ensure([0, 1])
    keeper.forget({0})
    await keeper.ensure([0, 1])
    assert [partitions for topic, partitions in log.read if topic == topics.counts] == [[0, 2], [1], [0]]
    assert keeper.known == {0, 1, 2}


async def test_state_that_was_read_while_its_partition_was_lost_is_not_believed(log: Log):
    state = EnrichState(FakeMemories())
    keeper = StateKeeper("", Topics("t.", 4), state)
    await keeper.ensure([3])
    state.tallies[0] = Tally(forwarded=7)
    log.meanwhile = lambda: keeper.forget({0})
    with pytest.raises(KafkaUnavailableError, match="taken away"):
        await keeper.ensure([0])
    assert keeper.known == {3}
    assert 0 not in state.tallies
    log.meanwhile = lambda: None
    await keeper.ensure([0])
    assert keeper.known == {0, 3}
