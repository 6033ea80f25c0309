"""Counts add up: whatever is sent ends exactly once somewhere, however often what works on it is killed."""

import os
import signal
from collections import Counter
from collections.abc import Iterator

import pytest

from schemas.alerts import Alert
from schemas.dead_letters import DeadLetter
from tests.integration.line import Line, Worker, article, subscription, until
from tests.integration.traffic import Traffic, refuse_month

pytestmark = pytest.mark.integration

COUNT = 2000


@pytest.fixture
def second_matcher(line: Line) -> Iterator[Worker]:
    worker = Worker(line, "match", "2")
    worker.start()
    yield worker
    worker.stop()


@pytest.mark.timeout(300)
def test_two_thousand_articles_end_where_they_should_while_every_role_is_killed(line: Line, second_matcher: Worker):
    refuse_month(line)
    traffic = Traffic()
    line.store.save([rung := subscription(traffic.word)])
    assert until(second_matcher.pid)
    before = line.settled(0).counts
    records = list(traffic.records(COUNT, seed=7))
    killed = ("match", "enrich", "index", "group", "enrich")
    for part, role in enumerate(killed):
        line.send_many(records[part * COUNT // len(killed) : (part + 1) * COUNT // len(killed)])
        # In the middle of its work, not after it.
        assert until(lambda: line.status().lag["enrich"] < COUNT // 8)
        line.kill(role)
        if role == "index":
            os.kill(until(second_matcher.pid), signal.SIGKILL)
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


@pytest.mark.timeout(240)
def test_what_enrich_remembers_moves_with_its_partitions_and_outlives_its_disk(line: Line):
    before = line.settled(0).counts
    known = [article() for _ in range(40)]
    line.send(*known)
    second = Worker(line, "enrich", "2")
    second.start()
    try:
        assert until(second.pid)
        known += [article() for _ in range(40)]
        line.send(*known)
        after = line.settled(before.received + 120).counts
        assert (after.repeated - before.repeated, after.indexed - before.indexed) == (40, 80)
    finally:
        second.stop()
    first = line.pid("enrich")
    (line.config.home / "faust" / "enrich-1" / "memories.sqlite").unlink()
    line.kill("enrich")
    assert until(lambda: line.pid("enrich") not in (0, first))
    line.send(*known)
    after = line.settled(before.received + 200).counts
    assert (after.repeated - before.repeated, after.indexed - before.indexed, after.missing) == (120, 80, 0)
