"""`belfry demo`: everything on this machine, from nothing to a rung bell."""

import typer
from rich.console import Console

from belfry.settings import settings


def demo() -> None:
    """Start everything, send the samples, watch bells ring, search, sum up, stop. Ends with 1 if the counts don't add up."""
    from belfry.demo.run import run_demo

    if not run_demo(settings(), Console()):
        raise typer.Exit(1)
