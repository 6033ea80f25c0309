"""Lines written by the kernel are what orjson would write of the same matches."""

from datetime import UTC, datetime
from functools import cache

import orjson
from hypothesis import example, given, settings
from hypothesis import strategies as st

from processors.matching.articles import MatchArticle
from processors.matching.json_lines import JsonLines
from processors.matching.matcher import Matcher, shipped_matcher

QUERIES = {
    "a": "troepen",
    'quoted "id" \\ é\n': "troep* OR opbouw*",
    "both": "title:troepen AND text:opbouw",
    "many": "ATLEAST/2 (troepen OR opbouw)",
    "near": "opbouw NEAR/3 troepen",
    "no spans": "lang:nl",
}


def article(title: str, text: str) -> MatchArticle:
    return MatchArticle(
        title=title, text=text, language="nl", source="krant", published_at=datetime(2026, 11, 24, tzinfo=UTC)
    )


@cache
def with_queries() -> tuple[JsonLines, Matcher]:
    matcher = shipped_matcher()
    lines = JsonLines(matcher)
    for subscription_id, query in QUERIES.items():
        lines.put(subscription_id, query)
    return lines, matcher


def expected(matcher: Matcher, article_id: str, of: MatchArticle) -> bytes:
    return b"".join(
        orjson.dumps(
            {
                "article_id": article_id,
                "subscription_id": match.subscription_id,
                "spans": [
                    {"field": span.field, "start": span.start, "end": span.end, "text": span.text}
                    for span in match.spans
                ],
            },
            option=orjson.OPT_APPEND_NEWLINE,
        )
        for match in matcher.match(of)
    )


WORDS = st.sampled_from(
    ["troepen", "opbouw", "Troepenopbouw", "troepen\u0301", "\U0001f514", "é", "a b", "\u20ac", "-", "\t\n"]
)
TEXTS = st.lists(WORDS | st.text(max_size=4), max_size=30).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, st.text(st.characters(exclude_categories=["Cs"]), max_size=8))
@example("", "troepenopbouw", "x")
@example('"troepen-\\opbouw"', "troepen\x1b\x08\x0c\r\x00 opbouw\x7f", 'é"\\\n')
def test_they_are_what_orjson_writes(title: str, text: str, article_id: str):
    lines, matcher = with_queries()
    of = article(title.encode("utf-8", "replace").decode(), text.encode("utf-8", "replace").decode())
    assert lines.lines(article_id, of) == expected(matcher, article_id, of)


def test_a_hundred_thousand_spans_fit():
    lines, matcher = with_queries()
    of = article("", "troepen opbouw " * 50_000)
    assert lines.lines("long", of) == expected(matcher, "long", of)


def test_a_span_holds_its_signs_escaped():
    lines = JsonLines(shipped_matcher())
    lines.put("phrase", '"troepen en opbouw"')
    line = lines.lines("x", article("", 'troepen "\x1b\\\t\u2028🔔 en\n opbouw'))
    assert orjson.loads(line)["spans"] == [
        {"field": "text", "start": 0, "end": 25, "text": 'troepen "\x1b\\\t\u2028🔔 en\n opbouw'},
    ]


def test_a_replaced_subscription_has_its_new_query_and_the_place_of_the_last():
    lines = JsonLines(shipped_matcher())
    for subscription_id, query in (("one", "troepen"), ("two", "troepen"), ("one", "opbouw")):
        lines.put(subscription_id, query)
    written = lines.lines("x", article("", "troepen, opbouw")).splitlines()
    assert [orjson.loads(line)["subscription_id"] for line in written] == ["two", "one"]


def test_nothing_is_no_line():
    assert JsonLines(shipped_matcher()).lines("x", article("", "troepen")) == b""
    assert with_queries()[0].lines("x", article("", "niets")).count(b"\n") == 1
