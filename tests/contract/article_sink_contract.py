"""What everything that takes articles must do, the fake and Kafka alike."""

from datetime import UTC, datetime
from typing import Protocol

from producers.articles import Place, ReadArticle
from producers.sink import ArticleSink
from schemas.articles import RawArticle
from schemas.topics import MAX_MESSAGE_BYTES

MOMENT = datetime(2022, 1, 14, 9, 30, tzinfo=UTC)


class Desk(Protocol):
    """What the contract needs besides the sink: to look."""

    sink: ArticleSink

    def articles(self) -> list[tuple[str, RawArticle]]:
        """Key and article of everything that was written; those of one key in the order written."""
        ...


def article(id_: str, line: int = 1, body: str = "troepen") -> ReadArticle:
    raw = RawArticle(article_id=id_, title=f"Über {id_}", body=body, published_at=MOMENT, fetched_at=MOMENT)
    return ReadArticle(raw, Place("a.jsonl", line))


class ArticleSinkContract:
    """Subclasses give the fixture `desk`, with nothing written."""

    def test_with_nothing_sent_there_is_nothing_to_settle(self, desk: Desk):
        assert desk.sink.settle() == []
        assert desk.sink.confirmed == 0
        assert desk.articles() == []

    def test_what_was_settled_is_written_and_counted(self, desk: Desk):
        sent = [article(f"a{number}") for number in range(100)]
        refused = [problem for one in sent for problem in desk.sink.send(one)]
        assert refused + desk.sink.settle() == []
        assert desk.sink.confirmed == 100
        assert desk.sink.unconfirmed == ()
        assert sorted(desk.articles(), key=str) == sorted(((one.raw.article_id, one.raw) for one in sent), key=str)

    def test_never_more_is_confirmed_than_was_sent(self, desk: Desk):
        for number in range(1, 50):
            desk.sink.send(article(f"a{number}"))
            assert desk.sink.confirmed + len(desk.sink.unconfirmed) == number

    def test_versions_of_an_article_keep_their_order(self, desk: Desk):
        for number in range(50):
            desk.sink.send(article("a", body=str(number)))
        desk.sink.settle()
        assert [raw.body for _, raw in desk.articles()] == [str(number) for number in range(50)]

    def test_one_that_is_too_large_is_refused_with_its_place_and_the_rest_is_written(self, desk: Desk):
        refused = desk.sink.send(article("before", 1))
        refused += desk.sink.send(article("large", 2, body="x" * MAX_MESSAGE_BYTES))
        refused += desk.sink.send(article("after", 3))
        refused += desk.sink.settle()
        assert [(problem.path, problem.line, problem.code) for problem in refused] == [("a.jsonl", 2, "too_large")]
        assert {key for key, _ in desk.articles()} == {"before", "after"}
        assert desk.sink.confirmed == 2

    def test_one_of_two_megabytes_is_written(self, desk: Desk):
        desk.sink.send(article("large", body="é" * 1024 * 1024))
        assert desk.sink.settle() == []
        assert len(desk.articles()) == 1

    def test_it_goes_on_after_it_was_settled(self, desk: Desk):
        for number in range(3):
            desk.sink.send(article(f"a{number}"))
            desk.sink.settle()
        assert desk.sink.confirmed == 3
