"""From an alert to its receiver, over a real Kafka, real HTTP and real SMTP, with kills."""

import base64
import json
import os
import signal
import threading
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer
from typer.testing import CliRunner

from belfry.cli.alerts import Tools, app
from belfry.notify.ledger import ledger
from belfry.notify.records import items_prefix
from belfry.notify.resend import ring_again
from belfry.search.alerts import AlertFinder
from belfry.search.client import connect
from schemas.alerts import Alert
from schemas.dead_letters import DeadLetter
from tests.chaos.stream import Disturbed, Found, came, compared, dawdling, subscribed
from tests.integration.line import Line, Worker, article, subscription, until
from tests.notify_cases import alert
from tests.receivers import HttpReceiver, Post, SmtpReceiver, http_receiver

pytestmark = pytest.mark.integration


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    with http_receiver() as receiver:
        yield receiver


def bell(to: str, story: str = "", version: int = 1, *sentences: str) -> Alert:
    """An alert of a story of its own, unless one is named; the article is its first."""
    name = story or uuid.uuid4().hex
    return alert(name, version, *sentences, story=name, to=to, at=datetime.now(UTC))


def come(line: Line, *alerts: Alert) -> None:
    """Send alerts as match does, in order, and return when all are acknowledged."""
    producer: Any = KafkaProducer(bootstrap_servers=line.bootstrap, acks="all", enable_idempotence=True)
    try:
        sent = [
            producer.send(line.topics.alerts, key=each.subscription_id.encode(), value=each.encode()) for each in alerts
        ]
        for each in sent:
            each.get(timeout=30)
    finally:
        producer.close()


def test_an_article_becomes_a_signed_post_and_is_counted_as_delivered(line: Line, receiver: HttpReceiver):
    word = "bezorgvogel"
    line.store.save([added := subscription(word, channels=[receiver.url()])])
    time.sleep(1)
    delivered = line.status().counts.delivered
    sent = article(body=f"Een {word} vloog over. Het was mooi weer op het strand en iedereen keek er naar om.")
    line.send(sent)
    [post] = until(lambda: list(receiver.posts))
    assert (post.json["article_id"], post.key) == (sent.article_id, post.json["alert_id"])
    assert post.json["subscription_id"] == added.id
    assert post.headers["Belfry-Signature"].startswith("sha256=")
    assert until(lambda: line.status().counts.delivered == delivered + 1)


def test_copies_of_a_story_ring_once_and_an_edit_with_new_text_again(line: Line, receiver: HttpReceiver):
    line.store.save([added := subscription("x", channels=[receiver.url()])])
    first = bell(added.id, uuid.uuid4().hex)
    copies = [
        first.model_copy(update={"article_id": f"copy{n}", "alert_id": uuid.uuid4().hex, "passages": (f"p{n}",)})
        for n in range(4)
    ]
    edit = bell(added.id, first.article_id, 2, "Er zijn troepen aan de grens.", "In het noorden rukken tanks op.")
    last = bell(added.id)
    come(line, first, *copies, edit, last)
    assert until(lambda: len(receiver.posts) == 3)
    assert [post.key for post in receiver.posts] == [first.alert_id, edit.alert_id, last.alert_id]


def test_a_canceled_article_drops_what_is_pending(line: Line):
    with http_receiver(lambda _: 503) as receiver:
        line.store.save([added := subscription("x", channels=[receiver.url()])])
        come(line, canceled := bell(added.id))
        assert until(lambda: receiver.posts)
        line.send_bytes(str(canceled.version).encode(), canceled.article_id.encode(), line.topics.canceled)
        come(line, after := bell(added.id))
        assert until(lambda: after.alert_id in receiver.keys_of()), "it no longer stands in the way"


def test_what_waits_for_a_digest_comes_in_one_mail_when_the_subscription_is_edited(line: Line, mail: SmtpReceiver):
    mailbox = f"{uuid.uuid4().hex}@example.org"
    added = subscription("x", channels=[f"mailto:{mailbox}"], digest="weekly")
    line.store.save([added])
    come(line, *(bell(added.id) for _ in range(3)))
    other = subscription("x", channels=[f"mailto:{mailbox}"])
    line.store.save([other])
    come(line, bell(other.id))

    def mails() -> list[EmailMessage]:
        return [each for each in mail.mails if each["To"].addresses[0].addr_spec == mailbox]

    assert until(lambda: len(mails()) == 1), "only the one without digests"
    line.store.save([added.model_copy(update={"digest": None, "version": 2})])
    assert until(lambda: len(mails()) == 2)
    text = mails()[1].get_body(("plain",)).get_content()
    assert text.count("Er zijn ") == 3


def test_a_worker_that_is_killed_during_deliveries_loses_none_and_repeats_only_under_the_same_key(
    line: Line, mail: SmtpReceiver
):
    """A twentieth of tests/chaos/bells.py."""
    with http_receiver(dawdling(1, 0.02)) as receiver:
        plans, mailboxes = subscribed(receiver, 10, lambda _: "x")
        line.store.save(plans)
        killed: list[Disturbed] = []
        sent = [bell(plan.id) for _ in range(25) for plan in plans]
        rang = {plan.id: [each.alert_id for each in sent if each.subscription_id == plan.id] for plan in plans}
        for part in (sent[:125], sent[125:]):
            come(line, *part)
            seen = len(receiver.posts)
            assert until(lambda seen=seen: len(receiver.posts) > seen + 10)
            line.kill("notify")
            killed.append(Disturbed(time.time(), time.time()))

        def found() -> Found:
            return compared(rang, came(receiver, mail, mailboxes), killed)

        assert until(lambda: not found().missing, 60)
        assert (found().wrong, found().bells) == ([], 250)


@pytest.mark.timeout(180)
def test_a_worker_that_was_stopped_while_another_had_its_partitions_loses_nothing_and_rings_nothing_again(
    line: Line, mail: SmtpReceiver
):
    """It goes on where it was, in the middle of deliveries and of what it was about to write."""
    second = Worker(line, "notify", "2")
    second.start()
    try:
        assert until(second.pid)
        with http_receiver(dawdling(2, 0.3)) as receiver:
            plans, mailboxes = subscribed(receiver, 12, lambda _: "x")
            line.store.save(plans)
            rang: dict[str, list[str]] = {plan.id: [] for plan in plans}

            def ring() -> None:
                come(line, *(alerts := [bell(plan.id) for plan in plans]))
                for each in alerts:
                    rang[each.subscription_id].append(each.alert_id)

            for _ in range(8):
                ring()
            assert until(lambda: receiver.posts)
            pid, since = line.pid("notify"), time.time()
            os.kill(pid, signal.SIGSTOP)
            try:
                while time.time() < since + 14:  # ten, and it is out of the group
                    ring()
                    time.sleep(0.5)
            finally:
                os.kill(pid, signal.SIGCONT)
            stopped = [Disturbed(since, time.time())]
            for _ in range(8):
                ring()
                time.sleep(0.3)
            assert until(lambda: not compared(rang, came(receiver, mail, mailboxes), stopped).missing, 60)
            assert compared(rang, came(receiver, mail, mailboxes), stopped).wrong == []
            # It has everything back when the other one has gone.
            since = time.time()
            second.stop()
            ring()
            assert until(lambda: not compared(rang, came(receiver, mail, mailboxes), ()).missing, 60)
            assert (
                compared(rang, came(receiver, mail, mailboxes), [*stopped, Disturbed(since, time.time())]).wrong == []
            )
    finally:
        second.stop()


def test_a_receiver_that_was_away_gets_everything_in_order_and_not_all_at_once(line: Line):
    """Away for ten minutes of a clock on which the longest pause, 0.3 s here, is a minute."""
    with http_receiver() as gone:
        port = gone.port
    plans = [subscription("x", channels=[f"http://127.0.0.1:{port}/{n}"]) for n in range(40)]
    line.store.save(plans)
    sent = [bell(plan.id) for _ in range(3) for plan in plans]
    come(line, *sent)
    with http_receiver() as other:
        line.store.save([added := subscription("x", channels=[other.url()])])
        come(line, bell(added.id))
        assert until(lambda: other.posts, 5), "nobody else is held up"
    time.sleep(3)
    with http_receiver(dawdling(1, 0.01), port) as back:
        assert until(lambda: len(back.posts) >= len(sent), 30)
        for number, plan in enumerate(plans):
            expected = [each.alert_id for each in sent if each.subscription_id == plan.id]
            assert back.keys_of(f"{number}") == expected
        assert back.most_at_once <= 8
        first = back.posts[0].at
        assert sum(post.at < first + 0.005 for post in back.posts) <= 2, "the first ones come one by one"


def test_a_slow_receiver_holds_up_nobody(line: Line, receiver: HttpReceiver):
    release = threading.Event()

    def slow(_: Post) -> int:
        release.wait(20)
        return 204

    with http_receiver(slow) as hanging:
        plans = [subscription("x", channels=[(hanging if n % 2 else receiver).url(f"{n}")]) for n in range(40)]
        line.store.save(plans)
        come(line, *(bell(plan.id) for plan in plans))
        assert until(lambda: len(receiver.posts) == 20, 10)
        assert hanging.most_at_once <= 8
        release.set()
        assert until(lambda: len(hanging.posts) == 20, 20)


def test_a_bell_that_is_refused_for_good_is_a_dead_letter(line: Line):
    with http_receiver(lambda _: 410) as refusing:
        line.store.save([added := subscription("x", channels=[refusing.url()])])
        come(line, one := bell(added.id))
        [found] = until(lambda: line.letters(added.id))
        assert (found["stage"], found["reason"]) == ("notify", "refused_by_receiver")
        letters = [DeadLetter.decode(value) for value in line.values(line.topics.dead)]
        [letter] = [letter for letter in letters if letter.key == added.id]
        assert letter.value is not None
        assert one.alert_id.encode() in base64.b64decode(letter.value)


def test_the_commands_tell_what_rang_what_became_of_it_and_send_it_once_more(line: Line, receiver: HttpReceiver):
    line.store.save([added := subscription("x", channels=[receiver.url()])])
    first = bell(added.id, uuid.uuid4().hex)
    copy = first.model_copy(update={"article_id": "copy", "alert_id": uuid.uuid4().hex})
    come(line, first, copy)
    tools = tools_of(line)

    def said(*arguments: str) -> Any:
        result = CliRunner().invoke(app, list(arguments), obj=tools)
        return json.loads(result.stdout) if result.exit_code == 0 and result.stdout else None

    shown = until(lambda: (found := said("show", first.alert_id, "--json")) and found["also_in"] and found)
    assert [each["article_id"] for each in shown["also_in"]] == ["copy"]
    assert until(lambda: said("show", first.alert_id, "--json")["delivery"]["state"] == "sent")
    assert said("explain", copy.alert_id, "--json")["delivery"]["state"] == "also_in"
    listed = CliRunner().invoke(app, ["list", "--subscription", added.id, "--json"], obj=tools).stdout.splitlines()
    assert {json.loads(each)["alert_id"] for each in listed} == {first.alert_id, copy.alert_id}
    assert CliRunner().invoke(app, ["resend", first.alert_id], obj=tools).exit_code == 0
    assert until(lambda: receiver.keys_of() == [first.alert_id, first.alert_id])

    def channels() -> list[tuple[str, bool]]:
        told = said("show", first.alert_id, "--json")["delivery"]["channels"]
        return [(each["state"], each["resent"]) for each in told]

    assert until(lambda: channels() == [("sent", False), ("sent", True)])
    whole = ledger(Path("/nowhere"), line.bootstrap, line.topics, [items_prefix(added.id)])
    assert whole == tools.ledger([items_prefix(added.id)]), "with a worker's copy and without"


def tools_of(line: Line) -> Tools:
    @asynccontextmanager
    async def finder() -> AsyncIterator[AlertFinder]:
        async with connect(line.supervisor.addresses.elasticsearch_url) as client:
            await client.indices.refresh(index=line.names.alerts, ignore_unavailable=True)
            yield AlertFinder(client, line.names.alerts)

    return Tools(
        finder,
        lambda prefixes: ledger(line.config.home, line.bootstrap, line.topics, prefixes),
        lambda: line.store.load().subscriptions,
        lambda alerts: ring_again(line.bootstrap, line.topics, alerts),
    )
