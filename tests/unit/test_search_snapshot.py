"""Reading the index page by page: every hit once, pages by weight, the moment closed whatever happens."""

from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import ApiError

from belfry.search.client import connect
from belfry.search.snapshot import MAX_PAGE, Snapshot, snapshot
from schemas.errors import SearchUnavailableError

META = ApiResponseMeta(429, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "localhost", 9200))
TOO_HEAVY = ApiError("429", META, {"error": {"type": "circuit_breaking_exception", "reason": "too large"}})


class Answer(dict[str, Any]):
    @property
    def body(self) -> dict[str, Any]:
        return self


class FakeClient:
    """Elasticsearch's answers for documents that are sorted already. `most`: a larger page is too heavy."""

    def __init__(self, documents: Sequence[dict[str, Any]], most: int = MAX_PAGE) -> None:
        self.documents = documents
        self.most = most
        self.sizes: list[int] = []
        self.closed: list[str] = []

    async def open_point_in_time(self, **request: Any) -> dict[str, Any]:
        return {"id": "p0"}

    async def close_point_in_time(self, id: str) -> None:  # noqa: A002 - the driver's name
        self.closed.append(id)

    async def search(self, **request: Any) -> Answer:
        assert request["allow_partial_search_results"] is False
        size, start = request["size"], request.get("search_after", [0])[0]
        self.sizes.append(size)
        if size > self.most:
            raise TOO_HEAVY
        hits = [
            {"_source": document, "sort": [place + 1], "_index": "i", "_id": str(place)}
            for place, document in enumerate(self.documents[start : start + size], start)
        ]
        return Answer(pit_id=f"p{len(self.sizes)}", hits={"hits": hits})


def documents(count: int, text: str = "troepen") -> list[dict[str, Any]]:
    published = "2022-01-14T09:30:00Z"
    return [{"article_id": f"a{number}", "text": text, "published_at": published} for number in range(count)]


async def read(client: FakeClient, first: int = 2, *, ahead: bool = False) -> list[str]:
    async with snapshot(client, "articles") as articles:  # type: ignore[arg-type]
        found: list[str] = []
        async with aclosing(articles.pages({}, [], first=first, ahead=ahead)) as pages:
            async for page in pages:
                found += [article.article_id for article in page]
        return found


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 57])
async def test_every_article_is_read_once_and_in_order(count: int, ahead: bool) -> None:
    client = FakeClient(documents(count))

    assert await read(client, ahead=ahead) == [f"a{number}" for number in range(count)]
    assert client.closed == [f"p{len(client.sizes)}"]


async def test_pages_grow_while_articles_are_light_and_shrink_when_they_are_heavy() -> None:
    light, heavy = FakeClient(documents(100)), FakeClient(documents(12, "x" * 1_000_000))

    await read(light)
    await read(heavy, first=4)

    assert light.sizes == [2, 8, 32, 128]
    assert heavy.sizes == [4, 3, 3, 3]


async def test_a_page_that_is_too_heavy_for_the_node_is_asked_for_in_parts() -> None:
    client = FakeClient(documents(100), most=10)

    assert len(await read(client, first=64)) == 100


async def test_one_article_that_is_too_heavy_is_an_error() -> None:
    with pytest.raises(SearchUnavailableError, match="circuit_breaking_exception"):
        await read(FakeClient(documents(3), most=0))


async def test_an_article_that_cannot_be_read_is_left_out() -> None:
    client = FakeClient([*documents(2), {"article_id": "broken"}, *documents(1)])

    assert await read(client) == ["a0", "a1", "a0"]


async def test_who_stops_early_leaves_nothing_running_and_the_moment_closed() -> None:
    client = FakeClient(documents(100))

    async def first_page() -> int:
        async with snapshot(client, "articles") as articles:  # type: ignore[arg-type]
            pages = articles.pages({}, [], first=2, ahead=True)
            async with aclosing(pages):
                return len(await anext(pages))

    assert await first_page() == 2
    assert len(client.closed) == 1


async def test_an_elasticsearch_that_is_not_there_is_said_to_be_unavailable() -> None:
    async with connect("http://127.0.0.1:9") as client:
        with pytest.raises(SearchUnavailableError, match=r"can't be reached while searching .*`belfry status`"):
            async with snapshot(client, "articles"):
                pass


async def test_an_empty_index_has_no_languages() -> None:
    class Empty(FakeClient):
        async def search(self, **request: Any) -> Answer:
            return Answer(hits={"hits": [], "total": {"value": 0}})

    assert await Snapshot(Empty([]), "p").languages() == []  # type: ignore[arg-type]
