"""What was found in one article: places as numbers, and spans made of them when somebody looks."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast, overload

import numpy as np
from numpy.typing import NDArray

from processors.matching.compiled.layout import P_BASE
from schemas.spans import ExplainedSpan, Field

new: Any = cast("Any", tuple).__new__
"""Makes a named tuple from a tuple in half the time that its class takes."""


class LightSpan(NamedTuple):
    """What an ExplainedSpan says, for those who need thousands a second."""

    field: Field
    start: int
    end: int
    text: str
    part: str


class Found:
    """All places that were found in an article. Matches share them, so each becomes a span once."""

    __slots__ = ("_bases", "_explained", "_labels", "_light", "_places", "_text", "_title")

    def __init__(self, title: str, text: str, places: NDArray[np.int32], labels: Sequence[str]) -> None:
        self._title = title
        self._text = text
        self._places = places
        self._labels = labels
        self._bases: list[int] = []
        self._light: list[LightSpan] = []
        self._explained: dict[int, ExplainedSpan] = {}

    def light(self, at: int, count: int) -> list[LightSpan]:
        """The places from `at` on as spans."""
        if not self._light:
            self._make()
        light = self._light
        return [light[base] for base in self._bases[at : at + count]]

    def explained(self, at: int, count: int) -> tuple[ExplainedSpan, ...]:
        """The same as parts of messages."""
        known = self._explained
        spans: list[ExplainedSpan] = []
        light_spans = self.light(at, count)
        for base, light in zip(self._bases[at : at + count], light_spans, strict=True):
            span = known.get(base)
            if span is None:
                field, start, end, text, part = light
                span = known[base] = ExplainedSpan.model_construct(
                    field=field, start=start, end=end, text=text, part=part
                )
            spans.append(span)
        return tuple(spans)

    def _make(self) -> None:
        """Make all spans at once: that costs a third of making each when it is looked at."""
        bases = self._places[:, P_BASE]
        own = np.nonzero(bases == np.arange(len(bases)))[0]  # the others are copies
        # Spans by their number among those that aren't copies.
        self._bases = np.searchsorted(own, bases).tolist()
        rows: list[list[int]] = self._places[own].tolist()
        content, title, labels = self._title + self._text, len(self._title), self._labels
        self._light = [
            new(LightSpan, ("text", start - title, end - title, content[start:end], labels[leaf]))
            if start >= title
            else new(LightSpan, ("title", start, end, content[start:end], labels[leaf]))
            for start, end, leaf, _ in rows
        ]


class Spans(Sequence[ExplainedSpan]):
    """The spans of one match, made when first looked at."""

    __slots__ = ("_at", "_count", "_explained", "_found")

    def __init__(self, found: Found, at: int, count: int) -> None:
        self._found = found
        self._at = at
        self._count = count
        self._explained: tuple[ExplainedSpan, ...] | None = None

    @property
    def explained(self) -> tuple[ExplainedSpan, ...]:
        """All of them."""
        if self._explained is None:
            self._explained = self._found.explained(self._at, self._count)
        return self._explained

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[ExplainedSpan]:
        return iter(self.explained)

    @overload
    def __getitem__(self, index: int) -> ExplainedSpan: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[ExplainedSpan, ...]: ...
    def __getitem__(self, index: int | slice) -> ExplainedSpan | tuple[ExplainedSpan, ...]:
        return self.explained[index]

    def __eq__(self, other: Any) -> bool:
        return self.explained == tuple(cast("Sequence[Any]", other)) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.explained)

    def __repr__(self) -> str:
        return repr(self.explained)
