"""`belfry backtest`: what a subscription would have rung for, by the same matcher, over what is indexed."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.console import Console

from belfry.cli.finding import Query, Since, Until, finder, query_tree, tell_cut_short

if TYPE_CHECKING:
    from belfry.search.filters import Filters
    from belfry.search.tally import Estimate

EXAMPLES = 3
_BAR = 50
_DAYS_SHOWN = 62


def backtest(
    query: Query,
    since: Since = None,
    until: Until = None,
    limit: Annotated[
        int | None, typer.Option(min=0, help="Show the newest so many; all are counted", show_default="every hit")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a hit on stdout, counts on stderr")] = False,
) -> None:
    """Show what this query would have rung for: every hit, hits per day, and how many bells a day to expect."""
    from belfry.search.filters import Filters

    shown = limit if limit is not None else None if as_json else EXAMPLES
    estimate, cut_short = asyncio.run(_estimate(query, Filters(since=since, until=until), shown, as_json=as_json))
    if as_json:
        typer.echo(orjson.dumps(estimate.as_object()), err=True)
    else:
        _show(estimate)
    tell_cut_short(cut_short)


async def _estimate(
    query: str, filters: "Filters", shown: int | None, *, as_json: bool
) -> "tuple[Estimate, Sequence[str]]":
    """Print the hits that are to be shown, as they come; count all of them."""
    from belfry.cli.hit_output import print_hit
    from belfry.search.tally import Estimate, Tally

    tree = query_tree(query, filters)
    tally = Tally()
    console = Console(highlight=False)
    with Console(stderr=True).status("looking for candidates") as status:
        async with finder() as ours:
            days = await ours.covered_days(tree)

            def progress(verified: int, of: int) -> None:
                status.update(f"{verified:,} of {of:,} candidates verified, {tally.count:,} hits")

            async with aclosing(ours.hits(tree, progress)) as hits:
                async for hit in hits:
                    if shown is None or tally.count < shown:
                        print_hit(hit, console, as_json=as_json)
                    tally.add(hit.article)
    return Estimate(tally.count, tally.bells, days, tally.per_day), ours.cut_short


def _show(estimate: "Estimate") -> None:
    console = Console(highlight=False)
    days = sorted(estimate.per_day)
    if len(days) > _DAYS_SHOWN:
        console.print(f"… {len(days) - _DAYS_SHOWN:,} earlier days with hits (--json has all)", style="dim")
    most = max(estimate.per_day.values(), default=0)
    for day in days[-_DAYS_SHOWN:]:
        count = estimate.per_day[day]
        console.print(f"{day:%a %Y-%m-%d} {'█' * max(1, round(_BAR * count / most))} {count:,}", soft_wrap=True)
    for line in summary(estimate):
        console.print(line, style="bold", soft_wrap=True)


def summary(estimate: "Estimate") -> list[str]:
    """The counts in words."""
    if not estimate.count:
        return [f"no hits on {_many(estimate.days, 'day')} with articles"]
    busiest = estimate.busiest_day
    most = f"; most on {busiest:%Y-%m-%d}: {estimate.per_day[busiest]:,}" if busiest else ""
    average = f"{estimate.bells_per_day:,.0f}" if estimate.bells_per_day >= 10 else f"{estimate.bells_per_day:.2g}"
    rings = "rings once" if estimate.bells == 1 else "each rings once"
    return [
        f"{_many(estimate.count, 'hit')} on {len(estimate.per_day):,} of {_many(estimate.days, 'day')} with articles{most}",
        f"about {average} {'bell' if average == '1' else 'bells'} a day: {_many(estimate.bells, 'story', 'stories')}, {rings}",
    ]


def _many(count: int, one: str, several: str = "") -> str:
    return f"{count:,} {one if count == 1 else several or one + 's'}"
