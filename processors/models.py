"""The models that enrichment runs with, loaded once a process."""

from functools import cache

from processors.enrich import Models
from processors.gazetteer import default_gazetteer
from processors.language import decide_language
from processors.matching.articles import MatchArticle
from processors.matching.concept_book import shipped_concepts
from processors.names import name_key
from processors.ner.choice import SHIPPED, NameModels
from processors.ner.cues import LANGUAGES
from processors.recognise import recognise
from schemas.articles import Concept
from schemas.entities import Entity


class ShippedModels:
    """Language by two detectors, entities by the gazetteer and `names`, concepts by the lexicon."""

    def __init__(self, names: NameModels) -> None:
        self._names = names

    def language(self, title: str, text: str, stated: str | None) -> tuple[str, float]:
        """See Models."""
        return decide_language(title, text, stated)

    def entities(self, title: str, text: str, language: str) -> tuple[Entity, ...]:
        """See Models."""
        found = recognise(title, text, language, self._names)
        if self._names.on and not self.finds_new_names(language):  # rules are for the languages they were written in
            return tuple(one for one in found if one.id is not None or default_gazetteer().readings(name_key(one.text)))
        return found

    def finds_new_names(self, language: str) -> bool:
        """See Models."""
        official = (known for known, _ in self._names.official)
        return self._names.on and (language in LANGUAGES or language in official)

    def concepts(self, article: MatchArticle) -> tuple[Concept, ...]:
        """See Models."""
        return shipped_concepts().mentions(article)


@cache
def shipped_models(names: NameModels = SHIPPED) -> Models:
    """The models that ship with Belfry, and those for names that are chosen. Loading takes some seconds, on first use."""
    return ShippedModels(names)
