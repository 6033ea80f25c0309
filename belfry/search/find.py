"""Search and backtest: candidates from the index, each verified by the very matcher that rings the bells.

The order: the languages of the index, the candidate query for them (processors.matching.candidates), its pages newest
first, and from each page what the matcher accepts. Nothing is returned that would not have rung, and nothing is missed
that would.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from elasticsearch import AsyncElasticsearch

from belfry.search.facets import Facets, facet_aggregations, facets
from belfry.search.highlights import Highlight, Placed, highlights
from belfry.search.snapshot import Snapshot, snapshot
from belfry.search.stored import StoredArticle, source_fields
from processors.matching.candidate_tree import all_of, elasticsearch_query, has_any, published_bounds
from processors.matching.candidates import Bounds, Candidates, candidates
from processors.matching.meanings import Meanings
from processors.matching.show import show
from processors.matching.tree import And, Node, Published

if TYPE_CHECKING:
    from processors.matching.matcher import Match, Matcher

Json = dict[str, Any]


class Explained(Placed, Protocol):
    """What ExplainedSpan has."""

    @property
    def text(self) -> str:
        """See Span."""
        ...

    @property
    def part(self) -> str:
        """See ExplainedSpan."""
        ...


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that the matcher accepts, and why."""

    article: StoredArticle
    spans: Sequence[Explained]

    def highlights(self) -> tuple[Highlight, ...]:
        """The spans with some text around them."""
        return highlights(self.spans, {"title": self.article.searched_title, "text": self.article.text})

    def as_object(self) -> Json:
        """As `--json` prints it."""
        return {
            "article_id": self.article.article_id,
            "article": self.article.summary(),
            "highlights": [highlight.as_object() for highlight in self.highlights()],
            "spans": [
                {"field": span.field, "start": span.start, "end": span.end, "text": span.text, "part": span.part}
                for span in self.spans
            ],
        }


@dataclass(frozen=True, slots=True)
class Found:
    """The newest hits, and what is known of all of them.

    `total` and `facets` are exact unless `approximate`; then `total` is an estimate, and facets count candidates.
    """

    hits: Sequence[Hit]
    total: int
    approximate: bool
    facets: Facets


@dataclass(frozen=True, slots=True)
class _Counted:
    """What Elasticsearch counts: at most `wide` articles match, at least `sure`; `facets` are of the wide."""

    wide: int
    sure: int
    facets: Facets

    def estimate(self, accepted: int, verified: int) -> int:
        """How many match, if all are like the `verified`, of which `accepted` do."""
        expected = accepted + round((self.wide - verified) * accepted / verified) if verified else self.wide
        return min(max(expected, self.sure), self.wide)


class Finder:
    """Finds what a query accepts in the articles behind `alias`. Methods raise SearchUnavailableError.

    Queries are trees that `parse` returned and `check_meanings` let pass (see belfry.search.filters.wanted).
    """

    def __init__(self, client: AsyncElasticsearch, alias: str, meanings: Meanings) -> None:
        self._client = client
        self._alias = alias
        self._meanings = meanings
        self._verifier = _Verifier(meanings)

    @property
    def cut_short(self) -> Sequence[str]:
        """The articles, by id, that may match though they are no hits: they had more mentions to pair than are looked at."""
        return self._verifier.cut_short

    async def search(self, query: Node, limit: int) -> Found:
        """The newest `limit` hits of a query, with totals and facets."""
        async with snapshot(self._client, self._alias) as articles:
            asked = candidates(query, await articles.languages(), self._meanings)
            counted = await _counted(asked.bounds, articles)
            hits, verified = await _newest(query, asked, self._verifier, articles, limit)
            if counted.wide == counted.sure:
                return Found(hits[:limit], counted.wide, approximate=False, facets=counted.facets)
            if verified < counted.wide:
                total = counted.estimate(len(hits), verified)
                return Found(hits[:limit], total, approximate=True, facets=counted.facets)
            # Every candidate was looked at: what was accepted is all there is, and can be counted as such.
            all_hits = has_any("article_id", [hit.article.article_id for hit in hits])
            counted = await _counted(Bounds(all_hits, all_hits), articles)
            return Found(hits[:limit], len(hits), approximate=False, facets=counted.facets)

    async def hits(self, query: Node, progress: Callable[[int, int], None] | None = None) -> AsyncGenerator[Hit]:
        """Every hit of a query, newest first, in bounded memory.

        `progress` is told how many candidates were verified, and of how many.
        """
        async with snapshot(self._client, self._alias) as articles:
            asked = candidates(query, await articles.languages(), self._meanings)
            of, _ = await articles.counted(elasticsearch_query(asked.bounds.wide), {}) if progress else (0, {})
            verified = 0
            async with aclosing(articles.pages(*_request(asked), first=_FIRST_PAGE, ahead=True)) as pages:
                async for page in pages:
                    for hit in await self._verifier.hits(query, page):
                        yield hit
                    verified += len(page)
                    if progress:
                        progress(verified, of)

    async def covered_days(self, query: Node) -> int:
        """On how many days of the time that a query asks for there are articles, whether it accepts them or not."""
        conditions = query.operands if isinstance(query, And) else (query,)
        time = all_of(published_bounds(node.since, node.until)[0] for node in conditions if isinstance(node, Published))
        days = {"field": "published_at", "calendar_interval": "day", "min_doc_count": 1}
        async with snapshot(self._client, self._alias) as articles:
            _, found = await articles.counted(elasticsearch_query(time), {"days": {"date_histogram": days}})
        return len(found["days"]["buckets"]) if found else 0


_FIRST_PAGE = 100


class _Verifier:
    """What the matcher says of candidates. One for all searches: it remembers the words that it has seen."""

    def __init__(self, meanings: Meanings) -> None:
        self._meanings = meanings
        self._lock = Lock()
        self.cut_short: list[str] = []

    @cached_property
    def _matcher(self) -> "Matcher":
        # It takes a second to import: for nothing, where there is no candidate.
        from processors.matching.matcher import Matcher

        return Matcher(self._meanings)

    async def hits(self, query: Node, page: Sequence[StoredArticle]) -> list[Hit]:
        """Those that the matcher accepts, in order; the event loop goes on meanwhile."""
        return await asyncio.to_thread(self._hits, show(query), page) if page else []

    def _hits(self, query: str, page: Sequence[StoredArticle]) -> list[Hit]:
        with self._lock:
            self._matcher.put("query", query)
            try:
                return [Hit(article, match.spans) for article in page for match in self._matches(article)]
            finally:
                self._matcher.discard("query")

    def _matches(self, article: StoredArticle) -> "Sequence[Match]":
        matches = self._matcher.match(article.match_article())
        if self._matcher.cut_short:
            self.cut_short.append(article.article_id)
        return matches


async def _newest(
    query: Node, asked: Candidates, verifier: _Verifier, articles: Snapshot, limit: int
) -> tuple[list[Hit], int]:
    """At least `limit` hits, if there are so many, and how many candidates were verified for them."""
    hits: list[Hit] = []
    verified = 0
    if limit:
        first = limit if asked.exact else 2 * limit
        async with aclosing(articles.pages(*_request(asked), first=first, ahead=False)) as pages:
            async for page in pages:
                hits += await verifier.hits(query, page)
                verified += len(page)
                if len(hits) >= limit:
                    break
    return hits, verified


def _request(asked: Candidates) -> tuple[Json, list[str]]:
    return elasticsearch_query(asked.bounds.wide), source_fields(entities=asked.reads_entities)


async def _counted(bounds: Bounds, articles: Snapshot) -> _Counted:
    sure = {} if bounds.sure == bounds.wide else {"sure": {"filter": elasticsearch_query(bounds.sure)}}
    wide, found = await articles.counted(elasticsearch_query(bounds.wide), facet_aggregations() | sure)
    return _Counted(wide, found["sure"]["doc_count"] if "sure" in found else wide, facets(found))
