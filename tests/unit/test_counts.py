from hypothesis import given
from hypothesis import strategies as st

from processors.counts import Tally

outcomes = st.lists(st.sampled_from(["repeated", "forwarded", "held", "dead"]), max_size=30)


def test_each_outcome_is_counted_once_however_often_its_record_is_read():
    tally = Tally().counted(0, "forwarded").counted(1, "dead").counted(0, "forwarded").counted(1, "dead")
    assert (tally.forwarded, tally.dead, tally.offset) == (1, 1, 1)


def test_a_released_article_moves_from_held_to_forwarded_once():
    tally = Tally().counted(0, "held").counted(1, "held").with_released((0,)).with_released((0,))
    assert (tally.held, tally.forwarded) == (1, 1)
    assert tally.with_released((1,)).held == 0


def test_a_release_that_failed_moves_from_held_to_dead_once():
    tally = Tally().counted(0, "held").counted(1, "held").with_released((0,), (1,)).with_released((0,), (1,))
    assert (tally.held, tally.forwarded, tally.dead) == (0, 1, 1)


@given(outcomes, st.data())
def test_the_sum_is_the_number_of_records_after_any_re_reading(made: list[str], data: st.DataObject):
    tally = Tally()
    for _ in range(3):
        upto = data.draw(st.integers(0, len(made)))
        for offset in range(data.draw(st.integers(0, min(upto, tally.offset + 1))), upto):
            tally = tally.counted(offset, made[offset])  # type: ignore[arg-type]
    assert tally.repeated + tally.forwarded + tally.held + tally.dead == tally.offset + 1
