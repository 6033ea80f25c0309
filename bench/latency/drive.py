"""Sending by the clock, waiting for what comes of it, and reading the way it went.

Moments are Unix seconds: the processes of one machine share that clock, and Kafka's records carry when they were sent.
kafka-python has no types; its objects stay in this module.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import http.client
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from kafka import KafkaConsumer, KafkaProducer
from kafka.structs import TopicPartition

from bench.latency.figures import Bell
from bench.latency.receiver import Post, Receiver
from schemas.articles import RawArticle
from schemas.topics import Topics

_LAST_WITHIN_S = 60.0
_STRAY_S = 2.0


@dataclass(frozen=True, slots=True)
class Sent:
    """When articles were due to be sent, and when they were, by id."""

    due: dict[str, float]
    at: dict[str, float]


def sent(bootstrap: str, topics: Topics, articles: Sequence[RawArticle], rate: float) -> Sent:
    """Send these by the clock: each when it is due, however late what was sent before it comes out."""
    producer: Any = KafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    producer.partitions_for(topics.raw)  # connected before the clock begins
    found, waiting = Sent({}, {}), []
    began = time.time() + 0.2
    for number, article in enumerate(articles):
        due = began + number / rate
        time.sleep(max(0.0, due - time.time()))
        found.due[article.article_id], found.at[article.article_id] = due, (now := time.time())
        fetched = article.model_copy(update={"fetched_at": datetime.fromtimestamp(now, UTC)})
        waiting.append(producer.send(topics.raw, key=article.article_id.encode(), value=fetched.encode()))
    for each in waiting:
        each.get(timeout=30)
    producer.close()
    return found


def all_came(receiver: Receiver, count: int) -> list[Post]:
    """The posts once there are so many, or none came for long; with those that come shortly after the last."""
    last, since = -1, time.monotonic()
    while (now := receiver.count()) < count and time.monotonic() - since < _LAST_WITHIN_S:
        if now > last:
            last, since = now, time.monotonic()
        time.sleep(0.05)
    time.sleep(_STRAY_S)
    return receiver.posts()


def bell_of(post: Post) -> Bell:
    """Whose bell a post is; its path ends with the subscription's id."""
    return orjson.loads(post.body)["article_id"], post.path.rsplit("/", 1)[-1]


def alone(receiver: Receiver, body: bytes, count: int, rate: float) -> list[float]:
    """Seconds from connecting until the receiver has it, of posts to it at this rate with nothing in between."""
    before = receiver.count()
    began, times = time.time() + 0.05, []
    for number in range(count):
        time.sleep(max(0.0, began + number / rate - time.time()))
        times.append(time.time())
        connection = http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=30)
        connection.request("POST", "/alone", body)
        connection.getresponse().read()
        connection.close()
    return [post.at - at for post, at in zip(receiver.posts()[before:], times, strict=True)]


def stations(
    bootstrap: str, topics: Topics, bells: Collection[Bell], began: Sent, arrived: dict[Bell, float]
) -> list[tuple[str, dict[Bell, float]]]:
    """When each bell was where, in the order of its way. A name says what was done when it was there.

    sent: given to Kafka's client. enriched, grouped: that role sent the article on. matched: the bell was sent to
    notify. kept: it was sent to notify's changelog. received: the webhook had it.
    """
    enriched = _when(bootstrap, topics.to_group, lambda _, value: orjson.loads(value)["article_id"])
    grouped = _when(bootstrap, topics.enriched, lambda key, _: key.decode())
    alerts = _when(bootstrap, topics.alerts, lambda key, value: (orjson.loads(value)["article_id"], key.decode()))
    kept = _when(bootstrap, topics.notify_state, _opened)
    return [
        ("due", {bell: began.due[bell[0]] for bell in bells}),
        ("sent", {bell: began.at[bell[0]] for bell in bells}),
        ("enriched", {bell: enriched[bell[0]] for bell in bells if bell[0] in enriched}),
        ("grouped", {bell: grouped[bell[0]] for bell in bells if bell[0] in grouped}),
        ("matched", alerts),
        ("kept", kept),
        ("received", arrived),
    ]


def _opened(key: bytes, value: bytes) -> Bell | None:
    """The bell that a record of notify's changelog is of, while it waits to be sent."""
    if not key.startswith(b"i"):
        return None
    bells = orjson.loads(value).get("bells")
    return (bells[0]["alert"]["article_id"], bells[0]["alert"]["subscription_id"]) if bells else None


def _when(bootstrap: str, topic: str, of: Callable[[bytes, bytes], Any]) -> dict[Any, float]:
    """When the first record of each was sent; those of which `of` makes None are left out."""
    found: dict[Any, float] = {}
    for record in _records(bootstrap, topic):
        if record.value is not None and (name := of(record.key, record.value)) is not None:
            found.setdefault(name, record.timestamp / 1000)
    return found


def _records(bootstrap: str, topic: str) -> Iterator[Any]:
    consumer: Any = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    try:
        partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic))]
        ends = consumer.end_offsets(partitions)
        consumer.assign(partitions)
        consumer.seek_to_beginning()
        while any(consumer.position(tp) < end for tp, end in ends.items()):
            for records in consumer.poll(timeout_ms=500).values():
                yield from records
    finally:
        consumer.close()
