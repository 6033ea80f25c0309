"""What is sent, and which bells are to come of it: by `belfry match`, without broker or index."""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.latency.figures import Bell
from bench.latency.queries import BELLS_AN_ARTICLE, candidates, chosen
from bench.latency.stack import Stack
from bench.latency.stories import Text, stories
from schemas.articles import RawArticle
from schemas.identity import article_id
from schemas.subscriptions import Subscription

SUBSCRIPTIONS = 1_000
_CANDIDATES_EACH = 3
_SEED = 20261130


@dataclass(frozen=True)
class Pace:
    """Articles a second; with the model for names or without; seconds of measurement, after some of warming up."""

    rate: float
    ner: bool
    seconds: float
    warm_s: float

    @property
    def name(self) -> str:
        return f"{self.rate:g} a second, NER {'on' if self.ner else 'off'}"

    @property
    def warm(self) -> int:
        """The first so many articles warm up."""
        return round(self.rate * self.warm_s)

    @property
    def count(self) -> int:
        return self.warm + round(self.rate * self.seconds)


@dataclass(frozen=True)
class Plan:
    """`queries` by subscription id; `expected`: the bells of each pace, in the order of `paces`."""

    paces: tuple[Pace, ...]
    articles: tuple[RawArticle, ...]
    queries: Mapping[str, str]
    expected: tuple[frozenset[Bell], ...]

    @property
    def digest(self) -> str:
        """Of the texts and the queries."""
        data = json.dumps([[each.title, each.body] for each in self.articles] + [list(self.queries.items())])
        return hashlib.sha256(data.encode()).hexdigest()[:16]

    def subscriptions(self, url: str) -> list[Subscription]:
        """With a webhook each, made now; the URL's path ends with the id."""
        now = datetime.now(UTC)
        return [
            Subscription(id=id_, query=query, channels=(f"{url}{id_}",), created_at=now)
            for id_, query in self.queries.items()
        ]


def plan(
    paces: Sequence[Pace], subscriptions: int, others: Sequence[str] = (), bells: float = BELLS_AN_ARTICLE
) -> Plan:
    """Articles and subscriptions for these; every pace is sent the first of the same articles. `bells`: an article's, on average."""
    most = max(pace.count for pace in paces)
    texts = stories(most, _SEED, others)
    articles = tuple(_article(number, text) for number, text in enumerate(texts))
    made = candidates(texts, subscriptions * _CANDIDATES_EACH, _SEED)
    queries = {f"s{number}": query for number, query in enumerate(made)}
    found = [_matches(articles[: pace.count], queries, ner=pace.ner) for pace in paces]
    [longest] = [rung for pace, rung in zip(paces, found, strict=True) if pace.count == most][:1]
    names = set(chosen(Counter(id_ for _, id_ in longest), list(queries), subscriptions, most, bells))
    return Plan(
        tuple(paces),
        articles,
        {id_: query for id_, query in queries.items() if id_ in names},
        tuple(frozenset(bell for bell in rung if bell[1] in names) for rung in found),
    )


def _article(number: int, text: Text) -> RawArticle:
    url, now = f"https://bench.example/{number}", datetime.now(UTC)
    return RawArticle(
        article_id=article_id(url=url, source="bench", guid=None, title=text.title, published_at=None),
        source="bench", url=url, title=text.title, body=text.body, language=text.language,
        published_at=now, fetched_at=now,
    )  # fmt: skip


def _matches(articles: Sequence[RawArticle], queries: Mapping[str, str], *, ner: bool) -> list[Bell]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asked, sent = folder / "subscriptions.jsonl", folder / "articles.jsonl"
        asked.write_text("".join(json.dumps({"id": id_, "query": query}) + "\n" for id_, query in queries.items()))
        sent.write_text(
            "".join(
                json.dumps(
                    {"id": each.article_id, "title": each.title, "body": each.body, "language": each.language}
                    | {"source": each.source}
                )
                + "\n"
                for each in articles
            )
        )
        offline = Stack(folder, {"BELFRY_NER": str(ner)})
        lines = offline.belfry("match", "--subscriptions", str(asked), "--articles", str(sent)).splitlines()
    return [(found["article_id"], found["subscription_id"]) for found in map(json.loads, lines)]
