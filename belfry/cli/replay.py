"""`belfry replay`: history through a stage again. No bell rings again unless asked for."""

import asyncio
import re
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from belfry.addresses import elasticsearch_url, kafka_bootstrap
from belfry.settings import settings
from schemas.errors import QueryError, UsageError

if TYPE_CHECKING:
    from belfry.replay.history import Span
    from belfry.replay.match import Run

_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def replay(
    since: Annotated[str, typer.Option("--from", metavar="DAY|INSTANT", help="Fetched then or later, UTC")],
    until: Annotated[str, typer.Option("--to", metavar="DAY|INSTANT", help="Fetched then or before; all of a day")],
    stage: Annotated[str, typer.Option("--stage", metavar="match", help="The stage that they go through again")],
    ring: Annotated[bool, typer.Option("--ring", help="Ring each bell once more, under the run's name")] = False,
    run: Annotated[
        str | None, typer.Option("--run", metavar="NAME", help="Go on with a run that broke off; nothing rings twice")
    ] = None,
) -> None:
    """Send the articles that were fetched in a time through a stage again, from the topic and the index.

    Without --ring nothing rings. With it each subscription rings once more, for articles that were fetched since it was
    made or resumed. News goes first.
    """
    from belfry.replay.match import Run

    if stage != "match":
        raise UsageError(f"--stage {stage}: only match can be run again")
    name = run or f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
    if not _RUN.fullmatch(name):
        raise UsageError(f"--run {name}: up to 64 letters, digits, dots, - and _")
    asyncio.run(_replay(Run(name, _span(since, until), ring)))


def _span(since: str, until: str) -> "Span":
    from belfry.replay.history import Span
    from processors.matching.published import published

    for option, given in (("--from", since), ("--to", until)):
        try:
            published(f"[{given.strip()} TO *]", 1, 1)
        except QueryError as error:
            raise UsageError(f"{option} {given}: write a day such as 2022-01-31 or 2022-01-31T12:00:00Z") from error
    found = published(f"[{since.strip()} TO {until.strip()}]", 1, 1)
    if found.since and found.until and found.since >= found.until:
        raise UsageError(f"--from {since} is after --to {until}")
    return Span(found.since, found.until)


async def _replay(run: "Run") -> None:
    from belfry.replay.match import MatchReplay, Replayed
    from belfry.search.names import IndexNames
    from belfry.supervisor.figures import kafka_figures
    from processors.agents.sender import KafkaSender

    config = settings()
    bootstrap, url = kafka_bootstrap(config), elasticsearch_url(config)
    sender = KafkaSender(bootstrap)
    with Console(stderr=True).status(f"run {run.name}: looking") as status:

        def progress(so_far: Replayed) -> None:
            status.update(f"run {run.name}: {so_far.from_index + so_far.from_topic:,} articles")

        started = MatchReplay(
            run, config.topics, sender, lambda: kafka_figures(bootstrap, config.topics).lag["match"], progress
        )
        try:
            done = await started.replay(bootstrap, url, IndexNames(config.index_prefix).articles)
        finally:
            await sender.close()
    rings = "each bell rings once more" if run.ring else "nothing rings"
    typer.echo(
        f"run {run.name}: {done.from_index + done.from_topic:,} articles go through match again "
        f"({done.from_topic:,} from the topic, {done.from_index:,} from the index); {rings}"
    )
