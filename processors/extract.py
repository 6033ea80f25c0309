"""From what a producer sent to title and text. Pure.

A `body` becomes the text unchanged but for the cleaning rule (schemas/text.py). The text of HTML is found by
`processors.html_text`; so are its title, authors and date where the source gave none.
"""

from dataclasses import dataclass

from processors.boilerplate import Wall
from processors.html_text import html_page
from processors.page_facts import PageFacts, page_facts
from schemas.articles import RawArticle
from schemas.errors import EnrichError
from schemas.text import cleaned_text, title_from_text

_NO_FACTS = PageFacts()
_NO_TEXT = {
    "": "the article has no text and no title",
    "cookie_wall": "the page is a request for consent, without an article",
    "paywall": "the page is a request to subscribe, without an article",
}


@dataclass(frozen=True, slots=True)
class Content:
    """Title and text as they are stored; `title_from_text` where the title is only the lead sentence.

    facts, wall: what a page says about its article, and what stood before it.
    """

    title: str
    text: str
    title_from_text: bool
    facts: PageFacts = _NO_FACTS
    wall: Wall = ""


def content(raw: RawArticle) -> Content:
    """Title and text of an article. Raises EnrichError `no_text` where there is neither."""
    text = cleaned_text(raw.body) if raw.body is not None else ""
    title = cleaned_text(raw.title)
    facts, wall = _NO_FACTS, ""
    if raw.html is not None:
        page = html_page(raw.html)
        facts, wall = page_facts(page.notes, raw.fetched_at), page.wall
        text = cleaned_text(page.text)
        walled = bool(page.wall) and not text.strip()
        title = title if title.strip() or walled else cleaned_text(page.title) or facts.headline
    if not text.strip() and not title.strip() and raw.status != "canceled":
        raise EnrichError(_NO_TEXT[wall], code="no_text")
    made = raw.meta.get("title_from_text") is True
    if not title.strip() and text.strip():
        title, made = title_from_text(text), True
    return Content(title, text, title_from_text=made, facts=facts, wall=wall)


def completed(raw: RawArticle, found: Content) -> RawArticle:
    """The raw article with what only its page tells: authors and date where the source gave none, and the wall in `meta.page`.

    A source that gave no date has `fetched_at` for `published_at`. Doing it twice changes nothing.
    """
    changes: dict[str, object] = {}
    meta = dict(raw.meta)
    if found.facts.authors and not raw.authors:
        changes["authors"] = found.facts.authors
    if found.facts.published_at is not None and raw.published_at == raw.fetched_at:
        changes["published_at"] = found.facts.published_at
        if found.facts.published_precision == "day":
            meta["published_precision"] = "day"
    if found.wall or found.facts.for_subscribers:
        meta["page"] = found.wall or "paywall"
    if meta != raw.meta:
        changes["meta"] = meta
    return raw.model_copy(update=changes) if changes else raw
