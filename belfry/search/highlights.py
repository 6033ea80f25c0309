"""Where a hit's words stand, with some text around them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from schemas.spans import Field

CONTEXT_CHARS = 90
"""So much text stands on either side of a mark, where the paragraph has it."""

MAX_EXCERPTS = 5
"""Of one field; the rest is in the hit's spans."""


class Placed(Protocol):
    """Where something stands, as in Span."""

    @property
    def field(self) -> Field:
        """See Span."""
        ...

    @property
    def start(self) -> int:
        """See Span."""
        ...

    @property
    def end(self) -> int:
        """See Span."""
        ...


@dataclass(frozen=True, slots=True)
class Highlight:
    """A piece of a field, word for word as stored; `marks` are [start, end) in `text`, in order and apart.

    `starts_inside`, `ends_inside`: there is more of the paragraph before, behind.
    """

    field: Field
    text: str
    marks: tuple[tuple[int, int], ...]
    starts_inside: bool
    ends_inside: bool

    def as_object(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {"field": self.field, "text": self.text, "marks": [list(mark) for mark in self.marks]}


def highlights(spans: Sequence[Placed], contents: Mapping[Field, str]) -> tuple[Highlight, ...]:
    """Excerpts of title and text around the spans, title first, at most MAX_EXCERPTS of each."""
    found: list[Highlight] = []
    for field, content in contents.items():
        marks = _apart(sorted((span.start, span.end) for span in spans if span.field == field))
        excerpts = _excerpts(marks, content)
        found += [
            _highlight(field, content, *excerpt) for excerpt, _ in zip(excerpts, range(MAX_EXCERPTS), strict=False)
        ]
    return tuple(found)


def opening(text: str, length: int = 2 * CONTEXT_CHARS) -> Highlight:
    """The first words of a text, for a hit without spans."""
    start = len(text) - len(text.lstrip())
    return _highlight("text", text, start, _end_of_context(text, start, length), [])


Window = tuple[int, int, list[tuple[int, int]]]


def _excerpts(marks: Sequence[tuple[int, int]], content: str) -> Iterator[Window]:
    """Where the excerpts begin and end, with their marks; marks that are near each other share one."""
    current: Window | None = None
    for mark in marks:
        first, last = _window(content, *mark)
        if current is not None and first <= current[1]:
            current = (current[0], max(current[1], last), [*current[2], mark])
            continue
        if current is not None:
            yield current
        current = (first, last, [mark])
    if current is not None:
        yield current


def _window(content: str, start: int, end: int) -> tuple[int, int]:
    """[start, end) with text around it: whole words, of the same paragraph."""
    line = content.rfind("\n", 0, start) + 1
    first = max(line, start - CONTEXT_CHARS)
    if first > line:
        # Text without spaces is cut anywhere.
        first = next((place for place in range(first, start) if content[place - 1].isspace()), first)
    return first, _end_of_context(content, end, CONTEXT_CHARS)


def _end_of_context(content: str, start: int, length: int) -> int:
    """Where a context that begins at `start` ends: after a whole word, with the paragraph at the latest."""
    line = content.find("\n", start)
    last, longest = (len(content) if line < 0 else line), start + length
    if last <= longest:
        return last
    return next((place for place in range(longest, start, -1) if content[place].isspace()), longest)


def _highlight(field: Field, content: str, first: int, last: int, marks: Sequence[tuple[int, int]]) -> Highlight:
    return Highlight(
        field=field,
        text=content[first:last],
        marks=tuple((start - first, end - first) for start, end in marks),
        starts_inside=first > 0 and content[first - 1] != "\n",
        ends_inside=last < len(content) and content[last] != "\n",
    )


def _apart(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The places with overlapping ones made one."""
    apart: list[tuple[int, int]] = []
    for start, end in places:
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(apart[-1][1], end))
        else:
            apart.append((start, end))
    return apart
