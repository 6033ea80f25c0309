"""Articles for the matcher without broker or index: enriched only as far as the queries need it.

The language always, by the code of the enrich worker; entities only where a query asks for one, by itself or through a
concept; concepts never, for the matcher finds them itself.
"""

from collections.abc import Iterable
from datetime import datetime

from belfry.settings import settings
from processors.extract import completed, content
from processors.language import decide_language
from processors.matching.articles import MatchArticle
from processors.matching.checks import children
from processors.matching.concepts import ConceptLexicon
from processors.matching.tree import ConceptTerm, EntityTerm, Node
from schemas.articles import RawArticle
from schemas.entities import Entity


def needs_entities(nodes: Iterable[Node], lexicon: ConceptLexicon) -> bool:
    """Whether any of the queries asks for an entity, through the concepts that it uses as well."""
    pending = list(nodes)
    seen: set[str] = set()
    while pending:
        part = pending.pop()
        if isinstance(part, EntityTerm):
            return True
        if isinstance(part, ConceptTerm) and part.id not in seen:
            seen.add(part.id)
            pending += lexicon.trees(part.id)
        pending += children(part)
    return False


def article_to_match(
    title: str,
    text: str,
    stated_language: str | None,
    *,
    source: str,
    published_at: datetime,
    with_entities: bool,
) -> MatchArticle:
    """The matcher's view of cleaned texts; `title` is empty where there is none or it was made from the text."""
    language = decide_language(title, text, stated_language)[0]
    entities: tuple[Entity, ...] = ()
    if with_entities:
        from processors.recognise import recognise  # spaCy, which takes a second to import

        entities = recognise(title, text, language, settings().name_models)
    return MatchArticle(
        title=title, text=text, language=language, source=source, published_at=published_at, entities=entities
    )


def raw_article_to_match(raw: RawArticle, *, with_entities: bool) -> MatchArticle:
    """The matcher's view of an article as it was read. Raises EnrichError where nothing can be got out of its HTML."""
    found = content(raw)
    raw = completed(raw, found)
    return article_to_match(
        "" if found.title_from_text else found.title,
        found.text,
        raw.language,
        source=raw.source,
        published_at=raw.published_at,
        with_entities=with_entities,
    )
