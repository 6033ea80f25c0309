"""The group step: enriched articles of one language at a time, each with its story, to [articles.enriched].

Copies of one report have different ids, so they meet only where one owner sees a whole language: enrich sends by
language. The story is in the changelog before the article is in [articles.enriched], so that whatever is read again
(after a kill, a rebalance, for a replay) has the story that it was first given.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import structlog

from processors.agents.aside import aside
from processors.agents.outcomes import ORIGIN_HEADER, REPLAY_HEADER, RING_HEADER, SIGNATURE_HEADER, dead_outgoing
from processors.agents.records import Done, Outgoing, Record, Sender
from processors.stories.remembered import Remembered
from processors.stories.signature import Signature, signature
from processors.stories.stories import AT_MOST, WINDOW, Sighting, Stories
from schemas.articles import EnrichedArticle
from schemas.dead_letters import Reason
from schemas.errors import DecodeError
from schemas.topics import ROOM_BYTES, Topics

FORGOTTEN_AT_ONCE = 1000
_log = structlog.get_logger()


@dataclass
class GroupState:
    """The stories of the partitions that are owned; the GroupKeeper fills it from the changelog."""

    window: timedelta = WINDOW
    at_most: int = AT_MOST
    stories: dict[int, Stories] = field(default_factory=dict[int, Stories])

    def restore(self, partition: int, remembered: dict[bytes, Remembered]) -> None:
        """Have the partition's stories as they were remembered."""
        stories = Stories(self.window, self.at_most)
        for key, each in sorted(remembered.items(), key=lambda item: item[1].seen_at):
            stories.restore(key.decode(), each)
        self.stories[partition] = stories


class GroupStep:
    """See the module. `now` is the clock that articles are forgotten by."""

    def __init__(self, *, state: GroupState, sender: Sender, topics: Topics, now: Callable[[], datetime]) -> None:
        self._state = state
        self._sender = sender
        self._topics = topics
        self._now = now
        # A batch and what is forgotten both change the state; one at a time.
        self._lock = asyncio.Lock()

    async def process(self, batch: Sequence[Record]) -> Sequence[Done]:
        """See Step."""
        size_bytes = sum(len(record.value or b"") for record in batch)
        read = await aside(lambda: [_read(record) for record in batch], size_bytes)
        async with self._lock:
            remembered: list[Outgoing] = []
            placed = [self._placed(record, found, remembered) for record, found in zip(batch, read, strict=True)]
            await self._sender.send_all(remembered)
            outcomes = await aside(
                lambda: [self._outcome(record, found) for record, found in zip(batch, placed, strict=True)], size_bytes
            )
            await self._sender.send_all([output for output, _ in outcomes])
        return [done for _, done in outcomes]

    @asynccontextmanager
    async def at_rest(self) -> AsyncGenerator[None]:
        """While inside, nothing is placed and nothing forgotten."""
        async with self._lock:
            yield

    async def forget_outdated(self, owned: Iterable[int]) -> int:
        """Forget what is outdated in these partitions, in the changelog first; returns how many articles.

        At most FORGOTTEN_AT_ONCE of each, so that articles that come needn't wait long: to be called until it is none.
        """
        count = 0
        async with self._lock:
            for partition in sorted(set(owned) & self._state.stories.keys()):
                stories = self._state.stories[partition]
                outdated = stories.outdated(self._now())[:FORGOTTEN_AT_ONCE]
                await self._sender.send_all(
                    [Outgoing(self._topics.stories, article_id.encode(), None, partition) for article_id in outdated]
                )
                for article_id in outdated:
                    stories.forget(article_id)
                count += len(outdated)
        return count

    def _placed(
        self, record: Record, found: "_Read | DecodeError", remembered: list[Outgoing]
    ) -> "_Read | DecodeError":
        """The article with its story; what is to be remembered of it is added to `remembered`."""
        if isinstance(found, DecodeError):
            return found
        article, stories = found.article, self._state.stories[record.partition]
        if article.status == "canceled":  # it has no text of its own, and its story is the one that it had
            return found.with_story(stories.story_of(article.article_id) or article.article_id)
        try:
            kept = stories.place(Sighting(article.article_id, found.signature, article.published_at), self._now())
        except Exception:  # noqa: BLE001 one article must not hold up the rest: it is a story of its own, and travels on
            _log.error("article can't be grouped", article=article.article_id, exc_info=True)
            return found.with_story(article.article_id)
        remembered.append(Outgoing(self._topics.stories, article.article_id.encode(), kept.encode(), record.partition))
        return found.with_story(kept.story_id)

    def _outcome(self, record: Record, found: "_Read | DecodeError") -> tuple[Outgoing, Done]:
        if isinstance(found, DecodeError):
            return self._dead(record, cast("Reason", found.code), str(found), None)
        article = found.article
        value = article.encode()
        if len(value) > ROOM_BYTES:
            error = f"with its story it has more than {ROOM_BYTES:,} bytes"
            return self._dead(record, "too_large", error, article.fetched_at)
        headers = tuple(
            (name, record.headers[name])
            for name in (ORIGIN_HEADER, REPLAY_HEADER, RING_HEADER)
            if name in record.headers
        )
        output = Outgoing(
            self._topics.enriched, article.article_id.encode(), value, self._source_partition(record), headers
        )
        return output, Done("done", fetched_at=article.fetched_at)

    def _source_partition(self, record: Record) -> int | None:
        """That of the raw record: an article is in the same one all along, whoever computes the partitioner."""
        parts = record.headers.get(ORIGIN_HEADER, b"").rsplit(b"/", 2)
        if len(parts) == 3 and parts[1].isdigit() and int(parts[1]) < self._topics.partitions:
            return int(parts[1])
        return None

    def _dead(self, record: Record, reason: Reason, error: str, fetched_at: datetime | None) -> tuple[Outgoing, Done]:
        letter = dead_outgoing(
            record, topic=self._topics.dead, stage="group", reason=reason, error=error, failed_at=self._now()
        )
        return letter, Done("dead", reason, fetched_at)


@dataclass(frozen=True, slots=True)
class _Read:
    article: EnrichedArticle
    signature: Signature

    def with_story(self, story_id: str) -> "_Read":
        return _Read(self.article.model_copy(update={"story_id": story_id}), self.signature)


def _read(record: Record) -> _Read | DecodeError:
    try:
        article = EnrichedArticle.decode(record.value)
    except DecodeError as error:
        return error
    try:
        return _Read(article, Signature.decode(record.headers.get(SIGNATURE_HEADER, b"")))
    except ValueError:  # of another version of Belfry
        return _Read(article, signature(article.text, article.language or "und"))
