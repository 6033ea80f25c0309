"""Deliveries: in order in each lane, nobody held up by another's receiver, no stampede."""

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from belfry.notify.lanes import Attempt, LaneKey, Lanes, RetryRules, receiver_of

RULES = RetryRules(first_s=1, longest_s=60, width=4)


def lane(name: str, url: str = "https://example.org/", partition: int = 0) -> LaneKey:
    return LaneKey(partition, name, url)


def lanes(rules: RetryRules = RULES) -> Lanes:
    return Lanes(rules, Random(1))


def test_messages_of_a_lane_go_one_after_the_other_in_order():
    ours = lanes()
    for item in (b"1", b"2", b"3"):
        ours.add(lane("s"), item)
    order: list[bytes] = []
    while attempts := ours.ready(0):
        [attempt] = attempts
        assert ours.ready(0) == []
        order.append(attempt.item)
        ours.sent(attempt)
    assert order == [b"1", b"2", b"3"]
    assert ours.busy() == ()


def test_what_fails_is_tried_again_before_what_came_after_it_and_pauses_grow():
    ours = lanes()
    ours.add(lane("s"), b"1")
    ours.add(lane("s"), b"2")
    now, pauses = 0.0, []
    for _ in range(12):
        [attempt] = ours.ready(now)
        assert attempt.item == b"1"
        ours.failed(attempt, now, "failed")
        assert ours.ready(now) == []
        following = ours.next_at(now)
        pauses.append(following - now)
        now = following
    assert pauses[0] <= 1
    assert all(30 <= pause <= 60 for pause in pauses[7:])
    assert len(set(pauses)) == len(pauses), "with jitter"


def test_a_receiver_that_says_when_is_not_asked_before():
    ours = lanes()
    ours.add(lane("s"), b"1")
    [attempt] = ours.ready(0)
    ours.failed(attempt, 0, "busy", 500)
    assert ours.next_at(0) == 500
    assert ours.ready(499) == []
    assert len(ours.ready(500)) == 1


def test_a_receiver_gets_so_many_at_once_and_another_is_not_held_up_by_it():
    ours = lanes()
    for number in range(100):
        ours.add(lane(f"slow{number}", "https://slow.example/"), b"x")
    assert len(ours.ready(0)) == 4
    ours.add(lane("quick", "https://quick.example/"), b"y")
    assert [attempt.item for attempt in ours.ready(0)] == [b"y"]


def test_a_receiver_that_has_answered_may_have_the_next_while_the_lane_waits_for_the_ledger():
    ours = lanes()
    for number in range(100):
        for item in (b"1", b"2"):
            ours.add(lane(f"s{number}"), item)
    first = ours.ready(0)
    for attempt in first:
        ours.answered(attempt)
    second = ours.ready(0)
    assert len(second) == 4
    assert not {attempt.lane for attempt in second} & {attempt.lane for attempt in first}, "order within a lane"
    ours.sent(first[0])
    assert ours.ready(0) == [], "that frees no second place at the receiver"


def test_only_so_many_answers_are_unwritten():
    ours = lanes()
    for number in range(100):
        ours.add(lane(f"s{number}"), b"1")
    answered: list[Attempt] = []
    while attempts := ours.ready(0):
        for attempt in attempts:
            ours.answered(attempt)
        answered += attempts
    assert len(answered) == 64
    ours.sent(answered[0])
    ours.let_go([0])
    assert ours.busy() == ()
    ours.add(lane("new"), b"1")
    assert len(ours.ready(0)) == 1


def test_a_lane_that_fails_for_itself_does_not_hold_up_others_at_the_same_receiver():
    ours = lanes()
    ours.add(lane("broken"), b"x")
    now = 0.0
    for _ in range(20):
        for attempt in ours.ready(now):
            ours.failed(attempt, now, "timeout")
        now = ours.next_at(now)
    ours.add(lane("fine"), b"y")
    [attempt] = [attempt for attempt in ours.ready(now) if attempt.item == b"y"] or ours.ready(now)
    assert attempt.item == b"y"


def test_a_receiver_that_is_down_is_tried_by_one_at_a_time_and_comes_back_gently():
    ours = lanes()
    for number in range(1000):
        for item in (b"1", b"2"):
            ours.add(lane(f"s{number}"), item)
    now, tries = 0.0, 0
    while now < 600:
        attempts = ours.ready(now)
        tries += len(attempts)
        assert len(attempts) <= 4
        for attempt in attempts:
            ours.failed(attempt, now, "unreachable")
        now = max(now + 0.001, ours.next_at(now) or now)
    assert tries < 40, "ten minutes: a few tries, not thousands"
    sent: Counter[LaneKey] = Counter()
    widths: list[int] = []
    while len(sent) < 1000 or sum(sent.values()) < 2000:
        attempts = ours.ready(now)
        widths.append(len(attempts))
        for attempt in attempts:
            assert attempt.item == (b"1" if sent[attempt.lane] == 0 else b"2")
            sent[attempt.lane] += 1
            ours.sent(attempt)
        if not attempts:
            now = ours.next_at(now)
    assert now < 600 + 61
    assert [width for width in widths if width][:3] == [1, 2, 4]
    assert max(widths) == 4


def test_what_is_let_go_is_forgotten_also_while_it_is_being_tried():
    ours = lanes()
    ours.add(lane("a", partition=1), b"1")
    ours.add(lane("b", partition=2), b"2")
    attempts = {attempt.item: attempt for attempt in ours.ready(0)}
    ours.let_go([1])
    ours.add(lane("a", partition=1), b"1")
    [again] = ours.ready(0)
    ours.sent(attempts[b"1"])
    assert ours.waiting(lane("a", partition=1)) == (b"1",), "the old attempt says nothing of the new one"
    ours.sent(again)
    ours.dropped(attempts[b"2"])
    assert ours.busy() == ()


def test_a_message_is_added_once_and_one_that_waits_can_be_removed():
    ours = lanes()
    for item in (b"1", b"1", b"2"):
        ours.add(lane("s"), item)
    ours.remove(lane("s"), b"2")
    [attempt] = ours.ready(0)
    ours.remove(lane("s"), b"1")
    assert ours.waiting(lane("s")) == (b"1",)
    ours.held(attempt, 0, 30)
    assert ours.ready(29) == []
    ours.wake("s", 29)
    assert len(ours.ready(29)) == 1


def test_addresses_of_one_host_share_a_receiver_and_so_does_all_mail():
    assert receiver_of("https://example.org/a?x") == receiver_of("https://u@EXAMPLE.org/b")
    assert receiver_of("https://example.org:8443/") != receiver_of("https://example.org/")
    assert receiver_of("mailto:a@b.c") == receiver_of("mailto:d@e.f")
    assert receiver_of("https://[broken/") == "https://[broken/"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 30), st.integers(1, 3))
def test_whatever_fails_everything_is_sent_in_order_and_never_more_at_once_than_allowed(seed, messages, receivers):
    chance = Random(seed)
    ours = lanes()
    expected: dict[LaneKey, list[bytes]] = {}
    for number in range(messages):
        key = lane(f"s{chance.randrange(6)}", f"https://r{chance.randrange(receivers)}.example/")
        item = b"%d" % number
        ours.add(key, item)
        expected.setdefault(key, []).append(item)
    now, running, sent = 0.0, list[Attempt](), dict[LaneKey, list[bytes]]()
    for _ in range(10_000):
        running += ours.ready(now)
        at_once = Counter(receiver_of(attempt.lane.url) for attempt in running)
        assert all(count <= RULES.width for count in at_once.values())
        if running:
            attempt = running.pop(chance.randrange(len(running)))
            if chance.random() < 0.4:
                ours.failed(attempt, now, chance.choice(["timeout", "busy", "failed"]), chance.choice([None, 5.0]))
            else:
                ours.sent(attempt)
                sent.setdefault(attempt.lane, []).append(attempt.item)
        elif (following := ours.next_at(now)) is not None:
            now = max(now, following)
        else:
            break
    assert sent == expected
    assert ours.busy() == ()
