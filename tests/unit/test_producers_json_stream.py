"""`.json` files cut into their values: bounded, with lines, broken ones for themselves."""

import io
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.articles import Place, ReadArticle, Rules
from producers.json_file import is_json_over_lines, json_file_articles
from producers.json_stream import JsonPiece, JsonPieces
from schemas.errors import InputProblem
from tests.unit.producers_reading import RULES, Dribble, shown


def pieces(text: str | bytes, limit: int = 10_000, at_once: int = 65_536) -> list[JsonPiece]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(JsonPieces(Dribble(data, at_once), limit))


def read(text: str | bytes, rules: Rules = RULES) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    return [shown(one) for one in json_file_articles(io.BytesIO(data), "a.json", rules)]


def test_one_object_a_list_and_objects_in_a_row_are_all_taken() -> None:
    one, two = '{"title": "een"}', '{\n  "title": "twee"\n}'

    assert read(one) == ["een"]
    assert read(f"[{one}, {two}]") == ["een", "twee"]
    assert read(f"{one}\n{two}\n") == ["een", "twee"]
    assert read(f"\ufeff[\n{one}\n,\n{two}]\n") == ["een", "twee"]


def test_each_value_has_the_line_where_it_begins() -> None:
    assert [piece.line for piece in pieces('\n[{"a":\n1},\n\n{"b": 1}\n,{}]\n{}')] == [2, 5, 6, 7]


OBJECTS = st.lists(
    st.dictionaries(
        st.text(max_size=8), st.text(max_size=8) | st.integers() | st.lists(st.text(']}[{",\\\n', max_size=3))
    )
)


@given(OBJECTS, st.integers(1, 9), st.sampled_from([None, 0, 2]), st.booleans())
def test_values_come_out_as_they_went_in_however_the_file_arrives(
    objects: list[dict[str, object]], at_once: int, indent: int | None, in_a_row: bool
) -> None:
    text = (
        "\n".join(json.dumps(one, indent=indent) for one in objects) if in_a_row else json.dumps(objects, indent=indent)
    )

    found = pieces(text, limit=100_000, at_once=at_once)

    assert [piece.kind for piece in found] == ["whole"] * len(objects)
    assert [json.loads(piece.data) for piece in found] == objects
    assert all(text.split("\n")[piece.line - 1].lstrip("[, ").startswith("{") for piece in found)


@pytest.mark.parametrize("at_once", [1, 7, 65_536])
def test_what_is_too_large_is_passed_over_unheld_and_the_rest_is_read(at_once: int) -> None:
    large = json.dumps({"title": 'x"]}\\' * 2_000, "n": [{"a": []}]})
    text = f'[{{"title": "een"}},\n{large},\n{{"title": "twee"}}]'

    found = pieces(text, limit=1_000, at_once=at_once)

    assert [(piece.line, piece.kind) for piece in found] == [(1, "whole"), (2, "too_large"), (3, "whole")]


def test_no_more_is_held_than_a_value_may_take_and_then_some() -> None:
    stream = Endless(b'{"title": "' + b"x" * 1_000_000, then=15)
    found = JsonPieces(stream, limit=200_000)

    assert [piece.kind for piece in found] == ["too_large"]
    assert stream.largest_read <= 2 * 200_000 + 2 * 65_536


def test_a_list_that_breaks_off_gives_what_was_whole() -> None:
    assert read('[{"title": "een"},\n{"title": "twee"},\n{"title": "dr') == ["een", "twee", "a.json:3 truncated"]
    assert read('[{"title": "een"},\n') == ["een", "a.json:2 truncated"]
    assert read('[{"title": "een"}') == ["een", "a.json:1 truncated"]


def test_one_broken_value_does_not_take_the_others_along() -> None:
    assert read('[{"title": "een"},\n{"title": nope},\n{"title": "drie"}]') == ["een", "a.json:2 not_json", "drie"]
    assert read('{"title": "een"}\n{"title": "tw\n{"title": "drie"}\n') == ["een", "a.json:2 not_json", "drie"]
    assert read('{"title": "een"\n{"title": "twee"}\n{"title": "drie"}') == ["a.json:2 not_json", "twee", "drie"]
    assert read('{"title": "een"\n{"title": "twee"}\n') == ["a.json:2 not_json", "twee"]


def test_a_broken_value_that_swallows_more_than_may_be_held_still_ends_at_the_next_object() -> None:
    rules = Rules(RULES.now, max_article_bytes=1024)
    rest = '{"title": "goed"}\n' * 1_000

    assert read(f'{{"title": "een\n{rest}', rules) == ["a.json:1 truncated", *["goed"] * 1_000]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"<html>\n<body>[1, 2]</body>\n</html>", "not_json"),
        (b"Dit is een tekst, geen JSON.\nMet regels.", "not_json"),
        (b"\x89PNG\r\n\x1a\n\0\0", "binary"),
        ('{"title": "x"}'.encode("utf-16"), "wrong_encoding"),
        ('{"title": "é"}'.encode("latin-1"), "wrong_encoding"),
        (b'"een tekst"', "not_an_object"),
        (b"123", "not_an_object"),
        (b"null", "not_an_object"),
        (b"}", "not_json"),
        (b"[[]]", "not_an_object"),
    ],
)
def test_what_is_no_article_at_all_is_refused_once(text: bytes, code: str) -> None:
    assert read(text) == [f"a.json:1 {code}"]


def test_an_empty_list_holds_nothing() -> None:
    assert read("[]") == []
    assert read(" \n") == []


def test_what_is_no_object_is_refused_and_the_next_is_read() -> None:
    assert read('[1, "x", {"title": "een"}]') == ["a.json:1 not_an_object", "a.json:1 not_an_object", "een"]


@given(st.binary(max_size=60) | st.text('{}[]",:\\\n atrue1', max_size=60).map(str.encode))
def test_any_bytes_come_to_an_end_and_no_text_is_invented(data: bytes) -> None:
    found = list(json_file_articles(io.BytesIO(data), "a.json", RULES))

    assert len(found) <= len(data)
    for one in found:
        place = one.place if isinstance(one, ReadArticle) else Place(one.path, one.line)
        assert 1 <= (place.line or 0) <= data.count(b"\n") + 1
        assert isinstance(one, ReadArticle) or one.remedy


@pytest.mark.parametrize(
    ("opening", "over_lines"),
    [
        (b'[{"title": "x"},', True),
        (b'\n{\n  "title": "x"\n}', True),
        (b"[\n", True),
        (b'{"title": "x"}\n{"title": "y"}\n', False),
        (b'{"title": "x"}', False),
        (b"nope\n{\n", False),
        (b"", False),
    ],
)
def test_json_over_several_lines_is_known_by_its_beginning(opening: bytes, over_lines: bool) -> None:
    assert is_json_over_lines(opening) is over_lines


class Endless(io.RawIOBase):
    """Gives `piece` so many times, whatever is asked for."""

    def __init__(self, piece: bytes, then: int) -> None:
        self._left = self._pieces(piece, then)
        self.largest_read = 0

    def _pieces(self, piece: bytes, times: int) -> Iterator[bytes]:
        for _ in range(times):
            for start in range(0, len(piece), 100_000):
                yield piece[start : start + 100_000]

    def read(self, size: int = -1) -> bytes:
        self.largest_read = max(self.largest_read, size)
        return next(self._left, b"")


def test_problems_say_what_to_do() -> None:
    problem = next(iter(json_file_articles(io.BytesIO(b"nope"), "a.json", RULES)))

    assert isinstance(problem, InputProblem)
    assert str(problem).startswith("a.json:1: not JSON")
