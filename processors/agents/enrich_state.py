"""What enrich remembers of its partitions, and the order in which it becomes durable.

A kill at any moment loses nothing and counts nothing twice, because of a batch
1. outputs (enriched articles, dead letters, articles that wait) are acknowledged first;
2. then what is remembered of each article id;
3. then the tally of each partition;
4. then, by the flow, the records.
A record that is read again after 1 or 2 is sent again with the same version; after 3 it isn't counted again.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from processors.agents.disk_copy import goes_to
from processors.agents.records import Outgoing, Sender
from processors.counts import Tally
from processors.versions import Memory
from schemas.articles import RawArticle
from schemas.topics import Topics


class HeldArticle(BaseModel):
    """An article that waits: withheld until a newer version comes, embargoed until its time. A record of [held]."""

    model_config = ConfigDict(frozen=True)

    raw: RawArticle
    version: int
    month: str
    partition: int
    offset: int

    @property
    def key(self) -> bytes:
        """The article id, as the record's key."""
        return self.raw.article_id.encode()

    def encode(self) -> bytes:
        """As JSON."""
        return self.model_dump_json().encode()


class Memories(Protocol):
    """What is remembered of article ids (keys in UTF-8, values as Memory encodes them): see MemoriesOnDisk."""

    def get(self, key: bytes) -> bytes | None:
        """What is remembered of the id."""
        ...

    def put(self, partition: int, entries: Mapping[bytes, bytes], next_offset: int) -> None:
        """Remember these, which the changelog's partition holds before `next_offset`."""
        ...

    def next_offset(self, partition: int) -> int:
        """From where on the changelog's partition is not known yet."""
        ...


@dataclass
class EnrichState:
    """What is known of the partitions that are owned; the StateKeeper fills it from the changelogs."""

    memories: Memories
    held: dict[bytes, HeldArticle] = field(default_factory=dict[bytes, HeldArticle])
    tallies: dict[int, Tally] = field(default_factory=dict[int, Tally])

    def memory(self, key: bytes) -> Memory | None:
        """What is remembered of the id."""
        value = self.memories.get(key)
        return None if value is None else Memory.model_validate_json(value)

    def tally(self, partition: int) -> Tally:
        """The partition's tally so far."""
        return self.tallies.get(partition, Tally())


@dataclass(frozen=True)
class HeldChange:
    """What becomes of the article that waits under an id: another one, or none any more."""

    partition: int
    article: HeldArticle | None


class Ledger:
    """Writes to the changelogs and, once that is acknowledged, to the state. See the module for the order."""

    def __init__(self, state: EnrichState, sender: Sender, topics: Topics) -> None:
        self._state = state
        self._sender = sender
        self._topics = topics

    async def write_batch(
        self,
        outputs: Sequence[Outgoing],
        held: Mapping[bytes, HeldChange],
        memories: Mapping[bytes, Memory],
        tallies: Mapping[int, Tally],
    ) -> None:
        """Make a batch durable. Raises KafkaUnavailableError; the same batch may then be written again."""
        await self._sender.send_all([*outputs, *self._held_records(held)])
        await self._write_memories(memories)
        await self._write_tallies(tallies)
        self._keep_held(held)

    async def write_release(
        self,
        outputs: Sequence[Outgoing],
        held: Mapping[bytes, HeldChange],
        memories: Mapping[bytes, Memory],
        tallies: Mapping[int, Tally],
    ) -> None:
        """Make a release durable. The articles wait until the tally says that they don't, so none is forgotten."""
        await self._sender.send_all(outputs)
        await self._write_memories(memories)
        await self._write_tallies(tallies)
        await self._sender.send_all(self._held_records(held))
        self._keep_held(held)

    def _held_records(self, held: Mapping[bytes, HeldChange]) -> list[Outgoing]:
        return [
            Outgoing(
                self._topics.held, key, None if change.article is None else change.article.encode(), change.partition
            )
            for key, change in held.items()
        ]

    async def _write_memories(self, memories: Mapping[bytes, Memory]) -> None:
        encoded = [(key, memory.partition, memory.encode()) for key, memory in memories.items()]
        offsets = await self._sender.send_all(
            [Outgoing(self._topics.versions, key, value, partition) for key, partition, value in encoded]
        )
        entries: dict[int, dict[bytes, bytes]] = defaultdict(dict)
        for key, partition, value in encoded:
            entries[partition][key] = value
        written = zip((partition for _, partition, _ in encoded), offsets, strict=True)
        ends = goes_to(self._state.memories.next_offset, written)
        for partition, changed in entries.items():
            self._state.memories.put(partition, changed, ends[partition])

    async def _write_tallies(self, tallies: Mapping[int, Tally]) -> None:
        changed = {partition: tally for partition, tally in tallies.items() if tally != self._state.tally(partition)}
        await self._sender.send_all(
            [
                Outgoing(self._topics.counts, str(partition).encode(), tally.encode(), partition)
                for partition, tally in changed.items()
            ]
        )
        self._state.tallies.update(changed)

    def _keep_held(self, held: Mapping[bytes, HeldChange]) -> None:
        for key, change in held.items():
            if change.article is None:
                self._state.held.pop(key, None)
            else:
                self._state.held[key] = change.article
