"""Subscriptions checked by the real matcher: queries, names, examples in the subscription's language."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer.testing

from belfry.cli.subscriptions import Tools, app
from belfry.subscriptions.checker import shipped_checker
from belfry.subscriptions.store import MemorySubscriptionStore
from schemas.errors import QueryError, UsageError


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("troepen (", "unclosed_bracket"),
        ("NOT troepen", "only_not"),
        ("entity:Atlantiss", "unknown_entity"),
        ("troepen NEAR/5 concept:troop-build", "unknown_concept"),
    ],
)
def test_what_cannot_be_used_is_refused(query: str, code: str):
    with pytest.raises(QueryError) as caught:
        shipped_checker().check_query(query)
    assert caught.value.code == code


@pytest.mark.parametrize("query", ["troepen", "entity:NATO", "entity:Q7184", "concept:troop-buildup", "lang:nl"])
def test_what_can_be_used_is_taken(query: str):
    shipped_checker().check_query(query)


@pytest.mark.parametrize(
    ("query", "text", "language", "expected"),
    [
        ("schip", "Twee schepen liepen aan de grond.", "nl", True),
        ("schip", "Twee schepen liepen aan de grond.", "en", False),
        ("schip", "Gisteren zijn er bij de haven twee grote schepen aan de grond gelopen.", None, True),
        ("lang:de", "Der Minister sprach am Montag in Berlin über die Lage an der Grenze.", None, True),
        ("entity:NATO", "De NAVO vergadert in Brussel.", "nl", True),
        ("entity:NATO", "De EU vergadert in Brussel.", "nl", False),
        ("concept:troop-buildup", "Rusland trekt troepen samen aan de grens.", "nl", True),
        ("title:troepen", "troepen", "nl", False),
        ("troepen NOT source:belga", "troepen", "nl", True),
    ],
)
def test_an_example_is_read_as_an_article_s_text(query: str, text: str, language: str | None, expected: bool):
    assert shipped_checker().matches(query, text, language) is expected


def test_the_commands_check_by_the_real_matcher(tmp_path: Path):
    store = MemorySubscriptionStore()
    tools = Tools(store, shipped_checker(), lambda: datetime(2026, 3, 1, tzinfo=UTC))
    runner = typer.testing.CliRunner()
    add = ("add", "--id", "troops", "--query", "concept:troop-buildup", "--language", "nl")
    wrong = runner.invoke(app, [*add, "--match", "De troepen gaan naar huis."], obj=tools)
    assert isinstance(wrong.exception, UsageError)
    assert "example 1 of match does not match" in str(wrong.exception)
    assert runner.invoke(app, [*add, "--match", "De troepenopbouw gaat door."], obj=tools).exit_code == 0
    lines = tmp_path / "more.jsonl"
    lines.write_text(json.dumps({"id": "more", "query": "entity:Atlantiss"}) + "\n")
    refused = runner.invoke(app, ["import", str(lines)], obj=tools)
    assert isinstance(refused.exception, UsageError)
    assert "more.jsonl:1" in str(refused.exception)
    assert "no entity is known as" in str(refused.exception)
    assert runner.invoke(app, ["test"], obj=tools).exit_code == 0
    assert list(store.load().subscriptions) == ["troops"]
