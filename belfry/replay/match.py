"""A replay of the stage match: articles of a time once more to [articles.enriched], marked as a run.

What only the index has comes first, oldest first, then what the topic holds, each article's versions in order. News goes
first: where match has more than LAG_AT_MOST records to read, the replay waits.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from belfry.replay.history import History, Span
from belfry.replay.stored import stored_articles
from belfry.search.client import connect
from processors.agents.outcomes import REPLAY_HEADER, RING_HEADER
from processors.agents.records import Outgoing, Sender
from schemas.articles import EnrichedArticle
from schemas.errors import StackError
from schemas.topics import Topics

AT_ONCE = 300
LAG_AT_MOST = 300
_LOOK_S = 0.2
_STUCK_S = 60.0


@dataclass
class Replayed:
    """How many versions were sent again, and from where."""

    from_index: int = 0
    from_topic: int = 0


@dataclass(frozen=True)
class Run:
    """A replay: its name, which is part of its bells' ids, its time, and whether it rings."""

    name: str
    span: Span
    ring: bool


class MatchReplay:
    """See the module. `lag`: how many records match has still to read."""

    def __init__(
        self,
        run: Run,
        topics: Topics,
        sender: Sender,
        lag: Callable[[], int],
        on_progress: Callable[[Replayed], None],
    ) -> None:
        self._run = run
        self._topics = topics
        self._sender = sender
        self._lag = lag
        self._on_progress = on_progress
        self._waiting: list[Outgoing] = []
        self.replayed = Replayed()

    async def replay(self, bootstrap: str, elasticsearch_url: str, alias: str) -> Replayed:
        """Send everything, and return when it is acknowledged. `alias`: the index's articles.

        Raises ServiceError where a server doesn't answer, StackError where match doesn't read. The same run again
        rings nothing twice.
        """
        history = History(bootstrap, self._topics.enriched, self._run.span)
        contents = history.contents()
        async with connect(elasticsearch_url) as client:
            async for article in stored_articles(client, alias, self._run.span):
                if (article.article_id, article.version) not in contents.versions:
                    self.replayed.from_index += 1
                    await self._send(article, None)
        for held in history.articles(contents):
            self.replayed.from_topic += 1
            await self._send(held.article, held.partition)
        await self._flush()
        return self.replayed

    async def _send(self, article: EnrichedArticle, partition: int | None) -> None:
        headers: Sequence[tuple[str, bytes]] = ((REPLAY_HEADER, self._run.name.encode()),)
        if self._run.ring:
            headers = (*headers, (RING_HEADER, b"1"))
        key = article.article_id.encode()
        self._waiting.append(Outgoing(self._topics.enriched, key, article.encode(), partition, tuple(headers)))
        if len(self._waiting) >= AT_ONCE:
            await self._flush()

    async def _flush(self) -> None:
        if not self._waiting:
            return
        await self._room()
        await self._sender.send_all(self._waiting)
        self._waiting.clear()
        self._on_progress(self.replayed)

    async def _room(self) -> None:
        least, silent_s = self._lag(), 0.0
        while (lag := self._lag()) > LAG_AT_MOST:
            silent_s = 0.0 if lag < least else silent_s + _LOOK_S
            least = min(least, lag)
            if silent_s > _STUCK_S:
                raise StackError(
                    f"the role match has {lag} articles to read, and reads none",
                    remedy=f"See `belfry status`; then run this again with --run {self._run.name}",
                )
            await asyncio.sleep(_LOOK_S)
