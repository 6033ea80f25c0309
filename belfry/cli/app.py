"""The `belfry` command: its sub-commands, and how errors become exit codes.

Exit codes: 0 done (also with no hits), 1 something failed or was refused (the rest was done first), 2 wrong use:
nothing was done. Data goes to stdout, all else to stderr.
"""

import os
import signal
import sys

import typer

from belfry.logs import configure_logging
from schemas.errors import BelfryError, UsageError

app = typer.Typer(
    name="belfry",
    help="Watches the news as it arrives, and rings when what somebody asked for happens.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _register() -> None:
    """Add the commands. Here and not at import, so that a command's module may import `app` helpers."""
    from belfry.cli.alerts import app as alerts
    from belfry.cli.backtest import backtest
    from belfry.cli.demo import demo
    from belfry.cli.doctor import doctor
    from belfry.cli.enrich import enrich
    from belfry.cli.finding import QUERY_FIRST
    from belfry.cli.health import health
    from belfry.cli.ingest import ingest
    from belfry.cli.kibana import kibana
    from belfry.cli.match import match
    from belfry.cli.query import app as query
    from belfry.cli.replay import replay
    from belfry.cli.search import search
    from belfry.cli.stack import app as stack
    from belfry.cli.stories import stories
    from belfry.cli.subscriptions import app as subscriptions
    from belfry.cli.up import down, status, up, worker

    subscriptions.command()(health)
    app.add_typer(alerts, name="alerts")
    app.add_typer(kibana, name="kibana")
    app.add_typer(query, name="query")
    app.add_typer(stack, name="stack")
    app.add_typer(subscriptions, name="subscriptions")
    for command in (search, backtest):
        app.command(context_settings=QUERY_FIRST)(command)
    for command in (demo, enrich, ingest, match, replay, stories, up, down, status, worker, doctor):
        app.command()(command)


def main() -> None:
    """Run the command line and exit with its code."""
    configure_logging()
    _register()
    try:
        app()
    except UsageError as error:
        typer.echo(f"belfry: {error}", err=True)
        sys.exit(2)
    except BelfryError as error:
        typer.echo(f"belfry: {error}", err=True)
        sys.exit(1)
    except SystemExit as ended:
        if not isinstance(ended.__context__, BrokenPipeError):
            raise
        # The reader has gone (belfry … | head), and typer calls that 1. It is no error, but stdout must not be flushed
        # again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
