"""docs/quality.md from the results of the parts. Pure."""

from collections.abc import Sequence
from typing import Any

from eval.figure import Figure

HEAD = """# Quality

Written by `make eval`; never by hand (a test compares it with `eval/results/`). Shares go from 0 to 1. What the parts
measure, on which texts, and how to add one, is in [eval/README.md](../eval/README.md).
"""


def report(results: Sequence[dict[str, Any]]) -> str:
    """The page. A result has `title`, `about`, `date`, `commit`, `machine` and `figures`, and maybe `tables`."""
    return "\n".join([HEAD, *(_section(result) for result in results)])


def _section(result: dict[str, Any]) -> str:
    shown = [figure for figure in (Figure(**each) for each in result["figures"]) if figure.published]
    lines = [f"## {result['title']}", ""]
    lines += [f"Measured {result['date']} at commit {result['commit']} on {result['machine']}.", ""]
    lines += ["| figure | value | bar | held | n | note |", "|---|---|---|---|---|---|"]
    lines += [_row(figure) for figure in shown]
    return "\n".join([*lines, ""])


def _row(figure: Figure) -> str:
    bar = "" if figure.bar is None else f"{'≤' if figure.at_most else '≥'} {_shown(figure.bar, figure.unit)}"
    cells = (figure.name, _shown(figure.value, figure.unit), bar, figure.passed, f"{figure.n:,}", figure.note)
    return "| " + " | ".join(cell.replace("|", r"\|").replace("\n", " ") for cell in cells) + " |"


def _shown(value: float, unit: str) -> str:
    if not unit:
        return f"{value:.3f}"
    return f"{value:,.0f} {unit}" if abs(value) >= 100 else f"{value:.3g} {unit}"
