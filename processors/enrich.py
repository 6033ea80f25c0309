"""From a raw article to an enriched one: content, language, entities, concepts. Pure but for the models it holds.

The order: text first (extract), then the language that decides the rest, then entities, then the concepts of the
lexicon, which are queries of the alert language and may ask for entities.
"""

import time
from collections.abc import Callable
from typing import Protocol

from processors.extract import Content, completed
from processors.matching.articles import MatchArticle
from processors.proposals import NEW_NAMES_CHARACTERS
from schemas.articles import Concept, EnrichedArticle, RawArticle
from schemas.entities import Entity

MAX_NAME_CHARS = 300
"""What is longer is no name: a megabyte without a space, say."""


class Models(Protocol):
    """What enrichment asks of its models. All are deterministic."""

    def language(self, title: str, text: str, stated: str | None) -> tuple[str, float]:
        """The article's language (ISO 639-1 or `und`) and how sure that is, 0 to 1."""
        ...

    def entities(self, title: str, text: str, language: str) -> tuple[Entity, ...]:
        """The entities of an article, in reading order."""
        ...

    def finds_new_names(self, language: str) -> bool:
        """Whether names that no list has are found in the language; elsewhere entities are the gazetteer's alone."""
        ...

    def concepts(self, article: MatchArticle) -> tuple[Concept, ...]:
        """The concepts that the article mentions, by id."""
        ...


def enriched_article(
    raw: RawArticle,
    content: Content,
    models: Models,
    *,
    content_hash: str,
    version: int,
    month: str,
    clock: Callable[[], float] = time.perf_counter,
) -> EnrichedArticle:
    """The enriched form of `raw`. A canceled article keeps its language as stated and is not looked into."""
    began = clock()
    raw = completed(raw, content)
    title = "" if content.title_from_text else content.title
    timings: dict[str, float] = {}
    language, confidence = raw.language or "und", 0.0
    entities: tuple[Entity, ...] = ()
    concepts: tuple[Concept, ...] = ()

    def lap(name: str) -> None:
        nonlocal began
        now = clock()
        timings[name] = round((now - began) * 1000, 3)
        began = now

    if raw.status != "canceled":
        language, confidence = models.language(title, content.text, raw.language)
        lap("language")
        found = models.entities(title, content.text, language)
        entities = tuple(one for one in found if one.end - one.start <= MAX_NAME_CHARS)
        lap("entities")
        concepts = models.concepts(
            MatchArticle(
                title=title,
                text=content.text,
                language=language,
                source=raw.source,
                published_at=raw.published_at,
                entities=entities,
            )
        )
        lap("concepts")
    meta = dict(raw.meta)
    if content.title_from_text:
        meta["title_from_text"] = True
    if raw.status != "canceled":
        if not models.finds_new_names(language):
            meta["entities_by"] = "gazetteer"
        elif len(content.text) > NEW_NAMES_CHARACTERS:
            meta["new_names_until"] = NEW_NAMES_CHARACTERS
    shared = raw.model_dump(exclude={"body", "html", "title", "language", "meta", "schema_version"})
    return EnrichedArticle(
        **shared,
        meta=meta,
        title=content.title,
        text=content.text,
        language=language,
        language_confidence=round(confidence, 4),
        entities=entities,
        concepts=concepts,
        content_hash=content_hash,
        version=version,
        month=month,
        timings_ms=timings,
    )
