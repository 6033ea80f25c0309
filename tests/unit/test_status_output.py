"""`belfry status` for people, and for what they pipe it into."""

import pytest

from belfry.cli import up
from belfry.supervisor import status
from belfry.supervisor.status import Counts, Status


def test_each_line_stays_one_however_long_its_numbers_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is known of the width of a pipe, and a number that is on the next line is found by no grep."""
    counts = Counts(
        received=9_000_000,
        repeated=4_000_000,
        indexed=4_999_990,
        dead=7,
        held=3,
        alerts=88_000_000,
        delivered=12_345_678,
    )
    lag = dict.fromkeys(("enrich", "group", "index", "index-alerts", "index-dead", "match", "notify"), 1_000_000)
    found = Status(True, (), "kafka.example.org:9092", "http://elasticsearch.example.org:9200/", None, counts, lag)
    monkeypatch.setattr(status, "status", lambda _: found)

    up.status(as_json=False)

    lines = [line for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert [line.split()[0] for line in lines] == ["process", "Kafka", "received", "lag"]
    assert lines[1].endswith("http://elasticsearch.example.org:9200/")
    assert lines[2].endswith("alerts 88000000, delivered 12345678")
    assert lines[3].endswith("notify 1000000")
