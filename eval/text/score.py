"""Over pages in twelve layouts and four languages: sentences of the article that are got, and others that are taken for it."""

import time
from datetime import UTC, datetime

from eval.figure import Figure
from eval.text.pages import known_pages
from processors.html_text import html_page
from processors.page_facts import page_facts

_NOW = datetime(2026, 11, 24, tzinfo=UTC)
_PUBLISHED = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
_ROUNDS = 5


def score() -> list[Figure]:
    """Sentences, titles, facts, and pages a second."""
    pages = list(known_pages())
    read = [html_page(page.html) for page in pages]
    facts = [page_facts(one.notes, _NOW) for one in read]
    got = [sentence in one.text for page, one in zip(pages, read, strict=True) for sentence in page.wanted]
    left_out = [sentence not in one.text for page, one in zip(pages, read, strict=True) for sentence in page.unwanted]
    titles = [one.title == page.title for page, one in zip(pages, read, strict=True) if page.layout != "consent inside"]
    known = [fact for page, fact in zip(pages, facts, strict=True) if page.has_facts]
    facts_right = [fact.authors == ("Kim Vale",) and fact.published_at == _PUBLISHED for fact in known]
    began = time.process_time()
    for _ in range(_ROUNDS):
        for page in pages:
            html_page(page.html)
    speed = _ROUNDS * len(pages) / (time.process_time() - began)
    return [
        Figure("sentences of the article that are got", sum(got) / len(got), bar=0.95, n=len(got)),
        Figure("sentences of the site that are left out", sum(left_out) / len(left_out), bar=0.95, n=len(left_out)),
        Figure("titles", sum(titles) / len(titles), bar=0.9, n=len(titles)),
        Figure(
            "authors and dates that the page states", sum(facts_right) / len(facts_right), bar=0.95, n=len(facts_right)
        ),
        Figure("pages, on one core", speed, unit="pages/s", n=len(pages), note="of 1 to 3 KB"),
    ]
