"""Subscriptions as files: JSON lines and YAML, by the names of the schema. Pure: bytes in, checked definitions out.

YAML is read plainly: every scalar is a string unless it is null, so that `language: no` is Norwegian and `id: 007`
stays what it says; aliases, deep nesting and repeated keys are refused. It is meant for files that people write;
JSON lines take any number.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any, Literal, TypeAlias, cast

import yaml
from pydantic import Field, ValidationError

from belfry.subscriptions.definition import Definition, problems_of
from belfry.subscriptions.queries import kind_of
from producers.json_values import json_value
from schemas.errors import InputProblem
from schemas.messages import UtcDatetime
from schemas.subscriptions import Subscription

Format: TypeAlias = Literal["jsonl", "yaml"]
Code: TypeAlias = Literal[
    "not_utf8", "not_json", "not_yaml", "too_large", "empty", "invalid", "duplicate", "duplicate_key"
]
"""Why a line can't be read. What is wrong with a query or an example is found later, see checks.py."""

MAX_LINE_BYTES = 2 * 1024 * 1024
MAX_YAML_BYTES = 16 * 1024 * 1024
MAX_YAML_DEPTH = 10
CLOCK_SKEW = timedelta(minutes=5)
"""A `created_at` so far ahead of our clock is another machine's idea of now; further ahead it is a mistake."""


class ImportedDefinition(Definition):
    """A line of an import: a definition, and what an export adds to it. `invalid` is read and found out anew."""

    schema_version: int = Field(default=1, ge=1, le=Subscription.VERSION)
    version: int = Field(default=1, ge=1)
    created_at: UtcDatetime | None = None
    resumed_at: UtcDatetime | None = None
    invalid: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A readable line (an item, in YAML) of an import. `number` counts from 1 and is where it begins."""

    number: int
    definition: ImportedDefinition


def format_of(path: str, data: bytes) -> Format:
    """How the file is to be read: by the end of its name, else by whether its first character is a brace.

    One object over several lines, as tools write `.json`, is YAML, too.
    """
    ending = PurePath(path).suffix.lower()
    if ending in {".yaml", ".yml"}:
        return "yaml"
    if ending in {".jsonl", ".ndjson"}:
        return "jsonl"
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    over_lines = ending == ".json" and data.partition(b"\n")[0].strip() == b"{"
    return "jsonl" if data[:1] in {b"{", b""} and not over_lines else "yaml"


def read_definitions(data: bytes, path: str, now: datetime) -> tuple[tuple[Line, ...], tuple[InputProblem, ...]]:
    """Every line that can be read, and what is wrong with each that can't, both in the file's order.

    An id that stands twice is a problem of its second line. Nothing is raised for what `data` holds.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    items = _yaml_items(data) if format_of(path, data) == "yaml" else _json_items(data)
    lines: list[Line] = []
    problems: list[InputProblem] = []
    first_line: dict[str, int] = {}
    for item in items:
        if isinstance(item, _Unreadable):
            problems.append(InputProblem(path, item.line, item.code, item.reason, item.remedy))
            continue
        read = _definition(item, now)
        if isinstance(read, _Unreadable):
            problems.append(InputProblem(path, read.line, read.code, read.reason, read.remedy))
        elif (earlier := first_line.setdefault(read.definition.id, read.number)) != read.number:
            reason = f"{read.definition.id!r} stands on line {earlier} already"
            problems.append(InputProblem(path, read.number, "duplicate", reason, "Keep one of the two"))
        else:
            lines.append(read)
    if not lines and not problems:
        remedy = "Give one subscription a line, with at least id and query"
        problems.append(InputProblem(path, None, "empty", "there is no subscription in it", remedy))
    return tuple(lines), tuple(problems)


def json_lines(subscriptions: Iterable[Subscription]) -> Iterator[str]:
    """One JSON object a line, every field there; `read_definitions` gives back what went in."""
    for subscription in subscriptions:
        yield f"{subscription.model_dump_json()}\n"


def yaml_items(subscriptions: Iterable[Subscription]) -> Iterator[str]:
    """One item of a YAML list a subscription, without the fields that are as they are by default."""
    for subscription in subscriptions:
        fields = subscription.model_dump(mode="json", exclude_defaults=True)
        yield yaml.dump([fields], Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=110)


@dataclass(frozen=True, slots=True)
class _Item:
    line: int
    value: object


@dataclass(frozen=True, slots=True)
class _Unreadable:
    line: int | None
    code: Code
    reason: str
    remedy: str


def _definition(item: _Item, now: datetime) -> Line | _Unreadable:
    if not isinstance(item.value, dict):
        reason = f"{kind_of(item.value)} where a subscription should be"
        return _Unreadable(item.line, "invalid", reason, "Give id and query by name")
    try:
        definition = ImportedDefinition.model_validate(cast("object", item.value))
    except ValidationError as error:
        remedy = "See docs/subscriptions.md for every field"
        return _Unreadable(item.line, "invalid", "; ".join(problems_of(error)), remedy)
    for name in ("created_at", "resumed_at"):
        moment = cast("datetime | None", getattr(definition, name))
        if moment is not None and moment > now + CLOCK_SKEW:
            reason = f"{name} is {moment.isoformat()}, and it is {now.isoformat()} now"
            return _Unreadable(item.line, "invalid", reason, f"Leave {name} out, or correct it")
    return Line(item.line, definition)


def _json_items(data: bytes) -> Iterator[_Item | _Unreadable]:
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE_BYTES:
            yield _Unreadable(number, "too_large", f"the line has {len(line):,} bytes", f"{MAX_LINE_BYTES:,} are taken")
            continue
        try:
            value = json_value(line.decode())
        except UnicodeDecodeError as error:
            yield _Unreadable(number, "not_utf8", f"not UTF-8 at byte {error.start + 1}", "Save the file as UTF-8")
            continue
        if not isinstance(value, InputProblem):
            yield _Item(number, value)
        elif value.code == "duplicate_key":
            yield _Unreadable(number, "duplicate_key", value.reason, "Keep one of the two")
        else:
            remedy = "Give one JSON object a line; name a YAML file .yaml"
            yield _Unreadable(number, "not_json", value.reason, remedy)


class _PlainLoader(yaml.CSafeLoader):
    """Safe, and without YAML's guesses of what a plain scalar might be: only null is one thing more than its letters."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - yaml's own registry, replaced rather than extended


cast("Any", _PlainLoader).add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""]
)


def _yaml_items(data: bytes) -> Iterator[_Item | _Unreadable]:
    if len(data) > MAX_YAML_BYTES:
        remedy = f"YAML is read up to {MAX_YAML_BYTES:,} bytes; JSON lines of any length"
        yield _Unreadable(None, "too_large", f"the file has {len(data):,} bytes", remedy)
        return
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        yield _Unreadable(line, "not_utf8", "the file is not UTF-8 here", "Save it as UTF-8")
        return
    try:
        hostile = _hostile(text)
        if hostile is None:
            yield from list(_composed(text))
        else:
            yield hostile
    except yaml.YAMLError as error:
        reason = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
        remedy = "Quote what holds ': ' or begins with a sign, and indent with spaces"
        yield _Unreadable(_line_of(error, data), "not_yaml", reason, remedy)


def _line_of(error: yaml.YAMLError, data: bytes) -> int | None:
    mark = cast("yaml.Mark | None", getattr(error, "problem_mark", None))
    if mark is not None:
        return mark.line + 1
    offset = cast("int | None", getattr(error, "position", None))
    return None if offset is None else data.count(b"\n", 0, offset) + 1


def _hostile(text: str) -> _Unreadable | None:
    """Aliases and nesting are looked for in the stream of events, before anything is built of them."""
    depth = 0
    for event in cast("Iterable[yaml.Event]", yaml.parse(text, Loader=cast("Any", _PlainLoader))):
        line = cast("yaml.Mark", event.start_mark).line + 1
        if isinstance(event, yaml.AliasEvent):
            return _Unreadable(line, "not_yaml", "aliases (*name) are not taken", "Write the value out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_YAML_DEPTH:
            return _Unreadable(
                line, "not_yaml", f"nested deeper than {MAX_YAML_DEPTH} levels", "A subscription is flat"
            )
    return None


def _composed(text: str) -> Iterator[_Item | _Unreadable]:
    loader: Any = _PlainLoader(text)
    try:
        while loader.check_node():
            root = cast("yaml.Node", loader.get_node())
            nodes = cast("list[yaml.Node]", root.value) if isinstance(root, yaml.SequenceNode) else [root]
            for node in nodes:
                line = cast("yaml.Mark", node.start_mark).line + 1
                twice = _key_that_stands_twice(node)
                if twice is None:
                    yield _Item(line, loader.construct_document(node))
                else:
                    remedy = "Begin each subscription with '- '"
                    yield _Unreadable(line, "invalid", f"{twice!r} stands twice in one subscription", remedy)
    finally:
        loader.dispose()


def _key_that_stands_twice(node: yaml.Node) -> str | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    seen: set[str] = set()
    for key, _ in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
        name = str(cast("object", key.value))
        if name in seen:
            return name
        seen.add(name)
    return None
