"""`belfry search`: what is in the index, by the alert language, newest first."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.console import Console
from rich.text import Text

from belfry.cli.finding import Query, Since, Until, finder, query_tree, tell_cut_short
from belfry.cli.subscription_output import visible

if TYPE_CHECKING:
    from belfry.search.filters import Filters
    from belfry.search.find import Found

MAX_LIMIT = 10_000

_FACET_VALUES = 5

Several = list[str] | None


def search(
    query: Query,
    since: Since = None,
    until: Until = None,
    languages: Annotated[Several, typer.Option("--lang", metavar="nl|en|…", help="One of these; repeatable")] = None,
    sources: Annotated[Several, typer.Option("--source", metavar="NAME", help="One of these; repeatable")] = None,
    entities: Annotated[Several, typer.Option("--entity", metavar="NAME|ID", help="Each of these; repeatable")] = None,
    concepts: Annotated[Several, typer.Option("--concept", metavar="ID", help="Each of these; repeatable")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a hit on stdout, totals on stderr")] = False,
    limit: Annotated[int, typer.Option(min=0, max=MAX_LIMIT, help="The newest so many")] = 20,
) -> None:
    """Search the index: words in any inflection, phrases, NEAR, wildcards, entities, concepts. Newest first."""
    from belfry.search.filters import Filters

    filters = Filters(languages or (), sources or (), entities or (), concepts or (), since, until)
    found, cut_short = asyncio.run(_found(query, filters, limit))
    show(found, as_json=as_json)
    tell_cut_short(cut_short)


async def _found(query: str, filters: "Filters", limit: int) -> "tuple[Found, Sequence[str]]":
    tree = query_tree(query, filters)
    async with finder() as ours:
        return await ours.search(tree, limit), ours.cut_short


def show(found: "Found", *, as_json: bool) -> None:
    """Print hits, and what is known of all of them; facets that count what may be a hit are called so."""
    from belfry.cli.hit_output import print_hit

    console = Console(highlight=False)
    for hit in found.hits:
        print_hit(hit, console, as_json=as_json)
    if as_json:
        totals = {"total": found.total, "approximate": found.approximate, "facets": found.facets}
        typer.echo(orjson.dumps(totals), err=True)
        return
    shown = len(found.hits)
    total = f"{'about ' if found.approximate else ''}{found.total:,} article{'' if found.total == 1 else 's'}"
    console.print(total if shown == found.total else f"{total}, the newest {shown:,} shown", style="bold")
    facets = {name: values for name, values in found.facets.items() if values and name != "months"}
    if facets and found.approximate:
        console.print("among all that may be hits:", style="dim")
    for name, values in facets.items():
        counts = ", ".join(f"{value} {count:,}" for value, count in list(values.items())[:_FACET_VALUES])
        console.print(Text(f"{name}: {visible(counts)}", style="dim"), soft_wrap=True)
