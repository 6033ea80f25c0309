"""Subscriptions as `belfry match` takes them: JSON lines with an id and a query; other fields are left alone. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from producers.json_values import json_value
from schemas.errors import InputProblem

_REMEDY = 'Write one object a line: {"id": "troops", "query": "troepen NEAR/5 opbouw"}.'
_KINDS = ((list, "a list"), (str, "a text"), (bool, "true or false"), (int | float, "a number"))


@dataclass(frozen=True, slots=True)
class GivenQuery:
    """A line's subscription; `line` counts from 1."""

    line: int
    id: str
    query: str


def given_queries(data: bytes, path: str) -> Iterator[GivenQuery | InputProblem]:
    """What each line holds that isn't blank, in order; an id that stands twice is a problem of its second line."""
    lines: dict[str, int] = {}
    number = 0
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line and not line.isspace():
            given = _given(line, path, number)
            if isinstance(given, GivenQuery) and (first := lines.setdefault(given.id, number)) != number:
                reason = f"id {given.id!r} stands on line {first} already"
                given = InputProblem(path, number, "duplicate", reason, "Keep one of the two, or give another id.")
            yield given
    if not lines:
        yield InputProblem(path, None, "empty", "there is no subscription in it", _REMEDY)


def kind_of(value: object) -> str:
    """What a JSON value that is no object is, in words."""
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "null")


def _given(data: bytes, path: str, line: int) -> GivenQuery | InputProblem:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return InputProblem(path, line, "not_utf8", f"not UTF-8 at byte {error.start + 1}", "Save the file as UTF-8.")
    value = json_value(text)
    if isinstance(value, InputProblem):
        return replace(value, path=path, line=line)
    if not isinstance(value, dict):
        return InputProblem(path, line, "not_an_object", f"{kind_of(value)} where a subscription should be", _REMEDY)
    record = cast("dict[str, Any]", value)
    for name in ("id", "query"):
        if name not in record:
            return InputProblem(path, line, "missing", f"no {name}", _REMEDY)
        if not isinstance(record[name], str) or not record[name].strip():
            return InputProblem(path, line, "not_a_text", f"{name} is no text, or an empty one", _REMEDY)
    return GivenQuery(line, _encodable(record["id"]), record["query"])


def _encodable(id_: str) -> str:
    """JSON can say half a surrogate pair, which no output can."""
    return id_.encode("utf-8", "replace").decode()
