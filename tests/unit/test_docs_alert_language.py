"""Every row of docs/alert-language.md is so: what rings and why, what is read as what, what is refused, what is warned of."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from processors.matching.articles import MatchArticle
from processors.matching.limits import (
    MAX_BRACKETS,
    MAX_CHARACTERS,
    MAX_DISTANCE,
    MAX_TERMS,
    MAX_WILDCARDS,
)
from processors.matching.matcher import Matcher, shipped_matcher
from processors.matching.meanings import shipped_meanings
from processors.matching.naive import naive_spans
from processors.matching.parse import parse
from processors.matching.vocabulary import ListedWords
from processors.matching.warnings_ import WarningCode, warnings
from processors.recognise import recognise
from schemas.errors import QueryError

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "alert-language.md").read_text(encoding="utf-8")
Places = list[tuple[str, int, int]]


def rows(*head: str) -> Iterator[list[str]]:
    """The cells of the tables with this head."""
    in_table = False
    for line in DOCUMENT.split("\n"):
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("|") else []
        if cells == list(head):
            in_table = True
        elif not cells:
            in_table = False
        elif in_table and set(line) - set("|-"):
            yield [cell.strip("| ") for cell in cells]


def queries(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def article(language: str, cell: str) -> tuple[MatchArticle, Places]:
    """The article that a cell shows, and the places that are bold in it."""
    contents: dict[str, str] = {"title": "", "text": cell}
    if " // " in cell:
        contents["title"], contents["text"] = cell.split(" // ")
    places: Places = []
    for field, marked in contents.items():
        plain = ""
        for number, piece in enumerate(marked.split("**")):
            if number % 2:
                places.append((field, len(plain), len(plain) + len(piece)))
            plain += piece
        contents[field] = plain
    title, text = contents["title"], contents["text"]
    return MatchArticle(
        title=title,
        text=text,
        language=language,
        source="belga",
        published_at=datetime(2022, 1, 15, 12, tzinfo=UTC),
        entities=recognise(title, text, language),
    ), places


RINGING = list(rows("query", "language", "text", "rings"))
READ_AS = list(rows("query", "is read as"))
REFUSED = list(rows("query", "refused", "write"))
WARNED = list(rows("code", "what is odd", "example"))


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return shipped_matcher()


@pytest.mark.parametrize(
    ("query", "language", "text", "rings"), RINGING, ids=[f"{row[0]} ~ {row[2]}" for row in RINGING]
)
def test_what_rings_and_why(matcher: Matcher, query: str, language: str, text: str, rings: str):
    (query,) = queries(query)
    read, places = article(language, text)
    spans = naive_spans(parse(query), read, shipped_meanings())
    assert (spans is not None) == (rings == "yes")
    assert [(span.field, span.start, span.end) for span in spans or ()] == places
    matcher.put("documented", query)
    found = [[(span.field, span.start, span.end) for span in match.spans] for match in matcher.match(read)]
    assert found == ([] if spans is None else [places])


@pytest.mark.parametrize(("query", "same"), READ_AS, ids=[row[0] for row in READ_AS])
def test_what_is_read_as_what(query: str, same: str):
    assert parse(*queries(query)) == parse(*queries(same))


@pytest.mark.parametrize(("query", "code", "instead"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_refused_and_what_to_write(query: str, code: str, instead: str):
    with pytest.raises(QueryError) as caught:
        parse(*queries(query))
    assert [caught.value.code] == queries(code)
    assert parse(*queries(instead))
    if caught.value.code in ("not_a_mention", "bad_value"):
        assert caught.value.suggestion == f"Write {queries(instead)[0]}"


@pytest.mark.parametrize(("code", "example"), [(row[0], row[2]) for row in WARNED], ids=[row[0] for row in WARNED])
def test_what_is_warned_of(code: str, example: str):
    found = warnings(parse(*queries(example)), vocabulary=ListedWords(["nl"]), entities=shipped_meanings())
    assert queries(code)[0] in [warning.code for warning in found]


def test_every_warning_is_documented():
    assert sorted(code for row in WARNED for code in queries(row[0])) == sorted(get_args(WarningCode))


def test_every_construct_of_the_overview_can_be_read():
    constructs = [query for row in rows("you write", "and find") for query in queries(row[0]) if query != "( )"]
    assert len(constructs) > 20
    for construct in constructs:
        assert parse(construct.replace("published", "a published"))


def test_the_promised_limits_are_kept():
    (promised,) = re.findall(
        r"At least ([\d,]+) characters, ([\d,]+) terms .*, brackets (\d+) deep and (\d+) wildcards", DOCUMENT
    )
    accepted = (MAX_CHARACTERS, MAX_TERMS, MAX_BRACKETS, MAX_WILDCARDS)
    assert all(most >= int(least.replace(",", "")) for most, least in zip(accepted, promised, strict=True))
    assert f"numbers up to {MAX_DISTANCE:,}" in " ".join(DOCUMENT.split())


def test_the_tables_were_found():
    assert len(RINGING) > 70
    assert len(READ_AS) > 10
    assert len(REFUSED) > 15
