"""The enrich step: [articles.raw] to the group role, by language, each record to exactly one outcome.

In order: read (bytes to article to text), decide (repeat, version, held: processors/versions.py), enrich, write (what
is durable when: enrich_state.py). Embargoed articles are sent on by `release_due`.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from processors.agents.aside import aside
from processors.agents.enrich_job import Enriched, EnrichJob, Enrichment, too_large
from processors.agents.enrich_state import EnrichState, HeldArticle, HeldChange, Ledger
from processors.agents.outcomes import ORIGIN_HEADER, REPLAY_HEADER, SIGNATURE_HEADER, dead_outgoing, place
from processors.agents.records import Done, Outgoing, Record, Sender
from processors.counts import Outcome, Tally
from processors.extract import Content, completed
from processors.versions import Decision, Memory, Place, decision
from schemas.articles import RawArticle
from schemas.dead_letters import Reason
from schemas.errors import DecodeError, EnrichError
from schemas.identity import content_hash
from schemas.topics import ROOM_BYTES, Topics, group_partition

RELEASED_AT_ONCE = 100


@dataclass
class _Item:
    """A record on its way through the step; `refused` ends it, else `output` or `waiting` is what comes of it."""

    record: Record
    raw: RawArticle | None = None
    content: Content | None = None
    hash: str = ""
    decision: Decision | None = None
    output: Enriched | None = None
    waiting: HeldArticle | None = None
    refused: tuple[Reason, str] | None = None

    def refuse(self, error: DecodeError | EnrichError) -> None:
        self.refused = (cast("Reason", error.code), str(error))

    @property
    def outcome(self) -> Outcome:
        return "dead" if self.refused is not None or self.decision is None else self.decision.outcome


class EnrichStep:
    """See the module. `now` is the clock that embargoes go by."""

    def __init__(
        self, *, state: EnrichState, enrichment: Enrichment, sender: Sender, topics: Topics, now: Callable[[], datetime]
    ) -> None:
        self._state = state
        self._enrichment = enrichment
        self._topics = topics
        self._now = now
        self._ledger = Ledger(state, sender, topics)
        # A release and a batch both read and write the state; one at a time.
        self._lock = asyncio.Lock()

    async def process(self, batch: Sequence[Record]) -> Sequence[Done]:
        """See Step."""
        async with self._lock:
            items = [_Item(record) for record in batch]
            await self._read(items)
            memories = self._decide(items)
            await self._enrich(items)
            self._settle(items, memories)
            await self._write(items, memories)
        return [_done(item) for item in items]

    @asynccontextmanager
    async def at_rest(self) -> AsyncGenerator[None]:
        """While inside, neither a batch nor a release is written."""
        async with self._lock:
            yield

    async def release_due(self, owned: Iterable[int]) -> int:
        """Send on the embargoed articles of the `owned` partitions whose time has come; returns how many."""
        async with self._lock:
            partitions, now = set(owned), self._now()
            due = [held for held in self._state.held.values() if held.partition in partitions and _is_due(held, now)]
            # Those first whose release was perhaps counted before a kill: the tally remembers only the last ones.
            due.sort(key=lambda held: (held.offset not in self._state.tally(held.partition).released, held.offset))
            if due:
                await self._release(due[:RELEASED_AT_ONCE])
            return len(due[:RELEASED_AT_ONCE])

    async def _read(self, items: Sequence[_Item]) -> None:
        size_bytes = sum(len(item.record.value or b"") for item in items)
        await aside(lambda: [_decode(item) for item in items], size_bytes)
        readable = [(item, item.raw) for item in items if item.raw is not None and item.refused is None]
        contents = await self._enrichment.contents([raw for _, raw in readable])
        for (item, raw), found in zip(readable, contents, strict=True):
            if isinstance(found, EnrichError):
                item.refuse(found)
            else:
                item.raw, item.content, item.hash = completed(raw, found), found, _hash(found)

    def _decide(self, items: Sequence[_Item]) -> dict[bytes, Memory]:
        """Decide each item in order; returns what is to be remembered after this batch, by key."""
        fresh: dict[bytes, Memory] = {}
        now = self._now()
        for item in items:
            if item.raw is None or item.refused is not None:
                continue
            record, key = item.record, item.raw.article_id.encode()
            memory = fresh.get(key) or self._state.memory(key)
            at = Place(topic=record.topic, partition=record.partition, offset=record.offset)
            made = decision(item.raw, item.hash, memory, at, now, replay=REPLAY_HEADER in record.headers)
            waiting = self._state.held.get(key)
            if made.again and waiting is not None and (waiting.partition, waiting.offset) == (at.partition, at.offset):
                # It was held, and still is: its release sends it on, and counts that, once.
                made = made.model_copy(update={"outcome": "held"})
            item.decision = made
            if not made.again and made.outcome != "repeated":
                fresh[key] = made.memory
        return fresh

    async def _enrich(self, items: Sequence[_Item]) -> None:
        jobs: list[tuple[_Item, EnrichJob]] = []
        for item in items:
            if item.raw is None or item.content is None or item.decision is None:
                continue
            made = item.decision
            if made.outcome == "forwarded":
                jobs.append((item, EnrichJob.of(item.raw, item.content, item.hash, made.version, made.month)))
            elif made.outcome == "held" and not made.again:
                item.waiting = _held(item.raw, made, item.record)
                if len(item.waiting.encode()) > ROOM_BYTES:
                    item.refuse(too_large())
        for (item, _), found in zip(jobs, await self._enrichment.enriched([job for _, job in jobs]), strict=True):
            if isinstance(found, EnrichError):
                item.refuse(found)
            else:
                item.output = found

    def _settle(self, items: Sequence[_Item], memories: dict[bytes, Memory]) -> None:
        """Each article that is sent on for the first time is at home in its language: later versions follow it."""
        for item in items:
            key = item.record.key or b""
            if item.output is not None and (memory := memories.get(key)) is not None and not memory.home:
                memories[key] = memory.model_copy(update={"home": item.output.language})

    async def _write(self, items: Sequence[_Item], memories: dict[bytes, Memory]) -> None:
        outputs: list[Outgoing] = []
        held: dict[bytes, HeldChange] = {}
        tallies: dict[int, Tally] = {}
        for item in items:
            partition = item.record.partition
            if item.refused is not None:
                outputs.append(self._dead(item.record, *item.refused))
            elif item.waiting is not None:
                held[item.waiting.key] = HeldChange(partition, item.waiting)
            elif item.output is not None:
                outputs.append(self._output(item.record, item.output, _home(item, memories)))
                self._overtake(item, held)
            tally = tallies.get(partition) or self._state.tally(partition)
            tallies[partition] = tally.counted(item.record.offset, item.outcome)
        await self._ledger.write_batch(outputs, held, _without_refused(memories, items), tallies)

    def _overtake(self, item: _Item, held: dict[bytes, HeldChange]) -> None:
        """What waited under the id no longer does. A record that is read again overtakes nothing newer than it."""
        key = item.record.key or b""
        if item.decision is not None and not item.decision.again and (key in self._state.held or key in held):
            held[key] = HeldChange(item.record.partition, None)

    def _output(self, record: Record, ready: Enriched, home: str) -> Outgoing:
        """On its way to the group of its home: a canceled version must not overtake what it cancels."""
        language = home or ready.language or "und"
        headers = ((ORIGIN_HEADER, place(record).encode()), (SIGNATURE_HEADER, ready.signature))
        if (replay := record.headers.get(REPLAY_HEADER)) is not None:
            headers += ((REPLAY_HEADER, replay),)
        partition = group_partition(language)
        return Outgoing(self._topics.to_group, language.encode(), ready.value, partition, headers)

    def _dead(self, record: Record, reason: Reason, error: str) -> Outgoing:
        return dead_outgoing(
            record, topic=self._topics.dead, stage="enrich", reason=reason, error=error, failed_at=self._now()
        )

    async def _release(self, due: Sequence[HeldArticle]) -> None:
        contents = await self._enrichment.contents([held.raw for held in due])
        made = iter(
            await self._enrichment.enriched(
                [_job(held, found) for held, found in zip(due, contents, strict=True) if isinstance(found, Content)]
            )
        )
        outputs: list[Outgoing] = []
        dead: set[bytes] = set()
        memories: dict[bytes, Memory] = {}
        for held, content in zip(due, contents, strict=True):
            found = content if isinstance(content, EnrichError) else next(made)
            record = Record(self._topics.raw, held.partition, held.offset, held.key, held.raw.encode())
            if isinstance(found, EnrichError):
                dead.add(held.key)
                outputs.append(self._dead(record, cast("Reason", found.code), str(found)))
            else:
                memory = self._state.memory(held.key)
                if memory is not None and not memory.home:
                    memory = memories[held.key] = memory.model_copy(update={"home": found.language})
                outputs.append(self._output(record, found, memory.home if memory else ""))
        tallies: dict[int, Tally] = {}
        for partition in {held.partition for held in due}:
            here = [held for held in due if held.partition == partition]
            sent, lost = (tuple(h.offset for h in here if (h.key in dead) is is_dead) for is_dead in (False, True))
            tallies[partition] = self._state.tally(partition).with_released(sent, lost)
        gone = {held.key: HeldChange(held.partition, None) for held in due}
        await self._ledger.write_release(outputs, gone, memories, tallies)


def _decode(item: _Item) -> None:
    try:
        item.raw = RawArticle.decode(item.record.value)
        if item.record.key != item.raw.article_id.encode():
            raise DecodeError("the record's key is not the article's id", code="key_mismatch")
    except DecodeError as error:
        item.refuse(error)


def _home(item: _Item, memories: dict[bytes, Memory]) -> str:
    memory = memories.get(item.record.key or b"") or (None if item.decision is None else item.decision.memory)
    return "" if memory is None else memory.home


def _hash(content: Content) -> str:
    return content_hash("" if content.title_from_text else content.title, content.text)


def _held(raw: RawArticle, made: Decision, record: Record) -> HeldArticle:
    return HeldArticle(
        raw=raw, version=made.version, month=made.month, partition=record.partition, offset=record.offset
    )


def _job(held: HeldArticle, content: Content) -> EnrichJob:
    return EnrichJob.of(held.raw, content, _hash(content), held.version, held.month)


def _is_due(held: HeldArticle, now: datetime) -> bool:
    until = held.raw.embargoed_until
    return held.raw.status == "usable" and until is not None and until <= now


def _without_refused(memories: dict[bytes, Memory], items: Sequence[_Item]) -> dict[bytes, Memory]:
    """The memories less the versions that were refused after all: sent again, such an article is tried again."""
    refused = {(item.record.key, item.record.offset) for item in items if item.refused is not None}
    kept: dict[bytes, Memory] = {}
    for key, memory in memories.items():
        decided = tuple(d for d in memory.decided if (key, d.offset) not in refused)
        if decided:
            kept[key] = memory.model_copy(update={"decided": decided})
    return kept


def _done(item: _Item) -> Done:
    fetched_at = None if item.raw is None else item.raw.fetched_at
    if item.refused is not None:
        return Done("dead", item.refused[0], fetched_at)
    outcome = item.outcome
    return Done("done" if outcome == "forwarded" else outcome, None, fetched_at)
