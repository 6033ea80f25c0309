"""JSON from outside: what is refused, with the reason that fits."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.json_values import json_value
from schemas.errors import InputProblem

SAMPLE = {"title": 'Een "titel" \\ é\u2028', "n": [1, -2.5, True, False, None, {"x": "\n"}], "body": "tekst"}


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("indent", [None, 1])
def test_every_beginning_of_an_object_is_said_to_break_off(ascii_only: bool, indent: int | None) -> None:
    whole = json.dumps(SAMPLE, ensure_ascii=ascii_only, indent=indent).replace("-2.5", "-2.5E+3")

    assert {json_value(whole[:end]).code for end in range(1, len(whole))} == {"truncated"}
    assert json_value(whole)["title"] == SAMPLE["title"]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "not_json", "column 1"),
        ("{'a': 1}", "not_json", "double quotes at column 2"),
        ('{"a": 1} x', "not_json", "column 10"),
        ('{"a": 1,}', "not_json", "column 9"),
        ('{"a": "x\ty"}', "not_json", "control character"),
        ("nope", "not_json", "column 1"),
        ('{"a": NaN}', "not_json", "NaN, which JSON doesn't have"),
        ('{"a": -Infinity}', "not_json", "-Infinity, which JSON doesn't have"),
        ('{"a": 1, "a": 1}', "duplicate_key", '"a" stands twice'),
        ('{"x": {"a": 1, "b": 2, "a": 3}}', "duplicate_key", '"a" stands twice'),
        ("[" * 100_000, "too_deep", "nested"),
        ('{"a": ' + "9" * 5000 + "}", "number", "digits"),
    ],
)
def test_what_has_no_one_reading_is_refused(text: str, code: str, said: str) -> None:
    problem = json_value(text)

    assert isinstance(problem, InputProblem)
    assert (problem.code, said in problem.reason) == (code, True), problem.reason
    assert problem.remedy


def test_the_line_inside_a_value_is_told() -> None:
    assert json_value('{\n "a": 1,\n "b": nope\n}').line == 3


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(JSON, st.booleans())
def test_what_a_json_library_wrote_is_read_as_it_was(value: object, ascii_only: bool) -> None:
    assert json_value(json.dumps(value, ensure_ascii=ascii_only)) == value


@given(st.text())
def test_no_text_raises(text: str) -> None:
    json_value(text)
