"""A figure of quality or speed, with the bar that it has to hold."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Passed = Literal["yes", "no", ""]


@dataclass(frozen=True)
class Figure:
    """One measured value.

    name: what was measured, as a reader of docs/quality.md understands it; the same name never twice in a part.
    value, unit: shares as 0 to 1 with the unit "" (shown with three decimals), else in the unit.
    bar: what has to be reached; None where the figure only informs.
    n: over how many cases it was measured.
    note: what a reader has to know to judge it.
    at_most: the bar is an upper one (memory, time).
    published: False for what rests on data that may not be shown: it is printed, and never written down.
    """

    name: str
    value: float
    unit: str = ""
    bar: float | None = None
    n: int = 0
    note: str = ""
    at_most: bool = False
    published: bool = True

    @property
    def passed(self) -> Passed:
        """Whether the bar is held; empty where there is none."""
        if self.bar is None:
            return ""
        return "yes" if (self.value <= self.bar if self.at_most else self.value >= self.bar) else "no"

    def as_json(self) -> dict[str, Any]:
        """The figure as a JSON object; `Figure(**object)` is the figure again."""
        return asdict(self) | {"value": round(self.value, 5)}
