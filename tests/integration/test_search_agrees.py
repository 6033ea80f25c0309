"""Search and backtest on the real Elasticsearch find what live matching finds, exactly, both ways."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from belfry.search.client import connect
from belfry.search.find import Explained, Finder, Hit
from belfry.search.index import IndexWriter
from processors.matching.articles import match_article
from processors.matching.matcher import Matcher
from processors.matching.parse import parse
from processors.matching.show import show
from processors.matching.tree import Node
from schemas.articles import EnrichedArticle
from tests.search_cases import QUERIES, WORDS, CaseMeanings, made_article, vocabulary

pytestmark = pytest.mark.integration

MEANINGS = CaseMeanings()
Answer = dict[str, list[tuple[str, int, int, str, str]]]
"""Article id -> its spans, in order."""


@dataclass
class Corpus:
    """Articles, the index that holds them, and a matcher that has seen them all before."""

    articles: list[EnrichedArticle] = field(repr=False)
    finder: Finder
    run: Callable[[Awaitable[Any]], Any]
    matcher: Matcher


@pytest.fixture(scope="module")
def corpus(elasticsearch_url: str) -> Iterator[Corpus]:
    chance = Random(20220114)
    articles = [
        made_article(chance, language, vocabulary(language, start), f"{language}{start}-{number}")
        for language in WORDS
        for start in range(0, 30, 2)
        for number in range(2)
    ]
    prefix = f"t{uuid.uuid4().hex[:12]}."
    with asyncio.Runner() as runner:
        client = connect(elasticsearch_url)
        writer = IndexWriter(client, prefix)

        async def fill() -> None:
            await writer.ensure()
            outcomes = await writer.write_articles(articles)
            assert {outcome.kind for outcome in outcomes} == {"done"}
            await client.indices.refresh(index=writer.names.articles)

        async def clean() -> None:
            await client.indices.delete(index=list(await client.indices.get(index=f"{prefix}*")))
            await client.indices.delete_index_template(name=f"belfry-{prefix}*")
            await client.close()

        runner.run(fill())
        yield Corpus(articles, Finder(client, writer.names.articles, MEANINGS), runner.run, Matcher(MEANINGS))
        runner.run(clean())


def live(query: Node, corpus: Corpus) -> Answer:
    """What the matcher says of each article, newest first."""
    corpus.matcher.put("query", show(query))
    newest_first = sorted(corpus.articles, key=lambda one: one.article_id)
    newest_first.sort(key=lambda one: int(one.published_at.timestamp() * 1000), reverse=True)
    found: Answer = {}
    for article in newest_first:
        for match in corpus.matcher.match(match_article(article)):
            found[article.article_id] = plain(match.spans)
    return found


def plain(spans: Sequence[Explained]) -> list[tuple[str, int, int, str, str]]:
    return [(span.field, span.start, span.end, span.text, span.part) for span in spans]


def answer(hits: Sequence[Hit]) -> Answer:
    return {hit.article.article_id: plain(hit.spans) for hit in hits}


async def backtested(finder: Finder, query: Node) -> list[Hit]:
    async with aclosing(finder.hits(query)) as hits:
        return [hit async for hit in hits]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES)
def test_search_backtest_and_live_matching_agree(corpus: Corpus, query: Node) -> None:
    expected = live(query, corpus)

    backtest = corpus.run(backtested(corpus.finder, query))
    search = corpus.run(corpus.finder.search(query, 1000))

    assert answer(backtest) == expected
    assert [hit.article.article_id for hit in backtest] == list(expected)
    assert answer(search.hits) == expected
    assert (search.total, search.approximate) == (len(expected), False)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES)
def test_a_search_for_a_few_has_the_newest_and_says_whether_its_total_is_exact(corpus: Corpus, query: Node) -> None:
    expected = live(query, corpus)

    search = corpus.run(corpus.finder.search(query, 3))

    assert answer(search.hits) == dict(list(expected.items())[:3])
    assert search.approximate or search.total == len(expected)
    assert len(search.hits) <= search.total
    assert search.approximate or sum(search.facets["languages"].values()) == len(expected)


@pytest.mark.parametrize(
    "query",
    [
        " ".join(f"woord{number}a" for number in range(999)),
        " OR ".join(f"(woord{number}a woord{number}b)" for number in range(499)),
        " NEAR/5 ".join(f"woord{number}a" for number in range(999)),
        " UNLESS/5 ".join(f"troepen{number}" for number in range(999)),
        " OR ".join(f"*{'abcdefghij' * 8}*{number}*x*" for number in range(100)),
        " ".join(f"*{'éßñ' * 4}*{number}*" for number in range(100)),
        "troepen NOT (" * 30 + "opbouw" + ")" * 30,
        " OR ".join(f'(title:woord{number}a NOT "b c{number}")' for number in range(300)),
        " OR ".join(f"source:bron{number}" for number in range(900)),
        "published:[0001-01-01 TO 9999-12-31]",
    ],
)
def test_the_largest_queries_are_answered(corpus: Corpus, query: str) -> None:
    tree = parse(query)

    assert answer(corpus.run(corpus.finder.search(tree, 1000)).hits) == live(tree, corpus)
