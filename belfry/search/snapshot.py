"""The articles as they were at one moment, read page by page, newest first.

A point in time keeps Elasticsearch's answer the same from page to page, whatever is indexed meanwhile. Pages grow and
shrink with what they weigh, because an article may have ten words or two megabytes.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from elasticsearch import ApiError, AsyncElasticsearch, TransportError
from pydantic import ValidationError

from belfry.search.client import as_unavailable, error_type
from belfry.search.stored import StoredArticle
from schemas.errors import SearchUnavailableError

log: structlog.stdlib.BoundLogger = structlog.get_logger()

Json = dict[str, Any]

KEEP_ALIVE = "15m"
"""How long Elasticsearch keeps the moment after each request: as long as somebody may read what a pager shows."""

PAGE_CHARS = 4_000_000
"""What a page should weigh: enough to be quick, little enough for a node with half a gigabyte."""

MAX_PAGE = 1_000
MAX_LANGUAGES = 10_000

NEWEST_FIRST = [{"published_at": "desc"}, {"article_id": "asc"}]


class Snapshot:
    """The articles of one moment. Every method raises SearchUnavailableError where Elasticsearch doesn't answer."""

    def __init__(self, client: AsyncElasticsearch, point_in_time: str) -> None:
        self._client = client
        self.id = point_in_time

    async def ask(self, **request: Any) -> Json:
        """One search. Never an answer from only a part of the index."""
        with as_unavailable("searching the articles"):
            answer = await self._client.search(
                pit={"id": self.id, "keep_alive": KEEP_ALIVE}, allow_partial_search_results=False, **request
            )
        self.id = answer.get("pit_id", self.id)
        return answer.body

    async def counted(self, query: Json, aggregations: Json) -> tuple[int, Json]:
        """How many articles the query finds, and what the aggregations say of them; {} where there is no index yet."""
        found = await self.ask(query=query, size=0, track_total_hits=True, aggregations=aggregations)
        return found["hits"]["total"]["value"], found.get("aggregations", {})

    async def languages(self) -> list[str]:
        """The languages of the articles."""
        _, found = await self.counted(
            {"match_all": {}}, {"languages": {"terms": {"field": "language", "size": MAX_LANGUAGES}}}
        )
        return [bucket["key"] for bucket in found["languages"]["buckets"]] if found else []

    async def pages(
        self, query: Json, fields: Sequence[str], *, first: int, ahead: bool
    ) -> AsyncGenerator[list[StoredArticle]]:
        """All articles that the query finds, newest first, those of one instant by id; the first page has `first`.

        `ahead`: each next page is fetched while the one before is worked on. Articles that can't be read are left out
        and logged.
        """

        def fetch(size: int, after: list[Any] | None) -> asyncio.Task[tuple[list[Json], bool]]:
            return asyncio.create_task(self._page(query, fields, size, after))

        page = fetch(max(1, min(first, MAX_PAGE)), None)
        try:
            while True:
                hits, is_last = await page
                if ahead and not is_last:
                    page = fetch(_next_size(hits), hits[-1]["sort"])
                yield list(_readable(hits))
                if is_last:
                    return
                if not ahead:
                    page = fetch(_next_size(hits), hits[-1]["sort"])
        finally:
            page.cancel()
            with suppress(asyncio.CancelledError, SearchUnavailableError):
                await page

    async def _page(
        self, query: Json, fields: Sequence[str], size: int, after: list[Any] | None
    ) -> tuple[list[Json], bool]:
        """The hits behind `after`, and whether they are the last ones. A page too heavy for the node is cut."""
        position = {} if after is None else {"search_after": after}
        while True:
            try:
                found = await self.ask(
                    query=query, size=size, sort=NEWEST_FIRST, source=list(fields), track_total_hits=False, **position
                )
            except SearchUnavailableError as error:
                if size == 1 or not _too_heavy(error.__cause__):
                    raise
                size = max(1, size // 4)
                continue
            hits = found["hits"]["hits"]
            return hits, len(hits) < size


@asynccontextmanager
async def snapshot(client: AsyncElasticsearch, alias: str) -> AsyncGenerator[Snapshot]:
    """The articles behind `alias` as they are now; none where it isn't there yet."""
    with as_unavailable("searching the articles"):
        opened = await client.open_point_in_time(index=alias, keep_alive=KEEP_ALIVE, ignore_unavailable=True)
    taken = Snapshot(client, opened["id"])
    try:
        yield taken
    finally:
        with suppress(ApiError, TransportError):  # it ends by itself, soon
            await client.close_point_in_time(id=taken.id)


def _too_heavy(error: BaseException | None) -> bool:
    return isinstance(error, ApiError) and error_type(error).startswith("circuit_breaking_exception")


def _next_size(hits: Sequence[Json]) -> int:
    """As many articles as weigh PAGE_CHARS, if they are like these; at most four times as many as these were."""
    weight = sum(len(hit["_source"].get("text", "")) + 500 for hit in hits) / len(hits)
    return max(1, min(int(PAGE_CHARS / weight), 4 * len(hits), MAX_PAGE))


def _readable(hits: Sequence[Json]) -> Iterator[StoredArticle]:
    for hit in hits:
        try:
            yield StoredArticle.model_validate(hit["_source"])
        except ValidationError as error:
            log.warning(
                "article in the index can't be read", index=hit["_index"], id=hit["_id"], error=str(error)[:300]
            )
