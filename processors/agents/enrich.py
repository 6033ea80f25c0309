"""The enrich step: [articles.raw] to [articles.enriched], each record to exactly one outcome.

What is durable when, so that a kill at any moment loses nothing and counts nothing twice:
1. outputs (enriched articles, dead letters, held articles), acknowledged;
2. then what is remembered of each article id (the table's changelog);
3. then the tally of each partition;
4. then the records are acknowledged.
A record that is read again after 1 or 2 is sent again with the same version; after 3 it isn't counted again.
"""

import asyncio
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, cast

from pydantic import BaseModel, ConfigDict

from processors.agents.outcomes import ORIGIN_HEADER, REPLAY_HEADER, dead_outgoing, place
from processors.agents.records import Outgoing, Record, Sender
from processors.counts import Outcome, Tally
from processors.enrich import Models, enriched_article
from processors.extract import Content
from processors.versions import Decision, Memory, Place, decision
from schemas.articles import EnrichedArticle, RawArticle
from schemas.dead_letters import Reason
from schemas.errors import DecodeError, EnrichError
from schemas.identity import content_hash
from schemas.topics import Topics


class HeldArticle(BaseModel):
    """An article that waits: withheld until a newer version comes, embargoed until its time. A value of the table."""

    model_config = ConfigDict(frozen=True)

    raw: RawArticle
    version: int
    month: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class EnrichJob:
    """What the pool is asked for: the enriched form of `raw`."""

    raw: RawArticle
    content: Content
    content_hash: str
    version: int
    month: str


def enrich_job(models: Models, job: EnrichJob) -> EnrichedArticle:
    """Do one job."""
    return enriched_article(
        job.raw, job.content, models, content_hash=job.content_hash, version=job.version, month=job.month
    )


class Enrichment(Protocol):
    """Runs heavy work beside the event loop: see Pool."""

    async def contents(self, raws: Sequence[RawArticle]) -> Sequence[Content | EnrichError]:
        """Title and text of each."""
        ...

    async def enriched(self, jobs: Sequence[EnrichJob]) -> Sequence[EnrichedArticle | EnrichError]:
        """The enriched form of each."""
        ...


@dataclass
class EnrichState:
    """What the step remembers; the agent fills it from the changelogs of the partitions that it owns.

    `memories` and `held` are keyed by article id in UTF-8, values are JSON (they are the stores of Faust tables).
    """

    memories: MutableMapping[bytes, bytes] = field(default_factory=dict[bytes, bytes])
    held: MutableMapping[bytes, bytes] = field(default_factory=dict[bytes, bytes])
    tallies: dict[int, Tally] = field(default_factory=dict[int, Tally])


@dataclass
class _Item:
    record: Record
    raw: RawArticle | None = None
    content: Content | None = None
    hash: str = ""
    decision: Decision | None = None
    enriched: EnrichedArticle | None = None
    refused: tuple[Reason, str] | None = None

    def refuse(self, error: DecodeError | EnrichError) -> None:
        self.refused = (cast("Reason", error.code), str(error))


class EnrichStep:
    """See the module. `now` is the clock that embargoes go by."""

    def __init__(
        self, *, state: EnrichState, enrichment: Enrichment, sender: Sender, topics: Topics, now: Callable[[], datetime]
    ) -> None:
        self._state = state
        self._enrichment = enrichment
        self._sender = sender
        self._topics = topics
        self._now = now
        # A release and a batch both read and write the state; one at a time.
        self._lock = asyncio.Lock()

    async def process(self, batch: Sequence[Record]) -> None:
        """See Step."""
        async with self._lock:
            items = [_Item(record) for record in batch]
            await self._read(items)
            memories = self._decide(items)
            await self._enrich(items)
            await self._write(items, memories)

    async def release_due(self, owned: Sequence[int]) -> int:
        """Send on the embargoed articles of the `owned` partitions whose time has come; returns how many."""
        async with self._lock:
            now = self._now()
            due = [
                held
                for value in list(self._state.held.values())
                if (held := HeldArticle.model_validate_json(value)).partition in owned
                and held.raw.status == "usable"
                and held.raw.embargoed_until is not None
                and held.raw.embargoed_until <= now
            ]
            if due:
                await self._release(due[:100])
            return len(due)

    async def _read(self, items: Sequence[_Item]) -> None:
        for item in items:
            try:
                item.raw = RawArticle.decode(item.record.value)
                if item.record.key != item.raw.article_id.encode():
                    raise DecodeError("the record's key is not the article's id", code="key_mismatch")
            except DecodeError as error:
                item.refuse(error)
        readable = [(item, item.raw) for item in items if item.raw is not None and item.refused is None]
        contents = await self._enrichment.contents([raw for _, raw in readable])
        for (item, _), found in zip(readable, contents, strict=True):
            if isinstance(found, EnrichError):
                item.refuse(found)
            else:
                item.content = found
                item.hash = content_hash("" if found.title_from_text else found.title, found.text)

    def _decide(self, items: Sequence[_Item]) -> dict[bytes, Memory]:
        """Decide each item in order; returns what is to be remembered after this batch, by key."""
        fresh: dict[bytes, Memory] = {}
        now = self._now()
        for item in items:
            if item.raw is None or item.refused is not None:
                continue
            key = item.raw.article_id.encode()
            stored = self._state.memories.get(key)
            memory = fresh.get(key) or (None if stored is None else Memory.model_validate_json(stored))
            record = item.record
            at = Place(topic=record.topic, partition=record.partition, offset=record.offset)
            item.decision = decision(item.raw, item.hash, memory, at, now)
            replayed = REPLAY_HEADER in record.headers and item.decision.outcome == "repeated"
            if replayed:
                item.decision = item.decision.model_copy(update={"outcome": "forwarded", "again": True})
            if not item.decision.again and item.decision.outcome != "repeated":
                fresh[key] = item.decision.memory
        return fresh

    async def _enrich(self, items: Sequence[_Item]) -> None:
        wanted: list[_Item] = []
        jobs: list[EnrichJob] = []
        for item in items:
            if item.raw is None or item.content is None or item.decision is None:
                continue
            if item.decision.outcome == "forwarded":
                made = item.decision
                wanted.append(item)
                jobs.append(EnrichJob(item.raw, item.content, item.hash, made.version, made.month))
        for item, found in zip(wanted, await self._enrichment.enriched(jobs), strict=True):
            if isinstance(found, EnrichError):
                item.refuse(found)
            else:
                item.enriched = found

    async def _write(self, items: Sequence[_Item], memories: dict[bytes, Memory]) -> None:
        outputs: list[Outgoing] = []
        held: dict[bytes, tuple[int, bytes | None]] = {}
        tallies: dict[int, Tally] = {}
        partitions: dict[bytes, int] = {}
        for item in items:
            partition, key = item.record.partition, item.record.key or b""
            partitions[key] = partition
            outcome = self._output(item, outputs, held)
            tally = tallies.get(partition) or self._state.tallies.get(partition) or Tally()
            tallies[partition] = tally.counted(item.record.offset, outcome)
        outputs += [Outgoing(self._topics.held, key, value, partition) for key, (partition, value) in held.items()]
        await self._sender.send_all(outputs)
        remembered = {key: memory.encode() for key, memory in _without_refused(memories, items).items()}
        await self._sender.send_all(
            [Outgoing(self._topics.versions, key, value, partitions[key]) for key, value in remembered.items()]
        )
        await self._send_tallies(tallies)
        self._state.memories.update(remembered)
        self._keep_held(held)

    def _output(self, item: _Item, outputs: list[Outgoing], held: dict[bytes, tuple[int, bytes | None]]) -> Outcome:
        record = item.record
        if item.refused is not None or item.raw is None or item.decision is None:
            reason, error = item.refused or ("failed", "not decided")
            outputs.append(
                dead_outgoing(
                    record,
                    topic=self._topics.dead,
                    stage="enrich",
                    reason=reason,
                    error=error,
                    failed_at=self._now(),
                )
            )
            return "dead"
        key = item.raw.article_id.encode()
        if item.decision.outcome == "held":
            waiting = HeldArticle(
                raw=item.raw,
                version=item.decision.version,
                month=item.decision.month,
                partition=record.partition,
                offset=record.offset,
            )
            held[key] = (record.partition, waiting.model_dump_json().encode())
        elif item.enriched is not None:
            replay = record.headers.get(REPLAY_HEADER)
            headers = ((ORIGIN_HEADER, place(record).encode()),)
            if replay is not None:
                headers += ((REPLAY_HEADER, replay),)
            outputs.append(Outgoing(self._topics.enriched, key, item.enriched.encode(), record.partition, headers))
            if not item.decision.again and (key in self._state.held or key in held):
                held[key] = (record.partition, None)  # what waited has been overtaken
        return item.decision.outcome

    async def _release(self, due: Sequence[HeldArticle]) -> None:
        contents = await self._enrichment.contents([held.raw for held in due])
        ready = [(held, found) for held, found in zip(due, contents, strict=True) if isinstance(found, Content)]
        jobs = [
            EnrichJob(
                held.raw,
                found,
                content_hash("" if found.title_from_text else found.title, found.text),
                held.version,
                held.month,
            )
            for held, found in ready
        ]
        outputs: list[Outgoing] = []
        failed: list[HeldArticle] = []
        for (held, _), found in zip(ready, await self._enrichment.enriched(jobs), strict=True):
            origin = f"{self._topics.raw}/{held.partition}/{held.offset}"
            key = held.raw.article_id.encode()
            if isinstance(found, EnrichError):
                failed.append(held)
                record = Record(self._topics.raw, held.partition, held.offset, key, held.raw.encode())
                outputs.append(
                    dead_outgoing(
                        record,
                        topic=self._topics.dead,
                        # Its place in the tally was "held"; it goes to "forwarded" and from there, as what the index
                        # refuses does, to "dead".
                        stage="index",
                        reason=cast("Reason", found.code),
                        error=str(found),
                        failed_at=self._now(),
                    )
                )
            else:
                headers = ((ORIGIN_HEADER, origin.encode()),)
                outputs.append(Outgoing(self._topics.enriched, key, found.encode(), held.partition, headers))
        await self._sender.send_all(outputs)
        tallies: dict[int, Tally] = {}
        for partition in {held.partition for held in due}:
            origins = tuple(held.offset for held in due if held.partition == partition)
            tallies[partition] = (self._state.tallies.get(partition) or Tally()).with_released(origins)
        await self._send_tallies(tallies)
        gone = {held.raw.article_id.encode(): (held.partition, None) for held in due}
        await self._sender.send_all(
            [Outgoing(self._topics.held, key, None, partition) for key, (partition, _) in gone.items()]
        )
        self._keep_held(gone)

    async def _send_tallies(self, tallies: dict[int, Tally]) -> None:
        changed = {
            partition: tally for partition, tally in tallies.items() if tally != self._state.tallies.get(partition)
        }
        await self._sender.send_all(
            [
                Outgoing(self._topics.counts, str(partition).encode(), tally.encode(), partition)
                for partition, tally in changed.items()
            ]
        )
        self._state.tallies.update(changed)

    def _keep_held(self, held: dict[bytes, tuple[int, bytes | None]]) -> None:
        for key, (_, value) in held.items():
            if value is None:
                self._state.held.pop(key, None)
            else:
                self._state.held[key] = value


def _without_refused(memories: dict[bytes, Memory], items: Sequence[_Item]) -> dict[bytes, Memory]:
    """The memories less the versions that were refused after all: sent again, such an article is tried again."""
    refused = {(item.record.key, item.record.offset) for item in items if item.refused is not None}
    kept: dict[bytes, Memory] = {}
    for key, memory in memories.items():
        decided = tuple(d for d in memory.decided if (key, d.offset) not in refused)
        if decided:
            kept[key] = memory.model_copy(update={"decided": decided})
    return kept
