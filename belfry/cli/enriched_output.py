"""How an enriched article is shown to people: title, language, entities, and its concepts with their words marked. Pure."""

from collections import Counter
from collections.abc import Iterator

from rich.text import Text

from belfry.cli.subscription_output import visible
from belfry.search.highlights import Highlight, highlights
from schemas.articles import Concept, EnrichedArticle

_MARK = "bold black on yellow"
_TYPES = {"PER": "persons", "ORG": "bodies", "LOC": "places", "MISC": "others"}
_NARROW = 10


def enriched_lines(article: EnrichedArticle, *, styled: bool) -> Iterator[Text]:
    """An article in some lines. Without styles (no terminal) the words of a concept stand between ** and **."""
    yield Text(_flat(article.title) or article.article_id, style="bold")
    sure = f"{article.language} ({article.language_confidence:.0%})"
    names = "names of the gazetteer alone" if article.meta.get("entities_by") == "gazetteer" else ""
    about = (sure, names, article.source, _date(article), article.url or "", article.article_id)
    yield Text("  " + " · ".join(visible(part) for part in about if part), style="dim")
    for kind, label in _TYPES.items():
        found = Counter((one.name, one.id) for one in article.entities if one.type == kind and one.link == "name")
        if found:
            yield _named(label, ", ".join(_entity(name, known, times) for (name, known), times in found.items()))
    demonyms = Counter(one.name for one in article.entities if one.link == "demonym")
    if demonyms:
        yield _named("of", ", ".join(_entity(name, None, times) for name, times in demonyms.items()))
    for concept in article.concepts:
        yield _named("concept", visible(concept.id), style="green")
        for highlight in _excerpts(concept, article):
            yield Text(" " * _NARROW + "  ").append_text(_marked(highlight, styled=styled))


def _date(article: EnrichedArticle) -> str:
    """As exact as the source was."""
    forms = {"month": "%Y-%m", "day": "%Y-%m-%d"}
    return article.published_at.strftime(forms.get(str(article.meta.get("published_precision")), "%Y-%m-%d %H:%M"))


def _entity(name: str, known: str | None, times: int) -> str:
    return _flat(name) + (f" {known}" if known else "") + (f" ×{times}" if times > 1 else "")


def _named(label: str, text: str, style: str = "") -> Text:
    return Text(f"  {label:{_NARROW}}", style="dim").append(text, style=style)


def _excerpts(concept: Concept, article: EnrichedArticle) -> tuple[Highlight, ...]:
    return highlights(concept.spans, {"title": article.title, "text": article.text})


def _marked(highlight: Highlight, *, styled: bool) -> Text:
    line = Text("…" if highlight.starts_inside else "")
    place = 0
    for start, end in highlight.marks:
        line.append(_flat(highlight.text[place:start]))
        mark = _flat(highlight.text[start:end])
        line.append(mark, style=_MARK) if styled else line.append(f"**{mark}**")
        place = end
    return line.append(_flat(highlight.text[place:])).append("…" if highlight.ends_inside else "")


def _flat(text: str) -> str:
    """On one line, and without anything that a terminal would obey."""
    return visible("".join(" " if character.isspace() else character for character in text))
