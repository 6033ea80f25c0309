"""An article enriched by itself: as the enrich role does it for one that it has never seen. Pure but for the models."""

from processors.enrich import Models, enriched_article
from processors.extract import completed, content
from processors.versions import Place, decision
from schemas.articles import EnrichedArticle, RawArticle
from schemas.identity import content_hash

_NOWHERE = Place(topic="", partition=0, offset=0)


def enriched_first_version(raw: RawArticle, models: Models) -> EnrichedArticle:
    """The enriched form of an article of which nothing is remembered.

    Hash, version and month are what the role gives it then. Raises EnrichError where it has neither text nor title.
    """
    found = content(raw)
    raw = completed(raw, found)
    hashed = content_hash("" if found.title_from_text else found.title, found.text)
    made = decision(raw, hashed, None, _NOWHERE, raw.fetched_at)
    return enriched_article(raw, found, models, content_hash=hashed, version=made.version, month=made.month)
