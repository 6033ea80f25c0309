"""What `belfry search` and `belfry backtest` share: their options, the query that these make, the way to the index."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from belfry.addresses import elasticsearch_url
from belfry.settings import settings
from schemas.errors import QueryError, SearchUnavailableError, UsageError

if TYPE_CHECKING:
    from belfry.search.filters import Filters
    from belfry.search.find import Finder
    from processors.matching.tree import Node

Query = Annotated[
    str, typer.Argument(help="In the alert language, quoted for the shell: '\"massing of troops\" OR troep*'")
]
Since = Annotated[str | None, typer.Option("--from", metavar="DAY|INSTANT", help="Published then or later, UTC")]
Until = Annotated[
    str | None, typer.Option("--to", metavar="DAY|INSTANT", help="Published then or before; all of a day")
]

SHOWN_ARTICLES = 5

QUERY_FIRST = {"ignore_unknown_options": True}
"""A query may begin with - (and is then told what to write instead), which is no option."""


def query_tree(query: str, filters: "Filters") -> "Node":
    """The tree of a query and its filters. An invalid one is shown with its place, and the command ends with 2."""
    from belfry.search.filters import wanted
    from processors.matching.explain import pointed_out
    from processors.matching.meanings import shipped_meanings

    try:
        return wanted(query, filters, shipped_meanings())
    except QueryError as error:
        typer.echo(f"belfry: {pointed_out(query, error)}", err=True)
        raise typer.Exit(2) from error


@asynccontextmanager
async def finder() -> "AsyncGenerator[Finder]":
    """What finds in this installation's index. Raises SearchUnavailableError where no Elasticsearch is known."""
    from belfry.search.client import connect
    from belfry.search.find import Finder
    from belfry.search.names import IndexNames
    from processors.matching.meanings import shipped_meanings

    config = settings()
    try:
        url = elasticsearch_url(config)
    except UsageError as error:
        raise SearchUnavailableError(str(error)) from error
    async with connect(url) as client:
        yield Finder(client, IndexNames(config.index_prefix).articles, shipped_meanings())


def tell_cut_short(articles: Sequence[str]) -> None:
    """Say which articles may be missing among the hits, once these are printed; the command ends with 1 then."""
    if articles:
        shown = ", ".join(articles[:SHOWN_ARTICLES]) + (", …" if len(articles) > SHOWN_ARTICLES else "")
        typer.echo(
            f"belfry: hits may be missing, for these have more mentions to pair than are looked at: {shown}. "
            "Put fewer frequent words into one NEAR, BEFORE, UNLESS or phrase with ~.",
            err=True,
        )
        raise typer.Exit(1)
