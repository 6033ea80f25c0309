"""The match and index steps: one outcome a record, whatever the matcher or the index does."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from processors.agents.index import IndexStep, Written
from processors.agents.match import MatchStep
from processors.agents.outcomes import ORIGIN_HEADER, REPLAY_HEADER, RING_HEADER
from processors.agents.records import Done, Outgoing, Record
from processors.matching.articles import MatchArticle
from processors.matching.compiled.found import Found
from processors.matching.matcher import Match
from schemas.alerts import Alert
from schemas.articles import EnrichedArticle
from schemas.dead_letters import DeadLetter
from schemas.errors import IndexRefusedError, SearchUnavailableError
from schemas.spans import ExplainedSpan
from schemas.subscriptions import Subscription
from schemas.topics import MAX_MESSAGE_BYTES, Topics

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOPICS = Topics("t.", 2)


class FakeSender:
    def __init__(self) -> None:
        self.sends: list[list[Outgoing]] = []

    async def send_all(self, records: Sequence[Outgoing]) -> Sequence[int]:
        self.sends.append(list(records))
        return range(len(records))

    def of(self, topic: str) -> list[bytes]:
        return [sent.value or b"" for part in self.sends for sent in part if sent.topic == topic]


class FakeFound(Found):
    """Spans that nobody had to find."""

    def __init__(self, spans: Sequence[ExplainedSpan]) -> None:
        self.spans = tuple(spans)

    def explained(self, at: int, count: int) -> tuple[ExplainedSpan, ...]:
        return self.spans[at : at + count]


class FakeSubscriptions:
    """Matches every article with the subscriptions given, unless it is told to break."""

    def __init__(self, count: int = 1, spans: Sequence[ExplainedSpan] = ()) -> None:
        self.ids = [f"s{number}" for number in range(count)]
        self.spans = spans
        self.silent: set[str] = set()
        self.cut_short = False

    def match(self, article: MatchArticle) -> Sequence[Match]:
        if "break" in article.text:
            raise ZeroDivisionError
        return [Match(id_, FakeFound(self.spans), 0, len(self.spans)) for id_ in self.ids]

    def ringing(self, subscription_id: str, fetched_at: datetime) -> Subscription | None:
        if subscription_id in self.silent:
            return None
        return Subscription(id=subscription_id, version=3, query="x", created_at=fetched_at)


def record(offset: int = 0, headers: dict[str, bytes] | None = None, **changes: object) -> Record:
    values: dict[str, object] = {
        "article_id": "a",
        "published_at": NOW,
        "fetched_at": NOW,
        "text": "x",
        "content_hash": "h",
        "version": 5,
        "month": "2026-11",
    }
    article = EnrichedArticle.model_validate(values | changes)
    return Record(TOPICS.enriched, 1, offset, b"a", article.encode(), headers or {})


def broken(offset: int = 0) -> Record:
    return Record(TOPICS.enriched, 1, offset, b"a", b"{", {ORIGIN_HEADER: b"t.articles.raw/1/7"})


async def matched(subscriptions: FakeSubscriptions, *records: Record) -> tuple[Sequence[Done], FakeSender]:
    sender = FakeSender()
    step = MatchStep(subscriptions=subscriptions, sender=sender, topics=TOPICS, now=lambda: NOW)
    return await step.process(records), sender


async def test_every_match_that_may_ring_is_a_bell_keyed_by_its_subscription():
    subscriptions = FakeSubscriptions(3)
    subscriptions.silent = {"s1"}
    done, sender = await matched(subscriptions, record(title="T", url="u", language="nl"))
    alerts = [Alert.decode(value) for value in sender.of(TOPICS.alerts)]
    assert [(alert.subscription_id, alert.subscription_version, alert.version) for alert in alerts] == [
        ("s0", 3, 5),
        ("s2", 3, 5),
    ]
    assert [sent.key for sent in sender.sends[0]] == [b"s0", b"s2"]
    assert (alerts[0].article.title, alerts[0].article.url, alerts[0].matched_at) == ("T", "u", NOW)
    assert [(each.kind, each.alerts) for each in done] == [("done", 2)]


async def test_a_bell_shows_the_sentence_that_rang_it_and_whom_it_is_about():
    span = ExplainedSpan(field="text", start=9, end=16, text="troepen", part="troep*")
    entity = {"field": "text", "start": 0, "end": 3, "text": "Hij", "type": "ORG", "id": "Q7184", "name": "NATO"}
    _, sender = await matched(
        FakeSubscriptions(1, [span]), record(text="Hij zag. Troepen trekken op.", language="nl", entities=[entity])
    )
    [alert] = [Alert.decode(value) for value in sender.of(TOPICS.alerts)]
    assert [(one.text, one.marks) for one in alert.excerpts] == [("Troepen trekken op.", ((0, 7),))]
    assert (alert.entities, len(alert.passages)) == (("NATO",), 1)


async def test_the_same_article_rings_under_the_same_ids():
    first, second = [(await matched(FakeSubscriptions(2), record()))[1].of(TOPICS.alerts) for _ in range(2)]
    assert [Alert.decode(value).alert_id for value in first] == [Alert.decode(value).alert_id for value in second]


async def test_a_canceled_article_and_a_replay_ring_no_bell():
    done, sender = await matched(FakeSubscriptions(), record(status="canceled"), record(headers={REPLAY_HEADER: b"r"}))
    assert sender.of(TOPICS.alerts) == []
    assert [each.kind for each in done] == ["done", "done"]
    assert len(sender.of(TOPICS.canceled)) == 1, "whoever has bells of it that are not sent yet is told"


async def test_a_replay_that_is_to_ring_rings_once_more_for_its_run():
    run = {REPLAY_HEADER: b"r", RING_HEADER: b"1"}
    done, sender = await matched(
        FakeSubscriptions(), record(), record(headers=run), record(headers=run), record(headers=run, status="canceled")
    )
    assert [each.alerts for each in done] == [1, 1, 1, 0]
    bells = [(Alert.decode(each.value).alert_id, dict(each.headers)) for sent in sender.sends for each in sent]
    assert len({alert_id for alert_id, _ in bells}) == 2
    assert bells[1] == bells[2]
    assert [headers for _, headers in bells] == [{}, {REPLAY_HEADER: b"r"}, {REPLAY_HEADER: b"r"}]
    assert sender.of(TOPICS.canceled) == [], "who was told once needn't be told again"


async def test_what_cannot_be_read_is_left_to_the_index_and_what_breaks_the_matcher_is_kept():
    done, sender = await matched(FakeSubscriptions(), broken(), record(1, text="break"), record(2))
    assert [(each.kind, each.reason, each.alerts) for each in done] == [
        ("dead", "not_json", 0),
        ("dead", "failed", 0),
        ("done", None, 1),
    ]
    [letter] = [DeadLetter.decode(value) for value in sender.of(TOPICS.dead)]
    assert (letter.stage, letter.offset, letter.error) == ("match", 1, "ZeroDivisionError: ")


async def test_what_was_found_in_an_article_matched_in_part_rings_and_a_letter_says_that_more_may_be_missing():
    subscriptions = FakeSubscriptions(2)
    subscriptions.cut_short = True
    done, sender = await matched(subscriptions, record(4))
    assert [(each.kind, each.reason, each.alerts) for each in done] == [("dead", "too_slow", 2)]
    assert len(sender.of(TOPICS.alerts)) == 2
    [letter] = [DeadLetter.decode(value) for value in sender.of(TOPICS.dead)]
    assert (letter.stage, letter.offset, letter.reason) == ("match", 4, "too_slow")


async def test_thousands_of_bells_are_sent_in_parts():
    _, sender = await matched(FakeSubscriptions(1500), *(record(offset) for offset in range(4)))
    assert [len(part) for part in sender.sends] == [3000, 3000]


async def test_a_bell_with_more_spans_than_a_message_holds_rings_with_the_first_of_them():
    span = ExplainedSpan(field="text", start=0, end=1, text="x" * 1000, part="x")
    _, sender = await matched(FakeSubscriptions(1, [span] * 6000), record())
    [value] = sender.of(TOPICS.alerts)
    assert len(value) < MAX_MESSAGE_BYTES
    assert 0 < len(Alert.decode(value).spans) < 6000


async def test_a_title_that_no_message_holds_is_a_dead_letter():
    done, sender = await matched(FakeSubscriptions(), record(title="x" * (MAX_MESSAGE_BYTES - 50_000)))
    assert [each.kind for each in done] == ["dead"]
    assert sender.of(TOPICS.alerts) == []
    assert len(sender.of(TOPICS.dead)) == 1


def refusing(article: EnrichedArticle) -> Written:
    if article.text == "refused":
        return IndexRefusedError("mapper: no", code="refused_by_index")
    return "superseded" if article.text == "old" else "done"


def index_step(
    sender: FakeSender, outcome: Callable[[EnrichedArticle], Written] = refusing, *, dead_letters: bool = True
) -> IndexStep[EnrichedArticle]:
    async def write(articles: Sequence[EnrichedArticle]) -> Sequence[Written]:
        return [outcome(article) for article in articles]

    return IndexStep(EnrichedArticle, write, sender=sender, topics=TOPICS, now=lambda: NOW, dead_letters=dead_letters)


async def test_the_index_has_one_outcome_a_record_and_a_letter_for_each_refusal():
    sender = FakeSender()
    origin = {ORIGIN_HEADER: b"t.articles.raw/1/9"}
    done = await index_step(sender).process(
        [record(0), broken(1), record(2, text="old"), record(3, origin, text="refused"), record(4)]
    )
    assert [(each.kind, each.reason) for each in done] == [
        ("done", None),
        ("dead", "not_json"),
        ("superseded", None),
        ("dead", "refused_by_index"),
        ("done", None),
    ]
    letters = [DeadLetter.decode(value) for value in sender.of(TOPICS.dead)]
    assert [(letter.stage, letter.reason, letter.offset, letter.origin) for letter in letters] == [
        ("index", "not_json", 1, "t.articles.raw/1/7"),
        ("index", "refused_by_index", 3, "t.articles.raw/1/9"),
    ]


async def test_a_record_that_was_enriched_twice_is_one_dead_letter():
    sender = FakeSender()
    origin = {ORIGIN_HEADER: b"t.articles.raw/1/9"}
    await index_step(sender).process([record(3, origin, text="refused"), record(8, origin, text="refused")])
    assert len({DeadLetter.decode(value).id for value in sender.of(TOPICS.dead)}) == 1


async def test_a_letter_about_a_letter_is_not_written():
    sender = FakeSender()
    await index_step(sender, dead_letters=False).process([broken()])
    assert sender.of(TOPICS.dead) == []


async def test_an_index_that_is_away_is_the_flows_business():
    def away(_: EnrichedArticle) -> Written:
        raise SearchUnavailableError("away")

    sender = FakeSender()
    with pytest.raises(SearchUnavailableError):
        await index_step(sender, away).process([record(), broken(1)])
    assert sender.sends == []
