"""The real index keeps the contract, gives every month its shape, and refuses no document for its size or its words."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from elasticsearch import AsyncElasticsearch

from belfry.search.client import connect
from belfry.search.index import IndexWriter
from processors.document import IndexAction, IndexOutcome, index_action
from schemas.alerts import Alert, AlertArticle, Excerpt
from schemas.articles import Concept, EnrichedArticle
from schemas.dead_letters import dead_letter
from schemas.entities import Entity
from schemas.errors import SearchUnavailableError
from schemas.pipeline import DeadLetters, Latency, PipelineMinute
from schemas.spans import ExplainedSpan, Span
from tests.contract.index_contract import IndexContract

pytestmark = pytest.mark.integration

DONE = IndexOutcome("done")
MOMENT = datetime(2022, 1, 14, 9, 30, 0, 123000, tzinfo=UTC)


class RealStore:
    def __init__(self, client: AsyncElasticsearch, prefix: str) -> None:
        self.client = client
        self.prefix = prefix
        self.writer = IndexWriter(client, prefix)

    async def document(self, index: str, name: str) -> dict[str, Any] | None:
        answer = await self.client.options(ignore_status=404).get(index=index, id=name)
        return answer.body.get("_source")

    async def clean(self) -> None:
        found = await self.client.indices.get(index=f"{self.prefix}*")
        await self.client.indices.delete(index=list(found), ignore_unavailable=True)
        await self.client.indices.delete_index_template(name=f"belfry-{self.prefix}*")


@pytest.fixture
async def store(elasticsearch_url: str) -> AsyncIterator[RealStore]:
    async with connect(elasticsearch_url) as client:
        store = RealStore(client, f"t{uuid.uuid4().hex[:12]}.")
        await store.writer.ensure()
        yield store
        await store.clean()


def article(**fields: Any) -> EnrichedArticle:
    given: dict[str, Any] = {
        "article_id": "a1",
        "source": "proef",
        "url": "https://example.org/a1",
        "title": "Troepen bij de grens",
        "text": "De opbouw van Russische troepen gaat door.",
        "language": "nl",
        "published_at": MOMENT,
        "fetched_at": MOMENT,
        "content_hash": "h",
        "version": 1642152600123,
        "month": "2022-01",
    }
    return EnrichedArticle.model_validate(given | fields)


FULL = article(
    updated_at=MOMENT,
    authors=("A. Schrijver",),
    tags=("defensie",),
    guid="g-1",
    embargoed_until=MOMENT,
    meta={"published_precision": "month", "odd": {"deep": [1, {"x": None}], "a.b": "c"}},
    language_confidence=0.99,
    entities=(
        Entity(field="text", start=14, end=23, text="Russische", type="LOC", id="Q159", name="Russia", link="demonym"),
    ),
    concepts=(
        Concept(id="troop-buildup", spans=(Span(field="text", start=3, end=31, text="opbouw van Russische troepen"),)),
    ),
    story_id="s1",
    timings_ms={"entities": 1.5},
)


class TestRealIndex(IndexContract):
    pass


async def test_what_is_read_back_is_the_whole_article(store: RealStore) -> None:
    assert await store.writer.write_articles([FULL]) == [DONE]

    source = await store.document(f"{store.prefix}articles-v1-2022-01", "a1")
    assert EnrichedArticle.model_validate(source) == FULL


async def test_a_month_made_by_a_write_stands_behind_the_read_alias(store: RealStore) -> None:
    await store.writer.write_articles([article(), article(article_id="a2", month="old")])
    await store.client.indices.refresh(index=f"{store.prefix}articles")

    answer = await store.client.search(index=f"{store.prefix}articles", query={"match_all": {}})
    assert sorted(hit["_index"] for hit in answer["hits"]["hits"]) == [
        f"{store.prefix}articles-v1-2022-01",
        f"{store.prefix}articles-v1-old",
    ]


async def test_text_is_analysed_in_the_articles_language(store: RealStore) -> None:
    await store.writer.write_articles([article()])
    await store.client.indices.refresh(index=f"{store.prefix}articles")

    async def count(field: str) -> int:
        answer = await store.client.count(index=f"{store.prefix}articles", query={"match": {field: "Russisch troep"}})
        return answer["count"]

    assert [await count("analysed.text.nl"), await count("analysed.text.en"), await count("text")] == [1, 0, 0]


async def test_no_word_is_too_long_and_no_value_too_large(store: RealStore) -> None:
    huge = "x" * 40_000
    hostile = article(
        title=huge,
        text=f"{huge} {'é' * 40_000} troepen",
        url=f"https://example.org/{huge}",
        guid=huge,
        source=huge,
        authors=(huge,),
        tags=(huge,),
        story_id=huge,
        meta={huge: huge},
        entities=(Entity(field="text", start=0, end=1, text="x", type="ORG", id=huge, name=huge),),
    )

    assert await store.writer.write_articles([hostile]) == [DONE]


async def test_writing_twice_changes_nothing(store: RealStore) -> None:
    await store.writer.write_articles([FULL])
    await store.writer.ensure()
    await store.writer.write_articles([FULL])
    await store.client.indices.refresh(index=f"{store.prefix}articles")

    assert (await store.client.count(index=f"{store.prefix}articles"))["count"] == 1


async def test_many_may_prepare_the_indices_at_once(store: RealStore) -> None:
    await store.clean()

    await asyncio.gather(*(IndexWriter(store.client, store.prefix).ensure() for _ in range(4)))

    health = await store.client.cluster.health(index=f"{store.prefix}*", wait_for_status="green", timeout="10s")
    assert (health["status"], health["active_primary_shards"]) == ("green", 3)


async def test_a_field_that_a_newer_belfry_adds_reaches_the_indices_that_exist(
    store: RealStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.writer.write_articles([article()])
    from belfry.search import mapping

    older = mapping._article_properties()
    monkeypatch.setattr(mapping, "_article_properties", lambda: older | {"new_field": {"type": "keyword"}})
    await store.writer.ensure()

    index = f"{store.prefix}articles-v1-2022-01"
    found = await store.client.indices.get_mapping(index=index)
    assert found[index]["mappings"]["properties"]["new_field"] == {"type": "keyword"}


async def test_an_older_belfry_takes_no_field_away_from_a_newer_one(
    store: RealStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    from belfry.search import mapping

    older = mapping._article_properties()
    with monkeypatch.context() as newer:
        newer.setattr(mapping, "_article_properties", lambda: older | {"new_field": {"type": "keyword"}})
        await store.writer.ensure()
    await store.writer.ensure()

    index = f"{store.prefix}articles-v1-2022-03"
    assert await store.writer.write([IndexAction(index, "a", {"article_id": "a", "new_field": "x"}, 1)]) == [DONE]


async def test_templates_of_before_their_names_had_a_version_stand_in_nobodys_way(store: RealStore) -> None:
    await store.clean()
    name = f"belfry-{store.prefix}articles"
    await store.client.indices.put_index_template(
        name=name, index_patterns=[f"{store.prefix}articles-v1-*"], priority=500
    )

    assert await store.writer.write_articles([FULL]) == [DONE]

    assert not await store.client.indices.exists_index_template(name=name)


async def test_an_index_is_made_with_its_shape_also_where_the_templates_have_gone(store: RealStore) -> None:
    await store.clean()

    assert await IndexWriter(store.client, store.prefix).write_articles([FULL]) == [DONE]

    index = f"{store.prefix}articles-v1-2022-01"
    found = (await store.client.indices.get(index=index))[index]
    assert found["mappings"]["dynamic"] == "strict"
    assert list(found["aliases"]) == [f"{store.prefix}articles"]


async def test_an_index_of_another_shape_takes_nothing_and_the_remedy_is_told(store: RealStore) -> None:
    index = f"{store.prefix}articles-v1-2022-01"
    await store.client.indices.put_index_template(
        name=f"belfry-{store.prefix}mine", index_patterns=[f"{store.prefix}articles-*"], priority=900
    )

    with pytest.raises(SearchUnavailableError, match=f"{index} doesn't have Belfry's mapping.*delete it"):
        await store.writer.write_articles([FULL])


async def test_bodies_are_cut_so_that_none_is_refused_for_its_size(store: RealStore) -> None:
    text = ("troepen" * 35 + " ") * 4_000  # a megabyte of few words: what counts here is its size
    many = [article(article_id=f"a{number}", text=text) for number in range(25)]

    assert await store.writer.write_articles(many) == [DONE] * 25


async def test_an_item_that_makes_the_whole_request_fail_is_refused_alone(store: RealStore) -> None:
    index = f"{store.prefix}articles-v1-2022-01"
    actions = [IndexAction(index, name, {"article_id": "x"}, 1) for name in ("a", "b", "i" * 600, "c")]

    outcomes = await store.writer.write(actions)

    assert [outcome.kind for outcome in outcomes] == ["done", "done", "refused", "done"]


async def test_alerts_dead_letters_and_minutes_are_written_once_each(store: RealStore) -> None:
    alert = Alert(
        alert_id="b1",
        subscription_id="s",
        subscription_version=1,
        article_id="a1",
        version=1,
        matched_at=MOMENT,
        spans=(ExplainedSpan(field="text", start=0, end=2, text="De", part="de"),),
        article=AlertArticle(title="t", url=None, source="s", guid=None, published_at=MOMENT, language=None),
        excerpts=(Excerpt(field="text", text="De.", marks=((0, 2),)),),
        passages=("0123456789abcdef",),
        entities=("NATO",),
    )
    letter = dead_letter(
        stage="enrich",
        reason="not_json",
        error="bad",
        key=b"k",
        value=b"{",
        topic="t",
        partition=0,
        offset=1,
        failed_at=MOMENT,
    )
    minute = PipelineMinute(
        minute=MOMENT,
        role="index",
        worker="w",
        done=3,
        latency_ms=Latency(p50=1, p95=2, p99=3),
        dead_letters=(DeadLetters(reason="not_json", count=1),),
    )

    for _ in range(2):
        assert await store.writer.write_alerts([alert]) == [DONE]
        assert await store.writer.write_dead_letters([letter]) == [DONE]
        assert await store.writer.write_pipeline([minute]) == [DONE]

    await store.client.indices.refresh(index=f"{store.prefix}*")
    for alias in ("alerts", "dead-letters", "pipeline"):
        assert (await store.client.count(index=f"{store.prefix}{alias}"))["count"] == 1
    read = await store.document(f"{store.prefix}alerts-v1", "b1")
    assert Alert.model_validate(read) == alert


async def test_a_node_that_is_not_there_is_said_to_be_unavailable() -> None:
    async with connect("http://127.0.0.1:9") as client:
        with pytest.raises(SearchUnavailableError, match="can't be reached while"):
            await IndexWriter(client).write([index_action(article())])


async def test_an_article_with_a_version_before_1970_is_taken(store: RealStore) -> None:
    assert await store.writer.write([index_action(article(version=-5), store.prefix)]) == [IndexOutcome("done")]
