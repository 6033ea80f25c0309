"""Whether a subscription works: its query and its examples, by a checker that is given."""

from datetime import UTC, datetime
from typing import Any

from belfry.subscriptions.checks import failed_examples, invalid_reason, marked, problems
from schemas.errors import QueryError
from schemas.subscriptions import Subscription


class Words:
    """A checker of plain words; a query with a bracket is invalid. `seen` are the languages that it was told."""

    def __init__(self) -> None:
        self.seen: list[str | None] = []

    def check_query(self, query: str) -> None:
        if "(" in query:
            raise QueryError("a bracket is never closed", column=query.index("(") + 1, suggestion="Close it")

    def matches(self, query: str, text: str, language: str | None) -> bool:
        self.seen.append(language)
        return all(word in text.split() for word in query.split())


def subscription(**fields: Any) -> Subscription:
    made = datetime(2026, 3, 1, tzinfo=UTC)
    return Subscription.model_validate({"id": "troops", "query": "troepen", "created_at": made, **fields})


def test_a_subscription_that_works_has_no_problems():
    examples = {"match": ["nieuwe troepen"], "no_match": ["tanks"]}
    assert problems(subscription(examples=examples), Words()) == ()


def test_an_example_that_comes_out_wrong_is_named():
    examples = {"match": ["troepen", "tanks  en\nschepen"], "no_match": ["troepen weg", "x" * 100]}
    assert failed_examples(subscription(examples=examples), Words()) == (
        "example 2 of match does not match: 'tanks en schepen'",
        "example 1 of no_match matches: 'troepen weg'",
    )


def test_a_long_example_is_shown_short():
    wrong = failed_examples(subscription(examples={"match": ["tank " * 100]}), Words())[0]
    assert wrong.endswith("…'")
    assert len(wrong) < 120


def test_an_invalid_query_is_the_only_problem_and_no_example_is_run():
    checker = Words()
    wrong = problems(subscription(query="a (b", examples={"match": ["a"]}), checker)
    assert wrong == ("query, column 3: a bracket is never closed. Close it",)
    assert checker.seen == []


def test_examples_are_run_in_the_stated_language():
    checker = Words()
    failed_examples(subscription(language="nl", examples={"match": ["troepen"]}), checker)
    assert checker.seen == ["nl"]


def test_one_that_turned_invalid_is_marked_and_one_that_works_again_is_not():
    broken = subscription(query="a (b")
    reason = invalid_reason("a (b", Words())
    assert marked(broken, Words()).invalid == reason == "column 3: a bracket is never closed. Close it"
    mended = subscription(invalid="no such concept")
    assert marked(mended, Words()).invalid is None
