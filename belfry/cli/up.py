"""`belfry up`, `belfry down`, `belfry status`, `belfry worker`: the stack that stays."""

import re
import socket
import sys
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from belfry.settings import settings
from schemas.errors import UsageError

if TYPE_CHECKING:
    from belfry.supervisor.status import Status


def up(
    foreground: Annotated[bool, typer.Option("--foreground", help="Stay here until Ctrl-C.")] = False,
) -> None:
    """Start Kafka, Elasticsearch and the roles, to stay; returns when all is ready."""
    console = Console(stderr=True)
    config = settings()
    if foreground:
        from belfry.supervisor.supervise import run_supervisor

        def ready() -> None:
            console.print("ready; Ctrl-C stops it")

        run_supervisor(config, on_step=lambda step: console.print(f"{step} …"), on_ready=ready)
        return
    from belfry.supervisor.detached import up as start

    with console.status("starting …") as spinner:
        state, started = start(config, on_step=lambda step: spinner.update(f"{step} …"))
    console.print("ready" if started else "already running")
    console.print(f"  Kafka          {state.kafka_bootstrap}")
    console.print(f"  Elasticsearch  {state.elasticsearch_url}")
    console.print(f"  data and logs  {config.home}", soft_wrap=True)
    if started:
        console.print("Next: [bold]belfry ingest[/] FILE, [bold]belfry search[/] QUERY, [bold]belfry down[/]")


def down() -> None:
    """Stop what `belfry up` started."""
    from belfry.supervisor.detached import down as stop

    console = Console(stderr=True)
    config = settings()
    with console.status("stopping …"):
        stopped = stop(config)
    console.print("stopped" if stopped else f"nothing was running under {config.home}", soft_wrap=True)


def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Show what runs, where, and what became of every record. Ends with 1 where nothing runs or something is silent."""
    from belfry.supervisor.status import status as current

    found = current(settings())
    if as_json:
        sys.stdout.write(orjson.dumps(found.as_json()).decode() + "\n")
    else:
        _show(found)
    if found.problems or not found.kafka:
        raise typer.Exit(1)


def _show(found: "Status") -> None:
    console = Console()
    if not found.kafka:
        starting = " yet" if found.starting else f" under {settings().home}; start it with [bold]belfry up[/]"
        Console(stderr=True).print(f"not running{starting}", soft_wrap=True, highlight=False)
        return
    table = Table(box=None, header_style="bold")
    for column in ("process", "pid", "state"):
        table.add_column(column)
    for process in found.processes:
        table.add_row(process.role, str(process.pid), "ready" if process.ready else "[yellow]starting[/]")
    console.print(table)
    console.print(f"Kafka {found.kafka}   Elasticsearch {found.elasticsearch}", soft_wrap=True)
    if found.counts is not None:
        c = found.counts
        console.print(
            f"received {c.received} = indexed {c.indexed} + repeated {c.repeated} + dead {c.dead} + held {c.held}"
            f"   alerts {c.alerts}, delivered {c.delivered}",
            soft_wrap=True,
        )
    if found.lag is not None:
        console.print("lag " + ", ".join(f"{role} {records}" for role, records in found.lag.items()), soft_wrap=True)
    for problem in found.problems:
        console.print(f"[red]{problem}[/]", soft_wrap=True)


def worker(
    roles: Annotated[str, typer.Option(help="all, or some of: enrich, index, match, notify (comma between).")] = "all",
    instance: Annotated[
        str, typer.Option(help="Tells this worker from others; keep it stable. By default the machine's name.")
    ] = "",
) -> None:
    """Run roles here, against running servers, under a supervisor that restarts a role that exits."""
    from belfry.role_names import ROLES
    from belfry.supervisor.worker import run_worker

    wanted = ROLES if roles == "all" else tuple(name.strip() for name in roles.split(","))
    unknown = [name for name in wanted if name not in ROLES]
    if unknown or not wanted:
        raise UsageError(f"unknown role {', '.join(unknown) or repr(roles)}; there are {', '.join(ROLES)}, or all")
    name = instance or socket.gethostname()
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,100}", name):
        raise UsageError(f"--instance {name!r}: letters, digits, dots, dashes and underscores are taken, at most 100")
    run_worker(settings(), [role for role in ROLES if role in wanted], name)
