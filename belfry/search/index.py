"""Writing to the indices: in bulk, with deterministic ids and external versions, item by item.

Every write may be done twice. An item that a busy node turned away is sent again, alone; a document that the index
refuses is refused alone; a request that failed as a whole is the caller's to send again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

import orjson
import structlog
from elasticsearch import ApiError, AsyncElasticsearch

from belfry.search.client import as_unavailable
from belfry.search.indices import Indices
from belfry.search.messages import MessageWriter
from belfry.search.outcomes import REASON_CHARS, item_outcome
from processors.document import IndexAction, IndexOutcome
from schemas.errors import SearchUnavailableError

log: structlog.stdlib.BoundLogger = structlog.get_logger()

BODY_BYTES = 10 * 1024 * 1024
"""A bulk body is cut here. The server takes 100 MB, but holds all of it in memory while it works."""

RETRY_DELAYS_S = (0.1, 0.3, 1.0, 2.0, 4.0)
"""How long to wait before items that a busy node turned away are sent again."""

Sleep = Callable[[float], Awaitable[None]]


class IndexWriter(MessageWriter):
    """Writes articles, alerts, dead letters and minutes to the Elasticsearch behind `client`.

    Every method raises SearchUnavailableError where Elasticsearch doesn't do its part; then nothing is known of the
    batch, and it may be written again as it is.
    """

    def __init__(self, client: AsyncElasticsearch, prefix: str = "", *, sleep: Sleep = asyncio.sleep) -> None:
        super().__init__(prefix)
        self._client = client
        self._indices = Indices(client, self.names)
        self._prepared: set[str] = set()
        self._sleep = sleep

    async def ensure(self) -> None:
        """Have the templates, and the indices of which there is one, as this version of Belfry wants them.

        What is there already is left alone; new fields are added to the indices that exist. May be called by many at
        once.
        """
        await self._indices.ensure()

    async def write(self, batch: Sequence[IndexAction]) -> list[IndexOutcome]:
        """What became of each action, in the batch's order. Actions on the same id take effect in that order."""
        try:
            for index in {action.index for action in batch} - self._prepared:
                await self._indices.prepare(index)
                self._prepared.add(index)
            return await self._written(batch)
        except SearchUnavailableError:
            # Whatever comes back may be another Elasticsearch, with nothing in it.
            self._prepared.clear()
            raise

    async def _written(self, batch: Sequence[IndexAction]) -> list[IndexOutcome]:
        outcomes: dict[int, IndexOutcome] = {}
        waiting = list(range(len(batch)))
        for delay_s in (*RETRY_DELAYS_S, None):
            again: list[int] = []
            for part in _parts([(place, _lines(batch[place])) for place in waiting]):
                await self._send(batch, part, outcomes, again)
            if not again:
                return [outcomes[place] for place in range(len(batch))]
            if delay_s is not None:
                log.warning("index turned items away", items=len(again), of=len(batch), retry_in_s=delay_s)
                await self._sleep(delay_s)
            waiting = again
        raise SearchUnavailableError(f"Elasticsearch turned {len(waiting)} of {len(batch)} items away, again and again")

    async def _send(
        self,
        batch: Sequence[IndexAction],
        part: Sequence[tuple[int, bytes]],
        outcomes: dict[int, IndexOutcome],
        again: list[int],
    ) -> None:
        """Send one body; note each item's outcome, or its place in `again`."""
        try:
            with as_unavailable("writing"):
                # The driver's signature knows mappings only; lines that are ready are sent as they are.
                ready: Any = [lines for _, lines in part]
                answer = await self._client.bulk(operations=ready)
        except SearchUnavailableError as error:
            if not _blames_body(error.__cause__):
                raise
            # Refused as a whole because of one item: halve until it stands alone.
            if len(part) > 1:
                middle = len(part) // 2
                await self._send(batch, part[:middle], outcomes, again)
                await self._send(batch, part[middle:], outcomes, again)
            else:
                outcomes[part[0][0]] = IndexOutcome("refused", "bad_request", str(error)[:REASON_CHARS])
            return
        for (place, _), item in zip(part, answer["items"], strict=True):
            outcome = item_outcome(item)
            if isinstance(outcome, IndexOutcome):
                outcomes[place] = outcome
                continue
            if outcome == "no_index":
                await self._indices.create(batch[place].index)
            again.append(place)


def _blames_body(error: BaseException | None) -> bool:
    return isinstance(error, ApiError) and error.status_code in (400, 413)


def _lines(action: IndexAction) -> bytes:
    """The action's one or two lines of a bulk body, without the last line end."""
    place: dict[str, Any] = {"_index": action.index, "_id": action.id}
    if action.version is not None:
        place |= {"version": action.version, "version_type": "external_gte"}
    if action.document is None:
        return orjson.dumps({"delete": place})
    return orjson.dumps({"index": place}) + b"\n" + orjson.dumps(action.document)


def _parts(items: Sequence[tuple[int, bytes]], limit: int = BODY_BYTES) -> Iterator[list[tuple[int, bytes]]]:
    """The items in order, cut into bodies of at most `limit` bytes (or a single item that is larger)."""
    part: list[tuple[int, bytes]] = []
    size = 0
    for place, lines in items:
        if part and size + len(lines) + 1 > limit:
            yield part
            part, size = [], 0
        part.append((place, lines))
        size += len(lines) + 1
    if part:
        yield part
