"""`belfry replay --stage match`: rings nothing, or each bell once more for its run; from the topic and from the index."""

import asyncio
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from belfry.replay.history import Span
from belfry.replay.match import MatchReplay, Replayed, Run
from belfry.search.sink import ElasticsearchIndex
from belfry.supervisor.supervise import child_environment
from processors.agents.sender import KafkaSender
from schemas.alerts import Alert, alert_id
from schemas.articles import EnrichedArticle
from tests.integration.line import Line, article, subscription, until

pytestmark = pytest.mark.integration

LONG_AGO = datetime(2019, 5, 3, 10, tzinfo=UTC)


def command(line: Line, *options: str) -> str:
    environment = os.environ | child_environment(line.config, line.supervisor.addresses)
    ran = subprocess.run(
        [sys.executable, "-c", "from belfry.cli import main; main()", "replay", "--stage", "match", *options],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def replayed(line: Line, since: datetime, name: str, *, ring: bool) -> Replayed:
    """What the command does, in this process, for all that was fetched since then."""

    async def run() -> Replayed:
        sender = KafkaSender(line.bootstrap)
        try:
            replay = MatchReplay(Run(name, Span(since, None), ring), line.topics, sender, lambda: 0, lambda _: None)
            return await replay.replay(line.bootstrap, line.supervisor.addresses.elasticsearch_url, line.names.articles)
        finally:
            await sender.close()

    return asyncio.run(run())


def bells(line: Line, subscription_id: str) -> list[Alert]:
    alerts = [Alert.decode(value) for value in line.values(line.topics.alerts)]
    return [alert for alert in alerts if alert.subscription_id == subscription_id]


def test_a_replay_rings_nothing_and_with_ring_each_bell_once_more_for_its_run(line: Line):
    word = "herhaalbel"
    line.store.save([rung := subscription(word)])
    time.sleep(1)
    began = datetime.now(UTC)
    sent, gone = article(body=f"Een {word}."), article(body=f"Geen {word}.")
    line.send(sent, gone)
    assert until(lambda: len(bells(line, rung.id)) == 2)
    line.send(article(gone.article_id, body="", status="canceled", updated_at=datetime.now(UTC)))
    assert until(lambda: line.document(sent.article_id) and not line.document(gone.article_id))

    assert replayed(line, began, "silent", ring=False).from_topic >= 1
    for run in ("one", "one", "two"):
        replayed(line, began, run, ring=True)
    assert until(lambda: len(bells(line, rung.id)) >= 2 + 3)
    rang = bells(line, rung.id)
    again = [alert for alert in rang if alert.alert_id != alert_id(rung.id, alert.article_id, alert.version)]
    assert {alert.article_id for alert in again} == {sent.article_id}, "what was canceled since rings no more"
    assert {alert.alert_id for alert in again} == {
        alert_id(rung.id, sent.article_id, again[0].version, run) for run in ("one", "two")
    }
    assert len(rang) == 2 + 3, "a run that is repeated rings under the ids that it rang under"


def test_what_the_topic_no_longer_holds_comes_from_the_index(line: Line):
    word = "archiefbel"
    line.store.save(
        [
            old := subscription(word, created_at=LONG_AGO - timedelta(days=1)),
            young := subscription(word, created_at=LONG_AGO + timedelta(days=1)),
        ]
    )
    time.sleep(1)
    stored = [
        EnrichedArticle(
            article_id=f"archived{number}",
            published_at=LONG_AGO,
            fetched_at=LONG_AGO + number * timedelta(minutes=1),
            text=f"Een {word}.",
            language="nl",
            content_hash="h",
            version=1,
            month="2019-05",
            story_id="s",
        )
        for number in range(30)
    ]

    async def write() -> None:
        index = ElasticsearchIndex(line.supervisor.addresses.elasticsearch_url, line.config.index_prefix)
        assert list(await index.write_articles(stored)) == ["done"] * len(stored)
        await index.close()

    asyncio.run(write())
    line.elasticsearch.indices.refresh(index=line.names.articles)
    told = command(line, "--from", "2019-05-03", "--to", "2019-05-03", "--ring")
    assert "(0 from the topic, 30 from the index)" in told
    assert until(lambda: len(bells(line, old.id)) >= 30)
    assert {alert.article_id for alert in bells(line, old.id)} == {each.article_id for each in stored}
    assert {alert.story_id for alert in bells(line, old.id)} == {"s"}
    assert bells(line, young.id) == []
