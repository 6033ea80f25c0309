"""The enrich step with a log that can fail, and a worker that can be killed between any two of its writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from processors.agents.enrich import EnrichStep
from processors.agents.enrich_job import Enriched, EnrichJob
from processors.agents.enrich_state import EnrichState, HeldArticle
from processors.agents.memories import MemoriesOnDisk
from processors.agents.outcomes import REPLAY_HEADER, SIGNATURE_HEADER
from processors.agents.records import Outgoing, Record
from processors.counts import Tally
from processors.extract import Content, content
from schemas.articles import EnrichedArticle, RawArticle
from schemas.dead_letters import DeadLetter
from schemas.errors import EnrichError, KafkaUnavailableError
from schemas.topics import MAX_MESSAGE_BYTES, ROOM_BYTES, Topics, group_partition

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOPICS = Topics("t.", 2)


class FakeMemories(dict[bytes, bytes]):
    """Memories without a disk."""

    def put(self, partition: int, entries: Mapping[bytes, bytes], next_offset: int) -> None:
        self.update(entries)

    def next_offset(self, partition: int) -> int:
        return 0


@dataclass
class FakeLog:
    """A Kafka that keeps what it took; `fails_after` counts the sends (of several records each) that still work."""

    records: list[Outgoing] = field(default_factory=list)
    fails_after: int | None = None

    async def send_all(self, records: Sequence[Outgoing]) -> Sequence[int]:
        if records and self.fails_after is not None:
            self.fails_after -= 1
            if self.fails_after < 0:
                raise KafkaUnavailableError("away")
        offsets: list[int] = []
        for record in records:
            offsets.append(
                sum((each.topic, each.partition) == (record.topic, record.partition) for each in self.records)
            )
            self.records.append(record)
        return offsets

    def of(self, topic: str) -> list[Outgoing]:
        return [record for record in self.records if record.topic == topic]

    def state(self) -> EnrichState:
        """What a worker that starts now recovers from the changelogs."""
        state = EnrichState(
            FakeMemories((record.key or b"", record.value or b"") for record in self.of(TOPICS.versions))
        )
        for record in self.of(TOPICS.held):
            if record.value is None:
                state.held.pop(record.key or b"", None)
            else:
                state.held[record.key or b""] = HeldArticle.model_validate_json(record.value)
        for record in self.of(TOPICS.counts):
            state.tallies[int(record.key or b"")] = Tally.model_validate_json(record.value or b"")
        return state


class FakeEnrichment:
    """Refuses texts that say so."""

    async def contents(self, raws: Sequence[RawArticle]) -> Sequence[Content | EnrichError]:
        found: list[Content | EnrichError] = []
        for raw in raws:
            try:
                found.append(content(raw))
            except EnrichError as error:
                found.append(error)
        return found

    async def enriched(self, jobs: Sequence[EnrichJob]) -> Sequence[Enriched | EnrichError]:
        found: list[Enriched | EnrichError] = []
        for job in jobs:
            try:
                found.append(self._enriched(job))
            except EnrichError as error:
                found.append(error)
        return found

    @staticmethod
    def _enriched(job: EnrichJob) -> Enriched:
        if "too slow" in job.content.text:
            raise EnrichError("slow", code="too_slow")
        article = EnrichedArticle(
            article_id=job.raw.article_id,
            published_at=job.raw.published_at,
            fetched_at=job.raw.fetched_at,
            status=job.raw.status,
            text=job.content.text,
            language=job.content.text.split()[0] if job.raw.status != "canceled" else None,
            content_hash=job.content_hash,
            version=job.version,
            month=job.month,
        )
        return Enriched.of(article, job.content.text.encode())


@dataclass
class Desk:
    """A log, a clock, and whichever worker runs now."""

    log: FakeLog = field(default_factory=FakeLog)
    now: datetime = NOW
    offset: int = 0
    step: EnrichStep = field(init=False)

    def __post_init__(self) -> None:
        self.start_anew()

    def start_anew(self, state: EnrichState | None = None) -> None:
        self.log.fails_after = None
        self.step = EnrichStep(
            state=state or self.log.state(),
            enrichment=FakeEnrichment(),
            sender=self.log,
            topics=TOPICS,
            now=lambda: self.now,
        )

    def record(
        self, article_id: str = "a", body: str = "text", headers: dict[str, bytes] | None = None, **changes: object
    ) -> Record:
        values = {"article_id": article_id, "published_at": NOW, "fetched_at": NOW, "body": body}
        raw = RawArticle.model_validate(values | changes)
        return self.bytes(raw.encode(), raw.article_id.encode(), headers)

    def bytes(self, value: bytes | None, key: bytes | None = b"a", headers: dict[str, bytes] | None = None) -> Record:
        self.offset += 1
        return Record(TOPICS.raw, 0, self.offset - 1, key, value, headers or {})

    def enriched(self) -> list[tuple[str, str, int]]:
        found = [EnrichedArticle.decode(record.value) for record in self.log.of(TOPICS.to_group)]
        return [(article.article_id, article.text, article.version) for article in found]

    def dead(self) -> list[str]:
        return [DeadLetter.decode(record.value).reason for record in self.log.of(TOPICS.dead)]

    def tally(self) -> dict[str, int]:
        tally = self.log.state().tallies.get(0, Tally())
        return {
            name: getattr(tally, name) for name in ("forwarded", "repeated", "held", "dead") if getattr(tally, name)
        }


async def test_each_record_has_exactly_one_outcome():
    desk = Desk()
    await desk.step.process(
        [
            desk.record("a"),
            desk.record("a"),
            desk.record("b", "other"),
            desk.record("c", status="withheld"),
            desk.bytes(b"{"),
            desk.bytes(None),
            desk.bytes(desk.record("d").value, b"not d"),
            desk.record("e", ""),
            desk.record("f", "too slow"),
        ]
    )
    assert [article for article, _, _ in desk.enriched()] == ["a", "b"]
    assert desk.dead() == ["not_json", "empty", "key_mismatch", "no_text", "too_slow"]
    # The record that lent its value to the mismatched one was never sent: offsets skip it.
    assert desk.tally() == {"forwarded": 2, "repeated": 1, "held": 1, "dead": 5}


@pytest.mark.parametrize("sends", [0, 1, 2, 3])
async def test_a_kill_between_any_two_writes_loses_nothing_and_counts_nothing_twice(sends: int):
    desk = Desk()
    batch = [
        desk.record("a", "one"),
        desk.record("a", "two"),
        desk.record("b"),
        desk.record("a", "two"),
        desk.bytes(b"?"),
    ]
    desk.log.fails_after = sends
    if sends < 3:
        with pytest.raises(KafkaUnavailableError):
            await desk.step.process(batch)
    else:
        await desk.step.process(batch)
    desk.start_anew()
    await desk.step.process(batch)
    versions = {(article, text): version for article, text, version in desk.enriched()}
    assert set(versions) == {("a", "one"), ("a", "two"), ("b", "text")}
    assert len(set(desk.enriched())) == 3, "sent again only with the same version"
    assert versions["a", "two"] > versions["a", "one"]
    assert desk.tally() == {"forwarded": 3, "repeated": 1, "dead": 1}
    assert len({DeadLetter.decode(record.value).id for record in desk.log.of(TOPICS.dead)}) == 1


async def test_an_embargoed_article_is_sent_on_when_its_time_has_come_and_counted_once():
    desk = Desk()
    await desk.step.process([desk.record("a", embargoed_until=NOW + timedelta(minutes=5))])
    assert (desk.enriched(), desk.tally()) == ([], {"held": 1})
    assert await desk.step.release_due([0]) == 0
    desk.now += timedelta(minutes=6)
    assert await desk.step.release_due([1]) == 0, "another worker's partition"
    desk.start_anew()
    assert await desk.step.release_due([0]) == 1
    assert await desk.step.release_due([0]) == 0
    assert len(desk.enriched()) == 1
    assert desk.tally() == {"forwarded": 1}


async def test_a_copy_says_that_it_goes_no_further_than_another_worker_wrote_in_between(tmp_path: Path):
    desk = Desk()
    memories = MemoriesOnDisk(tmp_path / "memories.sqlite", "topic")
    desk.start_anew(EnrichState(memories))
    await desk.step.process([desk.record("a")])
    assert memories.next_offset(0) == 1
    desk.log.records.append(Outgoing(TOPICS.versions, b"b", b"{}", 0))
    await desk.step.process([desk.record("c")])
    assert (memories.get(b"c") is not None, memories.next_offset(0)) == (True, 1)
    memories.close()


@pytest.mark.parametrize("sends", [0, 1, 2])
async def test_a_kill_during_a_release_counts_it_once(sends: int):
    desk = Desk()
    await desk.step.process([desk.record("a", embargoed_until=NOW + timedelta(minutes=5))])
    desk.now += timedelta(minutes=6)
    desk.log.fails_after = sends
    with pytest.raises(KafkaUnavailableError):
        await desk.step.release_due([0])
    desk.start_anew()
    await desk.step.release_due([0])
    assert len(set(desk.enriched())) == 1
    assert desk.tally() == {"forwarded": 1}
    assert desk.log.state().held == {}


async def test_a_usable_version_overtakes_the_withheld_one():
    desk = Desk()
    await desk.step.process([desk.record("a", status="withheld")])
    await desk.step.process([desk.record("a", "corrected")])
    assert [text for _, text, _ in desk.enriched()] == ["corrected"]
    assert desk.log.state().held == {}
    assert desk.tally() == {"forwarded": 1, "held": 1}


async def test_a_canceled_version_travels_on():
    desk = Desk()
    await desk.step.process([desk.record("a"), desk.record("a", status="canceled")])
    (first, second) = [EnrichedArticle.decode(record.value) for record in desk.log.of(TOPICS.to_group)]
    assert (first.status, second.status) == ("usable", "canceled")
    assert second.version > first.version


async def test_an_article_that_was_refused_is_tried_again_when_it_is_sent_again():
    desk = Desk()
    await desk.step.process([desk.record("a", "good"), desk.record("a", "too slow"), desk.record("a", "too slow")])
    assert desk.dead() == ["too_slow"]
    assert desk.tally() == {"forwarded": 1, "dead": 1, "repeated": 1}
    await desk.step.process([desk.record("a", "too slow")])
    assert desk.dead() == ["too_slow", "too_slow"]
    await desk.step.process([desk.record("a", "good")])
    assert desk.tally() == {"forwarded": 1, "dead": 2, "repeated": 2}


async def test_what_is_kept_stays_in_the_partition_of_its_record():
    """Tables and tallies are kept by partition; a changed partitioner must not split them from their articles."""
    desk = Desk()
    record = desk.record("a")
    await desk.step.process([Record(record.topic, 1, record.offset, record.key, record.value)])
    kept = {TOPICS.versions, TOPICS.counts}
    assert {sent.topic for sent in desk.log.records} == kept | {TOPICS.to_group}
    assert {sent.partition for sent in desk.log.records if sent.topic in kept} == {1}


async def test_an_article_goes_to_the_owner_of_its_language_with_its_signature():
    desk = Desk()
    await desk.step.process([desk.record(body, f"{body} tekst") for body in ("nl", "en", "de", "fr", "it")])
    sent = desk.log.of(TOPICS.to_group)
    assert [record.key for record in sent] == [b"nl", b"en", b"de", b"fr", b"it"]
    assert [record.partition for record in sent] == [0, 1, 2, 3, group_partition("it")]
    assert dict(sent[0].headers)[SIGNATURE_HEADER] == b"nl tekst"


@pytest.mark.parametrize("anew", [False, True])
async def test_later_versions_go_where_the_first_one_went_whatever_their_language(anew: bool):
    """A canceled version must not overtake what it cancels, and a story is known where the first version was grouped."""
    desk = Desk()
    batches = [
        [desk.record("a", "nl een"), desk.record("b", "nl een", status="withheld")],
        [desk.record("a", "fr deux"), desk.record("b", "nl een")],
        [desk.record("a", "", status="canceled"), desk.record("b", "", status="canceled")],
    ]
    for batch in batches:
        await desk.step.process(batch)
        if anew:
            desk.start_anew()
    assert [record.key for record in desk.log.of(TOPICS.to_group)] == [b"nl"] * 5


async def test_what_waited_is_at_home_in_the_language_of_its_release():
    desk = Desk()
    await desk.step.process([desk.record("a", "nl een", embargoed_until=NOW + timedelta(minutes=5))])
    desk.now += timedelta(minutes=6)
    assert await desk.step.release_due([0]) == 1
    desk.start_anew()
    await desk.step.process([desk.record("a", "", status="canceled"), desk.record("a", "de zwei")])
    assert [record.key for record in desk.log.of(TOPICS.to_group)] == [b"nl"] * 3


async def test_an_article_that_was_canceled_before_it_came_is_at_home_where_it_is_told():
    desk = Desk()
    await desk.step.process([desk.record("a", "", status="canceled"), desk.record("a", "de zwei")])
    assert [record.key for record in desk.log.of(TOPICS.to_group)] == [b"de", b"de"]
    desk.start_anew()
    await desk.step.process([desk.record("a", "nl drie")])
    assert desk.log.of(TOPICS.to_group)[-1].key == b"de"


def again(record: Record) -> Record:
    """The record as a worker reads it that was killed before it had acknowledged it."""
    return replace(record)


async def test_an_embargoed_record_read_again_after_its_time_still_waits_for_its_release_and_counts_once():
    desk = Desk()
    record = desk.record("a", embargoed_until=NOW + timedelta(minutes=5))
    await desk.step.process([record])
    desk.now += timedelta(minutes=6)
    desk.start_anew()
    await desk.step.process([again(record)])
    assert (desk.enriched(), desk.tally()) == ([], {"held": 1})
    assert await desk.step.release_due([0]) == 1
    assert (len(desk.enriched()), desk.tally()) == (1, {"forwarded": 1})


async def test_an_embargoed_record_read_again_after_it_was_overtaken_is_not_released_any_more():
    desk = Desk()
    embargoed = desk.record("a", "early", embargoed_until=NOW + timedelta(minutes=5))
    corrected = desk.record("a", "corrected")
    await desk.step.process([embargoed, corrected])
    desk.start_anew()
    await desk.step.process([again(embargoed), again(corrected)])
    desk.now += timedelta(minutes=6)
    assert await desk.step.release_due([0]) == 0
    assert {text for _, text, _ in desk.enriched()} == {"corrected"}
    assert desk.tally() == {"forwarded": 1, "held": 1}


async def test_what_is_refused_at_its_release_moves_from_held_to_dead():
    desk = Desk()
    until = NOW + timedelta(minutes=5)
    await desk.step.process(
        [desk.record("a", "too slow", embargoed_until=until), desk.record("b", embargoed_until=until)]
    )
    desk.now += timedelta(minutes=6)
    assert await desk.step.release_due([0]) == 2
    assert (desk.dead(), [id_ for id_, _, _ in desk.enriched()]) == (["too_slow"], ["b"])
    assert desk.tally() == {"forwarded": 1, "dead": 1}


async def test_a_replay_is_sent_again_with_its_old_version_and_the_replays_header():
    desk = Desk()
    await desk.step.process([desk.record("a", "one"), desk.record("a", "two")])
    run = {REPLAY_HEADER: b"run-1"}
    await desk.step.process([desk.record("a", "one", run), desk.record("a", "two", run)])
    assert desk.enriched()[2:] == desk.enriched()[:2]
    headers = [dict(record.headers).get(REPLAY_HEADER) for record in desk.log.of(TOPICS.to_group)]
    assert headers == [None, None, b"run-1", b"run-1"]
    assert desk.tally() == {"forwarded": 4}
    await desk.step.process([desk.record("a", "two")])
    assert desk.tally() == {"forwarded": 4, "repeated": 1}


async def test_a_replay_of_what_must_wait_is_a_repeat():
    desk = Desk()
    await desk.step.process([desk.record("a", status="withheld")])
    await desk.step.process([desk.record("a", status="withheld", headers={REPLAY_HEADER: b"run-1"})])
    assert (desk.enriched(), desk.tally()) == ([], {"held": 1, "repeated": 1})


async def test_what_grows_too_large_for_its_topic_is_a_dead_letter_and_the_rest_goes_on():
    desk = Desk()
    large = "x" * (ROOM_BYTES - 100)
    await desk.step.process(
        [desk.record("a", large), desk.record("b"), desk.record("c", large, status="withheld"), desk.record("d")]
    )
    assert desk.dead() == ["too_large", "too_large"]
    assert [id_ for id_, _, _ in desk.enriched()] == ["b", "d"]
    assert desk.tally() == {"forwarded": 2, "dead": 2}
    assert max(len(record.value or b"") for record in desk.log.records) < MAX_MESSAGE_BYTES


async def test_each_record_is_told_of_with_its_reason_and_its_time():
    desk = Desk()
    done = await desk.step.process([desk.record("a"), desk.record("a"), desk.bytes(b"{"), desk.record("b", "")])
    assert [(each.kind, each.reason) for each in done] == [
        ("done", None),
        ("repeated", None),
        ("dead", "not_json"),
        ("dead", "no_text"),
    ]
    assert done[0].fetched_at == NOW
