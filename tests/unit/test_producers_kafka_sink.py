"""What the Kafka sink does when the client fails. What it does with a broker: tests/integration/test_article_sink.py."""

import warnings
from collections.abc import Callable
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # kafka-python reads its own files in an old way
    from kafka.errors import (
        KafkaConnectionError,
        KafkaError,
        KafkaTimeoutError,
        MessageSizeTooLargeError,
        OutOfOrderSequenceNumberError,
        TopicAuthorizationFailedError,
    )

    from producers import kafka_sink

from producers.kafka_sink import KafkaArticleSink, step_after
from schemas.errors import KafkaUnavailableError
from tests.contract.article_sink_contract import article


@pytest.mark.parametrize(
    ("error", "step"),
    [
        (MessageSizeTooLargeError(), "refuse"),
        (TopicAuthorizationFailedError(), "stop"),
        (KafkaTimeoutError(), "again"),
        (KafkaConnectionError(), "again"),
        (OutOfOrderSequenceNumberError(), "again"),
    ],
)
def test_what_follows_an_error_is_decided_by_its_kind(error: Exception, step: str) -> None:
    assert step_after(error) == step


class Future:
    """Is done when it is first asked for, unless it never is."""

    def __init__(self, error: KafkaError | None, *, never: bool = False) -> None:
        self.is_done = False
        self.exception: KafkaError | None = None
        self._error = error
        self._never = never

    def get(self, timeout: float) -> None:
        if self._never:
            raise KafkaTimeoutError
        self.is_done, self.exception = True, self._error
        if self._error is not None:
            raise self._error


class Broker:
    """Stands for a broker and its clients: `outcome` says what becomes of the n-th send of a client."""

    def __init__(self, outcome: Callable[[int, int], KafkaError | Future | None]) -> None:
        self.sent: list[list[str]] = []
        self.closed = 0
        self._outcome = outcome

    def client(self, **config: Any) -> "Client":
        self.sent.append([])
        return Client(self, len(self.sent) - 1)

    def take(self, client: int, key: bytes) -> Future:
        self.sent[client].append(key.decode())
        outcome = self._outcome(client, len(self.sent[client]))
        return outcome if isinstance(outcome, Future) else Future(outcome)


class Client:
    def __init__(self, broker: Broker, number: int) -> None:
        self._broker = broker
        self._number = number

    def send(self, topic: str, key: bytes, value: bytes) -> Future:
        return self._broker.take(self._number, key)

    def close(self, timeout: float) -> None:
        self._broker.closed += 1


def opened(monkeypatch: pytest.MonkeyPatch, broker: Broker, **options: Any) -> KafkaArticleSink:
    monkeypatch.setattr(kafka_sink, "_PRODUCER", broker.client)
    return KafkaArticleSink("broker:9092", "articles.raw", **options)


def test_when_the_client_gives_up_everything_from_there_on_is_sent_anew_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broker = Broker(lambda client, nth: OutOfOrderSequenceNumberError() if client == 0 and nth == 3 else None)
    with opened(monkeypatch, broker) as sink:
        for id_ in "abcde":
            assert sink.send(article(id_)) == []
        assert sink.settle() == []

        assert broker.sent == [["a", "b", "c", "d", "e"], ["c", "d", "e"]]
        assert (sink.confirmed, sink.unconfirmed) == (5, ())
    assert broker.closed == 2


def test_a_refused_article_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker(lambda _, nth: MessageSizeTooLargeError() if nth == 2 else None)
    with opened(monkeypatch, broker) as sink:
        for line, id_ in enumerate("abc", start=1):
            sink.send(article(id_, line))
        refused = sink.settle()

    assert [(problem.line, problem.code) for problem in refused] == [(2, "too_large")]
    assert (sink.confirmed, broker.sent) == (2, [["a", "b", "c"]])


def test_what_cannot_get_better_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker(lambda _, nth: TopicAuthorizationFailedError() if nth == 2 else None)
    with opened(monkeypatch, broker) as sink:
        for id_ in "abc":
            sink.send(article(id_))
        with pytest.raises(KafkaUnavailableError, match="TopicAuthorizationFailedError"):
            sink.settle()

    assert sink.confirmed == 1
    assert [one.raw.article_id for one in sink.unconfirmed] == ["b", "c"]


def test_after_the_deadline_without_a_confirmation_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []
    broker = Broker(lambda _, nth: Future(None, never=True) if nth > 1 else None)
    with opened(monkeypatch, broker, deadline_s=0.05, waiting=told.append) as sink:
        for id_ in "abc":
            sink.send(article(id_))
        with pytest.raises(KafkaUnavailableError, match=r"broker:9092 .*nothing was confirmed for .*`belfry up`"):
            sink.settle()

    assert told == sorted(told)
    assert len(told) > 0
    assert (sink.confirmed, len(sink.unconfirmed)) == (1, 2)


def test_a_client_that_never_gets_better_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker(lambda *_: KafkaConnectionError())
    with opened(monkeypatch, broker, deadline_s=0.05) as sink:
        sink.send(article("a"))
        with pytest.raises(KafkaUnavailableError):
            sink.settle()

    assert len(broker.sent) > 1
    assert sink.confirmed == 0


def test_so_much_is_under_way_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker(lambda *_: None)
    monkeypatch.setattr(kafka_sink, "MAX_UNDER_WAY", 3)
    with opened(monkeypatch, broker) as sink:
        for number in range(10):
            sink.send(article(f"a{number}"))
            assert len(sink.unconfirmed) <= 3
    monkeypatch.setattr(kafka_sink, "MAX_UNDER_WAY_BYTES", 3_000)
    with opened(monkeypatch, broker) as sink:
        for number in range(10):
            sink.send(article(f"a{number}", body="x" * 1_000))
            assert len(sink.unconfirmed) <= 2
