"""What is more than the matcher looks at is never passed over in silence."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from processors.matching.articles import MatchArticle
from processors.matching.matcher import Matcher, shipped_matcher

CHAIN = " NEAR/5 ".join(["the"] * 6)
HOSTILE = "the " * 20_000 + "zebra"


def article(text: str) -> MatchArticle:
    return MatchArticle(title="", text=text, language="en", source="", published_at=datetime(2026, 1, 1, tzinfo=UTC))


def matched(matcher: Matcher, text: str) -> list[str]:
    return [match.subscription_id for match in matcher.match(article(text))]


def test_an_article_with_too_many_mentions_to_pair_is_known_and_the_other_queries_are_answered():
    matcher = shipped_matcher()
    matcher.put("chain", CHAIN)
    matcher.put("word", "zebra")
    assert matched(matcher, "the the zebra") == ["chain", "word"]
    assert not matcher.cut_short
    assert "word" in matched(matcher, HOSTILE)
    assert matcher.cut_short
    assert matched(matcher, "the zebra") == ["word"]
    assert not matcher.cut_short


def test_the_command_names_the_article_and_ends_with_1(tmp_path: Path):
    queries, articles = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    queries.write_text("".join(json.dumps({"id": id_, "query": q}) + "\n" for id_, q in (("c", CHAIN), ("w", "zebra"))))
    articles.write_text(json.dumps({"id": "a", "language": "en", "title": "", "body": HOSTILE}) + "\n")
    code = "from belfry.cli import main; main()"
    run = subprocess.run(
        [sys.executable, "-c", code, "match", "--subscriptions", str(queries), "--articles", str(articles)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 1
    assert f"{articles}:1: more mentions to pair than are looked at" in run.stderr
    assert [json.loads(line)["subscription_id"] for line in run.stdout.splitlines()][-1] == "w"
