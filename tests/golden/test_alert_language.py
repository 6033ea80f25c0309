"""What rings and why, straight from the design's sentences, in texts as news people write them.

Each line of alert_language.jsonl: `rule` (the sentence that it is about), `language`, `query`, `title`, `text`, `entities`
(each at all its places), `rings`, and `spans` [field, start, end, text] where the design settles them. The articles are of
2022-01-15T12:00:00Z, from the source `belga`, of the story `s1`. The definition and the compiled matcher must agree with it.

Each line of alert_language_articles.jsonl is an article with queries: [query, the texts of the spans in order, or null].
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from processors.matching.articles import MatchArticle
from processors.matching.matcher import shipped_matcher
from processors.matching.meanings import shipped_meanings
from processors.matching.naive import naive_spans
from processors.matching.parse import parse
from schemas.entities import Entity


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()]


CASES = lines("alert_language.jsonl")
ARTICLES = lines("alert_language_articles.jsonl")


def told(spans: Iterable[Any]) -> list[tuple[str, int, int, str, str]]:
    """What spans say, whatever they are made of."""
    return [(span.field, span.start, span.end, span.text, span.part) for span in spans]


def article(case: dict[str, Any]) -> MatchArticle:
    contents = {"title": case.get("title", ""), "text": case["text"]}
    entities = [
        Entity(
            field=field, start=start, end=start + len(text), text=text, type=entity["type"], id=entity["id"], name=text
        )
        for entity in case.get("entities", [])
        for text in [entity["text"]]
        for field, content in contents.items()
        for start in range(len(content))
        if content.startswith(text, start)
    ]
    return MatchArticle(
        title=contents["title"],
        text=contents["text"],
        language=case["language"],
        source="belga",
        published_at=datetime(2022, 1, 15, 12, tzinfo=UTC),
        story_id="s1",
        entities=tuple(entities),
    )


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{number}: {case['query']}" for number, case in enumerate(CASES, start=1)]
)
def test_the_definition_answers_as_the_design_says(case: dict[str, Any]):
    spans = naive_spans(parse(case["query"]), article(case), shipped_meanings())
    assert (spans is not None) == case["rings"]
    if spans is not None and "spans" in case:
        assert [[span.field, span.start, span.end, span.text] for span in spans] == case["spans"]


def test_the_matcher_answers_as_the_definition_does_with_all_queries_at_once():
    """Of the queries that it leaves out, each case looks at its own and at every fiftieth other: the definition is slow."""
    matcher = shipped_matcher()
    queries = list(dict.fromkeys(case["query"] for case in CASES))
    for query in queries:
        matcher.put(query, query)
    trees = {query: parse(query) for query in queries}
    meanings = shipped_meanings()
    for number, case in enumerate(CASES):
        read = article(case)
        found = {match.subscription_id: told(match.spans) for match in matcher.match(read)}
        looked_at = {*found, case["query"], *queries[number % 50 :: 50]}
        defined = {query: naive_spans(trees[query], read, meanings) for query in looked_at}
        assert found == {query: told(spans) for query, spans in defined.items() if spans is not None}, case["text"]


@pytest.mark.parametrize("case", ARTICLES, ids=[case["title"] for case in ARTICLES])
def test_a_whole_article_rings_for_these_queries_and_for_these_reasons(case: dict[str, Any]):
    read = article(case)
    meanings = shipped_meanings()
    matcher = shipped_matcher()
    for query, _ in case["queries"]:
        matcher.put(query, query)
    matched = {match.subscription_id: told(match.spans) for match in matcher.match(read)}
    for query, texts in case["queries"]:
        spans = naive_spans(parse(query), read, meanings)
        assert (None if spans is None else [span.text for span in spans]) == texts, query
        assert matched.get(query) == (None if spans is None else told(spans)), query


def test_a_query_that_is_put_again_or_discarded_no_longer_answers_as_before():
    matcher = shipped_matcher()
    case = next(case for case in CASES if case["rings"])
    matcher.put("one", case["query"])
    assert matcher.match(article(case))
    matcher.put("one", "woorddatnergensstaat")
    assert not matcher.match(article(case))
    matcher.put("one", case["query"])
    matcher.discard("one")
    assert not matcher.match(article(case))
