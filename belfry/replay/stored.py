"""What only the index has of a time: whole articles, as they were sent on, oldest first."""

from collections.abc import AsyncGenerator
from typing import Any

import orjson
import structlog
from elasticsearch import AsyncElasticsearch

from belfry.replay.history import Span
from belfry.search.snapshot import snapshot
from schemas.articles import EnrichedArticle
from schemas.errors import DecodeError, SearchUnavailableError

_log = structlog.get_logger()
_PAGE_CHARS = 4_000_000
_PAGE_AT_MOST = 500


async def stored_articles(client: AsyncElasticsearch, alias: str, span: Span) -> AsyncGenerator[EnrichedArticle]:
    """Every article of the index that was fetched within, the last version of each. Raises SearchUnavailableError."""
    bounds = {"gte": span.since, "lt": span.until}
    query = {"range": {"fetched_at": {name: each.isoformat() for name, each in bounds.items() if each is not None}}}
    size, after = 20, None
    async with snapshot(client, alias) as taken:
        while True:
            position: dict[str, Any] = {} if after is None else {"search_after": after}
            try:
                found = await taken.ask(
                    query=query,
                    size=size,
                    sort=[{"fetched_at": "asc"}, {"article_id": "asc"}],
                    track_total_hits=False,
                    **position,
                )
            except SearchUnavailableError:
                if size == 1:
                    raise
                size = 1  # a page that is too heavy for the node is read one by one
                continue
            hits = found["hits"]["hits"]
            for hit in hits:
                if (article := _article(hit)) is not None:
                    yield article
            if len(hits) < size:
                return
            after = hits[-1]["sort"]
            weight = sum(len(hit["_source"].get("text", "")) + 2000 for hit in hits) / len(hits)
            size = max(1, min(int(_PAGE_CHARS / weight), 4 * size, _PAGE_AT_MOST))


def _article(hit: dict[str, Any]) -> EnrichedArticle | None:
    try:
        return EnrichedArticle.decode(orjson.dumps(hit["_source"]))
    except DecodeError as error:
        _log.warning("article in the index can't be read", index=hit["_index"], id=hit["_id"], error=str(error)[:300])
        return None
