"""An article as the matcher sees it."""

from dataclasses import dataclass
from datetime import datetime

from schemas.articles import EnrichedArticle
from schemas.entities import Entity


@dataclass(frozen=True, slots=True)
class MatchArticle:
    """What a query may ask of an article. `title` is empty where it was made from the text; `language` may be `und`."""

    title: str
    text: str
    language: str
    source: str
    published_at: datetime
    story_id: str | None = None
    entities: tuple[Entity, ...] = ()


def match_article(article: EnrichedArticle) -> MatchArticle:
    """The matcher's view of an enriched article."""
    return MatchArticle(
        title=article.searched_title,
        text=article.text,
        language=article.language or "und",
        source=article.source,
        published_at=article.published_at,
        story_id=article.story_id,
        entities=article.entities,
    )
