"""From what was read to a sink: everything once, everything accounted for."""

from datetime import UTC, datetime

import pytest

from producers.articles import Place, ReadArticle
from producers.ingest import Repeats, Tally, ingest
from schemas.articles import RawArticle
from schemas.errors import InputProblem, KafkaUnavailableError
from tests.contract.fake_article_sink import FakeArticleSink

MOMENT = datetime(2022, 1, 14, 9, 30, tzinfo=UTC)


def article(id_: str, body: str = "troepen", line: int = 1, **fields: object) -> ReadArticle:
    raw = RawArticle.model_validate(
        {"article_id": id_, "title": "Titel", "body": body, "published_at": MOMENT, "fetched_at": MOMENT} | fields
    )
    return ReadArticle(raw, Place("a.jsonl", line), unread=("x",) if body == "unread" else ())


class Told:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.problems: list[InputProblem] = []
        self.dates: list[ReadArticle] = []
        self.confirmed: list[int] = []

    def refused(self, problem: InputProblem) -> None:
        self.problems.append(problem)

    def date_refused(self, article: ReadArticle) -> None:
        self.dates.append(article)

    def went_on(self, tally: Tally, confirmed: int) -> None:
        self.confirmed.append(confirmed)


def run(*read: ReadArticle | InputProblem, sink: FakeArticleSink) -> tuple[Tally, Told]:
    tally, told = Tally(), Told()
    ingest(read, sink, told, tally)
    return tally, told


def test_everything_read_is_sent_in_order_and_settled() -> None:
    sink = FakeArticleSink()
    tally, told = run(*(article(f"a{number}") for number in range(10)), sink=sink)

    assert [one.raw.article_id for one in sink.written] == [f"a{number}" for number in range(10)]
    assert (tally.read, tally.repeated, tally.refused) == (10, 0, 0)
    assert told.confirmed[-1] == 10


def test_the_same_article_is_sent_once() -> None:
    sink = FakeArticleSink()
    later = datetime(2022, 1, 15, tzinfo=UTC)
    tally, _ = run(article("a"), article("a"), article("a", fetched_at=later, tags=["x"]), article("b"), sink=sink)

    assert [one.raw.article_id for one in sink.written] == ["a", "b"]
    assert (tally.read, tally.repeated) == (4, 2)


def test_every_version_is_sent_also_one_that_goes_back() -> None:
    sink = FakeArticleSink()
    run(article("a", "x"), article("a", "y"), article("a", "x"), article("a", " x\n"), sink=sink)

    assert [one.raw.body for one in sink.written] == ["x", "y", "x"]


@pytest.mark.parametrize(
    "change",
    [{"title": "Anders"}, {"status": "canceled"}, {"embargoed_until": MOMENT}, {"body": None, "html": "troepen!"}],
)
def test_what_enrich_takes_for_a_version_is_none_here_either(change: dict[str, object]) -> None:
    repeats = Repeats()
    assert not repeats.is_repeat(article("a").raw)
    assert not repeats.is_repeat(article("a", **change).raw)


def test_only_so_many_articles_are_remembered_the_oldest_is_forgotten_first() -> None:
    repeats = Repeats(remembered=2)
    assert [repeats.is_repeat(article(id_).raw) for id_ in ("a", "b", "a", "c", "a", "b")] == [
        *(False, False, True, False, True, False),
    ]


def test_refusals_of_reader_and_sink_are_told_and_counted() -> None:
    sink = FakeArticleSink()
    problem = InputProblem("a.jsonl", 2, "not_json", "not JSON", "Correct it.")
    tally, told = run(article("a"), problem, article("large", "x" * 5_000_000, line=3), article("b"), sink=sink)

    assert [(one.line, one.code) for one in told.problems] == [(2, "not_json"), (3, "too_large")]
    assert (tally.read, tally.refused, sink.confirmed) == (3, 2, 2)


def test_refused_dates_and_unread_fields_are_counted() -> None:
    sink = FakeArticleSink()
    bad = article("a", meta={"published_refused": "2022-13"})
    tally, told = run(bad, article("b", "unread"), article("c", "unread"), sink=sink)

    assert (tally.dates_refused, dict(tally.unread)) == (1, {"x": 2})
    assert told.dates == [bad]


def test_when_the_sink_fails_what_it_confirmed_and_what_it_has_not_is_known() -> None:
    sink = FakeArticleSink(under_way=2, fail_after=3, error=KafkaUnavailableError("away"))

    with pytest.raises(KafkaUnavailableError):
        run(*(article(f"a{number}", line=number) for number in range(10)), sink=sink)

    assert sink.confirmed == 3
    assert [one.place.line for one in sink.unconfirmed] == [3, 4, 5]
