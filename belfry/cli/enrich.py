"""`belfry enrich`: what enrichment finds in articles, without broker or index, by the very code of the enrich worker."""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from belfry.cli.article_lines import Files, Source, print_results
from belfry.cli.enriched_output import enriched_lines
from belfry.cli.enriched_page import HEAD, TAIL, article_section
from belfry.settings import settings
from processors.agents.pool import within
from processors.garbage import collect_seldom
from producers.articles import DEFAULT_SOURCE, ReadArticle
from schemas.errors import EnrichError, InputProblem, UsageError

if TYPE_CHECKING:
    from schemas.articles import EnrichedArticle

_LOADING_S = 180.0
_REMEDIES = {
    "no_text": "Give its text as `body`, or a page that has one.",
    "too_slow": "Look at its text; BELFRY_ENRICH_TIMEOUT_S gives it longer.",
}


def enrich(
    files: Files,
    source: Source = DEFAULT_SOURCE,
    as_json: Annotated[bool, typer.Option("--json", help="EnrichedArticle as JSON lines on stdout")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="OUT", help="also write a page with everything marked in the texts")
    ] = None,
) -> None:
    """Print language, entities and concepts of articles, in input order. What can't be read is named, and the rest goes on.

    From standard input it streams: an article is out before the next one is waited for.
    """
    write = _as_json if as_json else _View().text
    with _page(html) as on_page:

        def written(article: "EnrichedArticle") -> bytes:
            on_page(article)
            return write(article)

        refused = print_results(files, source, _enriched, written)
    if refused:
        raise typer.Exit(1)


@contextmanager
def _page(path: Path | None) -> "Generator[Callable[[EnrichedArticle], object]]":
    """Takes articles for the page; for nothing where none is asked for. Raises UsageError where it can't be written."""
    if path is None:
        yield lambda article: None  # noqa: ARG005 - the name of the type
        return
    try:
        page = path.open("w", encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"--html: {path} can't be written: {error.strerror or error}") from error
    with page:
        page.write(HEAD)
        yield lambda article: page.write(article_section(article))
        page.write(TAIL)


def _enriched(articles: "Iterable[ReadArticle | InputProblem]") -> "Iterable[EnrichedArticle | InputProblem]":
    """Each article enriched as a first version, or why it isn't."""
    frozen = False
    limit_s = settings().enrich_timeout_s
    for read in articles:
        # What the first one waits for besides, the loading of models, isn't its own time.
        yield (
            read if isinstance(read, InputProblem) else _first_version(read, limit_s + (0 if frozen else _LOADING_S))
        )
        if not frozen and not isinstance(read, InputProblem):
            collect_seldom()  # the models are loaded now, and are never garbage
            frozen = True


def _first_version(read: ReadArticle, limit_s: float) -> "EnrichedArticle | InputProblem":
    from processors.first_version import enriched_first_version  # spaCy and the rest, which take a second to import
    from processors.models import shipped_models
    from processors.recognise import shipped_recogniser

    names = settings().name_models
    shipped_recogniser(names)  # loading it isn't the article's time, and a model that isn't there isn't its fault
    models = shipped_models(names)
    try:
        article = within(limit_s, lambda raw: enriched_first_version(raw, models), read.raw)
    except EnrichError as error:
        return read.place.problem(
            error.code, str(error), _REMEDIES.get(error.code, "Leave it out, or report it with its text.")
        )
    return article.model_copy(update={"article_id": read.name})


def _as_json(article: "EnrichedArticle") -> bytes:
    return article.model_dump_json().encode() + b"\n"


class _View:
    """Articles for people: styled on a terminal, plain elsewhere."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)

    def text(self, article: "EnrichedArticle") -> bytes:
        """The article's lines, and an empty one."""
        with self._console.capture() as captured:
            for line in enriched_lines(article, styled=self._console.is_terminal):
                self._console.print(line)
            self._console.print()
        return captured.get().encode()
