"""The compiled matcher: the answer of the definition, whatever changes and whatever texts come."""

import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from processors.matching.articles import MatchArticle
from processors.matching.compiled import engine, language_index, vocabulary
from processors.matching.matcher import Matcher
from processors.matching.meanings import shipped_meanings
from processors.matching.naive import naive_spans
from processors.matching.parse import parse
from schemas.errors import QueryError
from tests.matcher_cases import Cases, disagreements, told

NOW = datetime(2022, 1, 18, tzinfo=UTC)


def article(text: str, *, title: str = "", language: str = "en", source: str = "belga") -> MatchArticle:
    return MatchArticle(title=title, text=text, language=language, source=source, published_at=NOW)


def matcher_of(queries: Sequence[str]) -> Matcher:
    matcher = Matcher(shipped_meanings())
    for query in queries:
        matcher.put(query, query)
    return matcher


def ids(matcher: Matcher, read: MatchArticle) -> list[str]:
    return [match.subscription_id for match in matcher.match(read)]


def test_light_spans_say_what_spans_say():
    matcher = matcher_of(["title:troops", "troops NEAR/3 border", "border"])
    matches = matcher.match(article("The border: troops at the border.", title="Troops moved"))
    light = {
        match.subscription_id: [(span.field, span.start, span.end, span.text, span.part) for span in match.light]
        for match in matches
    }
    assert light == told(matches)
    assert light["title:troops"] == [("title", 0, 6, "Troops", "troops")]


@pytest.mark.parametrize("seed", range(10))
def test_it_answers_as_the_definition_does_spans_included(seed: int):
    found = disagreements(seed, queries=25, articles=6)
    assert found.wrong == []
    assert found.matching > 0


@pytest.mark.parametrize("seed", range(4))
def test_after_any_changes_it_answers_as_a_fresh_one_does(seed: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engine, "_MANY_DYING", 3)
    cases, pick = Cases(seed), random.Random(seed)
    changed = Matcher(shipped_meanings())
    held: dict[str, str] = {}
    for step in range(150):
        id_ = str(pick.randrange(30))
        if pick.random() < 0.35:
            changed.discard(id_)
            held.pop(id_, None)
        else:
            held.pop(id_, None)
            held[id_] = cases.query()
            changed.put(id_, held[id_])
        if step % 10 == 0:
            read = cases.article()
            fresh = Matcher(shipped_meanings())
            for held_id, query in held.items():
                fresh.put(held_id, query)
            assert list(told(changed.match(read)).items()) == list(told(fresh.match(read)).items())


def test_forgetting_words_changes_nothing(monkeypatch: pytest.MonkeyPatch):
    cases = Cases(99)
    queries = [cases.query() for _ in range(40)]
    kept, forgetful = matcher_of(queries), matcher_of(queries)
    articles = [cases.article() for _ in range(40)]
    remembered = [told(kept.match(read)) for read in articles]
    monkeypatch.setattr(vocabulary, "MAX_WORDS", 5)
    monkeypatch.setattr(language_index, "MAX_STRETCHES", 5)
    assert [told(forgetful.match(read)) for read in articles] == remembered


def test_a_stream_of_random_words_fills_no_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(vocabulary, "MAX_WORDS", 1000)
    matcher = matcher_of(["troops"])
    for number in range(20):
        matcher.match(article(" ".join(f"w{number}x{word}" for word in range(300))))
        assert matcher.words("en") <= 1300


def test_more_than_a_thousand_that_match_are_all_reported_in_the_order_they_were_put():
    queries = [f"troops NOT absent{number}" for number in range(1200)]
    assert ids(matcher_of(queries), article("The troops left.")) == queries


def test_a_query_of_filters_alone_matches_without_spans():
    matcher = matcher_of(["lang:en source:belga", "published:[2022-01-18 TO 2022-01-18]", "source:afp"])
    found = told(matcher.match(article("Nothing.")))
    assert found == {"lang:en source:belga": [], "published:[2022-01-18 TO 2022-01-18]": []}


def test_a_query_that_can_not_be_used_changes_nothing():
    matcher = matcher_of(["troops"])
    with pytest.raises(QueryError):
        matcher.put("troops", "NOT ships")
    with pytest.raises(QueryError, match="no entity"):
        matcher.put("troops", "entity:Nobodyknowsthisname")
    assert ids(matcher, article("troops")) == ["troops"]


def test_what_is_put_while_articles_come_is_found_in_words_known_already():
    matcher = matcher_of(["nothing"])
    read = article("The build-up of troops near NATO's border", title="Ships")
    assert ids(matcher, read) == []
    later = [
        "ship",
        "troop*",
        "*roop*",
        "*oops",
        "=NATO",
        "build-up",
        "buildup",
        '"build up of"',
        "title:ship",
        "=Ships",
    ]
    for query in later:
        matcher.put(query, query)
        assert ids(matcher, read)[-1] == query
    for query in later:
        matcher.discard(query)
    assert ids(matcher, read) == []


def test_removing_twice_and_what_was_never_there_does_nothing():
    matcher = matcher_of(["troops"])
    matcher.discard("troops")
    matcher.discard("troops")
    assert ids(matcher, article("troops")) == []


def test_a_matcher_without_subscriptions_finds_nothing():
    assert ids(Matcher(shipped_meanings()), article("troops")) == []


def test_an_article_without_words_is_matched_by_filters():
    matcher = matcher_of(["lang:en", "troops"])
    assert ids(matcher, article("")) == ["lang:en"]
    assert ids(matcher, article("… — !", title="?")) == ["lang:en"]


@pytest.mark.parametrize(
    "text", ["\ud800 troops \udfff", "troops\0troops", "\u0301troops\u0301", "troops" + "\u0301" * 5000]
)
def test_characters_that_nobody_should_send_harm_nothing(text: str):
    assert ids(matcher_of(["troops"]), article(text)) == ["troops"]


HOSTILE = [
    "a NEAR/5 a",
    "a NEAR/1000 a",
    "(a NEAR/5 a) NEAR/5 a",
    "a BEFORE/1000 b",
    "ATLEAST/1000 a",
    "ATLEAST/3 (a NEAR/3 a)",
    '"a a a a"',
    '"a a"~50',
    "a UNLESS/1000 b",
    " NEAR/3 ".join(["a"] * 12),
]


@pytest.mark.parametrize("query", HOSTILE)
def test_forty_thousand_times_one_word_is_matched_in_bounded_time(query: str):
    matcher = matcher_of([query])
    read = article("a " * 40_000, language="und")
    start = time.process_time()
    matcher.match(read)
    assert time.process_time() - start < 10


def test_a_quarter_of_a_megabyte_without_a_space_is_matched_in_bounded_time():
    matcher = matcher_of(["a-a", "a*aa", "=a"])
    start = time.process_time()
    for text in ("a-" * 100_000, "a" * 250_000, "a.b" * 80_000, "北" * 100_000):
        matcher.match(article(text, language="und"))
    assert time.process_time() - start < 10


def test_a_chain_of_a_thousand_terms_and_an_or_of_a_thousand_are_matched():
    chain = " NEAR/1 ".join(f"w{number}" for number in range(990))
    many = " OR ".join(f"w{number}" for number in range(990))
    matcher = matcher_of([chain, many])
    assert ids(matcher, article(" ".join(f"w{number}" for number in range(990)))) == [chain, many]
    assert ids(matcher, article("w5 w6")) == [many]


def test_matches_hold_when_the_next_article_has_been_matched():
    matcher = matcher_of(["troops"])
    first = matcher.match(article("the troops"))
    matcher.match(article("troops " * 50))
    assert [span.text for span in first[0].spans] == ["troops"]
    assert [(span.start, span.end) for span in first[0].spans] == [(4, 10)]


def test_spans_looked_at_later_tell_of_the_query_that_matched():
    matcher = matcher_of(["troops border", "nothing"])
    matches = matcher.match(article("troops at the border"))
    matcher.discard("troops border")
    matcher.put("other", "ships NEAR/3 harbour")
    assert [span.part for span in matches[0].spans] == ["troops", "border"]


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("text:(x UNLESS/0 130000) OR 130.000 NEAR/1 130000 OR lodz BEFORE/0 130.000 NEAR/0 130000", "130000"),
        ("title:130000 OR 130.000 OR 130000", "130000"),
        ("130.000 text:130000 130000", "130.000"),
    ],
)
def test_of_two_parts_at_one_place_that_one_is_named_which_is_written_first_in_whatever_field(query: str, part: str):
    read = article("lodz 130000 130000")
    (match,) = matcher_of([query]).match(read)
    assert match.spans == naive_spans(parse(query), read, shipped_meanings())
    assert {span.part for span in match.spans if span.text == "130000"} == {part}
