"""The group step with a log that can fail, and a worker that can be killed between any two of its writes."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from processors.agents.group import GroupState, GroupStep
from processors.agents.outcomes import ORIGIN_HEADER, REPLAY_HEADER, SIGNATURE_HEADER
from processors.agents.records import Record
from processors.stories.remembered import Remembered
from processors.stories.signature import signature
from processors.stories.stories import Sighting, Stories
from schemas.articles import EnrichedArticle
from schemas.dead_letters import DeadLetter
from schemas.errors import KafkaUnavailableError
from schemas.topics import ROOM_BYTES, Topics
from tests.agents.test_enrich_step import FakeLog

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOPICS = Topics("t.", 8)


def text(seed: int) -> str:
    return " ".join(random.Random(seed).choices([f"woord{number}" for number in range(500)], k=80))


@dataclass
class Desk:
    """A log, a clock, and whichever worker runs now."""

    log: FakeLog = field(default_factory=FakeLog)
    now: datetime = NOW
    at_most: int = 1000
    offset: int = 0
    step: GroupStep = field(init=False)

    def __post_init__(self) -> None:
        self.start_anew()

    def start_anew(self) -> None:
        """As a worker starts that has nothing but the changelog."""
        self.log.fails_after = None
        state = GroupState(timedelta(days=3), self.at_most)
        for partition in (0, 1):
            entries: dict[bytes, Remembered] = {}
            for record in self.log.of(TOPICS.stories):
                if record.partition == partition:
                    entries.pop(record.key or b"", None)
                    if record.value is not None:
                        entries[record.key or b""] = Remembered.model_validate_json(record.value)
            state.restore(partition, entries)
        self.step = GroupStep(state=state, sender=self.log, topics=TOPICS, now=lambda: self.now)

    def record(
        self, article_id: str, body: str, headers: dict[str, bytes] | None = None, partition: int = 0, **changes: object
    ) -> Record:
        values = {
            "article_id": article_id,
            "published_at": NOW,
            "fetched_at": NOW,
            "text": body,
            "language": "nl",
            "content_hash": "h",
            "version": 1,
            "month": "2026-11",
        }
        article = EnrichedArticle.model_validate(values | changes)
        told = {ORIGIN_HEADER: f"t.articles.raw/5/{self.offset}".encode()}
        told[SIGNATURE_HEADER] = signature(article.text, "nl").encode()
        return self.bytes(article.encode(), told | (headers or {}), partition)

    def bytes(self, value: bytes, headers: dict[str, bytes] | None = None, partition: int = 0) -> Record:
        self.offset += 1
        return Record(TOPICS.to_group, partition, self.offset, b"nl", value, headers or {})

    def sent(self) -> list[tuple[str, str | None]]:
        articles = [EnrichedArticle.decode(record.value) for record in self.log.of(TOPICS.enriched)]
        return [(article.article_id, article.story_id) for article in articles]


async def test_copies_have_the_story_of_the_first_of_them_and_nothing_else_is_changed():
    desk = Desk()
    batch = [desk.record("a", text(1)), desk.record("b", text(2)), desk.record("c", f"{text(1)} en meer")]
    assert [done.kind for done in await desk.step.process(batch)] == ["done"] * 3
    assert desk.sent() == [("a", "a"), ("b", "b"), ("c", "a")]
    given = [EnrichedArticle.decode(record.value) for record in batch]
    sent = [EnrichedArticle.decode(record.value) for record in desk.log.of(TOPICS.enriched)]
    assert [article.model_copy(update={"story_id": None}) for article in sent] == given


async def test_articles_go_on_under_their_id_in_the_partition_that_they_came_from_with_origin_and_replay():
    desk = Desk()
    await desk.step.process(
        [desk.record("a", text(1), {REPLAY_HEADER: b"run-1"}), desk.record("b", text(2), {ORIGIN_HEADER: b"?"})]
    )
    first, second = desk.log.of(TOPICS.enriched)
    assert (first.key, first.partition, dict(first.headers)) == (
        b"a", 5, {ORIGIN_HEADER: b"t.articles.raw/5/0", REPLAY_HEADER: b"run-1"},
    )  # fmt: skip
    assert second.partition is None


async def test_languages_do_not_share_stories():
    desk = Desk()
    await desk.step.process([desk.record("a", text(1)), desk.record("b", text(1), partition=1)])
    assert desk.sent() == [("a", "a"), ("b", "b")]


@pytest.mark.parametrize("sends", [0, 1, 2])
async def test_a_kill_between_any_two_writes_changes_no_story(sends: int):
    desk = Desk()
    batch = [desk.record("a", text(1)), desk.record("b", text(1)), desk.record("c", text(2))]
    desk.log.fails_after = sends
    try:
        await desk.step.process(batch)
    except KafkaUnavailableError:
        assert sends < 2
    desk.now += timedelta(days=2)
    desk.start_anew()
    await desk.step.process([desk.record("x", text(3)), *batch, desk.record("d", text(2))])
    assert set(desk.sent()) == {("a", "a"), ("b", "a"), ("c", "c"), ("d", "c"), ("x", "x")}


async def test_a_batch_that_is_tried_again_has_the_same_stories():
    desk = Desk()
    batch = [desk.record("a", text(1)), desk.record("b", text(1))]
    for fails_after in (0, 1):
        desk.log.fails_after = fails_after
        with pytest.raises(KafkaUnavailableError):
            await desk.step.process(batch)
    desk.log.fails_after = None
    await desk.step.process(batch)
    assert desk.sent() == [("a", "a"), ("b", "a")]
    desk.start_anew()
    await desk.step.process([desk.record("c", text(1))])
    assert desk.sent()[-1] == ("c", "a")


async def test_a_new_version_keeps_its_story_and_a_canceled_one_travels_with_it():
    desk = Desk()
    await desk.step.process([desk.record("a", text(1)), desk.record("b", text(1))])
    desk.start_anew()
    await desk.step.process(
        [desk.record("b", text(2)), desk.record("b", "", status="canceled"), desk.record("z", "", status="canceled")]
    )
    assert desk.sent()[2:] == [("b", "a"), ("b", "a"), ("z", "z")]


async def test_what_is_outdated_is_forgotten_in_the_changelog_too():
    desk = Desk()
    await desk.step.process([desk.record("a", text(1)), desk.record("b", text(2))])
    desk.now += timedelta(days=2)
    await desk.step.process([desk.record("c", text(2))])
    assert await desk.step.forget_outdated([0, 1]) == 0
    desk.now += timedelta(days=2)
    assert await desk.step.forget_outdated([1]) == 0
    assert await desk.step.forget_outdated([0]) == 2
    desk.start_anew()
    await desk.step.process([desk.record("d", text(1)), desk.record("e", text(2))])
    assert desk.sent()[-2:] == [("d", "d"), ("e", "b")]


async def test_of_too_many_articles_the_oldest_are_forgotten():
    desk = Desk(at_most=3)
    await desk.step.process([desk.record(f"a{number}", text(number)) for number in range(5)])
    assert await desk.step.forget_outdated([0]) == 2
    assert [record.key for record in desk.log.of(TOPICS.stories) if record.value is None] == [b"a0", b"a1"]


async def test_an_article_that_breaks_the_grouping_travels_on_as_a_story_of_its_own(monkeypatch: pytest.MonkeyPatch):
    desk = Desk()
    place = Stories.place

    def broken(self: Stories, sighting: Sighting, now: datetime) -> Remembered:
        if sighting.article_id == "bad":
            raise ZeroDivisionError
        return place(self, sighting, now)

    monkeypatch.setattr(Stories, "place", broken)
    await desk.step.process([desk.record("a", text(1)), desk.record("bad", text(1)), desk.record("b", text(1))])
    assert desk.sent() == [("a", "a"), ("bad", "bad"), ("b", "a")]


async def test_without_a_signature_of_this_version_it_is_made_here():
    desk = Desk()
    old = {SIGNATURE_HEADER: b"\x00old"}
    await desk.step.process([desk.record("a", text(1), old), desk.record("b", text(1))])
    assert desk.sent() == [("a", "a"), ("b", "a")]


async def test_what_cannot_be_read_or_sent_is_a_dead_letter_with_its_origin_and_the_rest_goes_on():
    desk = Desk()
    origin = {ORIGIN_HEADER: b"t.articles.raw/2/9"}
    long_id = "a" * 100
    large = desk.record(long_id, "x" * (ROOM_BYTES - len(desk.record(long_id, "").value or b"")))
    assert len(large.value or b"") == ROOM_BYTES  # and then it gets its story's id
    batch: Sequence[Record] = [desk.bytes(b"{", origin), desk.record("b", text(1)), large]
    done = await desk.step.process(batch)
    letters = [DeadLetter.decode(record.value) for record in desk.log.of(TOPICS.dead)]
    assert [(letter.stage, letter.reason) for letter in letters] == [("group", "not_json"), ("group", "too_large")]
    assert letters[0].origin == "t.articles.raw/2/9"
    assert [outcome.kind for outcome in done] == ["dead", "done", "dead"]
    assert desk.sent() == [("b", "b")]


def test_what_is_remembered_has_a_bounded_size():
    made = signature(text(1) * 50, "nl")
    remembered = Remembered(story_id="s" * 32, seen_at=NOW, published_at=NOW, signatures=(made, made))
    assert len(remembered.encode()) < 2000
