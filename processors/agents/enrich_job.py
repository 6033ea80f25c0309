"""What the enrich step asks for beside the event loop: one article's enriched form and its signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from processors.enrich import Models, enriched_article
from processors.extract import Content
from schemas.articles import EnrichedArticle, RawArticle
from schemas.errors import EnrichError


@dataclass(frozen=True, slots=True)
class EnrichJob:
    """What the pool is asked for: the enriched form of `raw`."""

    raw: RawArticle
    content: Content
    content_hash: str
    version: int
    month: str


@dataclass(frozen=True, slots=True)
class Enriched:
    """What comes of a job. `signature`: of its text, by which it is grouped; encoded, empty where it is canceled."""

    article: EnrichedArticle
    signature: bytes


def enrich_job(models: Models, job: EnrichJob) -> Enriched:
    """Do one job."""
    from processors.stories.signature import signature  # with the normal forms, which only the models' process needs

    article = enriched_article(
        job.raw, job.content, models, content_hash=job.content_hash, version=job.version, month=job.month
    )
    if article.status == "canceled":
        return Enriched(article, b"")
    return Enriched(article, signature(article.text, article.language or "und").encode())


class Enrichment(Protocol):
    """Runs heavy work beside the event loop: see PooledEnrichment."""

    async def contents(self, raws: Sequence[RawArticle]) -> Sequence[Content | EnrichError]:
        """Title and text of each."""
        ...

    async def enriched(self, jobs: Sequence[EnrichJob]) -> Sequence[Enriched | EnrichError]:
        """The enriched form of each."""
        ...
