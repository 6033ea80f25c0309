"""Kafka keeps the contract of a sink, and what it can't do is said with a remedy."""

import gc
import logging
from collections.abc import Iterator

import pytest

from producers.kafka_sink import KafkaArticleSink
from schemas.articles import RawArticle
from schemas.errors import KafkaUnavailableError
from schemas.topics import Topics
from tests.contract.article_sink_contract import ArticleSinkContract, article
from tests.integration.kafka_records import records_of

pytestmark = pytest.mark.integration


class KafkaDesk:
    def __init__(self, bootstrap: str, topic: str, sink: KafkaArticleSink) -> None:
        self.sink = sink
        self._bootstrap = bootstrap
        self._topic = topic

    def articles(self) -> list[tuple[str, RawArticle]]:
        return [(key.decode(), RawArticle.decode(value)) for key, value in records_of(self._bootstrap, self._topic)]


class TestKafkaArticleSink(ArticleSinkContract):
    @pytest.fixture
    def desk(self, kafka_bootstrap: str, topics: Topics) -> Iterator[KafkaDesk]:
        with KafkaArticleSink(kafka_bootstrap, topics.raw, connect_s=10, deadline_s=20) as sink:
            yield KafkaDesk(kafka_bootstrap, topics.raw, sink)


def test_a_topic_that_is_not_there_ends_at_the_deadline(kafka_bootstrap: str):
    with KafkaArticleSink(kafka_bootstrap, "nowhere.articles.raw", connect_s=10, deadline_s=1.5) as sink:
        with pytest.raises(KafkaUnavailableError, match="`belfry status`"):
            _send_and_settle(sink)
        assert sink.confirmed == 0
        assert [one.raw.article_id for one in sink.unconfirmed] == ["a"]


def _send_and_settle(sink: KafkaArticleSink) -> None:
    sink.send(article("a"))
    sink.settle()


@pytest.mark.filterwarnings("ignore:.*unclosed <socket:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_broker_that_is_not_there_is_named(unused_tcp_port: int, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.CRITICAL, "kafka")  # what it logs would be kept for the report, and its sockets with it
    with pytest.raises(KafkaUnavailableError, match=f"127.0.0.1:{unused_tcp_port}.*`belfry up`"):
        KafkaArticleSink(f"127.0.0.1:{unused_tcp_port}", "articles.raw", connect_s=1)
    gc.collect()  # kafka-python leaves the sockets of a bootstrap that failed to the collector: here, not in a later test
