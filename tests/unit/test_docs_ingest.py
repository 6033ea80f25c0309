"""docs/ingest.md: its examples are read as it says, its table of fields is the reader's, its commands have their options."""

import io
import re
import shlex
from pathlib import Path

import typer
from typer.testing import CliRunner

from belfry.cli.ingest import ingest
from producers.articles import Place, ReadArticle
from producers.dates import given_date
from producers.files import KINDS
from producers.json_file import json_file_articles
from producers.records import KNOWN_FIELDS
from producers.text_format import article_of_text
from tests.unit.producers_reading import RULES

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "ingest.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    return DOCUMENT.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def block(text: str, kind: str) -> str:
    return text.split(f"```{kind}\n")[1].split("\n```")[0]


def test_the_json_example_is_an_article_with_every_field_understood() -> None:
    data = block(section("JSON"), "json").encode()
    (found,) = json_file_articles(io.BytesIO(data), "example.json", RULES)

    assert isinstance(found, ReadArticle)
    assert (found.unread, found.raw.meta, found.name) == ((), {}, "a1")


def test_the_text_example_is_understood_as_it_says() -> None:
    found = article_of_text(block(section("Text files"), "text").encode(), Place("example.txt", 1), RULES)

    assert isinstance(found, ReadArticle)
    assert f"{found.raw.published_at:%Y-%m}" == "2022-01"
    assert found.raw.body is not None
    assert found.raw.body.startswith("De minister")
    assert "\n\nNieuw overleg\n\n" in found.raw.body


def test_every_field_that_is_taken_is_in_the_table_and_no_other() -> None:
    rows = re.findall(r"^\| (`.+?`) \|", section("JSON"), re.MULTILINE)

    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == KNOWN_FIELDS


def test_every_ending_that_is_taken_is_in_the_table() -> None:
    rows = re.findall(r"^\| (`\..+?`) \|", section("What is taken"), re.MULTILINE)

    assert {ending for row in rows for ending in re.findall(r"`(\.\w+)`", row)} == set(KINDS)


def test_every_date_that_it_calls_taken_is_taken_and_the_others_are_not() -> None:
    taken, refused = section("Dates").split("What means different days")
    dates = [text for text in re.findall(r"`([^`]+)`", taken) if text[:1].isdigit() or "," in text]

    assert len(dates) == 9
    assert [text for text in dates if given_date(text) is None] == []
    assert [text for text in re.findall(r"`(\d\d/[\d/]+)`", refused) if given_date(text) is not None] == []


def test_every_command_has_options_that_exist() -> None:
    app = typer.Typer()
    app.command()(ingest)
    options = set(re.findall(r"--[a-z-]+", CliRunner().invoke(app, ["--help"]).stdout))
    commands = [shlex.split(line, comments=True) for line in block(DOCUMENT, "sh").splitlines()]

    assert len(commands) == 5
    for command in commands:
        assert command[command.index("belfry") + 1] == "ingest"
        assert {word for word in command if word.startswith("--")} <= options
