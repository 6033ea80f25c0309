"""What a chaos run finds: a bell that is missing, out of order, strange, or came again without need."""

import pytest

from tests.chaos.stream import Disturbed, Found, compared, overtakings

RUNG = {"s": ["a", "b", "c"]}
KILLED = Disturbed(100.0, 100.0)


def found(*came: tuple[str, float], disturbances: tuple[Disturbed, ...] = (KILLED,)) -> Found:
    return compared(RUNG, {"s": list(came)}, disturbances)


def test_what_came_once_and_in_order_is_as_it_should_be():
    assert found(("a", 1), ("b", 2), ("c", 3)) == Found(bells=3, came=3, repeats=0)


@pytest.mark.parametrize(
    ("came", "wrong"),
    [
        ([("a", 1), ("c", 3)], ["missing"]),
        ([("a", 1), ("c", 2), ("b", 3)], ["disordered"]),
        ([("a", 1), ("b", 2), ("c", 3), ("x", 4)], ["strange"]),
        ([("a", 1), ("a", 2), ("b", 3), ("c", 4)], ["needless"]),
        ([("a", 1), ("b", 99), ("c", 103), ("c", 104)], ["needless"]),
    ],
    ids=["one is missing", "two changed places", "nobody rang it", "again before the kill", "again after the kill"],
)
def test_what_is_wrong_is_found(came: list[tuple[str, float]], wrong: list[str]):
    assert found(*came).wrong == wrong


def test_who_overtook_whom_is_told_with_the_times():
    came = [("a", 1.0), ("c", 2.0), ("b", 3.5), ("c", 4.0)]
    assert list(overtakings(RUNG, {"s": came})) == ["s: c at 2.000, though b, at 3.500, rang before it"]
    assert list(overtakings(RUNG, {"s": [("a", 1.0), ("b", 2.0), ("a", 3.0), ("x", 4.0), ("c", 5.0)]})) == []


def test_a_kill_explains_one_repeat_of_a_subscription():
    once = found(("a", 1), ("b", 99.9), ("b", 103), ("c", 104))
    assert (once.wrong, once.repeats) == ([], 1)
    twice = found(("a", 99), ("b", 99.9), ("a", 103), ("b", 104), ("c", 105))
    assert (twice.wrong, twice.repeats) == (["needless"], 2)
    assert (
        found(
            ("a", 99), ("a", 103), ("a", 203), ("b", 204), ("c", 205), disturbances=(KILLED, Disturbed(150, 200))
        ).wrong
        == []
    )


def test_what_another_receiver_got_is_strange():
    assert compared(RUNG, {"s": [("a", 1), ("b", 2), ("c", 3)], "t": [("a", 1)]}, ()).wrong == ["strange"]
