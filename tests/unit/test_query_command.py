"""`belfry query explain`: text and JSON on stdout, errors with a caret on stderr, and the exit codes."""

import json

import pytest
from typer.testing import CliRunner, Result

from belfry.cli.query import app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["explain", *arguments])


def test_a_query_is_explained_for_people():
    result = run('troepen NEAR/5 "opbouw van" and samentrekken')
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    sections = result.stdout.split("\n\n")
    assert [section.split("\n")[0] for section in sections] == [
        "Query",
        "Tree",
        "Normal form",
        "Totals of a search",
        "Warnings",
    ]
    assert '  troepen NEAR/5 "opbouw van" AND and AND samentrekken' in sections[0]
    assert "      word troepen" in sections[1]
    assert any(line.strip().startswith("nl  troepen → troep, ") for line in sections[2].split("\n"))
    assert "approximate" in sections[3]
    assert "(lower_case_operator)" in sections[4]
    assert "trek* NEAR/6 samen" in sections[4]


def test_sections_without_content_are_left_out():
    result = run("=NATO")
    assert [section.split("\n")[0] for section in result.stdout.split("\n\n")] == [
        "Query",
        "Tree",
        "Totals of a search",
    ]


def test_json_is_one_object_a_line():
    result = run("--json", "schepen OR build-up lang:nl")
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    explained = json.loads(line)
    assert explained["query"] == "schepen OR build-up AND lang:nl"
    assert explained["tree"] == ["OR", "  word schepen", "  AND", "    word build-up", "    lang is nl"]
    assert set(explained["normal_forms"]) == {"nl", "en", "de", "fr"}
    assert "schip" in explained["normal_forms"]["nl"]["schepen"]["stems"]
    assert len(explained["normal_forms"]["nl"]["build-up"]["sequence"]) == 2
    assert explained["totals"] == "approximate"
    assert explained["warnings"] == []


def test_names_are_explained_by_ids_and_languages():
    assert "\n\nNames\n  entity:NAVO → Q7184\n" in run("entity:NAVO troepen").stdout
    explained = json.loads(run("--json", "entity:OTAN concept:troop-buildup").stdout)
    assert explained["names"] == {"entity:OTAN": ["Q7184"], "concept:troop-buildup": ["nl", "en", "de", "fr"]}


def test_a_warning_in_json_has_code_message_and_column():
    explained = json.loads(run("--json", "lang:nl").stdout)
    assert explained["warnings"] == [
        {
            "code": "filters_only",
            "message": "only filters: every article that has them rings, and no words can be shown as the reason",
            "column": 1,
        }
    ]


def test_a_wildcard_that_fits_thousands_of_words_is_warned_of():
    codes = [warning["code"] for warning in json.loads(run("--json", "ver* troepenopbouw*").stdout)["warnings"]]
    assert codes == ["costly_wildcard"]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_an_invalid_query_ends_with_2_and_a_caret_under_the_column(options: list[str]):
    result = run(*options, "troepen NEAR/5 (opbouw")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.split("\n")[:3] == [
        "belfry: column 16: this bracket is never closed",
        "  troepen NEAR/5 (opbouw",
        "                 ^",
    ]


@pytest.mark.parametrize("query", ["entity:Narnia-aan-Zee", "concept:unicorns", "-troepen", "", "a\x1bb"])
def test_whatever_is_wrong_ends_with_2(query: str):
    result = run(query)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "column 1" in result.stderr or "column 2" in result.stderr
    assert "\x1b" not in result.stderr


def test_a_query_that_begins_with_a_minus_is_no_option():
    assert "Write NOT troepen" in run("-troepen").stderr
    assert run("--", "=NATO").exit_code == 0


def test_without_a_query_it_says_what_it_takes():
    assert run().exit_code == 2
    assert run("two", "arguments").exit_code == 2
