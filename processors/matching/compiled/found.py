"""What was found in one article: places as numbers, and spans made of them when somebody looks."""

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple, cast, overload

import numpy as np
from numpy.typing import NDArray

from processors.matching.compiled.layout import P_FROM, P_LEAF, P_TO
from processors.matching.compiled.places import own_places
from schemas.spans import ExplainedSpan, Field

new: Any = cast("Any", tuple).__new__
"""Makes a named tuple from a tuple in half the time that its class takes."""
_FIELDS: tuple[Field, Field] = ("text", "title")


class LightSpan(NamedTuple):
    """What an ExplainedSpan says, for those who need thousands a second."""

    field: Field
    start: int
    end: int
    text: str
    part: str


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
        if not self._light:
            self._make()
        return self._light[at : at + count]

    def explained(self, at: int, count: int) -> tuple[ExplainedSpan, ...]:
        """The same as parts of messages."""
        return tuple(map(self._explain, self.light(at, count)))

    def _explain(self, light: LightSpan) -> ExplainedSpan:
        span = self._explained.get(id(light))
        if span is None:
            field, start, end, text, part = light
            span = ExplainedSpan.model_construct(field=field, start=start, end=end, text=text, part=part)
            self._explained[id(light)] = span
        return span

    def _make(self) -> None:
        """Make all spans at once, by maps that run in C: one by one, when looked at, they cost three times as much."""
        own = np.empty_like(self._places)
        numbers = np.empty(len(own), np.int32)
        own = own[: own_places(self._places, own, numbers)]
        title, content = len(self._title), self._title + self._text
        texts = map(content.__getitem__, map(slice, own[:, P_FROM].tolist(), own[:, P_TO].tolist()))
        in_title = own[:, P_FROM] < title
        own[:, :P_LEAF] -= np.where(in_title, 0, title)[:, None]
        values = zip(
            map(_FIELDS.__getitem__, in_title.tolist()) if in_title.any() else repeat("text"),
            own[:, P_FROM].tolist(),
            own[:, P_TO].tolist(),
            texts,
            map(self._labels.__getitem__, own[:, P_LEAF].tolist()),
            strict=False,  # one of them has no end
        )
        spans: list[LightSpan] = list(map(new, repeat(LightSpan), values))
        self._light = list(map(spans.__getitem__, numbers.tolist()))


class Spans(Sequence[ExplainedSpan]):
    """The spans of one match, made when first looked at."""

    __slots__ = ("_at", "_count", "_explained", "_found")

    def __init__(self, found: Found, at: int, count: int) -> None:
        self._found = found
        self._at = at
        self._count = count
        self._explained: tuple[ExplainedSpan, ...] | None = None

    @property
    def light(self) -> Sequence[LightSpan]:
        """The same as tuples, which cost a tenth; those at the same place are the same object in all matches."""
        return self._found.light(self._at, self._count)

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
