"""Where a run's result is kept, and how it ends."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def commit() -> str:
    """The short name of the commit that is checked out; empty outside a repository."""
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return told.stdout.strip()


def keep(name: str, found: Mapping[str, Any]) -> Path:
    """Write the result of a run, with the commit that it was of, where it doesn't say so itself; returns the file."""
    file = RESULTS / f"{name}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"commit": commit(), **found}, indent=1) + "\n")
    return file


def kept(name: str) -> dict[str, Any]:
    """The result of the last run; empty before the first."""
    file = RESULTS / f"{name}.json"
    return json.loads(file.read_text()) if file.exists() else {}


def merged(
    names: Sequence[str], before: Mapping[str, Mapping[str, Any]], found: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Scenarios by name, those found now in place of those of before; in the order of `names`, which alone are left.

    `wrong` is what is wrong in any of them, and `commits` are theirs: each scenario has its own.
    """
    both = {**before, **found}
    scenarios = {name: both[name] for name in names if name in both}
    commits = sorted({str(each["commit"]) for each in scenarios.values() if each.get("commit")})
    wrong = [f"{name}: {what}" for name, each in scenarios.items() for what in each["wrong"]]
    return {"commit": ", ".join(commits), "scenarios": scenarios, "wrong": wrong}


def report(name: str, found: Mapping[str, Any]) -> None:
    """Write and print the result of a run; ends with 1 where its `wrong` isn't empty."""
    sys.stdout.write(keep(name, found).read_text())
    sys.exit(1 if found["wrong"] else 0)
