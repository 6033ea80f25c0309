from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from processors.versions import HISTORY, Memory, Place, decision, month_of
from schemas.articles import RawArticle

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def raw(**changes: object) -> RawArticle:
    values: dict[str, object] = {"article_id": "a", "published_at": NOW, "fetched_at": NOW, "body": "x"}
    return RawArticle.model_validate(values | changes)


def at(offset: int, partition: int = 0) -> Place:
    return Place(topic="raw", partition=partition, offset=offset)


def remembered(*contents: str, start: int = 0) -> Memory:
    memory = None
    for offset, content in enumerate(contents, start):
        memory = decision(raw(), content, memory, at(offset), NOW).memory
    assert memory is not None
    return memory


def test_a_first_article_is_forwarded_at_the_time_it_was_fetched():
    made = decision(raw(), "h", None, at(0), NOW)
    assert (made.outcome, made.version, made.month) == ("forwarded", int(NOW.timestamp() * 1000), "2026-11")


def test_updated_at_is_the_version_where_it_is_given():
    made = decision(raw(updated_at=NOW - timedelta(days=1)), "h", None, at(0), NOW)
    assert made.version == int((NOW - timedelta(days=1)).timestamp() * 1000)


def test_the_same_content_again_is_a_repeat():
    assert decision(raw(fetched_at=NOW + timedelta(hours=1)), "h", remembered("h"), at(5), NOW).outcome == "repeated"


def test_other_content_is_a_version_above_the_last_even_when_its_time_is_earlier():
    memory = remembered("h")
    made = decision(raw(updated_at=NOW - timedelta(days=2)), "other", memory, at(5), NOW)
    assert (made.outcome, made.version) == ("forwarded", memory.decided[-1].version + 1)


def test_the_month_of_the_first_version_stays():
    later = raw(published_at=NOW - timedelta(days=400))
    assert decision(later, "other", remembered("h"), at(5), NOW).month == "2026-11"


def test_another_status_or_embargo_is_a_version():
    memory = remembered("h")
    assert decision(raw(status="canceled"), "h", memory, at(5), NOW).outcome == "forwarded"
    assert decision(raw(embargoed_until=NOW - timedelta(hours=1)), "h", memory, at(5), NOW).outcome == "forwarded"


def test_withheld_and_embargoed_articles_are_held_and_canceled_ones_never():
    soon = NOW + timedelta(minutes=1)
    assert decision(raw(status="withheld"), "h", None, at(0), NOW).outcome == "held"
    assert decision(raw(embargoed_until=soon), "h", None, at(0), NOW).outcome == "held"
    assert decision(raw(embargoed_until=soon, status="canceled"), "h", None, at(0), NOW).outcome == "forwarded"


def test_a_record_that_is_read_again_is_sent_again_with_the_same_version():
    memory = remembered("one", "two")
    again = decision(raw(), "one", memory, at(0), NOW)
    assert (again.outcome, again.again, again.version) == ("forwarded", True, memory.decided[0].version)
    assert again.memory == memory


def test_a_repeat_that_is_read_again_is_still_a_repeat():
    memory = decision(raw(), "two", remembered("one"), at(2), NOW).memory
    again = decision(raw(), "one", memory, at(1), NOW)
    assert (again.outcome, again.again) == ("repeated", True)


def test_unknown_content_at_an_old_offset_is_never_taken_for_a_repeat():
    """A topic that was made anew begins at 0 again; its articles must not be lost."""
    assert decision(raw(), "new", remembered("one", "two", start=50), at(3), NOW).outcome == "forwarded"


def test_articles_before_2000_share_one_index():
    assert month_of(datetime(1999, 12, 31, tzinfo=UTC)) == "old"
    assert month_of(datetime(2000, 1, 1, tzinfo=UTC)) == "2000-01"


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=HISTORY), st.data())
def test_reading_from_any_earlier_offset_gives_the_same_versions_again(contents: list[str], data: st.DataObject):
    """What a worker that was killed before it committed does again, another does exactly as the first."""

    def play(start: int, memory: Memory | None) -> tuple[dict[int, tuple[str, int]], Memory]:
        seen: dict[int, tuple[str, int]] = {}
        for offset in range(start, len(contents)):
            made = decision(raw(), contents[offset], memory, at(offset), NOW)
            if made.outcome == "forwarded":
                seen[offset] = (contents[offset], made.version)
            memory = made.memory
        assert memory is not None
        return seen, memory

    first, memory = play(0, None)
    start = data.draw(st.integers(0, len(contents) - 1))
    again, after = play(start, memory)
    assert again == {offset: made for offset, made in first.items() if offset >= start}
    assert after == memory


def test_a_replay_has_the_version_that_it_had():
    memory = remembered("one", "two", "three")
    for content, known in zip(("one", "two", "three"), memory.decided, strict=True):
        made = decision(raw(), content, memory, at(9), NOW, replay=True)
        assert (made.outcome, made.version, made.again, made.memory) == ("forwarded", known.version, True, memory)


def test_a_replay_of_what_is_no_longer_remembered_does_not_overtake_what_is():
    memory = remembered("two", "three")
    made = decision(raw(updated_at=NOW - timedelta(days=2)), "one", memory, at(9), NOW, replay=True)
    assert made.version < memory.decided[0].version
    assert (made.outcome, made.again, made.memory) == ("forwarded", True, memory)


def test_a_replay_of_news_to_belfry_is_news():
    made = decision(raw(), "one", None, at(9), NOW, replay=True)
    assert (made.outcome, made.again) == ("forwarded", False)


def test_an_update_dated_before_1970_still_has_a_version():
    made = decision(raw(updated_at=datetime(1965, 1, 1, tzinfo=UTC)), "h", None, at(0), NOW)
    assert made.version == 1
