"""Copies of one report are one story, over a real Kafka: from several workers, after kills, and in a replay."""

import random
import time
from collections.abc import Iterator

import pytest

from belfry.role_names import ROLES
from eval.stories.copies import KINDS
from eval.stories.material import Reporters
from processors.agents.outcomes import REPLAY_HEADER
from schemas.articles import EnrichedArticle, RawArticle
from tests.integration.line import Line, Worker, article, subscription, until
from tests.receivers import HttpReceiver, http_receiver

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def desk(line: Line) -> Iterator[Line]:
    """A second worker of each role."""
    second = [Worker(line, role, "2") for role in ROLES]
    for worker in second:
        worker.start()
    try:
        assert all(until(worker.pid, 120) for worker in second)
        yield line
    finally:
        for worker in second:
            worker.stop()


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    with http_receiver() as receiver:
        yield receiver


def copies(seed: int, count: int, language: str = "nl") -> list[RawArticle]:
    rng = random.Random(seed)
    report = Reporters(rng).report()
    kinds = list(KINDS.values())
    return [article(body=kinds[n % len(kinds)](report, rng), language=language) for n in range(count)]


def stories(line: Line, articles: list[RawArticle], versions: int = 1) -> dict[str, list[str | None]]:
    """The stories that each article was sent on with, once all were."""
    ids = {each.article_id for each in articles}

    def look() -> dict[str, list[str | None]]:
        found: dict[str, list[str | None]] = {}
        for value in line.values(line.topics.enriched):
            if not any(article_id.encode() in value for article_id in ids):
                continue  # of another test, and perhaps no article at all
            sent = EnrichedArticle.decode(value)
            if sent.article_id in ids:
                found.setdefault(sent.article_id, []).append(sent.story_id)
        return found

    def enough() -> bool:
        nonlocal last
        last = look()
        return len(last) == len(ids) and all(len(each) >= versions for each in last.values())

    last: dict[str, list[str | None]] = {}
    until(enough)
    return last


@pytest.mark.timeout(240)
def test_copies_sent_at_once_to_several_workers_are_one_story_and_one_bell_also_after_kills_and_in_a_replay(
    desk: Line, receiver: HttpReceiver
):
    desk.store.save([subscription("=Kladderadatsch", channels=[receiver.url()])])
    first, other = copies(1, 12), copies(2, 12, "fr")
    # Wherever the text is cut: it is in its first words.
    first = [each.model_copy(update={"body": f"Kladderadatsch: {each.body}"}) for each in first]
    time.sleep(1)
    sent = desk.send(*first, *other)
    assert sent.within_s < 0.1
    assert len(sent.partitions) > 1
    found = stories(desk, [*first, *other])
    story_of = {article_id: found[article_id][0] for article_id in found}
    assert len({story_of[each.article_id] for each in first}) == 1
    assert len({story_of[each.article_id] for each in other}) == 1
    assert len(set(story_of.values())) == 2

    desk.kill("group")
    desk.send(*first, *other, headers=[(REPLAY_HEADER, b"run-1")])
    again = stories(desk, [*first, *other], versions=2)
    assert {article_id: set(each) for article_id, each in again.items()} == {
        article_id: {story} for article_id, story in story_of.items()
    }
    assert until(lambda: receiver.posts)
    late = copies(1, 13)[-1:]
    desk.send(*late)
    assert stories(desk, late)[late[0].article_id][0] == story_of[first[0].article_id]
    assert until(lambda: not any(desk.status().lag.values()))
    assert [post.json["story_id"] for post in receiver.posts] == [story_of[first[0].article_id]], "one bell"


def test_a_kill_in_the_middle_of_the_work_changes_no_story(desk: Line):
    reports = [copies(seed, 6) for seed in range(10, 22)]
    for number in range(6):
        desk.send(*(report[number] for report in reports))
        if number in {1, 3}:
            desk.kill("group")
    sent = [each for report in reports for each in report]
    found = stories(desk, sent)
    assert all(len(set(each)) == 1 for each in found.values())
    of_report = [{found[each.article_id][0] for each in report} for report in reports]
    assert [len(each) for each in of_report] == [1] * len(reports)
    assert len(set.union(*of_report)) == len(reports)
