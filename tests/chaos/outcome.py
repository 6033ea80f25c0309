"""Where a run's result is kept, and how it ends."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def report(name: str, found: Mapping[str, Any]) -> None:
    """Write and print the result of a run, with the commit that it was of; ends with 1 where its `wrong` isn't empty."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    file = RESULTS / f"{name}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"commit": commit.stdout.strip(), **found}, indent=1) + "\n")
    sys.stdout.write(file.read_text())
    sys.exit(1 if found["wrong"] else 0)
