"""One real Kafka and one real Elasticsearch for the whole session; topics and indices of each test's own."""

import uuid
import warnings
from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # kafka-python reads its own files in an old way
    from kafka import KafkaAdminClient

from belfry.stack import Addresses, Stack
from belfry.stack.topics import create_topics
from schemas.topics import Topics
from tests.integration.line import Line, running_line
from tests.receivers import SmtpReceiver, smtp_receiver


@pytest.fixture(scope="session")
def addresses(stack: Stack) -> Addresses:
    return stack.addresses


@pytest.fixture(scope="session")
def kafka_bootstrap(addresses: Addresses) -> str:
    return addresses.kafka_bootstrap


@pytest.fixture(scope="session")
def elasticsearch_url(addresses: Addresses) -> str:
    return addresses.elasticsearch_url


@pytest.fixture(scope="session")
def mail() -> Iterator[SmtpReceiver]:
    """The server that takes the line's e-mail."""
    with smtp_receiver() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def line(addresses: Addresses, mail: SmtpReceiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """The roles, running, for the session: each test has article ids, words and subscriptions of its own."""
    smtp = {"smtp_host": "127.0.0.1", "smtp_port": mail.port, "smtp_tls": "none"}
    with running_line(tmp_path_factory.mktemp("line"), addresses, **smtp) as line:
        yield line


@pytest.fixture
def topics(kafka_bootstrap: str) -> Iterator[Topics]:
    """All of Belfry's topics, empty, under a prefix that no other test has; they are gone after the test."""
    topics = Topics(f"t{uuid.uuid4().hex[:12]}.", 4)
    create_topics(kafka_bootstrap, topics.all())
    yield topics
    admin = KafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    admin.delete_topics([name for name in admin.list_topics() if name.startswith(topics.prefix)])
    admin.close()


@pytest.fixture
def index_prefix(elasticsearch_url: str) -> Iterator[str]:
    """A prefix that no other test has; indices and templates under it are gone after the test."""
    prefix = f"t{uuid.uuid4().hex[:12]}."
    yield prefix
    with Elasticsearch(elasticsearch_url) as client:
        found = client.indices.get(index=f"{prefix}*", expand_wildcards="all")
        if found.body:
            client.indices.delete(index=list(found.body))
        for pattern in (f"{prefix}*", f"belfry-{prefix}*"):
            client.options(ignore_status=404).indices.delete_index_template(name=pattern)
