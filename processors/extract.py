"""From what a producer sent to title and text. Pure.

A `body` becomes the text unchanged but for the cleaning rule (schemas/text.py). The text of HTML is found by
`processors.html_text`; so is its title where the source gave none.
"""

from dataclasses import dataclass

from processors.html_text import html_content
from schemas.articles import RawArticle
from schemas.errors import EnrichError
from schemas.text import cleaned_text, title_from_text


@dataclass(frozen=True, slots=True)
class Content:
    """Title and text as they are stored; `title_from_text` where the title is only the lead sentence."""

    title: str
    text: str
    title_from_text: bool


def content(raw: RawArticle) -> Content:
    """Title and text of an article. Raises EnrichError `no_text` where there is neither."""
    text = cleaned_text(raw.body) if raw.body is not None else ""
    title = cleaned_text(raw.title)
    if raw.html is not None:
        text, found_title = (cleaned_text(part) for part in html_content(raw.html))
        title = title if title.strip() else found_title
    if not text.strip() and not title.strip() and raw.status != "canceled":
        raise EnrichError("the article has no text and no title", code="no_text")
    made = raw.meta.get("title_from_text") is True
    if not title.strip() and text.strip():
        title, made = title_from_text(text), True
    return Content(title=title, text=text, title_from_text=made)
