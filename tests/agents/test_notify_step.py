"""The notify step: what it reads from records, waits for and keeps; and subscriptions that nobody checked."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from belfry.notify import desk as desks
from belfry.notify.desk import Came
from belfry.notify.events import Decision
from belfry.notify.records import Item
from belfry.notify.step import RESEND_HEADER, NotifyStep
from belfry.notify.subscribers import CanceledArticles, Subscribers, usable
from processors.agents.outcomes import REPLAY_HEADER
from processors.agents.records import Record
from schemas.spans import ExplainedSpan
from schemas.topics import ROOM_BYTES
from tests.agents.notify_world import TOPICS, Log, Receivers, until, world
from tests.notify_cases import NOW, Desk, alert, subscription


class Taking:
    def __init__(self, *decisions: Decision) -> None:
        self.decisions = decisions
        self.came: list[Came] = []

    async def take(self, batch: Sequence[Came]) -> Sequence[Decision]:
        self.came += batch
        return self.decisions[: len(batch)]


class Followed:
    def __init__(self) -> None:
        self.asked = 0

    async def caught_up(self) -> None:
        self.asked += 1


def record(offset: int = 0, value: bytes | None = None, **headers: bytes) -> Record:
    named = {name.replace("_", "-"): header for name, header in headers.items()}
    return Record(TOPICS.alerts, 1, offset, b"s", alert().encode() if value is None else value, named)


def step(taking: Taking, followed: Followed, log: Log, *known: bytes) -> NotifyStep:
    subscribers = Subscribers()
    for each in known:
        subscribers.apply(b"s", each)
    return NotifyStep(taking, subscribers, followed, log, TOPICS.dead)


async def test_an_alert_of_a_subscription_that_is_not_known_yet_waits_for_it():
    taking, followed = Taking("rings"), Followed()
    await step(taking, followed, Log()).process([record()])
    assert followed.asked == 1
    followed = Followed()
    await step(taking, followed, Log(), subscription().encode()).process([record()])
    assert followed.asked == 0
    old = subscription(version=1).encode()
    newer = alert().model_copy(update={"subscription_version": 2}).encode()
    await step(taking, followed, Log(), old).process([record(value=newer)])
    assert followed.asked == 1


async def test_headers_tell_a_replay_and_a_wish_and_what_cannot_be_read_is_left_to_the_index():
    taking = Taking("rings", "waits")
    records = [record(5, **{REPLAY_HEADER: b"run"}), record(6, b"{"), record(7, **{RESEND_HEADER: b"wish"})]
    log = Log()
    done = await step(taking, Followed(), log).process(records)
    assert [(each.partition, each.offset, each.run, each.resend) for each in taking.came] == [
        (1, 5, "run", ""),
        (1, 7, "", "wish"),
    ]
    assert [(each.kind, each.reason, each.alerts) for each in done] == [
        ("done", None, 1),
        ("dead", "not_json", 0),
        ("held", None, 1),
    ]
    assert not log.topics


async def test_an_alert_that_breaks_the_policy_or_comes_too_late_is_a_dead_letter_and_the_rest_goes_on():
    log = Log()
    done = await step(Taking("failed", "rings", "late"), Followed(), log).process([record(1), record(2), record(3)])
    assert [(letter.stage, letter.reason, letter.offset) for letter in log.letters()] == [
        ("notify", "failed", 1),
        ("notify", "undelivered", 3),
    ]
    assert [each.kind for each in done] == ["dead", "done", "dead"]


async def test_what_breaks_holds_up_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    real = desks.policy

    def breaks(state, event, now, rules):
        if state.subscription is not None and state.subscription.id == "bad":
            raise ZeroDivisionError
        return real(state, event, now, rules)

    receivers = Receivers()
    plans = [subscription(name, channels=("mailto:a@b.c",), digest="hourly") for name in ("bad", "good")]
    async with world(Log(), tmp_path, receivers, *plans) as ours:
        await ours.come(*(alert(to=plan.id) for plan in plans))
        monkeypatch.setattr(desks, "policy", breaks)
        assert await ours.come(alert("b", to="bad"), alert("b", story="b", to="good"), offset=2) == ["failed", "waits"]
        await ours.tick(desks._BROKEN_FOR * 4)
        await until(lambda: receivers.got)
        monkeypatch.setattr(desks, "policy", real)
        await ours.tick()
        assert len(receivers.got) == 1, "a broken digest waits a while"
        await ours.tick(desks._BROKEN_FOR)
        await until(lambda: len(receivers.got) == 2)


def test_a_subscription_that_nobody_checked_is_delivered_without_what_is_wrong_with_it():
    odd = subscription(throttle="often", quiet_hours="25:00-26:00", time_zone="Mars/Base")
    fine = usable(odd)
    assert (fine.throttle, fine.quiet_hours, fine.time_zone) == (None, None, "UTC")
    spoken = usable(subscription(throttle="5/h", quiet_hours="7:00-9:00"))
    assert (spoken.throttle, spoken.quiet_hours) == ("5/hour", "07:00-09:00")
    checked = subscription(throttle="5/hour")
    assert usable(checked) is checked


def test_a_cancellation_that_cannot_be_read_is_left_out():
    canceled = CanceledArticles()
    for key, value in ((None, b"1"), (b"a", None), (b"a", b"x"), (b"a", b"3"), (b"a", b"2")):
        canceled.apply(key, value)
    assert canceled.includes(alert("a", 3))
    assert not canceled.includes(alert("a", 4))
    assert not canceled.includes(alert("b", 1))


async def test_what_is_large_still_fits_a_message_of_kafka(tmp_path: Path):
    spans = tuple(ExplainedSpan(field="text", start=n, end=n + 5, text="troep", part="troep*") for n in range(40_000))
    large = alert("a").model_copy(update={"spans": spans})
    assert len(large.encode()) > 2_500_000
    log, hook = Log(), "https://a.example/"
    plans = [subscription("s", channels=(hook,)), subscription("t", channels=("mailto:a@b.c",), digest="hourly")]
    async with world(log, tmp_path, Receivers(), *plans) as ours:
        await ours.come(large)
        many = [alert(f"a{n}", story=f"s{n}", to="t").model_copy(update={"spans": spans[:2000]}) for n in range(30)]
        await ours.come(*many, offset=1)
        await ours.desk.send_digests({0})
        ours.now = NOW.replace(hour=11, minute=0)
        await ours.tick()
        [digest] = [item for item in ours.items() if item.kind == "digest"]
        assert len(digest.alert_ids) + digest.more == 30
        assert digest.more > 0
    sizes = [len(value or b"") for _, value in log.topics[TOPICS.notify_state][0]]
    assert max(sizes) < ROOM_BYTES


def test_a_throttle_of_very_many_remembers_few_and_lets_no_more_through():
    desk = Desk(subscription(throttle="20000/day"))
    came = [desk.come(alert(f"a{n}", story=f"s{n}")) for n in range(1200)]
    assert came == ["rings"] * 1000 + ["waits"] * 200
    assert len(desk.head.rung_ms) == 1000


def test_an_item_is_closed_when_its_last_channel_is_settled():
    item = Item(
        id="i", message_id="i", subscription_id="s", kind="bell", state="open", seq=1, at=NOW,
        channels=({"url": "a"}, {"url": "b"}),
    )  # fmt: skip
    first, second = item.channels
    half = item.with_channel(first.model_copy(update={"state": "sent"}))
    assert (half.state, half.pending) == ("open", (second,))
    assert half.with_channel(second.model_copy(update={"state": "dead"})).state == "closed"
