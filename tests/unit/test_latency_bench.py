"""The parts of the latency bench that need no servers: what it sends, whom it expects to be told, and its figures."""

from collections import Counter
from datetime import UTC, datetime

from bench.latency.figures import came, hops, spread
from bench.latency.queries import MOST_SHARE, candidates, chosen
from bench.latency.stories import stories
from processors.matching.matcher import shipped_matcher
from processors.stories.signature import signature
from processors.stories.stories import Sighting, Stories

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def test_percentiles_are_of_the_nearest_rank():
    found = spread(number / 1000 for number in range(1, 101))
    assert (found.count, found.median, found.p90, found.p99, found.max) == (100, 50.0, 90.0, 99.0, 100.0)
    assert spread([]).count == 0


def test_bells_that_are_missing_strange_or_come_again_are_told_apart():
    found = came([("a", "s"), ("a", "t"), ("b", "s")], [("a", "s"), ("a", "s"), ("c", "s"), ("b", "s")])
    assert (found.expected, found.missing, found.strange, found.again) == (3, 1, 1, 1)
    assert found.wrong
    assert not came([("a", "s")], [("a", "s")]).wrong


def test_hops_are_between_stations_and_of_the_bells_known_at_both():
    bells = [("a", "s"), ("b", "s")]
    way = [("sent", {bells[0]: 1.0, bells[1]: 2.0}), ("matched", {bells[0]: 1.5}), ("received", {bells[0]: 1.75})]
    found = hops(way, bells)
    assert list(found) == ["matched", "received"]
    assert (found["matched"].count, found["matched"].max, found["received"].max) == (1, 500.0, 250.0)


def test_each_article_is_a_story_of_its_own_of_three_kilobytes_and_the_same_each_time():
    texts = stories(400, 7)
    assert texts == stories(400, 7)
    known = Stories()
    placed = [
        known.place(Sighting(str(n), signature(text.body, text.language), NOW), NOW).story_id
        for n, text in enumerate(texts)
    ]
    assert placed == [str(n) for n in range(len(texts))]
    assert all(2900 <= len(text.body.encode()) <= 3600 for text in texts)


def test_every_fourth_article_is_an_english_one_where_there_are_some():
    english = "A sentence of the text that somebody gave. " * 90
    languages = [text.language for text in stories(9, 7, [english, "too short", english])]
    assert languages == ["en", "nl", "nl", "nl", "en", "nl", "nl", "nl", "nl"]


def test_every_query_can_be_matched_and_they_take_all_forms():
    made = candidates(stories(60, 7), 300, 7)
    matcher = shipped_matcher()
    for number, query in enumerate(made):
        matcher.put(str(number), query)
    assert len(set(made)) == 300
    for sign in ('"', "NEAR/", "* ", " NOT ", "UNLESS/", "ATLEAST/", "entity:", "concept:", "title:"):
        assert any(sign in query for query in made), sign


def test_those_are_chosen_that_ring_seldom_and_three_bells_an_article_in_all():
    names = [f"s{number}" for number in range(900)]
    counts = Counter({name: 1 + number % 20 for number, name in enumerate(names[:600])})
    found = chosen(counts, names, 400, articles=500, each=3.0)
    rung = [counts[name] for name in found if name in counts]
    assert len(found) == len(set(found)) == 400
    assert max(rung) <= MOST_SHARE * 500
    assert 1450 <= sum(rung) <= 1500
