"""docs/errors.md names every code that the code can give, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from processors.matching import limits
from schemas.dead_letters import Reason
from schemas.errors import UndeliverableReason

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")

CODE_AT = {"problem": 0, "_refused": 1, "InputProblem": 2, "_RefusedError": 0, "_Unreadable": 1}
"""The functions and classes that make a refusal of input, and which of their arguments is the code."""


def documented(heading: str) -> list[str]:
    section = DOCUMENT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def given_codes(*places: str) -> set[str]:
    """The codes that stand in the calls of the modules in these places."""
    found: set[str] = set()
    for place in places:
        path = ROOT / place
        for module in [path] if path.is_file() else sorted(path.rglob("*.py")):
            found.update(codes_in(module))
    return found


def codes_in(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = CODE_AT.get(name)
            if place is not None:
                code = [keyword.value for keyword in node.keywords if keyword.arg == "code"] or node.args[
                    place : place + 1
                ]
                if code and isinstance(code[0], ast.Constant):
                    yield str(code[0].value)


def test_every_code_of_a_query_error_is_documented():
    assert sorted(documented("Queries")) == sorted(get_args(limits.Code))


def test_every_code_of_a_refused_article_is_documented():
    codes = given_codes("producers", "belfry/cli/ingest_output.py", "belfry/cli/match.py")
    codes |= {"too_slow", "failed"}  # of the pool, as `belfry enrich` tells them
    assert len(codes) > 20
    assert sorted(documented("Articles that are given")) == sorted(codes)


def test_every_code_of_a_refused_subscription_is_documented():
    codes = given_codes("belfry/subscriptions", "belfry/cli/subscriptions.py")
    assert len(codes) > 5
    assert sorted(documented("Subscriptions that are given")) == sorted(codes)


def test_every_reason_of_a_dead_letter_is_documented():
    assert sorted(documented("Dead letters")) == sorted(get_args(Reason))


def test_every_reason_of_a_failed_delivery_is_documented_and_no_other_is_given():
    reasons = get_args(UndeliverableReason)
    assert sorted(documented("Deliveries")) == sorted(reasons)
    given = {
        node.args[0].value
        for module in (ROOT / "belfry" / "notify").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "Undeliverable"
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(given) > 5
    assert given <= set(reasons)


def test_no_code_stands_twice_and_each_has_cause_and_remedy():
    for heading in ("Queries", "Articles that are given", "Subscriptions that are given", "Deliveries", "Dead letters"):
        codes = documented(heading)
        assert len(codes) == len(set(codes))
    for row in re.findall(r"^\| `\w+` \|.*$", DOCUMENT, re.MULTILINE):
        assert all(cell.strip() for cell in row.strip("|").split(" | "))


def test_the_limits_are_those_of_the_code():
    assert f"more than {limits.MAX_CHARACTERS:,} characters" in DOCUMENT
    assert f"more than {limits.MAX_TERMS:,} words" in DOCUMENT
    assert f"more than {limits.MAX_WILDCARDS} wildcards" in DOCUMENT
