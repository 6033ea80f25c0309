"""What the enrich step asks for beside the event loop: one article's enriched form and its signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from processors.enrich import Models, enriched_article
from processors.extract import Content
from schemas.articles import EnrichedArticle, RawArticle
from schemas.errors import EnrichError
from schemas.topics import ROOM_BYTES


@dataclass(frozen=True, slots=True)
class EnrichJob:
    """What the pool is asked for: the enriched form of `raw`, of which body and html aren't looked at."""

    raw: RawArticle
    content: Content
    content_hash: str
    version: int
    month: str

    @classmethod
    def of(cls, raw: RawArticle, content: Content, content_hash: str, version: int, month: str) -> "EnrichJob":
        """The job for a raw article: what it came from is left out, for all that is sent to the pool is copied."""
        bare = raw.model_copy(update={"body": None, "html": None})
        return cls(bare, content, content_hash, version, month)


@dataclass(frozen=True, slots=True)
class Enriched:
    """What comes of a job, ready to send: it comes from another process, where nobody but a reader of `value` needs more.

    value: an EnrichedArticle. signature: of its text, by which it is grouped; encoded, empty where it is canceled.
    language: that it may be grouped by, "" where that is not known.
    """

    value: bytes
    signature: bytes
    language: str

    @classmethod
    def of(cls, article: EnrichedArticle, signature: bytes) -> "Enriched":
        """Raises EnrichError `too_large` where no record takes it."""
        value = article.encode()
        if len(value) > ROOM_BYTES:
            raise too_large()
        # A canceled version is not looked into: its language is what somebody stated, if anything.
        language = "" if article.status == "canceled" else article.language or "und"
        return cls(value, signature, language)


def too_large() -> EnrichError:
    """What an article is refused with that no record takes."""
    return EnrichError(f"with all that was found in it, it has more than {ROOM_BYTES:,} bytes", code="too_large")


def enrich_job(models: Models, job: EnrichJob) -> Enriched:
    """Do one job. Raises EnrichError."""
    from processors.stories.signature import signature  # with the normal forms, which only the models' process needs

    article = enriched_article(
        job.raw, job.content, models, content_hash=job.content_hash, version=job.version, month=job.month
    )
    if article.status == "canceled":
        return Enriched.of(article, b"")
    return Enriched.of(article, signature(article.text, article.language or "und").encode())


class Enrichment(Protocol):
    """Runs heavy work beside the event loop: see PooledEnrichment."""

    async def contents(self, raws: Sequence[RawArticle]) -> Sequence[Content | EnrichError]:
        """Title and text of each."""
        ...

    async def enriched(self, jobs: Sequence[EnrichJob]) -> Sequence[Enriched | EnrichError]:
        """The enriched form of each."""
        ...
