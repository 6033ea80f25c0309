"""Counts add up: whatever is sent ends exactly once somewhere, however often what works on it is killed."""

import os
import signal
from collections import Counter

import pytest

from belfry.supervisor.children import Children
from belfry.supervisor.supervise import child_environment, run_dir
from schemas.alerts import Alert
from schemas.dead_letters import DeadLetter
from tests.integration.line import Line, subscription, until
from tests.integration.traffic import Traffic, refuse_month

pytestmark = pytest.mark.integration

COUNT = 2000


@pytest.fixture
def second_matcher(line: Line):
    """Another worker of the role match."""
    children = Children(
        ["match"],
        run_dir=run_dir(line.config.home) / "worker-2",
        log_dir=line.config.home / "logs",
        environment=child_environment(line.config, line.supervisor.addresses),
        instance="2",
    )
    children.start()
    yield children
    children.stop()


@pytest.mark.timeout(240)
def test_two_thousand_articles_end_where_they_should_while_every_role_is_killed(line: Line, second_matcher: Children):
    refuse_month(line)
    traffic = Traffic()
    line.store.save([rung := subscription(traffic.word)])
    assert until(lambda: all(each.ready for each in second_matcher.heartbeats()))
    before = line.settled(0).counts
    records = list(traffic.records(COUNT, seed=7))
    for part, role in enumerate(("enrich", "match", "index", "enrich")):
        line.send_many(records[part * COUNT // 4 : (part + 1) * COUNT // 4])
        line.kill(role)
    os.kill(second_matcher.heartbeats()[0].pid, signal.SIGKILL)
    second_matcher.watch()
    until(lambda: second_matcher.watch() or all(each.ready for each in second_matcher.heartbeats()))
    status = line.settled(before.received + COUNT, 150)
    assert not any(status.lag.values())
    after = status.counts

    counted = {
        name: getattr(after, name) - getattr(before, name)
        for name in ("received", "repeated", "held", "dead", "indexed")
    }
    assert counted == {
        "received": traffic.sent,
        "repeated": traffic.repeated,
        "held": traffic.held,
        "dead": traffic.dead,
        "indexed": traffic.indexed,
    }
    assert after.missing == 0
    # The same from what is in the index and in the topics.
    documents = line.search(line.names.articles, {"match": {"analysed.text.nl": traffic.word}})
    assert {each["article_id"]: each["text"] for each in documents} == {
        id_: text for id_, text in traffic.latest.items() if text is not None
    }
    letters = {letter.id for each in line.values(line.topics.dead) if traffic_of(letter := DeadLetter.decode(each))}
    assert len(letters) == after.dead
    bells = line.search(line.names.alerts, {"term": {"subscription_id": rung.id}})
    rings = Counter((each["article_id"], each["version"]) for each in bells)
    assert (len(rings), max(rings.values())) == (traffic.bells, 1)
    sent = {
        alert.alert_id
        for each in line.values(line.topics.alerts)
        if (alert := Alert.decode(each)).subscription_id == rung.id
    }
    assert sent == {each["alert_id"] for each in bells}


def traffic_of(letter: DeadLetter) -> bool:
    """Whether the letter is of a record of articles.raw."""
    return letter.stage == "enrich" or letter.origin is not None
