"""Subscriptions as files: what is read, what is refused with its line, and that what goes out comes back."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belfry.subscriptions.changes import imported
from belfry.subscriptions.exchange import (
    MAX_LINE_BYTES,
    MAX_YAML_BYTES,
    format_of,
    json_lines,
    read_definitions,
    yaml_items,
)
from schemas.subscriptions import Examples, Subscription

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def problems(data: bytes, path: str) -> list[tuple[int | None, str]]:
    lines, wrong = read_definitions(data, path, NOW)
    assert not any(line.number == problem.line for line in lines for problem in wrong)
    assert all(problem.path == path and problem.reason and problem.remedy for problem in wrong)
    return [(problem.line, problem.code) for problem in wrong]


def ids(data: bytes, path: str) -> list[tuple[int, str]]:
    lines, wrong = read_definitions(data, path, NOW)
    assert not wrong
    return [(line.number, line.definition.id) for line in lines]


def test_json_lines_are_read_with_their_numbers():
    data = b'{"id":"a","query":"x"}\n\n{"id":"b","query":"y"}\n'
    assert ids(data, "s.jsonl") == [(1, "a"), (3, "b")]


def test_a_list_in_yaml_is_read_with_the_lines_where_items_begin():
    data = b"# ours\n- id: a\n  query: x\n- id: b\n  query: '\"y z\"~3'\n  channels: [mailto:a@b.c]\n"
    assert ids(data, "s.yaml") == [(2, "a"), (4, "b")]


def test_a_single_item_and_several_documents_are_read_too():
    assert ids(b"id: a\nquery: x\n", "s.yml") == [(1, "a")]
    assert ids(b"id: a\nquery: x\n---\n- id: b\n  query: y\n", "s.yml") == [(1, "a"), (4, "b")]


def test_a_plain_scalar_in_yaml_is_what_is_written():
    data = b"- id: 007\n  query: yes\n  language: no\n  paused: true\n  name: 12:30\n  digest: null\n  owner: ~\n"
    lines, wrong = read_definitions(data, "s.yaml", NOW)
    assert [problem.reason for problem in wrong] == ["owner: must be a text"]
    lines, _ = read_definitions(data.replace(b"  owner: ~\n", b""), "s.yaml", NOW)
    definition = lines[0].definition
    assert (definition.id, definition.query, definition.language) == ("007", "yes", "no")
    assert (definition.paused, definition.name, definition.digest) == (True, "12:30", None)


def test_a_byte_order_mark_and_windows_line_ends_are_no_harm():
    assert ids(b'\xef\xbb\xbf{"id":"a","query":"x"}\r\n', "s.jsonl") == [(1, "a")]
    assert ids(b"\xef\xbb\xbf- id: a\r\n  query: x\r\n", "s.yaml") == [(1, "a")]


@pytest.mark.parametrize(
    ("path", "data", "format_"),
    [
        ("s.yaml", b"{}", "yaml"),
        ("S.YML", b"{}", "yaml"),
        ("s.jsonl", b"- id: a", "jsonl"),
        ("-", b'\n {"id":1}', "jsonl"),
        ("-", b"- id: a", "yaml"),
        ("s.txt", b"\xef\xbb\xbf{", "jsonl"),
        ("s.json", b'{"id":1}\n{"id":2}', "jsonl"),
        ("s.json", b'{\r\n  "id": 1}', "yaml"),
        ("s.json", b'[{"id":1}]', "yaml"),
        ("-", b"", "jsonl"),
    ],
)
def test_the_ending_decides_how_a_file_is_read_else_its_first_character(path: str, data: bytes, format_: str):
    assert format_of(path, data) == format_


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        ("s.jsonl", b'{"id":"a","query":"x"}\n{"id":\n', [(2, "not_json")]),
        ("s.jsonl", b'["a"]\n', [(1, "invalid")]),
        ("s.jsonl", b'{"id":"a"}\n{"query":"x"}\n', [(1, "invalid"), (2, "invalid")]),
        ("s.jsonl", b'{"id":"a","query":"\xff"}\n', [(1, "not_utf8")]),
        ("s.jsonl", b'{"id":"a","query":"x","query":"y"}\n', [(1, "duplicate_key")]),
        ("s.jsonl", b'{"id":"a","query":NaN}\n', [(1, "not_json")]),
        ("s.json", b'{\n"id":"a",\n"query":"x",\n"query":"y"}\n', [(1, "invalid")]),
        ("s.jsonl", b'{"id":"a","query":"\\ud800"}\n', [(1, "invalid")]),
        ("s.jsonl", b'{"id":"a","query":"x","chanels":[]}\n', [(1, "invalid")]),
        ("s.jsonl", b'{"id":"a","query":"x","schema_version":99}\n', [(1, "invalid")]),
        ("s.jsonl", b'{"id":"a","query":"x"}\n{"id":"a","query":"y"}\n', [(2, "duplicate")]),
        ("s.jsonl", b'{"id":"a","query":"x","created_at":"2030-01-01T00:00:00Z"}\n', [(1, "invalid")]),
        ("s.jsonl", b'{"id":"a","query":"x","resumed_at":"2030-01-01T00:00:00Z"}\n', [(1, "invalid")]),
        ("s.jsonl", b"", [(None, "empty")]),
        ("s.jsonl", b"\n \n", [(None, "empty")]),
        ("s.jsonl", b"[" * 100_000, [(1, "not_json")]),
        ("s.jsonl", b'{"id":"a","query":"' + b"x" * MAX_LINE_BYTES + b'"}\n', [(1, "too_large")]),
        ("s.yaml", b"- id: a\n  query: x\n- id: b\n   query: y\n", [(4, "not_yaml")]),
        ("s.yaml", b"- id: a\n  query: x\n- just words\n", [(3, "invalid")]),
        ("s.yaml", b"- id: a\n  query: x\n  query: y\n", [(1, "invalid")]),
        ("s.yaml", b"- id: a\n  query: x\n  name: \xe9\n", [(3, "not_utf8")]),
        ("s.yaml", b"- id: a\n  query: x\n  name: \x1b[2J\n", [(3, "not_yaml")]),
        ("s.yaml", b"- !!python/object/apply:os.getcwd []\n", [(1, "not_yaml")]),
        ("s.yaml", b"- &a {id: a, query: x}\n- *a\n", [(2, "not_yaml")]),
        ("s.yaml", b"- id: a\n  query: x\n  tags: " + b"[" * 50 + b"]" * 50 + b"\n", [(3, "not_yaml")]),
        ("s.yaml", b"[" * 100_000, [(1, "not_yaml")]),
        ("s.yaml", b"#" * (MAX_YAML_BYTES + 1), [(None, "too_large")]),
        ("s.yaml", b"", [(None, "empty")]),
    ],
)
def test_what_cannot_be_read_is_a_problem_of_its_line(path: str, data: bytes, expected: list[tuple[int, str]]):
    began = time.monotonic()
    assert problems(data, path) == expected
    assert time.monotonic() - began < 5


def test_every_bad_line_is_reported_and_every_good_one_read():
    data = b'{"id":"a","query":"x"}\nnonsense\n{"id":"b","query":"x"}\n{"id":"c"}\n'
    lines, wrong = read_definitions(data, "s.jsonl", NOW)
    assert [line.definition.id for line in lines] == ["a", "b"]
    assert [str(problem).split(": ")[0] for problem in wrong] == ["s.jsonl:2", "s.jsonl:4"]


def test_another_machines_clock_may_be_a_little_ahead():
    data = json.dumps({"id": "a", "query": "x", "created_at": (NOW + timedelta(minutes=1)).isoformat()}).encode()
    assert ids(data, "s.jsonl") == [(1, "a")]


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
LINE_OF_TEXT = ANY_TEXT.filter(str.isprintable)
MOMENTS = st.datetimes(datetime(2020, 1, 1), NOW.replace(tzinfo=None), timezones=st.just(UTC))  # noqa: DTZ001 - naive bounds are asked for
SUBSCRIPTIONS = st.builds(
    Subscription,
    id=st.text(st.characters(exclude_categories=["Cs", "C", "Z"]), min_size=1, max_size=20),
    version=st.integers(1, 10**6),
    query=ANY_TEXT.filter(bool),
    name=LINE_OF_TEXT,
    owner=LINE_OF_TEXT,
    channels=st.lists(st.sampled_from(["mailto:a@b.c", "https://b.c/ü", "slack://x"]), unique=True).map(tuple),
    throttle=st.sampled_from([None, "5/hour"]),
    digest=st.sampled_from([None, "daily"]),
    quiet_hours=st.sampled_from([None, "22:00-07:00"]),
    time_zone=st.sampled_from(["UTC", "Europe/Brussels"]),
    language=st.sampled_from([None, "nl", "no"]),
    paused=st.booleans(),
    created_at=MOMENTS,
    resumed_at=st.none() | MOMENTS,
    examples=st.builds(Examples, match=st.lists(ANY_TEXT.filter(str.strip), max_size=2).map(tuple)),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(SUBSCRIPTIONS, min_size=1, max_size=4, unique_by=lambda one: one.id), st.sampled_from(["yaml", "jsonl"])
)
def test_what_was_exported_is_imported_as_it_was(subscriptions: list[Subscription], format_: str):
    written = "".join((yaml_items if format_ == "yaml" else json_lines)(subscriptions))
    lines, wrong = read_definitions(written.encode(), f"s.{format_}", NOW)
    assert not wrong
    assert [imported(line.definition, {}, NOW) for line in lines] == subscriptions


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | st.text("-{}[]:&*!|>'\"# \n\tab0", max_size=60).map(str.encode))
def test_no_bytes_make_reading_raise(data: bytes):
    for path in ("s.yaml", "s.jsonl"):
        lines, wrong = read_definitions(data, path, NOW)
        assert lines or wrong
