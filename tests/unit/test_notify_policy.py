"""When a bell rings, when it waits, and that none is lost and none comes twice."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belfry.notify.events import COUNTED, AlertCame, ChannelFailed, ChannelWorks, DigestDue, SubscriptionChanged
from belfry.notify.pace import FLOOD_FLOOR, Rules
from belfry.notify.records import Head, Item, ItemBell, Story, decoded, head_key, item_key, story_key
from schemas.subscriptions import Subscription
from tests.notify_cases import NOW, Desk, alert, subscription

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# Once per story


def test_twenty_copies_of_one_report_ring_once_and_the_rest_is_listed():
    desk = Desk()
    decisions = [desk.come(alert(f"copy-{n}", 1, f"Kop {n} meldt troepen.")) for n in range(20)]
    assert decisions == ["rings"] + ["also_in"] * 19
    assert desk.stories["story"].count == 20


def test_two_stories_ring_twice_and_an_article_without_a_story_is_one_of_its_own():
    desk = Desk()
    assert [desk.come(alert("a")), desk.come(alert("b", story="other")), desk.come(alert("c", story=None))] == [
        "rings"
    ] * 3


def test_an_edit_rings_again_only_for_text_that_was_not_there_before():
    desk = Desk()
    first, second = "Rusland stuurt troepen naar de grens.", "Ook Polen stuurt troepen naar de grens."
    assert desk.come(alert("a", 1, first)) == "rings"
    assert desk.come(alert("a", 2, first)) == "also_in"
    assert desk.come(alert("a", 3, first, second)) == "rings"
    assert desk.come(alert("a", 4, second)) == "also_in"
    assert desk.come(alert("a", 5, first, second)) == "also_in", "it was there before"


def test_a_corrected_number_or_a_longer_headline_is_no_new_text():
    desk = Desk()
    assert desk.come(alert("a", 1, "Er staan 120.000 troepen aan de grens.", title="Troepen aan de grens")) == "rings"
    corrected = "Er staan 130.000 troepen aan de grens."
    assert desk.come(alert("a", 2, corrected, title="Steeds meer troepen aan de grens")) == "also_in"


def test_an_edit_of_a_copy_rings_for_text_that_no_copy_had():
    desk = Desk()
    desk.come(alert("a", 1, "Er zijn troepen."))
    assert desk.come(alert("b", 1, "De troepen rukken op naar het noorden.")) == "also_in"
    assert desk.come(alert("b", 2, "De troepen rukken op naar het noorden.")) == "also_in"
    assert desk.come(alert("b", 3, "De troepen rukken op naar het noorden.", "Duizend troepen keerden om.")) == "rings"


def test_what_was_decided_before_is_a_repeat():
    desk = Desk()
    assert [desk.come(alert("a", 2)), desk.come(alert("a", 2)), desk.come(alert("a", 1))] == [
        "rings",
        "repeat",
        "repeat",
    ]


def test_a_story_is_bounded_and_still_counts():
    desk = Desk()
    for number in range(620):
        desk.come(alert(f"a{number}", 1, f"Zin {number} over troepen."))
    story = desk.stories["story"]
    assert (story.count, len(story.articles), len(story.versions)) == (620, 50, 500)
    assert len(story.encode()) < 150_000


# Throttle, digests, quiet hours


def test_a_throttle_lets_so_many_through_in_any_hour_and_the_rest_comes_in_the_next_digest():
    desk = Desk(subscription(throttle="2/hour"))
    came = [desk.come(alert(f"a{n}", story=f"s{n}"), NOW + n * timedelta(minutes=10)) for n in range(8)]
    assert came == ["rings", "rings", "waits", "waits", "waits", "waits", "rings", "rings"]
    assert desk.head.digest_at == datetime(2026, 3, 2, 11, tzinfo=UTC)
    desk.tick(NOW + timedelta(minutes=31))
    assert [len(digest.bells) for digest in desk.of("digest")] == [4]


def test_a_throttle_by_the_day_has_its_rest_in_the_daily_digest():
    desk = Desk(subscription(throttle="1/day", time_zone="Europe/Brussels"))
    desk.come(alert("a", story="a"))
    desk.come(alert("b", story="b"))
    assert desk.head.digest_at == datetime(2026, 3, 3, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "due"),
    [("hourly", "2026-03-02T11:00"), ("daily", "2026-03-02T12:00"), ("weekly", "2026-03-09T12:00")],
)
def test_a_digest_comes_when_it_is_due_where_the_subscriber_lives(period: str, due: str):
    desk = Desk(subscription(digest=period, time_zone="America/New_York"))
    if period == "weekly":
        desk.come(alert("a", story="a"), NOW + 5 * HOUR)
    desk.come(alert("b", story="b"), NOW + 5 * HOUR if period == "weekly" else NOW)
    expected = datetime.fromisoformat(due).replace(tzinfo=UTC)
    # 7:00 in New York is noon UTC in winter, 11:00 from 8 March on.
    assert desk.head.digest_at == (expected - HOUR if period == "weekly" else expected)
    desk.tick(expected - HOUR - timedelta(seconds=1))
    assert desk.of("digest") == []
    desk.tick(expected)
    assert len(desk.of("digest")) == 1
    assert desk.waiting == ()


def test_bells_of_the_quiet_hours_wait_and_come_in_one_digest():
    desk = Desk(subscription(quiet_hours="10:00-12:00"))
    assert [desk.come(alert(f"a{n}", story=f"s{n}"), NOW + n * timedelta(minutes=20)) for n in range(5)] == [
        "waits"
    ] * 5
    desk.tick(NOW + HOUR)
    assert desk.of("digest") == []
    desk.tick(NOW + 2 * HOUR)
    assert [digest.alert_ids for digest in desk.of("digest")] == [
        tuple(alert(f"a{n}", story=f"s{n}").alert_id for n in range(5))
    ]


def test_a_digest_that_is_due_in_quiet_hours_comes_when_they_are_over():
    desk = Desk(subscription(digest="hourly", quiet_hours="10:45-12:15"))
    desk.come(alert())
    assert desk.head.digest_at == datetime(2026, 3, 2, 12, 15, tzinfo=UTC)


def test_a_clock_that_is_set_back_brings_no_digest_a_second_time():
    desk = Desk(subscription(digest="daily"))
    desk.come(alert("a", story="a"), NOW - DAY)
    desk.tick(NOW.replace(hour=7, minute=0))
    early = NOW.replace(hour=6, minute=30)
    desk.come(alert("b", story="b"), early)
    desk.tick(early + HOUR)
    assert len(desk.of("digest")) == 1
    desk.tick(NOW.replace(hour=7) + DAY)
    assert len(desk.of("digest")) == 2


def test_in_the_night_that_an_hour_is_lived_twice_each_digest_comes_once():
    desk = Desk(subscription(digest="daily", time_zone="Europe/Brussels"), Rules(digest_at=time(2, 30)))
    begin = datetime(2026, 10, 24, 12, tzinfo=UTC)
    for minutes in range(0, 36 * 60, 10):
        now = begin + timedelta(minutes=minutes)
        desk.come(alert(f"a{minutes}", story=f"s{minutes}", at=now), now)
        desk.tick(now)
    assert [digest.at for digest in desk.of("digest")] == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


def test_a_long_digest_is_cut_and_counts_the_rest():
    desk = Desk(subscription(digest="hourly"), Rules(max_digest=10, max_waiting=20))
    for number in range(25):
        desk.come(alert(f"a{number}", story=f"s{number}"))
    desk.tick(NOW + HOUR)
    [digest] = desk.of("digest")
    assert (len(digest.bells), digest.more) == (10, 15)
    assert Counter(item.digest for item in desk.items.values() if item.kind == "bell") == {digest.id: 10, COUNTED: 15}


def test_who_reads_by_program_gets_the_bells_of_a_digest_one_by_one_and_other_channels_the_digest():
    hook, mail = "https://example.org/hook", "mailto:desk@example.org"
    desk = Desk(subscription(digest="hourly", channels=(hook, mail)), Rules(max_digest=2))
    for number in range(3):
        desk.come(alert(f"a{number}", story=f"s{number}"))
    desk.tick(NOW + HOUR)
    [digest] = desk.of("digest")
    assert [channel.url for channel in digest.channels] == [mail]
    assert (len(digest.bells), digest.more) == (2, 1)
    assert [[channel.url for channel in bell.channels] for bell in desk.of("bell")] == [[hook]] * 3
    assert [bell.digest for bell in desk.of("bell")] == [digest.id, digest.id, COUNTED]
    line = Desk(subscription(digest="hourly", channels=("stdout:", "feed:")), Rules(max_digest=2))
    for number in range(3):
        line.come(alert(f"a{number}", story=f"s{number}"))
    line.tick(NOW + HOUR)
    assert [[channel.url for channel in bell.channels] for bell in line.of("bell")] == [["stdout:"]] * 3
    assert [channel.url for channel in line.of("digest")[0].channels] == ["feed:"]
    only = Desk(subscription(digest="hourly", channels=(hook,)))
    only.come(alert())
    only.tick(NOW + HOUR)
    assert (only.of("digest"), [bell.digest for bell in only.of("bell")]) == ([], [""])


def test_an_alert_that_is_a_day_old_is_no_news_any_more_but_its_story_is_known():
    desk = Desk()
    assert desk.come(alert("a", at=NOW - DAY), NOW + timedelta(seconds=1)) == "late"
    assert desk.come(alert("b"), NOW) == "also_in"
    assert desk.come(alert("c", story="c", at=NOW - DAY), NOW) == "rings"


# What ends early


def test_what_was_canceled_neither_rings_nor_waits():
    desk = Desk(subscription(digest="hourly"))
    desk.come(alert("a", story="a"))
    desk.come(alert("b", story="b"))
    desk.canceled = {"a", "c"}
    assert desk.come(alert("c", story="c")) == "canceled"
    desk.tick(NOW + HOUR)
    assert [item.closed for item in desk.items.values()] == ["canceled", "", ""]
    assert [digest.alert_ids for digest in desk.of("digest")] == [(alert("b").alert_id,)]
    desk.canceled.add("d")
    desk.come(alert("e", story="e"))
    desk.canceled.add("e")
    desk.tick(NOW + 2 * HOUR)
    assert len(desk.of("digest")) == 1, "a digest of nothing isn't sent"


def test_a_paused_subscription_keeps_what_waits_and_sends_it_once_it_is_resumed():
    desk = Desk(subscription(digest="hourly"))
    desk.come(alert("a", story="a"))
    desk.subscription = subscription(digest="hourly", paused=True, version=2)
    desk.tick(NOW + HOUR)
    desk.tick(NOW + 9 * HOUR)
    assert len(desk.waiting) == 1
    desk.subscription = subscription(digest="hourly", version=3)
    desk.apply(SubscriptionChanged(), NOW + 9 * HOUR)
    desk.tick(NOW + 10 * HOUR)
    assert (len(desk.of("digest")), desk.waiting) == (1, ())


def test_what_waits_for_a_subscription_that_is_removed_goes_with_it():
    desk = Desk(subscription(digest="weekly"))
    desk.come(alert("a", story="a"))
    desk.subscription = None
    desk.apply(SubscriptionChanged(), NOW + HOUR)
    desk.tick(NOW + HOUR)
    assert [item.closed for item in desk.items.values()] == ["removed"]
    assert desk.come(alert("b", story="b")) == "removed"


def test_alerts_of_an_earlier_subscription_of_that_name_do_not_ring():
    assert Desk(subscription(created_at=NOW)).come(alert(at=NOW - HOUR)) == "removed"


def test_an_edited_subscription_has_its_digest_at_the_new_time():
    desk = Desk(subscription(digest="weekly"))
    desk.come(alert("a", story="a"))
    desk.subscription = subscription(digest="hourly", version=2)
    desk.apply(SubscriptionChanged(), NOW)
    assert desk.head.digest_at == datetime(2026, 3, 2, 11, tzinfo=UTC)
    desk.subscription = subscription(version=3)
    desk.apply(SubscriptionChanged(), NOW)
    assert desk.head.digest_at == NOW, "without digests what waits comes at once"


# Floods, and channels that fail


def test_a_flood_is_slowed_to_a_digest_and_its_owner_is_told_once():
    desk = Desk(subscription(owner="desk@example.org"), Rules(flood_per_hour=30))
    came = [desk.come(alert(f"a{n}", story=f"s{n}"), NOW + n * timedelta(seconds=1)) for n in range(100)]
    assert came == ["rings"] * 30 + ["waits"] * 70
    [notice] = desk.of("notice")
    assert [channel.url for channel in notice.channels] == ["mailto:desk@example.org"]
    assert "belfry subscriptions edit s" in notice.notice
    desk.tick(NOW + HOUR)
    assert [len(digest.bells) for digest in desk.of("digest")] == [70]
    later = NOW + 3 * HOUR
    assert desk.come(alert("b", story="b"), later) == "rings", "it is over"


def test_a_flood_that_goes_on_stays_slowed_without_another_notice():
    desk = Desk(rules=Rules(flood_per_hour=30))
    for minutes in range(0, 300, 1):
        now = NOW + timedelta(minutes=minutes)
        desk.come(alert(f"a{minutes}", story=f"s{minutes}"), now)
        desk.tick(now)
    assert len(desk.of("notice")) == 1
    assert len(desk.of("digest")) >= 4


def test_a_subscription_that_has_a_history_floods_by_that():
    desk = Desk()
    for hours in range(0, 72, 6):
        assert desk.come(alert(f"h{hours}", story=f"h{hours}", at=NOW + hours * HOUR), NOW + hours * HOUR) == "rings"
    now = NOW + 80 * HOUR
    came = [desk.come(alert(f"a{n}", story=f"s{n}", at=now), now) for n in range(FLOOD_FLOOR + 20)]
    assert came == ["rings"] * FLOOD_FLOOR + ["waits"] * 20
    assert Desk().come(alert()) == "rings"


def test_one_that_always_rings_much_does_not_flood_by_ringing_as_always():
    desk = Desk(rules=Rules(flood_per_hour=100_000))
    for minutes in range(0, 30 * 60, 1):
        now = NOW + timedelta(minutes=minutes)
        assert desk.come(alert(f"a{minutes}", story=f"s{minutes}", at=now), now) == "rings"
    assert desk.head.usual > 15


def test_an_owner_is_told_once_of_a_channel_that_fails_and_not_on_that_channel():
    hook, mail = "https://example.org/hook", "mailto:a@example.org"
    desk = Desk(subscription(channels=(hook, mail)))
    desk.apply(ChannelFailed(hook, "timeout"), NOW)
    desk.apply(ChannelFailed(hook, "timeout"), NOW + HOUR)
    assert [[channel.url for channel in each.channels] for each in desk.of("notice")] == [[mail]]
    desk.apply(ChannelWorks(hook), NOW + DAY)
    desk.apply(ChannelFailed(hook, "timeout"), NOW + 2 * DAY)
    assert len(desk.of("notice")) == 2


# Invariants

HOOK = "https://example.org/hook"
PLANS = st.fixed_dictionaries(
    {"channels": st.sampled_from([(HOOK,), ("mailto:a@example.org",), ("mailto:a@example.org", HOOK)])},
    optional={
        "throttle": st.sampled_from(["1/hour", "3/hour", "2/day"]),
        "digest": st.sampled_from(["hourly", "daily", "weekly"]),
        "quiet_hours": st.sampled_from(["22:00-07:00", "12:00-13:30"]),
        "time_zone": st.sampled_from(["Europe/Brussels", "Asia/Kolkata", "America/New_York"]),
    },
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("alert"), st.integers(0, 12), st.integers(1, 3), st.integers(0, 3)),
        st.tuples(st.just("pass"), st.integers(-90, 900)),
        st.tuples(st.just("cancel"), st.integers(0, 12)),
        st.tuples(st.just("edit"), PLANS, st.booleans()),
    ),
    max_size=60,
)


def edited(before: Subscription, plan: dict[str, str], paused: bool) -> Subscription:
    return subscription(version=before.version + 1, paused=paused, **plan)


@settings(max_examples=150, deadline=None)
@given(PLANS, STEPS)
def test_whatever_happens_each_alert_is_sent_listed_or_waits_and_none_is_sent_twice(plan, steps):
    desk = Desk(subscription(**plan), Rules(max_digest=3, max_waiting=6, flood_per_hour=8))
    now, came = NOW, {}
    for step in steps:
        if step[0] == "alert":
            _, article, version, sentence = step
            one = alert(
                f"a{article}", version, f"Zin {sentence} van {article} over troepen.", story=f"s{article % 5}", at=now
            )
            came.setdefault(one.alert_id, desk.come(one, now))
        elif step[0] == "pass":
            now += timedelta(minutes=step[1])
            desk.tick(now)
        elif step[0] == "cancel":
            desk.canceled.add(f"a{step[1]}")
        else:
            assert desk.subscription is not None
            desk.subscription = edited(desk.subscription, step[1], step[2])
            desk.apply(SubscriptionChanged(), now)
    waits = sum(item.state == "waiting" for item in desk.items.values())
    assert waits == desk.head.waiting
    desk.subscription = edited(desk.subscription, plan, False)
    desk.apply(SubscriptionChanged(), now)
    for _ in range(20):
        now += 12 * HOUR
        desk.tick(now)
    assert desk.waiting == ()
    sent: Counter[tuple[str, str]] = Counter(
        (channel.url, id_)
        for item in desk.items.values()
        if item.state == "open"
        for channel in item.channels
        for id_ in item.alert_ids
    )
    reached = {id_ for _, id_ in sent}
    assert set(sent.values()) <= {1}
    for id_, decision in came.items():
        item = desk.items.get(id_)
        if decision in ("rings", "waits"):
            assert item is not None
            assert id_ in reached or item.closed == "canceled" or item.digest == COUNTED
        else:
            assert item is None or came[id_] == "repeat"
    for digest in desk.of("digest"):
        assert len(digest.bells) <= 3


def test_a_digest_that_was_made_before_a_kill_is_not_made_again_and_what_came_since_waits_for_the_next():
    desk = Desk(subscription(digest="hourly"))
    desk.come(alert("a", story="a"))
    before, waiting = desk.head, desk.waiting
    desk.tick(NOW + HOUR)
    [digest] = desk.of("digest")
    desk.head = before
    desk.items = {item.id: item for item in waiting}
    desk.come(alert("b", story="b"), NOW + HOUR)
    outcome = desk.apply(DigestDue(desk.waiting, made=digest), NOW + HOUR)
    assert desk.of("digest") == []
    assert outcome.decision == "digest"
    assert [item.id for item in desk.waiting] == [alert("b").alert_id]
    assert (desk.head.waiting, desk.head.digest_at) == (1, datetime(2026, 3, 2, 12, tzinfo=UTC))


def test_records_are_read_as_they_were_written():
    bell = ItemBell(alert=alert(), story="k", partition=1, offset=2)
    item = Item(id="i", message_id="i", subscription_id="s", kind="bell", state="open", seq=1, at=NOW, bells=(bell,))
    story = Story(bell="b", last_at=NOW, versions={"a": 1}, passages={"k": "w"})
    head = Head(source="t", decided=3, rung_ms=(1, 2), digest_at=NOW)
    for key, record in ((item_key("s", "i"), item), (story_key("s", "", "t"), story), (head_key("s"), head)):
        assert decoded(key, record.encode()) == record


def test_an_alert_whose_item_was_written_before_a_kill_is_decided_as_it_was_then():
    desk = Desk(subscription(throttle="1/hour"))
    desk.come(alert("a", story="a"))
    before = desk.head
    assert desk.come(alert("b", story="b")) == "waits"
    item = desk.items[alert("b").alert_id]
    desk.head, desk.stories = before, {}
    bell = ItemBell(alert=alert("b", story="b"), story="b", partition=0, offset=1)
    later = NOW + 2 * HOUR
    outcome = desk.apply(AlertCame(bell, item=item), later)
    assert outcome.decision == "waits", "though by now it would ring"
    assert (desk.head.waiting, desk.head.seq) == (1, item.seq)
    assert desk.head.digest_at is not None
    outcome = desk.apply(AlertCame(bell, item=item, decided=True), later)
    assert (outcome.decision, outcome.items, outcome.state.head) == ("waits", (), desk.head)
    assert outcome.state.story is not None
