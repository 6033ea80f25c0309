"""Places in an article. Offsets are code-point offsets into `title` or `text` as stored; `end` is exclusive."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, NonNegativeInt

Field = Literal["title", "text"]
"""Where a place is. Spans sort by field, title first."""


class Span(BaseModel):
    """A place: `field[start:end] == text`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    field: Field
    start: NonNegativeInt
    end: NonNegativeInt
    text: str


class ExplainedSpan(Span):
    """A place that made a subscription ring. `part` is the part of the query that it satisfies, as written."""

    part: str = ""


def reading_order(span: Span) -> tuple[bool, int, int]:
    """Sort key: title before text, then by start, then by end."""
    return (span.field != "title", span.start, span.end)
