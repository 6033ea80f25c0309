"""Each panel's aggregation runs against the real Elasticsearch, and finds something where there is something."""

import json
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from elasticsearch import AsyncElasticsearch

from belfry.kibana import saved_objects
from belfry.search.client import connect
from belfry.search.index import IndexWriter
from schemas.alerts import Alert, AlertArticle
from schemas.articles import Concept, EnrichedArticle
from schemas.dead_letters import dead_letter
from schemas.entities import Entity
from schemas.pipeline import Latency, PipelineMinute
from schemas.spans import Span
from tests.kibana_aggregations import panel_aggregations

pytestmark = pytest.mark.integration

MOMENT = datetime(2022, 1, 14, 9, 30, tzinfo=UTC)
PANELS = {saved["id"]: saved for saved in saved_objects() if saved["type"] in ("visualization", "search")}
VIEWS = {saved["id"]: saved["attributes"]["title"] for saved in saved_objects() if saved["type"] == "index-pattern"}


def article(number: int) -> EnrichedArticle:
    names = (("PER", "Q1", "Ada"), ("ORG", "Q2", "NATO"), ("LOC", "Q3", "Riga"))
    return EnrichedArticle(
        article_id=f"a{number}",
        source=f"bron{number % 2}",
        text="Ada spreekt bij de NATO in Riga.",
        language=("nl", "en")[number % 2],
        published_at=MOMENT,
        fetched_at=MOMENT,
        content_hash="h",
        version=1,
        month="2022-01",
        story_id=f"s{number}",
        entities=tuple(
            Entity.model_validate(
                {"field": "text", "start": 0, "end": 1, "text": "A", "type": kind, "id": qid, "name": name}
            )
            for kind, qid, name in names
        ),
        concepts=(Concept(id="troop-buildup", spans=(Span(field="text", start=0, end=1, text="A"),)),),
    )


async def fill(writer: IndexWriter) -> None:
    await writer.write_articles([article(number) for number in range(8)])
    about = AlertArticle(title="t", url=None, source="bron", guid=None, published_at=MOMENT, language="nl")
    alert = Alert(
        alert_id="b",
        subscription_id="s",
        subscription_version=1,
        article_id="a1",
        version=1,
        matched_at=MOMENT,
        spans=(),
        article=about,
    )
    await writer.write_alerts([alert])
    letter = dead_letter(
        stage="enrich",
        reason="not_json",
        error="e",
        key=None,
        value=b"x",
        topic="t",
        partition=0,
        offset=1,
        failed_at=MOMENT,
    )
    await writer.write_dead_letters([letter])
    minute = PipelineMinute(minute=MOMENT, role="match", worker="w", done=2, latency_ms=Latency(p50=1, p95=2, p99=3))
    await writer.write_pipeline([minute])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def filled(elasticsearch_url: str) -> AsyncIterator[tuple[AsyncElasticsearch, str]]:
    prefix = f"t{uuid.uuid4().hex[:12]}."
    async with connect(elasticsearch_url) as client:
        writer = IndexWriter(client, prefix)
        await writer.ensure()
        await fill(writer)
        await client.indices.refresh(index=f"{prefix}*")
        yield client, prefix
        await client.indices.delete(index=list(await client.indices.get(index=f"{prefix}*")))
        await client.indices.delete_index_template(name=f"belfry-{prefix}*")


def found_something(aggregations: dict[str, Any]) -> bool:
    """Whether every aggregation has a bucket or a figure, all the way down the first buckets."""
    for result in aggregations.values():
        if "buckets" in result:
            if not result["buckets"]:
                return False
            inner = {key: value for key, value in result["buckets"][0].items() if isinstance(value, dict)}
            if not found_something(inner):
                return False
        elif result.get("value", result.get("values")) is None:
            return False
    return True


@pytest.mark.parametrize("panel", sorted(PANELS))
@pytest.mark.asyncio(loop_scope="module")
async def test_a_panel_finds_what_is_there(filled: tuple[AsyncElasticsearch, str], panel: str) -> None:
    client, prefix = filled
    saved = PANELS[panel]
    index = prefix + VIEWS[saved["references"][0]["id"]]
    if saved["type"] == "search":
        sort = [{field: order} for field, order in saved["attributes"]["sort"]]
        answer = await client.search(index=index, sort=sort, fields=saved["attributes"]["columns"])
        assert set(answer["hits"]["hits"][0]["fields"]) <= set(saved["attributes"]["columns"])
        return
    aggregations = panel_aggregations(json.loads(saved["attributes"]["visState"]))

    answer = await client.search(index=index, size=0, aggs=aggregations, track_total_hits=True)

    assert answer["hits"]["total"]["value"] > 0
    assert "significant_terms" in json.dumps(aggregations) or found_something(answer.body.get("aggregations", {}))
