"""What the Kafka sink does after an error. What it does with a broker: tests/integration/test_article_sink.py."""

import warnings

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # kafka-python reads its own files in an old way
    from kafka.errors import (
        KafkaConnectionError,
        KafkaTimeoutError,
        MessageSizeTooLargeError,
        OutOfOrderSequenceNumberError,
        TopicAuthorizationFailedError,
    )

    from producers.kafka_sink import step_after


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
