"""Articles: as a producer sends them (RawArticle), and as enrichment leaves them (EnrichedArticle)."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from schemas.entities import Entity
from schemas.messages import Message, UtcDatetime
from schemas.spans import Span

Status = Literal["usable", "withheld", "canceled"]


class ArticleBase(Message):
    """What both forms share.

    `language` is an ISO 639-1 code: in a RawArticle what the source states, in an EnrichedArticle what was decided
    (`und` where nothing could be). Times are aware UTC. `meta` holds what has no field of its own:
    `published_precision` ("month" | "day"), `title_from_text` (true), `published_refused` (the date as given),
    `page` ("cookie_wall" | "paywall": what a web page had in the article's place),
    `entities_by` ("gazetteer": in this language no names are found but those it lists),
    `new_names_until` (characters: what lies further on in a very long text was searched for listed names only).
    """

    article_id: str = Field(min_length=1, max_length=128)
    source: str = ""
    url: str | None = None
    title: str = ""
    language: str | None = None
    published_at: UtcDatetime
    fetched_at: UtcDatetime
    updated_at: UtcDatetime | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    guid: str | None = None
    status: Status = "usable"
    embargoed_until: UtcDatetime | None = None
    meta: dict[str, JsonValue] = Field(default_factory=dict)

    @property
    def searched_title(self) -> str:
        """The title as it is searched and matched: empty where it was made from the text."""
        return "" if self.meta.get("title_from_text") is True else self.title


class RawArticle(ArticleBase):
    """An article as a producer sends it: `body` (text) or `html`, or neither when only a title is known."""

    body: str | None = None
    html: str | None = None

    @model_validator(mode="after")
    def _one_content(self) -> "RawArticle":
        if self.body is not None and self.html is not None:
            raise ValueError("an article has body or html, not both")
        return self


class Concept(BaseModel):
    """A concept of the lexicon that the article mentions, with each mention's place, in reading order."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    spans: tuple[Span, ...]


class EnrichedArticle(ArticleBase):
    """An article with all that enrichment found. The whole of it is the `_source` in the index.

    `version` is in milliseconds (updated_at, else the first fetched_at) and always above the article's last one;
    `month` ("2022-01") is that of the first version seen and names the index, it never moves.
    """

    text: str
    language_confidence: float = 0.0
    entities: tuple[Entity, ...] = ()
    concepts: tuple[Concept, ...] = ()
    story_id: str | None = None
    content_hash: str
    version: int
    month: str = Field(pattern=r"^\d{4}-\d{2}$|^old$")
    timings_ms: dict[str, float] = Field(default_factory=dict)
