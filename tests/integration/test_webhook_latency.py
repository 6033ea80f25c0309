"""The latency bench at a twentieth of its size, on the line: every bell that is expected comes, once, and by its way."""

import time

import pytest

from bench.latency.drive import all_came, alone, bell_of, sent, stations
from bench.latency.figures import came, hops, spread
from bench.latency.plan import Pace, plan
from bench.latency.receiver import receiver
from tests.integration.line import Line

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(300)]


def test_the_bells_that_belfry_match_expects_come_once_and_the_hops_add_up_to_the_whole_way(line: Line):
    made = plan([Pace(5.0, ner=True, seconds=3, warm_s=0)], 50, bells=3.0)
    with receiver() as there:
        assert len(alone(there, b"{}", 5, 50)) == 5
        subscriptions = made.subscriptions(there.url("hook/"))
        line.store.save(subscriptions)
        try:
            time.sleep(1)
            when = sent(line.bootstrap, line.topics, made.articles, 5.0)
            posts = all_came(there, 5 + len(made.expected[0]))[5:]
        finally:
            line.store.remove(each.id for each in subscriptions)
    assert not came(made.expected[0], [bell_of(post) for post in posts]).wrong
    arrived = {bell_of(post): post.at for post in posts}
    way = stations(line.bootstrap, line.topics, list(arrived), when, arrived)
    found = hops(way, list(arrived))
    assert list(found) == ["sent", "enriched", "grouped", "matched", "kept", "received"]
    assert all(each.count == len(made.expected[0]) > 20 for each in found.values())
    whole = spread(at - when.due[bell[0]] for bell, at in arrived.items())
    assert sum(each.median for each in found.values()) > whole.median / 2
    assert all(each.max <= whole.max + 1 for each in found.values())
