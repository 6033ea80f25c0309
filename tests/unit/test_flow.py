import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

import pytest

from processors.agents.flow import Flow, FlowLimits, GaveUp
from processors.agents.records import Done, Record
from schemas.errors import KafkaUnavailableError

LIMITS = FlowLimits(batch_size=3, linger_s=0.01, unexpected_attempts=3)


@dataclass
class FakeDelivery:
    record: Record
    acked: list[int]
    ours: bool = True

    def ack(self) -> None:
        self.acked.append(self.record.offset)

    def is_ours(self) -> bool:
        return self.ours


@dataclass
class FakeStep:
    """Fails as told, then works."""

    failures: list[BaseException] = field(default_factory=list)
    batches: list[list[int]] = field(default_factory=list)
    acked: list[int] = field(default_factory=list)
    acked_before: list[list[int]] = field(default_factory=list)

    async def process(self, batch: Sequence[Record]) -> Sequence[Done]:
        self.batches.append([record.offset for record in batch])
        self.acked_before.append(list(self.acked))
        if self.failures:
            raise self.failures.pop(0)
        return [Done("done") for _ in batch]


def delivery(offset: int, acked: list[int], *, ours: bool = True, value: bytes = b"x") -> FakeDelivery:
    return FakeDelivery(Record("t", 0, offset, None, value), acked, ours)


async def no_sleep(_seconds: float) -> None:
    await asyncio.sleep(0)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what is waited for is what the code under test does, which has no event
            await asyncio.sleep(0.005)


async def run_over(step: FakeStep, count: int) -> None:
    flow = Flow("test", step, LIMITS, sleep=no_sleep)

    async def deliveries() -> AsyncIterator[FakeDelivery]:
        for offset in range(count):
            yield delivery(offset, step.acked)

    running = asyncio.create_task(flow.run())
    await flow.feed(deliveries())
    await until(lambda: len(step.acked) >= count or running.done())
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_every_record_is_acknowledged_in_order_after_its_batch_is_done():
    step = FakeStep()
    await run_over(step, 8)
    assert step.acked == list(range(8))
    assert step.batches[0] == [0, 1, 2]
    assert step.acked_before[0] == []
    assert step.acked_before[1] == [0, 1, 2]


async def test_a_batch_that_fails_outside_is_tried_again_and_nothing_overtakes_it():
    step = FakeStep(failures=[KafkaUnavailableError("away"), KafkaUnavailableError("away")])
    await run_over(step, 5)
    assert step.batches[:3] == [[0, 1, 2]] * 3
    assert step.acked_before[2] == []
    assert step.acked == list(range(5))


async def test_a_failure_nobody_foresaw_ends_the_flow_with_nothing_acknowledged():
    step = FakeStep(failures=[ValueError("bug")] * 3)
    flow = Flow("test", step, LIMITS, sleep=no_sleep)
    with pytest.raises(GaveUp, match="failed 3 times"):
        await flow.flush([delivery(0, step.acked)])
    assert step.acked == []


async def test_an_outage_may_last_longer_than_a_bug():
    step = FakeStep(failures=[KafkaUnavailableError("away")] * 20)
    flow = Flow("test", step, LIMITS, sleep=no_sleep)
    await flow.flush([delivery(0, step.acked)])
    assert step.acked == [0]
    assert flow.figures.retries == 20


async def test_what_another_worker_owns_by_now_is_neither_processed_nor_acknowledged():
    step = FakeStep()
    flow = Flow("test", step, LIMITS)
    await flow.flush([delivery(0, step.acked, ours=False), delivery(1, step.acked)])
    assert (step.batches, step.acked) == ([[1]], [1])


async def test_a_batch_is_closed_when_its_records_are_large():
    step = FakeStep()
    flow = Flow("test", step, FlowLimits(batch_size=100, batch_bytes=10, linger_s=5))

    async def deliveries() -> AsyncIterator[FakeDelivery]:
        for offset in range(4):
            yield delivery(offset, step.acked, value=b"12345")

    running = asyncio.create_task(flow.run())
    await flow.feed(deliveries())
    await until(lambda: len(step.acked) == 4)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert step.batches == [[0, 1], [2, 3]]


async def test_a_stage_on_a_bells_way_waits_for_nothing_more_and_yet_takes_together_what_came_meanwhile():
    first, rest = asyncio.Event(), asyncio.Event()

    class Slow(FakeStep):
        async def process(self, batch: Sequence[Record]) -> Sequence[Done]:
            first.set()
            await rest.wait()
            return await super().process(batch)

    step = Slow()
    flow = Flow("test", step, FlowLimits(batch_size=100, linger_s=3600).prompt)

    async def coming() -> AsyncIterator[FakeDelivery]:
        yield delivery(0, step.acked)
        await first.wait()
        for offset in (1, 2, 3):
            yield delivery(offset, step.acked)
        rest.set()

    running = asyncio.create_task(flow.run())
    await flow.feed(coming())
    await until(lambda: len(step.acked) == 4)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert step.batches == [[0], [1, 2, 3]]


async def test_batches_begin_apart_unless_full_so_that_what_comes_often_goes_on_together():
    step, now = FakeStep(), [0.0]
    flow = Flow("test", step, FlowLimits(batch_size=3, linger_s=0, apart_s=3600), clock=lambda: now[0])
    running = asyncio.create_task(flow.run())
    await flow.feed(deliveries(delivery(0, step.acked)))
    await until(lambda: step.acked == [0])
    now[0] = 3599.0
    for offset in (1, 2):
        await flow.feed(deliveries(delivery(offset, step.acked)))
        for _ in range(20):
            await asyncio.sleep(0)
    assert step.batches == [[0]]
    await flow.feed(deliveries(delivery(3, step.acked)))
    await until(lambda: len(step.acked) == 4)
    now[0] += 3601
    await flow.feed(deliveries(delivery(4, step.acked)))
    await until(lambda: len(step.acked) == 5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert step.batches == [[0], [1, 2, 3], [4]]


async def deliveries(*given: FakeDelivery) -> AsyncIterator[FakeDelivery]:
    for each in given:
        yield each


@dataclass
class SlowStep(FakeStep):
    """Works until it is told to go on."""

    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def process(self, batch: Sequence[Record]) -> Sequence[Done]:
        done = await super().process(batch)
        await self.go_on.wait()
        return done


async def test_when_partitions_are_taken_away_the_batch_in_hand_is_done_and_what_is_queued_is_let_go():
    step = SlowStep()
    flow = Flow("test", step, LIMITS)
    running = asyncio.create_task(flow.run())
    await flow.feed(deliveries(*(delivery(offset, step.acked) for offset in range(5))))
    await until(lambda: step.batches == [[0, 1, 2]])
    letting_go = asyncio.create_task(flow.let_go(5))
    await asyncio.sleep(0.02)
    assert not letting_go.done()
    step.go_on.set()
    await letting_go
    await flow.feed(deliveries(delivery(7, step.acked)))
    await until(lambda: len(step.acked) == 4)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (step.batches, step.acked) == ([[0, 1, 2], [7]], [0, 1, 2, 7])


async def test_a_batch_that_takes_longer_than_partitions_can_be_kept_is_given_up_unacknowledged():
    step = SlowStep()
    flow = Flow("test", step, LIMITS)
    working = asyncio.create_task(flow.flush([delivery(0, step.acked)]))
    await until(lambda: step.batches == [[0]])
    await flow.let_go(0.01)
    await working
    assert step.acked == []


async def test_a_batch_that_fails_while_its_partitions_are_taken_away_is_not_tried_again():
    step = FakeStep(failures=[KafkaUnavailableError("away")] * 3)
    flow = Flow("test", step, FlowLimits(retry_first_s=0.05))
    working = asyncio.create_task(flow.flush([delivery(0, step.acked)]))
    await until(lambda: flow.figures.retries == 1)
    await flow.let_go(0.01)
    await working
    assert (step.batches, step.acked) == ([[0]], [])


async def test_outcomes_are_told_once_they_are_acknowledged():
    step = FakeStep()
    told: list[tuple[int, int]] = []
    flow = Flow("test", step, LIMITS, on_done=lambda done: told.append((len(done), len(step.acked))))
    await flow.flush([delivery(0, step.acked), delivery(1, step.acked)])
    assert told == [(2, 2)]
