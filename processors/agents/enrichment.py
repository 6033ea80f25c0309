"""Enrichment for the enrich step: what is cheap here, what is heavy in the pool's child process."""

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from typing import cast

from processors.agents.aside import aside
from processors.agents.enrich_job import Enriched, EnrichJob, enrich_job
from processors.agents.pool import Pool
from processors.extract import Content, content
from processors.garbage import collect_seldom
from processors.ner.choice import SHIPPED, NameModels
from schemas.articles import RawArticle
from schemas.errors import EnrichError

_WARM_UP = {
    "nl": "De NAVO ziet een troepenopbouw.",
    "en": "NATO sees troops massing.",
    "de": "Die NATO sieht einen Truppenaufmarsch.",
    "fr": "L'OTAN observe une accumulation de troupes.",
}

# The models are imported by the child alone: they take seconds and hundreds of megabytes.


def _load_models(names: NameModels) -> None:
    from processors.models import shipped_models

    # Word lists, lemmas and the concepts' queries are made ready for a language by its first article.
    for language, text in _WARM_UP.items():
        warm_up = RawArticle.model_validate(
            {"article_id": "warm-up", "published_at": 0, "fetched_at": 0, "language": language, "body": text}
        )
        enrich_job(shipped_models(names), EnrichJob(warm_up, content(warm_up), "", 0, "1970-01"))
    collect_seldom()


def _do(names: NameModels, job: RawArticle | EnrichJob) -> Content | Enriched:
    if isinstance(job, RawArticle):
        return content(job)
    from processors.models import shipped_models

    return enrich_job(shipped_models(names), job)


class PooledEnrichment:
    """The Enrichment of a running role. `limit_s` bounds each article; `names` are found by these models."""

    def __init__(self, *, limit_s: float, names: NameModels = SHIPPED) -> None:
        self._pool: Pool[RawArticle | EnrichJob, Content | Enriched] = Pool(
            partial(_do, names), partial(_load_models, names), limit_s=limit_s
        )

    def begin(self) -> Future[None]:
        """Load the models beside whatever else is going on; the future is done when that is."""
        return self._pool.begin()

    def close(self) -> None:
        """End the child process."""
        self._pool.close()

    async def contents(self, raws: Sequence[RawArticle]) -> Sequence[Content | EnrichError]:
        """See Enrichment. Plain text only has to be cleaned; HTML is parsed, so it goes to the pool."""
        plain = [raw for raw in raws if raw.html is None]
        size_bytes = sum(len(raw.body or "") for raw in plain)
        from_text = iter(await aside(lambda: [_content_or_error(raw) for raw in plain], size_bytes))
        from_html = iter(await self._pool.results([raw for raw in raws if raw.html is not None]))
        return [next(from_text) if raw.html is None else cast("Content | EnrichError", next(from_html)) for raw in raws]

    async def enriched(self, jobs: Sequence[EnrichJob]) -> Sequence[Enriched | EnrichError]:
        """See Enrichment."""
        return cast("list[Enriched | EnrichError]", await self._pool.results(jobs))


def _content_or_error(raw: RawArticle) -> Content | EnrichError:
    try:
        return content(raw)
    except EnrichError as error:
        return error
