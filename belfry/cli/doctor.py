"""`belfry doctor`: what could be wrong on this machine, and what to do."""

import sys
from dataclasses import asdict
from typing import Annotated

import orjson
import typer
from rich.console import Console

from belfry.settings import settings


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a finding on stdout.")] = False,
) -> None:
    """Check this machine and the running stack. Ends with 1 where there is a problem."""
    from belfry.doctor import findings

    console = Console()
    marks = {"ok": "[green]ok     [/]", "note": "[yellow]note   [/]", "problem": "[red]problem[/]"}
    bad = False
    for finding in findings(settings()):
        bad = bad or finding.state == "problem"
        if as_json:
            sys.stdout.write(orjson.dumps(asdict(finding)).decode() + "\n")
            sys.stdout.flush()
            continue
        remedy = f" — {finding.remedy}" if finding.remedy else ""
        console.print(
            f"{marks[finding.state]} {finding.check}: {finding.found}{remedy}", soft_wrap=True, highlight=False
        )
    if bad:
        raise typer.Exit(1)
