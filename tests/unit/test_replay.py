"""What a replay takes in, how it gives way to the news, and what the command refuses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import typer
import typer.testing

from belfry.cli.replay import replay
from belfry.replay import match
from belfry.replay.history import Contents, Span
from belfry.replay.match import MatchReplay, Run
from schemas.articles import EnrichedArticle
from schemas.errors import StackError, UsageError
from schemas.topics import Topics
from tests.agents.test_enrich_step import FakeLog

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def version(article_id: str, number: int, **changes: Any) -> EnrichedArticle:
    values: dict[str, Any] = {
        "article_id": article_id, "published_at": NOW, "fetched_at": NOW, "text": "x",
        "content_hash": "h", "version": number, "month": "2026-11",
    }  # fmt: skip
    return EnrichedArticle.model_validate(values | changes)


def test_a_span_has_its_first_instant_and_not_its_last():
    span = Span(NOW, NOW + DAY)
    assert [span.has(NOW + hours * DAY / 24) for hours in (-1, 0, 23, 24)] == [False, True, True, False]
    assert Span(None, None).has(NOW)


def test_an_article_is_canceled_if_its_last_version_is_in_whatever_order_they_come():
    contents = Contents()
    for each in (
        version("a", 2, status="canceled"),
        version("a", 1),
        version("b", 1, status="canceled"),
        version("b", 2),
    ):
        contents.add(each)
    assert (contents.is_canceled("a"), contents.is_canceled("b"), contents.is_canceled("c")) == (True, False, False)
    assert contents.versions == {("a", 1), ("a", 2), ("b", 1), ("b", 2)}


async def test_a_replay_waits_while_match_has_news_to_read_and_ends_where_it_reads_none(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(match, "_LOOK_S", 0.001)
    monkeypatch.setattr(match, "_STUCK_S", 0.01)
    lags = [match.LAG_AT_MOST + more for more in (5, 5, 4, 4, 3, 0)]
    log = FakeLog()
    made = MatchReplay(Run("r", Span(None, None), ring=True), Topics("t."), log, lambda: lags.pop(0), lambda _: None)
    await made._send(version("a", 1), 3)
    await made._flush()
    assert lags == []
    [sent] = log.records
    assert (sent.topic, sent.key, sent.partition) == ("t.articles.enriched", b"a", 3)
    assert dict(sent.headers) == {"belfry-replay": b"r", "belfry-ring": b"1"}

    stuck = MatchReplay(Run("r", Span(None, None), ring=False), Topics("t."), log, lambda: 10_000, lambda _: None)
    await stuck._send(version("a", 1), None)
    with pytest.raises(StackError, match="reads none"):
        await stuck._flush()
    assert len(log.records) == 1


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--from", "2026-01", "--to", "2026-02-01", "--stage", "match"), "--from 2026-01"),
        (("--from", "2026-01-01", "--to", "soon", "--stage", "match"), "--to soon"),
        (("--from", "2026-01-02", "--to", "2026-01-01", "--stage", "match"), "is after"),
        (("--from", "2026-01-01", "--to", "2026-01-01", "--stage", "enrich"), "--stage enrich"),
        (("--from", "2026-01-01", "--to", "2026-01-01", "--stage", "match", "--run", "a b"), "--run a b"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(options: tuple[str, ...], named: str):
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(replay)
    result = typer.testing.CliRunner().invoke(app, options)
    assert isinstance(result.exception, UsageError)
    assert named in str(result.exception)
