"""How a hit is shown to people: title, where and when, and its words marked in some text around them."""

from collections.abc import Iterator

import orjson
import typer
from rich.console import Console
from rich.text import Text

from belfry.cli.subscription_output import visible
from belfry.search.find import Hit
from belfry.search.highlights import Highlight, opening

_MARK = "bold black on yellow"
_SHOWN = 3
"""Excerpts from the text; `--json` has more."""


def print_hit(hit: Hit, console: Console, *, as_json: bool) -> None:
    """Print a hit: as one JSON object on a line, or for people."""
    if as_json:
        typer.echo(orjson.dumps(hit.as_object()))
        return
    for line in hit_lines(hit, styled=console.is_terminal):
        console.print(line, soft_wrap=True)
    console.print()


def hit_lines(hit: Hit, *, styled: bool) -> Iterator[Text]:
    """A hit in a few lines. Without styles (no terminal) the marked words stand between ** and **."""
    article = hit.article
    found = hit.highlights()
    titles = [highlight for highlight in found if highlight.field == "title"]
    yield _marked(titles[0], styled=styled) if titles else Text(_flat(article.title or article.article_id))
    about = (article.source, f"{article.published_at:%Y-%m-%d %H:%M}", article.language or "und", article.url or "")
    yield Text("  " + " · ".join(visible(part) for part in about if part), style="dim")
    excerpts = [highlight for highlight in found if highlight.field == "text"][:_SHOWN]
    for highlight in excerpts or ([] if found else [opening(article.text)]):
        yield Text("  ").append_text(_marked(highlight, styled=styled))


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
