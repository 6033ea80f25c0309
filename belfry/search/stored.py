"""An article as search reads it back from the index: what the matcher needs, and what people are shown."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from processors.matching.articles import MatchArticle
from schemas.entities import Entity
from schemas.messages import UtcDatetime


class StoredArticle(BaseModel):
    """Part of an EnrichedArticle. `entities` are there only if they were asked for."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    article_id: str
    title: str = ""
    text: str
    url: str | None = None
    source: str = ""
    guid: str | None = None
    language: str | None = None
    published_at: UtcDatetime
    story_id: str | None = None
    meta: dict[str, JsonValue] = Field(default_factory=dict)
    entities: tuple[Entity, ...] = ()

    @property
    def searched_title(self) -> str:
        """Empty where the title was made from the text."""
        return "" if self.meta.get("title_from_text") is True else self.title

    def match_article(self) -> MatchArticle:
        """The matcher's view of it."""
        return MatchArticle(
            title=self.searched_title,
            text=self.text,
            language=self.language or "und",
            source=self.source,
            published_at=self.published_at,
            story_id=self.story_id,
            entities=self.entities,
        )

    def summary(self) -> dict[str, Any]:
        """What `--json` says of it."""
        return self.model_dump(mode="json", include={"title", "url", "source", "guid", "language", "published_at"})


def source_fields(*, entities: bool) -> list[str]:
    """The fields to ask the index for; entities are large and seldom needed."""
    fields = {name for name in StoredArticle.model_fields if name not in ("meta", "entities")}
    return sorted(fields | {"meta.title_from_text"} | ({"entities"} if entities else set[str]()))
