"""Articles in, documents, bells and dead letters out: each record ends where it should, with its reason."""

import os
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas.dead_letters import DeadLetter
from schemas.topics import MAX_MESSAGE_BYTES
from tests.integration.line import Line, article, subscription, until
from tests.integration.traffic import refuse_month

pytestmark = pytest.mark.integration


def dead(line: Line, key: str) -> list[tuple[str, str]]:
    return [(letter["stage"], letter["reason"]) for letter in until(lambda: line.letters(key))]


# To the index


def test_an_article_is_indexed_with_its_language_and_its_entities(line: Line):
    sent = article(body="De NAVO en de regering van Oekraïne spraken over Russische troepen.", language=None)
    line.send(sent)
    found = until(lambda: line.document(sent.article_id))
    assert found is not None
    assert found["language"] == "nl"
    assert {"NATO", "Ukraine"} <= {entity["name"] for entity in found["entities"]}
    assert found["text"] == sent.body


def test_the_same_article_again_is_counted_as_a_repeat_and_changes_nothing(line: Line):
    before = line.settled(0).counts
    sent = article()
    line.send(sent, sent, sent.model_copy(update={"fetched_at": datetime.now(UTC)}))
    after = line.settled(before.received + 3).counts
    assert (after.received - before.received, after.repeated - before.repeated) == (3, 2)
    assert after.indexed - before.indexed == 1
    assert after.missing == 0


def test_another_text_is_a_newer_version_of_the_same_document(line: Line):
    first = article(body="Eerst dit.")
    line.send(first, first.model_copy(update={"body": "Dan dat."}))
    found = until(lambda: (doc := line.document(first.article_id)) and doc["text"] == "Dan dat." and doc)
    assert found
    assert found["version"] > int(first.fetched_at.timestamp() * 1000) - 1


def test_a_canceled_article_is_no_longer_found_and_does_not_ring(line: Line):
    word = "annuleerbaar"
    line.store.save([subscription(word)])
    first = article(body=f"Iets {word}.")
    line.send(first)
    assert until(lambda: line.document(first.article_id))
    bells = until(lambda: line.alerts(first.article_id))
    line.send(first.model_copy(update={"status": "canceled", "body": f"Meer {word}."}))
    assert until(lambda: line.document(first.article_id) is None)
    assert line.alerts(first.article_id) == bells


def test_a_withheld_article_waits_for_a_usable_version(line: Line):
    before = line.settled(0).counts
    withheld = article(body="Nog niet.", status="withheld")
    line.send(withheld)
    assert line.settled(before.received + 1).counts.held == before.held + 1
    assert line.document(withheld.article_id) is None
    line.send(withheld.model_copy(update={"status": "usable", "body": "Nu wel."}))
    found = until(lambda: line.document(withheld.article_id))
    assert found is not None
    assert found["text"] == "Nu wel."


def test_an_embargoed_article_is_sent_on_when_its_time_has_come_and_rings_then(line: Line):
    word = "embargowoord"
    line.store.save([subscription(word)])
    until_when = datetime.now(UTC) + timedelta(seconds=3)
    embargoed = article(body=f"Over een {word}.", embargoed_until=until_when)
    before = line.settled(0).counts
    line.send(embargoed)
    assert line.settled(before.received + 1, 2.5).counts.held == before.held + 1
    assert line.document(embargoed.article_id) is None
    [bell] = until(lambda: line.alerts(embargoed.article_id))
    assert datetime.fromisoformat(bell["matched_at"]) >= until_when
    assert until(lambda: line.document(embargoed.article_id))
    after = line.settled(before.received + 1).counts
    assert (after.held, after.indexed, after.missing) == (before.held, before.indexed + 1, 0)


# To the dead letters


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"\xff\xfe\x00broken", "not_json"),
        (b'{"article_id": "KEY", "body"', "not_json"),
        (None, "empty"),
        (b'{"article_id": "KEY", "title": 7}', "invalid"),
        (b'{"article_id": "someone else", "published_at": 0, "fetched_at": 0, "body": "x"}', "key_mismatch"),
        (
            b'{"article_id": "KEY", "published_at": 0, "fetched_at": 0, "body": "x", "schema_version": 99}',
            "newer_schema",
        ),
        (b'{"article_id": "KEY", "published_at": 0, "fetched_at": 0, "body": " "}', "no_text"),
    ],
)
def test_what_cannot_be_read_is_a_dead_letter_with_its_reason_and_its_bytes(
    line: Line, value: bytes | None, reason: str
):
    key = article().article_id
    value = None if value is None else value.replace(b"KEY", key.encode())
    line.send_bytes(value, key.encode())
    assert dead(line, key) == [("enrich", reason)]
    [letter] = [found for each in line.values(line.topics.dead) if (found := DeadLetter.decode(each)).key == key]
    assert letter.topic == line.topics.raw
    assert (letter.value is None) == (value is None)


def test_what_grows_too_large_for_a_message_is_a_dead_letter_and_holds_up_nobody(line: Line):
    large = article(body="x" * (MAX_MESSAGE_BYTES - 64 * 1024))
    line.send(large)
    after = article()
    line.send(after)
    assert dead(line, large.article_id) == [("enrich", "too_large")]
    assert until(lambda: line.document(after.article_id))


def test_what_the_index_refuses_is_a_dead_letter_that_counts_once(line: Line):
    before = line.settled(0).counts
    refuse_month(line)
    refused = article(published_at=datetime(2019, 2, 3, tzinfo=UTC))
    line.send(refused)
    assert dead(line, refused.article_id) == [("index", "refused_by_index")]
    after = line.settled(before.received + 1).counts
    assert (after.dead, after.indexed, after.missing) == (before.dead + 1, before.indexed, 0)


def test_bytes_that_nobody_enriched_are_a_dead_letter_of_the_index_and_count_as_no_article(line: Line):
    before = line.settled(0).counts
    key = article().article_id
    line.send_bytes(b"{", key.encode(), line.topics.enriched)
    assert dead(line, key) == [("index", "not_json")]
    after = line.settled(before.received).counts
    assert (after.received, after.dead, after.missing) == (before.received, before.dead, 0)


# To the bells


def test_a_subscription_rings_within_a_second_of_being_added(line: Line):
    word = "bliksemsnel"
    line.store.save([subscription(word)])
    added = time.monotonic()
    sent: list[str] = []
    while not any(line.alerts(id_) for id_ in sent):
        assert time.monotonic() - added < 20
        each = article(body=f"Het gaat {word}.")
        line.send(each)
        sent.append(each.article_id)
        time.sleep(0.2)
    rung = {id_ for id_ in sent if until(lambda id_=id_: line.alerts(id_), 3)}
    late = [place for place, id_ in enumerate(sent) if id_ not in rung]
    assert late in ([], [0], [0, 1], [0, 1, 2], [0, 1, 2, 3]), "the first that rang was sent within a second"


def test_a_bell_says_which_words_rang_it(line: Line):
    line.store.save([added := subscription('"verse bel" OR klepel*')])
    time.sleep(1)
    sent = article(title="Klepels te koop", body="Er luidt een verse bel.")
    line.send(sent)
    [bell] = until(lambda: line.alerts(sent.article_id))
    assert bell["subscription_id"] == added.id
    assert [(span["field"], span["start"], span["end"], span["text"]) for span in bell["spans"]] == [
        ("title", 0, 7, "Klepels"),
        ("text", 13, 22, "verse bel"),
    ]


def test_a_paused_subscription_never_rings_and_a_resumed_one_not_for_the_past(line: Line):
    word = "pauzevogel"
    paused = subscription(word, paused=True)
    witness = subscription(word)
    line.store.save([paused, witness])
    time.sleep(1)
    first = article(body=f"Een {word}.")
    line.send(first)
    assert [bell["subscription_id"] for bell in until(lambda: line.alerts(first.article_id))] == [witness.id]
    line.store.save([paused.model_copy(update={"paused": False, "resumed_at": datetime.now(UTC)})])
    time.sleep(1)
    past = article(body=f"Nog een {word}.", fetched_at=datetime.now(UTC) - timedelta(minutes=1))
    now = article(body=f"Weer een {word}.")
    line.send(past, now)
    bells = until(lambda: (found := line.alerts(now.article_id)) and len(found) == 2 and found)
    assert {bell["subscription_id"] for bell in bells} == {paused.id, witness.id}
    assert line.alerts(past.article_id) == []


def test_every_one_of_more_than_a_thousand_subscriptions_rings(line: Line):
    word = "massabel"
    many = [subscription(word, created_at=datetime.now(UTC)) for _ in range(1500)]
    line.store.save(many)
    time.sleep(1.5)
    sent = article(body=f"Een {word}.")
    line.send(sent)
    bells = until(lambda: (found := line.alerts(sent.article_id)) and len(found) >= 1500 and found)
    assert {bell["subscription_id"] for bell in bells} == {each.id for each in many}
    assert len({bell["alert_id"] for bell in bells}) == len(bells) == 1500
    line.store.remove([each.id for each in many])


# Figures, and what dies


def test_each_role_tells_what_it_did_by_the_minute(line: Line):
    line.send(article())

    def told() -> set[str]:
        found = line.search(line.names.pipeline, {"range": {"read": {"gt": 0}}})
        return {each["role"] for each in found if each["latency_ms"]}

    roles = {"enrich", "group", "index", "match"}
    assert until(lambda: told() >= roles and told()) >= roles


def test_a_role_that_is_killed_is_started_anew(line: Line):
    before = {each.role: each.pid for each in line.supervisor.children.heartbeats()}
    os.kill(before["enrich"], signal.SIGKILL)
    assert until(
        lambda: all(each.ready and each.pid != before["enrich"] for each in line.supervisor.children.heartbeats())
    )
    sent = article()
    line.send(sent)
    assert until(lambda: line.document(sent.article_id))
    after = {each.role: each.pid for each in line.supervisor.children.heartbeats()}
    assert (after["index"], after["match"]) == (before["index"], before["match"])
    assert (Path(line.config.home) / "logs" / "enrich-1.log").exists()
