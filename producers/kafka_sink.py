"""[articles.raw] in Kafka as a sink: idempotent, acks=all, every article confirmed or said to be not.

A broker that goes away is waited for, up to a deadline without any confirmation; the client itself sends again what was
under way. Where the client gives an article up before that (its session with the broker was lost), everything from that
article on is sent anew by a new client, in order: an article may be written twice then, which enrich counts as repeated,
but never lost, and never an older version after a newer one.
"""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# (kafka-python is untyped; its objects stay in this module)

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self

from kafka import KafkaProducer
from kafka.errors import (
    AuthorizationError,
    InvalidRecordError,
    InvalidTimestampError,
    InvalidTopicError,
    KafkaConfigurationError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    SaslAuthenticationFailedError,
    UnsupportedVersionError,
)

from producers.articles import ReadArticle
from producers.checksum import use_compiled_checksum
from schemas.errors import InputProblem, KafkaUnavailableError
from schemas.topics import MAX_MESSAGE_BYTES

use_compiled_checksum()

CONNECT_S = 15.0
DEADLINE_S = 60.0
"""A broker that was killed is back in seconds; one that is away for a minute needs somebody."""

MAX_UNDER_WAY = 10_000
MAX_UNDER_WAY_BYTES = 32 * 1024 * 1024
_BATCH_BYTES = 128 * 1024
_LINGER_MS = 10
_LOOK_S = 1.0
_CLOSE_S = 1.0
_BREATH_S = 0.2
"""Between a client that gave up and the next, so that a broker with a lasting fault isn't stormed."""
_PRODUCER: Any = KafkaProducer

Step = Literal["refuse", "stop", "again"]
_REFUSED = (
    InvalidRecordError,
    InvalidTimestampError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
)
_HOPELESS = (
    AuthorizationError,
    InvalidTopicError,
    KafkaConfigurationError,
    SaslAuthenticationFailedError,
    UnsupportedVersionError,
)


def step_after(error: BaseException) -> Step:
    """What to do when an article wasn't confirmed: refuse it alone, stop for good, or send again from it on."""
    if isinstance(error, _REFUSED):
        return "refuse"
    return "stop" if isinstance(error, _HOPELESS) else "again"


@dataclass(slots=True)
class _Sent:
    article: ReadArticle
    value: bytes
    future: Any


class KafkaArticleSink:
    """See ArticleSink. Connects at once: raises KafkaUnavailableError where no broker answers within `connect_s`.

    `waiting` is told, about every second, for how many seconds nothing has been confirmed. Leaving the
    context closes the connection and doesn't wait: call `settle` first.
    """

    def __init__(
        self,
        bootstrap: str,
        topic: str,
        *,
        connect_s: float = CONNECT_S,
        deadline_s: float = DEADLINE_S,
        waiting: Callable[[float], None] = lambda seconds: None,  # noqa: ARG005 - the name says what it is
    ) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._deadline_s = deadline_s
        self._waiting = waiting
        self._confirmed = 0
        self._under_way: deque[_Sent] = deque()
        self._under_way_bytes = 0
        self._last_progress = time.monotonic()
        self._producer: Any = self._connected(connect_s)

    @property
    def confirmed(self) -> int:
        """See ArticleSink."""
        return self._confirmed

    @property
    def unconfirmed(self) -> tuple[ReadArticle, ...]:
        """See ArticleSink."""
        return tuple(sent.article for sent in self._under_way)

    def send(self, article: ReadArticle) -> list[InputProblem]:
        """See ArticleSink."""
        if not self._under_way:
            self._last_progress = time.monotonic()
        sent = _Sent(article, article.raw.encode(), None)
        self._under_way.append(sent)
        self._under_way_bytes += len(sent.value)
        self._hand_over(sent)
        refused: list[InputProblem] = []
        while self._under_way and (self._is_too_much() or self._under_way[0].future.is_done):
            refused += self._settle_oldest()
        return refused

    def settle(self) -> list[InputProblem]:
        """See ArticleSink."""
        refused: list[InputProblem] = []
        while self._under_way:
            refused += self._settle_oldest()
        return refused

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def _is_too_much(self) -> bool:
        return len(self._under_way) > MAX_UNDER_WAY or self._under_way_bytes > MAX_UNDER_WAY_BYTES

    def _settle_oldest(self) -> list[InputProblem]:
        """Wait for the oldest; the refusal if it was refused. What must be sent again is under way again afterwards."""
        sent = self._under_way[0]
        error = self._outcome(sent)
        if error is None:
            self._forget_oldest()
            self._confirmed += 1
            self._last_progress = time.monotonic()
            return []
        step = step_after(error)
        if step == "refuse":
            self._forget_oldest()
            return [_refusal(sent, error)]
        if step == "stop" or time.monotonic() - self._last_progress >= self._deadline_s:
            raise self._unavailable(_said(error)) from error
        self._send_again()
        return []

    def _outcome(self, sent: _Sent) -> BaseException | None:
        while not sent.future.is_done:
            try:
                sent.future.get(timeout=_LOOK_S)
            except KafkaTimeoutError as error:
                silent_s = time.monotonic() - self._last_progress
                if sent.future.is_done:
                    break
                if silent_s >= self._deadline_s:
                    raise self._unavailable(f"nothing was confirmed for {silent_s:.0f} s") from error
                self._waiting(silent_s)
            except KafkaError:
                break
        return sent.future.exception

    def _forget_oldest(self) -> None:
        self._under_way_bytes -= len(self._under_way.popleft().value)

    def _send_again(self) -> None:
        self._close()
        time.sleep(_BREATH_S)
        remaining_s = self._deadline_s - (time.monotonic() - self._last_progress)
        self._producer = self._connected(max(1.0, remaining_s))
        for sent in self._under_way:
            self._hand_over(sent)

    def _hand_over(self, sent: _Sent) -> None:
        """Give it to the client. An error is kept as its outcome: it is dealt with in the order sent."""
        key = sent.article.raw.article_id.encode()
        try:
            sent.future = self._producer.send(self._topic, key=key, value=sent.value)
        except KafkaError as error:
            sent.future = _Failed(error)

    def _connected(self, within_s: float) -> Any:
        deadline_ms = int(self._deadline_s * 1000)
        try:
            return _PRODUCER(
                bootstrap_servers=self._bootstrap.split(","),
                bootstrap_timeout_ms=int(within_s * 1000),
                acks="all",
                enable_idempotence=True,
                compression_type=None,
                batch_size=_BATCH_BYTES,
                linger_ms=_LINGER_MS,
                max_request_size=MAX_MESSAGE_BYTES,
                max_block_ms=deadline_ms,
                request_timeout_ms=min(10_000, deadline_ms),
                delivery_timeout_ms=deadline_ms + min(10_000, deadline_ms) + _LINGER_MS,
                # A broker that is back is to be noticed soon.
                reconnect_backoff_max_ms=1000,
                # Topics are created with explicit partitions and retention, never by a broker's default.
                allow_auto_create_topics=False,
            )
        except (KafkaError, OSError) as error:
            raise self._unavailable(_said(error)) from error

    def _close(self) -> None:
        try:
            self._producer.close(timeout=_CLOSE_S)
        except KafkaError:
            # With articles under way it gives up before it ends its thread, which would go on sending them.
            sender = self._producer._sender
            sender.force_close()
            sender.join(_CLOSE_S)

    def _unavailable(self, why: str) -> KafkaUnavailableError:
        return KafkaUnavailableError(
            f"Kafka at {self._bootstrap} doesn't take articles ({why}): is it running there? "
            "`belfry status` shows it, `belfry up` starts one"
        )


class _Failed:
    """The outcome of what the client didn't take at all."""

    is_done = True

    def __init__(self, error: KafkaError) -> None:
        self.exception = error


def _refusal(sent: _Sent, error: BaseException) -> InputProblem:
    size = f"{len(sent.value):,} bytes as a message"
    if isinstance(error, MessageSizeTooLargeError | RecordListTooLargeError):
        return sent.article.place.problem("too_large", f"too large for the topic: {size}", "Split it.")
    return sent.article.place.problem(
        "refused_by_kafka", f"Kafka refuses it ({_said(error)})", "See the broker's log for the reason."
    )


def _said(error: BaseException) -> str:
    text = str(error)
    return text if type(error).__name__ in text else f"{type(error).__name__}: {text}" if text else type(error).__name__
