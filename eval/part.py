"""One part of the evaluation in a process of its own: its figures as JSON on stdout. `python -m eval.part NAME`.

A process each, so that memory is measured clean, and a part that fails costs no other its figures.
"""

import contextlib
import importlib
import json
import sys
from collections.abc import Callable
from typing import cast

from eval.figure import Figure


def figures(name: str) -> list[Figure]:
    """What `score()` of eval.NAME.score (or of eval.NAME) measures."""
    module = importlib.import_module(f"eval.{name}")
    if not callable(getattr(module, "score", None)):
        module = importlib.import_module(f"eval.{name}.score")
    return cast("Callable[[], list[Figure]]", module.score)()


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        measured = figures(sys.argv[1])
    json.dump([figure.as_json() for figure in measured], sys.stdout)
