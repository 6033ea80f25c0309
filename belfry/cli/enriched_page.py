"""Enriched articles as one HTML page: each text with its entities and concepts marked. Pure; written as it is made."""

from collections.abc import Iterator
from html import escape

from schemas.articles import EnrichedArticle
from schemas.spans import Field, Span

_STYLE = """
body { max-width: 46em; margin: 2em auto; padding: 0 1em; font: 1.05em/1.55 Georgia, serif; color: #222; background: #fff }
article { border-top: 1px solid #ccc; padding: 1em 0 } h2 { line-height: 1.25; margin: .2em 0 } .about { color: #666; font: .8em sans-serif }
.text { white-space: pre-wrap; overflow-wrap: anywhere } mark { background: none; color: inherit; border-bottom: 2px solid #bbb }
.PER { border-color: #b5651d } .ORG { border-color: #2a6fb0 } .LOC { border-color: #3a8a3a } .demonym { border-bottom-style: dotted }
.concept { background: #ffe88a } nav { font: .8em sans-serif; color: #666 }
"""

HEAD = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Enriched articles</title>\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    f"<style>{_STYLE}</style></head><body>\n"
    '<nav>Underlined: <mark class="PER">persons</mark>, <mark class="ORG">bodies</mark>, <mark class="LOC">places</mark>, '
    '<mark class="demonym">of a place</mark>. <mark class="concept">Concepts</mark>. Names and ids show under the pointer.</nav>\n'
)
TAIL = "</body></html>\n"


def article_section(article: EnrichedArticle) -> str:
    """The article's part of the page. What it holds is text there, never markup."""
    about = (article.language, article.source, f"{article.published_at:%Y-%m-%d}", article.article_id)
    return (
        f'<article lang="{escape(article.language or "und")}"><p class="about">{escape(" · ".join(filter(None, about)))}</p>'
        f'<h2 dir="auto">{_marked(article, "title")}</h2>\n<div class="text" dir="auto">{_marked(article, "text")}</div></article>\n'
    )


def _marked(article: EnrichedArticle, field: Field) -> str:
    """The field's text, each stretch of it between two ends of spans in one mark."""
    text = article.title if field == "title" else article.text
    spans = [(span, label, said) for span, label, said in _labelled(article) if span.field == field]
    starts: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for number, (span, _, _) in enumerate(spans):
        starts.setdefault(span.start, []).append(number)
        ends.setdefault(span.end, []).append(number)
    parts: list[str] = []
    active: dict[int, None] = {}
    place = 0
    for edge in sorted({*starts, *ends, len(text)}):
        shown = escape(text[place:edge])
        if shown and active:
            classes = " ".join(dict.fromkeys(spans[number][1] for number in active))
            said = "; ".join(dict.fromkeys(spans[number][2] for number in active))
            shown = f'<mark class="{classes}" title="{escape(said)}">{shown}</mark>'
        parts.append(shown)
        for number in ends.get(edge, ()):
            active.pop(number, None)
        active.update(dict.fromkeys(starts.get(edge, ())))
        place = edge
    return "".join(parts)


def _labelled(article: EnrichedArticle) -> Iterator[tuple[Span, str, str]]:
    """Every span with its class and what it says under the pointer."""
    for entity in article.entities:
        label = "demonym" if entity.link == "demonym" else entity.type
        yield entity, label, f"{entity.name} ({entity.id or 'not linked'})"
    for concept in article.concepts:
        yield from ((span, "concept", concept.id) for span in concept.spans)
