"""Where a run's result is kept, and how it ends."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def keep(name: str, found: Mapping[str, Any]) -> Path:
    """Write the result of a run, with the commit that it was of; returns the file."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    file = RESULTS / f"{name}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"commit": commit.stdout.strip(), **found}, indent=1) + "\n")
    return file


def report(name: str, found: Mapping[str, Any]) -> None:
    """Write and print the result of a run; ends with 1 where its `wrong` isn't empty."""
    sys.stdout.write(keep(name, found).read_text())
    sys.exit(1 if found["wrong"] else 0)
