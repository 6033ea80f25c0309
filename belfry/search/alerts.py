"""The bells that rang, read from the index `alerts`. Methods raise SearchUnavailableError."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from elasticsearch import AsyncElasticsearch

from belfry.search.client import as_unavailable
from schemas.alerts import Alert

Json = dict[str, Any]

MAX_LIMIT = 10_000
_PAGE = 5_000
_NEWEST_FIRST: list[Json] = [{"matched_at": "desc"}, {"alert_id": "asc"}]
_OLDEST_FIRST: list[Json] = [{"matched_at": "asc"}, {"alert_id": "asc"}]


@dataclass(frozen=True, slots=True)
class AlertFilters:
    """One of these subscriptions, this story, matched at `since` or later and before `until`."""

    subscriptions: Sequence[str] = ()
    story: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def query(self) -> Json:
        """As Elasticsearch takes it."""
        conditions: list[Json] = []
        if self.subscriptions:
            conditions.append({"terms": {"subscription_id": list(self.subscriptions)}})
        if self.story is not None:
            conditions.append(_of_story(self.story))
        bounds = {"gte": self.since, "lt": self.until}
        if set_ := {name: bound.isoformat() for name, bound in bounds.items() if bound is not None}:
            conditions.append({"range": {"matched_at": set_}})
        return {"bool": {"filter": conditions}}


@dataclass(frozen=True, slots=True)
class Rung:
    """How often a subscription rang in some time, and when last."""

    count: int
    last_at: datetime


class AlertFinder:
    """See the module."""

    def __init__(self, client: AsyncElasticsearch, alias: str) -> None:
        self._client = client
        self._alias = alias

    async def newest(self, filters: AlertFilters, limit: int) -> tuple[list[Alert], int]:
        """The newest so many, and how many there are in all."""
        answer = await self._ask(query=filters.query(), sort=_NEWEST_FIRST, size=limit, track_total_hits=True)
        return _alerts(answer), int(answer["hits"]["total"]["value"])

    async def by_id(self, alert_id: str) -> list[Alert]:
        """The alert of this id; of those whose ids begin with it, a few, where it isn't whole."""
        answer = await self._ask(query={"prefix": {"alert_id": alert_id}}, sort=_NEWEST_FIRST, size=5)
        return _alerts(answer)

    async def of_story(self, alert: Alert, limit: int = MAX_LIMIT) -> list[Alert]:
        """All alerts of the same subscription and story, the oldest first, this one among them."""
        filters = AlertFilters((alert.subscription_id,), alert.story_id or alert.article_id)
        return _alerts(await self._ask(query=filters.query(), sort=_OLDEST_FIRST, size=limit))

    async def rung_since(self, since: datetime) -> dict[str, Rung]:
        """How often each subscription rang since then; those that didn't are left out."""
        found: dict[str, Rung] = {}
        after: Json = {}
        while True:
            by_subscription = {"sources": [{"id": {"terms": {"field": "subscription_id"}}}], "size": _PAGE, **after}
            answer = await self._ask(
                query=AlertFilters(since=since).query(),
                size=0,
                aggregations={
                    "all": {"composite": by_subscription, "aggs": {"last": {"max": {"field": "matched_at"}}}}
                },
            )
            found_here: Json = answer.get("aggregations", {}).get("all", {})
            for bucket in found_here.get("buckets", []):
                last_at = datetime.fromisoformat(bucket["last"]["value_as_string"])
                found[bucket["key"]["id"]] = Rung(int(bucket["doc_count"]), last_at)
            if "after_key" not in found_here:
                return found
            after = {"after": found_here["after_key"]}

    async def _ask(self, **request: Any) -> Json:
        with as_unavailable("reading the alerts"):
            answer = await self._client.search(
                index=self._alias, ignore_unavailable=True, allow_partial_search_results=False, **request
            )
        return answer.body


def _of_story(story: str) -> Json:
    """An article without a story is one of its own."""
    alone = {"bool": {"filter": [{"term": {"article_id": story}}], "must_not": [{"exists": {"field": "story_id"}}]}}
    return {"bool": {"should": [{"term": {"story_id": story}}, alone], "minimum_should_match": 1}}


def _alerts(answer: Json) -> list[Alert]:
    return [Alert.model_validate(hit["_source"]) for hit in answer["hits"]["hits"]]
