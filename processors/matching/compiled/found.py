"""What was found in one article: places as numbers, and spans made of them when somebody looks."""

from collections.abc import Sequence
from itertools import repeat
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from processors.matching.compiled.layout import OWN_COLUMNS
from processors.matching.compiled.places import own_places
from schemas.spans import ExplainedSpan, Field

new: Any = cast("Any", tuple).__new__
"""Makes a named tuple from a tuple in half the time that its class takes."""
_FIELDS: tuple[Field, Field] = ("text", "title")


class LightSpan(NamedTuple):
    """What an ExplainedSpan says, for those who need hundreds of thousands a second."""

    field: Field
    start: int
    end: int
    part: str
    content: str
    """The whole field: most spans are counted or drawn where they stand, so their text is cut when it is asked for."""

    @property
    def text(self) -> str:
        """The characters of the span."""
        return self.content[self.start : self.end]


class Found:
    """All places that were found in an article. Matches share them, so each becomes a span once."""

    __slots__ = ("_explained", "_labels", "_light", "_places", "_text", "_title")

    def __init__(self, title: str, text: str, places: NDArray[np.int32], labels: Sequence[str]) -> None:
        self._title = title
        self._text = text
        self._places = places
        self._labels = labels
        self._light: list[LightSpan] = []
        self._explained: dict[int, ExplainedSpan] = {}

    def light(self, at: int, count: int) -> list[LightSpan]:
        """The places from `at` on as spans; those at the same place are the same object in all matches."""
        return (self._light or self._make())[at : at + count]

    def explained(self, at: int, count: int) -> tuple[ExplainedSpan, ...]:
        """The same as parts of messages."""
        return tuple(map(self._explain, self.light(at, count)))

    def _explain(self, light: LightSpan) -> ExplainedSpan:
        span = self._explained.get(id(light))
        if span is None:
            field, start, end, part, content = light
            span = ExplainedSpan.model_construct(field=field, start=start, end=end, text=content[start:end], part=part)
            self._explained[id(light)] = span
        return span

    def _make(self) -> list[LightSpan]:
        """Make all spans at once, by what runs in C: one by one, when looked at, they cost three times as much."""
        own = np.empty((OWN_COLUMNS, len(self._places)), np.int32)
        numbers = np.empty(len(self._places), np.int64)
        count, titles = own_places(self._places, len(self._title), own, numbers)
        starts, ends, leaves, in_title = own[:, :count]
        if titles:
            which = in_title.tolist()
            fields, contents = map(_FIELDS.__getitem__, which), map((self._text, self._title).__getitem__, which)
        else:
            fields, contents = repeat("text"), repeat(self._text)
        parts = map(self._labels.__getitem__, leaves.tolist())
        # The columns end together, but for those that are the same for all.
        values = zip(fields, starts.tolist(), ends.tolist(), parts, contents, strict=False)
        spans = np.fromiter(map(new, repeat(LightSpan), values), object, count)
        self._light = spans.take(numbers).tolist()
        return self._light
