from datetime import UTC, datetime, timedelta

from processors.agents.minutes import Minutes
from processors.agents.records import Done

NOW = datetime(2026, 11, 24, 12, 30, 40, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def test_a_minute_counts_outcomes_reasons_bells_and_the_way_from_when_an_article_was_fetched():
    minutes = Minutes("match", "w", Clock())
    minutes.add([Done("done", fetched_at=NOW - timedelta(milliseconds=n), alerts=2) for n in range(1, 101)])
    minutes.add([Done("dead", "not_json"), Done("dead", "empty"), Done("dead", "not_json"), Done("repeated")])
    [told] = minutes.so_far(lag=7)
    assert (told.minute, told.role, told.worker) == (NOW.replace(second=0), "match", "w")
    assert (told.read, told.done, told.dead, told.repeated, told.held) == (104, 100, 3, 1, 0)
    assert (told.alerts, told.lag) == (200, 7)
    assert told.latency_ms is not None
    assert (told.latency_ms.p50, told.latency_ms.p95, told.latency_ms.p99) == (50, 95, 99)
    assert [(each.reason, each.count) for each in told.dead_letters] == [("not_json", 2), ("empty", 1)]


def test_a_minute_without_records_is_told_too():
    [told] = Minutes("index", "w", Clock()).so_far(lag=0)
    assert (told.read, told.latency_ms, told.dead_letters) == (0, None, ())


def test_a_minute_is_told_until_it_is_over_and_written():
    clock = Clock()
    minutes = Minutes("enrich", "w", clock)
    minutes.add([Done("done")])
    first = minutes.so_far(0)
    minutes.written(first)
    minutes.add([Done("done")])
    clock.now += timedelta(minutes=1)
    told = minutes.so_far(0)
    assert [each.read for each in told] == [2, 0]
    assert told[0].document_id == first[0].document_id
    minutes.written(first)
    assert [each.read for each in minutes.so_far(0)] == [2, 0], "what was written before the last record isn't enough"
    minutes.written(told)
    assert [each.read for each in minutes.so_far(0)] == [0]
