"""What rings is sent once, also when the worker is killed between any two writes, and whatever receivers do."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from belfry.notify.desk import Came
from belfry.notify.lanes import RetryRules
from belfry.notify.message import Message
from belfry.notify.pace import Rules
from belfry.notify.records import head_key, item_key
from belfry.notify.store import Change
from belfry.notify.story import MAX_SHOWN
from schemas.errors import KafkaUnavailableError, Undeliverable
from tests.agents.notify_world import TOPICS, Log, Receivers, World, until, world
from tests.notify_cases import NOW, alert, subscription

HOOK, MAIL = "https://a.example/hook", "mailto:desk@example.org"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def receivers() -> Receivers:
    return Receivers()


def ids(*articles: str) -> list[str]:
    return [alert(article).alert_id for article in articles]


# Kills

BATCH = (
    alert("a", story="a"),
    alert("b", story="b"),
    alert("a2", story="a"),
    alert("c", story="c"),
    alert("d", story="d"),
    alert("b", 2, "Er zijn troepen.", "Er zijn nu ook tanks.", story="b"),
)


@pytest.mark.parametrize("same_disk", [True, False])
async def test_a_kill_between_any_two_writes_of_a_batch_loses_nothing_and_repeats_nothing(
    tmp_path: Path, same_disk: bool
):
    """Three ring, the rest waits: the throttle is part of what must come out alike."""
    plan = subscription(channels=(HOOK, MAIL), throttle="3/hour")
    for room in range(20):
        log, receivers = Log(), Receivers()
        async with world(log, tmp_path / f"{room}", receivers, plan) as first:
            log.room = room
            killed = False
            try:
                await first.come(*BATCH)
            except KafkaUnavailableError:
                killed = True
            first.courier._closing = True
        again = tmp_path / (f"{room}" if same_disk else f"{room}-new")
        got = len(receivers.got)
        async with world(log, again, receivers, plan, now=NOW + timedelta(minutes=50)) as second:
            if killed:
                assert got == 0, "nothing is sent before it is durable"
                await second.come(*BATCH)
                await second.come(*BATCH)
            await second.tick(timedelta(hours=2))
            await until(lambda ours=second: all(item.state == "closed" for item in ours.items()))
            hooked, mailed = Counter(receivers.keys(HOOK)), receivers.got
            expected = [BATCH[number].alert_id for number in (0, 1, 3, 4, 5)]
            assert hooked == Counter(expected)
            bells = [bell.alert.alert_id for to, message in mailed if to == MAIL for bell in message.bells]
            assert Counter(bells) == Counter(expected)
            await until(lambda ours=second: ours.store.delivered(0) == 5)
        if not killed:
            return
    raise AssertionError("it was always killed")


async def test_what_was_answered_but_not_written_down_comes_once_more_under_the_same_key(
    tmp_path: Path, receivers: Receivers
):
    log, plan = Log(), subscription(channels=(HOOK,))

    def answered_then_killed(_url: str, message: Message) -> None:
        if message.message_id == ids("b")[0]:
            log.room = 0

    async with world(log, tmp_path, receivers, plan) as ours:
        receivers.answer = answered_then_killed
        await ours.come(alert("a", story="a"), alert("b", story="b"), alert("c", story="c"))
        await until(lambda: len(receivers.got) == 2)
        await asyncio.sleep(0.02)
        assert receivers.keys() == ids("a", "b"), "nothing more goes there before it is written down"
    receivers.answer = lambda *_: None
    async with world(log, tmp_path, receivers, plan) as ours:
        await until(lambda: len(receivers.got) == 4)
        assert receivers.keys() == ids("a", "b", "b", "c")
        await until(lambda: ours.store.delivered(0) == 3)


async def test_a_digest_is_sent_once_whatever_it_was_killed_at(tmp_path: Path):
    plan = subscription(channels=(HOOK, MAIL), digest="hourly")
    came = [alert(name, story=name) for name in "abc"]
    for room in range(20):
        log, receivers = Log(), Receivers()
        async with world(log, tmp_path / f"{room}", receivers, plan) as ours:
            await ours.come(*came)
            log.room = room
            killed = False
            try:
                await ours.tick(HOUR)
            except KafkaUnavailableError:
                killed = True
            ours.courier._closing = True
        late = alert("late", story="late")
        async with world(log, tmp_path / f"{room}-new", receivers, plan, now=NOW + HOUR) as ours:
            await ours.come(late, offset=3)
            await ours.tick()
            await ours.tick(2 * HOUR)
            await until(lambda ours=ours: all(item.state == "closed" for item in ours.items()))
        expected = Counter(one.alert_id for one in [*came, late])
        assert Counter(receivers.keys(HOOK)) == expected
        assert (
            Counter(b.alert.alert_id for to, message in receivers.got if to == MAIL for b in message.bells) == expected
        )
        if not killed:
            return
    raise AssertionError("it was always killed")


async def test_an_outage_of_kafka_is_waited_for_by_whoever_has_delivered(tmp_path: Path, receivers: Receivers):
    log = Log()
    async with world(log, tmp_path, receivers, subscription(channels=(HOOK,))) as ours:
        receivers.answer = lambda *_: setattr(log, "room", 0)
        await ours.come(alert("a", story="a"))
        await until(lambda: receivers.got)
        receivers.answer = lambda *_: None
        log.room = None
        await until(lambda: all(item.state == "closed" for item in ours.items()))
        assert len(receivers.got) == 1


async def test_delivered_bells_are_counted_at_once_but_not_more_often_than_some_times_a_second(
    tmp_path: Path, receivers: Receivers
):
    log = Log()
    async with world(log, tmp_path, receivers, subscription(channels=(HOOK,))) as ours:
        for number in range(3):
            await ours.come(alert(f"a{number}", story=f"s{number}"), offset=number)
            await until(lambda: all(item.state == "closed" for item in ours.items()))
        assert ours.counts() == [1]
        await ours.changelog.write_counts()
        assert ours.counts() == [1], "a moment ago"
        ours.seconds += 0.3
        await ours.changelog.write_counts()
        assert ours.counts() == [1, 3]
        await ours.changelog.write_counts()
        await ours.come(alert("b", story="b"), offset=3)
        await until(lambda: all(item.state == "closed" for item in ours.items()))
    assert ours.counts() == [1, 3], "killed before the fourth was counted"
    async with world(log, tmp_path, receivers, subscription(channels=(HOOK,))) as again:
        await again.changelog.write_counts()
        assert again.counts() == [1, 3, 4]


async def test_after_a_failed_write_the_copy_does_not_say_that_it_goes_further(tmp_path: Path, receivers: Receivers):
    log = Log()
    async with world(log, tmp_path, receivers, subscription(channels=(HOOK,))) as ours:
        log.room = 1
        with pytest.raises(KafkaUnavailableError):
            await ours.come(alert("a", story="a"))
        log.room = None
        await ours.come(alert("a", story="a"))
        assert ours.store.next_offset(0) == 0
    async with world(log, tmp_path, receivers, subscription(channels=(HOOK,))) as ours:
        assert ours.store.next_offset(0) == len(log.topics[TOPICS.notify_state][0])


async def test_what_another_worker_wrote_before_a_write_that_was_on_its_way_is_read_with_the_partition(
    tmp_path: Path, receivers: Receivers
):
    """A worker was stopped while it wrote: what it wrote stands behind what the new owner had written."""
    log, plans, hangs = Log(), [subscription(channels=(HOOK,)), subscription("t", channels=(HOOK,))], Receivers()
    hangs.answer = lambda *_: asyncio.Event().wait()
    async with world(log, tmp_path / "1", hangs, *plans) as stopped:
        await stopped.come(alert("a", story="a"), alert("b", story="b"))
        async with world(log, tmp_path / "2", receivers, *plans) as other:
            await until(lambda: all(item.state == "closed" for item in other.items()))
        await stopped.come(late := alert("c", story="c", to="t"), offset=2)
    async with world(log, tmp_path / "1", receivers, *plans) as again:
        await until(lambda: all(item.state == "closed" for item in again.items()))
        assert receivers.keys() == [*ids("a", "b"), late.alert_id]
        assert again.store.next_offset(0) == len(log.topics[TOPICS.notify_state][0])


async def test_alerts_that_are_read_again_from_the_beginning_ring_no_more(tmp_path: Path, receivers: Receivers):
    async with world(Log(), tmp_path, receivers, subscription(channels=(HOOK,))) as ours:
        await ours.come(*BATCH)
        await until(lambda: len(receivers.got) == 5)
        ours.now += 3 * DAY
        assert set(await ours.come(*BATCH)) == {"repeat"}
        assert len(receivers.got) == 5


# Receivers


async def test_what_fails_is_tried_again_in_order_and_holds_up_nobody_else(tmp_path: Path, receivers: Receivers):
    down = {"tries": 0}

    def answer(url: str, _message: Message) -> None:
        if url == HOOK and down["tries"] < 5:
            down["tries"] += 1
            raise Undeliverable("failed", "500", retry=True)

    receivers.answer = answer
    other = "https://b.example/hook"
    async with world(
        Log(), tmp_path, receivers, subscription(channels=(HOOK,)), subscription("t", channels=(other,))
    ) as ours:
        await ours.come(*(alert(name, story=name) for name in "abc"), alert("a", story="a", to="t"))
        await until(lambda: other in [to for to, _ in receivers.got])
        await until(lambda: len(receivers.got) == 4)
        assert receivers.keys(HOOK) == ids("a", "b", "c")
        [first] = [item for item in ours.items() if item.id == ids("a")[0]]
        assert (first.channels[0].attempts, first.channels[0].reason) == (6, "failed")


async def test_a_receiver_that_hangs_holds_up_only_its_own(tmp_path: Path, receivers: Receivers):
    hangs = asyncio.Event()
    receivers.answer = lambda url, _: hangs.wait() if url == HOOK else None
    plans = [subscription(f"s{n}", channels=(HOOK if n % 2 else f"https://r{n}.example/",)) for n in range(40)]
    async with world(Log(), tmp_path, receivers, *plans) as ours:
        await ours.come(*(alert("a", to=plan.id) for plan in plans))
        await until(lambda: len(receivers.got) == 20)
        hangs.set()
        await until(lambda: len(receivers.got) == 40)


async def test_what_is_refused_for_good_is_a_dead_letter_and_the_owner_is_told_on_another_channel(
    tmp_path: Path, receivers: Receivers
):
    log = Log()

    def answer(url: str, _message: Message) -> None:
        if url == HOOK:
            raise Undeliverable("refused", "the receiver answered 410", retry=False)

    receivers.answer = answer
    async with world(log, tmp_path, receivers, subscription(channels=(HOOK, MAIL))) as ours:
        await ours.come(alert("a", story="a"), alert("b", story="b"))
        await until(lambda: len(receivers.got) == 3)
        assert [message.kind for _, message in receivers.got].count("notice") == 1
        await until(lambda: len(log.letters()) == 2)
        letters = log.letters()
        assert {(each.stage, each.reason, each.key) for each in letters} == {("notify", "refused_by_receiver", "s")}
        assert len({each.id for each in letters}) == 2
        await until(lambda: all(item.state == "closed" for item in ours.items()))
        receivers.answer = lambda *_: None
        await ours.come(alert("c", story="c"), offset=2)
        await until(lambda: HOOK in [to for to, _ in receivers.got])
        await until(lambda: ours.store.get(head_key("s")).failing == ())


async def test_what_nobody_takes_for_a_day_is_given_up(tmp_path: Path, receivers: Receivers):
    log = Log()

    def answer(_url: str, _message: Message) -> None:
        raise Undeliverable("unreachable", "nobody there", retry=True)

    receivers.answer = answer
    async with world(log, tmp_path, receivers, subscription(channels=(HOOK,))) as ours:
        await ours.come(alert("a", story="a"))
        await until(lambda: any(item.channels[0].attempts > 3 for item in ours.items()))
        assert log.letters() == []
        ours.now += DAY
        await until(lambda: log.letters())
        [letter] = log.letters()
        assert (letter.reason, letter.partition, letter.offset) == ("undelivered", 0, 0)
        assert "https://a.example: unreachable" in letter.error


async def test_what_could_not_even_be_tried_for_a_day_is_given_up_too(tmp_path: Path, receivers: Receivers):
    log = Log()
    hangs = asyncio.Event()
    receivers.answer = lambda *_: hangs.wait()
    retry = RetryRules(width=1)
    plans = [subscription(f"s{n}", channels=(HOOK,)) for n in range(3)]
    async with world(log, tmp_path, receivers, *plans, retry=retry) as ours:
        await ours.come(*(alert("a", to=plan.id) for plan in plans))
        await until(lambda: ours.courier._tasks)
        ours.now += 2 * DAY
        await ours.courier._give_up_old()
        assert sorted(letter.key for letter in log.letters()) == ["s1", "s2"]
        hangs.set()
        await until(lambda: receivers.got)


async def test_a_channel_that_breaks_is_one_that_fails(tmp_path: Path, receivers: Receivers):
    broken = [True]

    def answer(*_: object) -> None:
        if broken.pop() if broken else False:
            raise ZeroDivisionError

    receivers.answer = answer
    async with world(Log(), tmp_path, receivers, subscription(channels=(HOOK,))) as ours:
        await ours.come(alert("a", story="a"))
        await until(lambda: receivers.got)


async def test_channels_that_answer_at_the_same_moment_are_both_written_down(tmp_path: Path, receivers: Receivers):
    urls = tuple(f"https://r{n}.example/" for n in range(20))
    async with world(Log(), tmp_path, receivers, subscription(channels=urls)) as ours:
        await ours.come(alert("a", story="a"))
        await until(lambda: all(item.state == "closed" for item in ours.items()))
        [item] = ours.items()
        assert {channel.state for channel in item.channels} == {"sent"}
        await until(lambda: ours.store.delivered(0) == 1)


# What people change meanwhile


async def test_a_bell_that_waits_shows_the_copies_that_came_since(tmp_path: Path, receivers: Receivers):
    async with world(Log(), tmp_path, receivers, subscription(channels=(MAIL,), digest="hourly")) as ours:
        await ours.come(alert("a"), alert("b"), alert("c"))
        await ours.tick(HOUR)
        await until(lambda: receivers.got)
        [(_, message)] = receivers.got
        assert [[other.title for other in bell.also_in] for bell in message.bells] == [["b", "c"]]


async def test_a_copy_that_was_canceled_is_shown_no_more_and_those_beyond_what_is_kept_are_counted(
    tmp_path: Path, receivers: Receivers
):
    async with world(Log(), tmp_path, receivers, subscription(channels=(MAIL,), digest="hourly")) as ours:
        await ours.come(alert("a"), *(alert(f"b{number}") for number in range(MAX_SHOWN + 4)))
        ours.canceled.apply(b"b0", b"1")
        await ours.tick(HOUR)
        await until(lambda: receivers.got)
        [(_, message)] = receivers.got
        [bell] = message.bells
        assert [other.title for other in bell.also_in[:2]] == ["b1", "b2"]
        assert (len(bell.also_in), bell.more) == (MAX_SHOWN - 2, 5)


async def test_a_feed_is_told_of_copies_that_came_later_and_nobody_else_is(tmp_path: Path, receivers: Receivers):
    async with world(Log(), tmp_path, receivers, subscription(channels=("feed:", HOOK))) as ours:
        await ours.come(alert("a"))
        await until(lambda: len(receivers.got) == 2)
        await until(lambda: [item.state for item in ours.items()] == ["closed"])
        await ours.come(alert("b"), offset=1)
        await until(lambda: len(receivers.got) == 3)
        url, message = receivers.got[2]
        assert (url, message.message_id, message.bells[0].alert) == ("feed:", alert("a").alert_id, alert("a"))
        assert [other.title for other in message.bells[0].also_in] == ["b"]
        await until(lambda: ours.store.delivered(0) == 1)


async def test_a_canceled_article_is_not_delivered_any_more(tmp_path: Path, receivers: Receivers):
    def answer(*_: object) -> None:
        raise Undeliverable("busy", "503", retry=True)

    receivers.answer = answer
    async with world(Log(), tmp_path, receivers, subscription(channels=(HOOK,))) as ours:
        await ours.come(alert("a", story="a"))
        await until(lambda: any(item.channels[0].attempts for item in ours.items()))
        ours.canceled.apply(b"a", b"2")
        receivers.answer = lambda *_: None
        await until(lambda: all(item.state == "closed" for item in ours.items()))
        assert (receivers.got, [item.closed for item in ours.items()]) == ([], ["canceled"])


async def test_nothing_is_sent_while_a_subscription_is_paused_and_all_of_it_afterwards(
    tmp_path: Path, receivers: Receivers
):
    plan = subscription(channels=(HOOK,))
    async with world(Log(), tmp_path, receivers, plan.model_copy(update={"paused": True, "version": 2})) as ours:
        ours.subscribe(plan)
        hold = asyncio.Event()
        receivers.answer = lambda *_: hold.wait()
        await ours.come(alert("a", story="a"), alert("b", story="b"))
        await until(lambda: ours.courier._tasks)
        ours.subscribe(plan.model_copy(update={"paused": True, "version": 2}))
        hold.set()
        await until(lambda: len(receivers.got) == 1)
        await asyncio.sleep(0.02)
        assert len(receivers.got) == 1
        ours.subscribe(plan.model_copy(update={"version": 3}))
        await until(lambda: len(receivers.got) == 2)


async def test_what_was_not_taken_before_the_quiet_hours_rings_after_them(tmp_path: Path, receivers: Receivers):
    def answer(*_: object) -> None:
        raise Undeliverable("busy", "503", retry=True)

    receivers.answer = answer
    plan = subscription(channels=(HOOK,), quiet_hours="11:00-12:00")
    async with world(Log(), tmp_path, receivers, plan) as ours:
        await ours.come(alert("a", story="a"))
        await until(lambda: any(item.channels[0].attempts for item in ours.items()))
        receivers.answer = lambda *_: None
        ours.now += HOUR
        ours.courier.changed("s")
        await asyncio.sleep(0.03)
        assert receivers.got == []
        ours.now += HOUR
        ours.courier.changed("s")
        await until(lambda: receivers.keys() == ids("a"))


async def test_what_a_changed_subscription_still_has_to_send_goes_to_its_new_address(
    tmp_path: Path, receivers: Receivers
):
    new = "https://new.example/"

    def answer(url: str, _message: Message) -> None:
        if url == HOOK:
            raise Undeliverable("failed", "500", retry=True)

    receivers.answer = answer
    async with world(Log(), tmp_path, receivers, subscription(channels=(HOOK, MAIL))) as ours:
        await ours.come(alert("a", story="a"))
        await until(lambda: receivers.got)
        ours.subscribe(subscription(channels=(MAIL, new), version=2))
        await until(lambda: len(receivers.got) == 2)
        assert [to for to, _ in receivers.got] == [MAIL, new]
        await until(lambda: [item.state for item in ours.items()] == ["closed"])


async def test_what_is_open_for_a_subscription_that_is_removed_goes_with_it(tmp_path: Path, receivers: Receivers):
    def answer(*_: object) -> None:
        raise Undeliverable("failed", "500", retry=True)

    receivers.answer = answer
    async with world(Log(), tmp_path, receivers, subscription(channels=(HOOK,))) as ours:
        await ours.come(alert("a", story="a"))
        ours.subscribers.apply(b"s", None)
        await until(lambda: [item.state for item in ours.items()] == ["closed"])
        await ours.desk.changed({0}, ["s"])
        assert ours.store.get(head_key("s")) is None
        assert await ours.come(alert("b", story="b"), offset=1) == ["removed"]


async def test_a_subscription_without_channels_keeps_no_state(tmp_path: Path, receivers: Receivers):
    async with world(Log(), tmp_path, receivers, subscription(channels=())) as ours:
        assert await ours.come(alert("a")) == ["nothing"]
        assert not any(ours.log.topics[TOPICS.notify_state].values())


async def test_a_bell_is_sent_once_more_when_somebody_asks_for_it_and_the_ledger_says_so(
    tmp_path: Path, receivers: Receivers
):
    async with world(Log(), tmp_path, receivers, subscription(channels=(HOOK,), digest="weekly")) as ours:
        await ours.come(alert("a"))
        for _ in range(2):
            await ours.desk.take([Came(alert("a"), 0, 1, resend="r1")])
        await until(lambda: receivers.got)
        await asyncio.sleep(0.01)
        assert receivers.keys() == ids("a")
        again = ours.store.get(item_key("s", f"{ids('a')[0]}~r1"))
        assert (again.resent, again.channels[0].state) == (True, "sent")
        assert ours.store.delivered(0) == 0, "it counts once, when it comes by itself"


# Partitions


@asynccontextmanager
async def letting_go(
    tmp_path: Path, receivers: Receivers
) -> AsyncIterator[tuple[World, Callable[[], Awaitable[None]]]]:
    """Partition 0 is being let go: its first bell, "a", is under way, its second, "b", waits. With what ends that."""
    hold = asyncio.Event()
    receivers.answer = lambda *_: hold.wait()
    async with world(Log(), tmp_path, receivers, subscription(channels=(HOOK,))) as ours:
        await ours.come(alert("a", story="a"), alert("b", story="b"))
        await until(lambda: ours.courier._tasks)
        letting = asyncio.create_task(ours.courier.let_go({0}, 5))
        await asyncio.sleep(0.01)

        async def let_go() -> None:
            hold.set()
            await letting

        yield ours, let_go


async def test_partitions_that_are_taken_away_are_let_go_once_what_is_under_way_is_written_down(
    tmp_path: Path, receivers: Receivers
):
    async with letting_go(tmp_path, receivers) as (ours, let_go):
        await let_go()
        ours.mine.discard(0)
        assert {item.id: item.state for item in ours.items()} == dict(
            zip(ids("a", "b"), ["closed", "open"], strict=True)
        )
        await asyncio.sleep(0.01)
        assert len(receivers.got) == 1
        with pytest.raises(KafkaUnavailableError, match="taken away"):
            await ours.come(alert("c", story="c"))


async def test_what_is_decided_while_partitions_are_let_go_does_not_overtake_what_is_left_to_the_next_owner(
    tmp_path: Path, receivers: Receivers
):
    """The first is under way, the second is left; the third must not be sent here before whoever is next sends that."""
    async with letting_go(tmp_path, receivers) as (ours, let_go):
        await ours.come(alert("c", story="c"), offset=2)
        await let_go()
        await asyncio.sleep(0.01)
        assert receivers.keys() == ids("a")
        ours.courier.got({0})
        await until(lambda: len(receivers.got) == 3)
        assert receivers.keys() == ids("a", "b", "c")


async def test_nothing_is_begun_in_a_partition_that_is_not_owned_any_more(tmp_path: Path, receivers: Receivers):
    """One that was lost while its state was still being read was let go before there was anything in it."""
    hold = asyncio.Event()
    receivers.answer = lambda *_: hold.wait()
    async with world(Log(), tmp_path, receivers, subscription(channels=(HOOK,))) as ours:
        await ours.come(alert("a", story="a"), alert("b", story="b"))
        await until(lambda: ours.courier._tasks)
        ours.mine.discard(0)
        hold.set()
        await until(lambda: not (ours.courier._tasks or ours.courier._lanes.busy()))
        assert receivers.keys() == ids("a")
        ours.mine.add(0)
        ours.courier.got({0})
        await until(lambda: len(receivers.got) == 3)
        assert receivers.keys() == ids("a", "a", "b")


async def test_what_hangs_when_partitions_are_taken_away_is_given_up(tmp_path: Path, receivers: Receivers):
    receivers.answer = lambda *_: asyncio.Event().wait()
    async with world(Log(), tmp_path, receivers, subscription(channels=(HOOK,))) as ours:
        await ours.come(alert("a", story="a"))
        await until(lambda: ours.courier._tasks)
        await ours.courier.let_go({0}, 0.01)
        await until(lambda: not ours.courier._tasks)
        assert [item.state for item in ours.items()] == ["open"]


async def test_what_waits_in_a_partition_that_is_got_is_found(tmp_path: Path, receivers: Receivers):
    plan = subscription(channels=(MAIL,), digest="weekly")
    async with world(Log(), tmp_path, receivers, plan) as ours:
        await ours.come(alert("a"))
        assert ours.store.waited_for({0}) == ["s"]
        ours.subscribe(plan.model_copy(update={"paused": True, "version": 2}))
        await ours.tick(8 * DAY)
        assert (ours.store.waited_for({0}), ours.store.waited_for({1})) == (["s"], [])
        ours.subscribe(plan.model_copy(update={"version": 3, "digest": None}))
        await ours.desk.changed({0}, ours.store.waited_for({0}))
        await ours.tick()
        await until(lambda: receivers.got)
        assert ours.store.waited_for({0}) == []


async def test_what_is_long_ago_is_forgotten(tmp_path: Path, receivers: Receivers):
    async with world(Log(), tmp_path, receivers, subscription(channels=(HOOK,))) as ours:
        await ours.come(*BATCH)
        await until(lambda: len(receivers.got) == 5)
        await until(lambda: all(item.state == "closed" for item in ours.items()))
        ours.now += 30 * DAY
        assert await ours.desk.forget_old({0, 1}) == 0
        ours.now += 2 * DAY
        assert await ours.desk.forget_old({0, 1}) == 9
        assert ours.items() == []
        assert ours.store.delivered(0) == 5


async def test_a_copy_on_disk_that_cannot_be_written_is_told_to_whoever_asks_it_next(tmp_path: Path):
    """The changelog has what was written; the role, which asks every moment, ends by the error and reads it again."""
    log = Log()
    async with world(log, tmp_path, Receivers(), subscription(channels=(HOOK,))) as ours:
        ours.store.close()
        await ours.changelog.write([Change(0, b"h\x1fs", None)])
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            await ours.desk.send_digests({0})


async def test_many_alerts_of_one_subscription_are_decided_quickly(tmp_path: Path, receivers: Receivers):
    async with world(
        Log(), tmp_path, receivers, subscription(channels=(HOOK,), digest="weekly"), rules=Rules(max_waiting=100)
    ) as ours:
        for start in range(0, 500, 100):
            await ours.come(*(alert(f"a{n}", story=f"s{n}") for n in range(start, start + 100)), offset=start)
        sizes = [len(value) for _, value in ours.log.topics[TOPICS.notify_state][0]]
        assert sum(sizes) < 1_500_000
