"""From an alert to its receiver, over a real Kafka and real HTTP, with kills."""

import time
from collections.abc import Iterator

import pytest

from schemas.alerts import Alert
from tests.integration.line import Line, article, subscription, until
from tests.notify_cases import alert
from tests.receivers import HttpReceiver, http_receiver

pytestmark = pytest.mark.integration


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    with http_receiver() as receiver:
        yield receiver


def come(line: Line, *alerts: Alert) -> None:
    """Send alerts, as match does."""
    for each in alerts:
        line.send_bytes(each.encode(), each.subscription_id.encode(), line.topics.alerts)


def test_an_article_becomes_a_signed_post_and_its_copies_do_not(line: Line, receiver: HttpReceiver):
    word = "bezorgvogel"
    added = subscription(word, channels=[receiver.url()])
    line.store.save([added])
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
    to = {"to": added.id, "at": added.created_at}
    come(line, *(alert(f"copy{n}", 1, "Troepen aan de grens.", **to) for n in range(5)))
    come(line, alert("copy0", 2, "Troepen aan de grens.", "In het noorden rukken tanks op.", **to))
    assert until(lambda: len(receiver.posts) == 2)
    come(line, last := alert("other", 1, story="other", **to))
    assert until(lambda: len(receiver.posts) == 3)
    assert [post.key for post in receiver.posts] == [
        alert("copy0", 1, to=added.id).alert_id,
        alert("copy0", 2, to=added.id).alert_id,
        last.alert_id,
    ]
