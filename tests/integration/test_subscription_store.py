"""The compacted topic keeps the contract, and says what is missing where it can't."""

import re
import subprocess
import sys

import pytest

from belfry.subscriptions.kafka_store import KafkaSubscriptionStore
from schemas.errors import KafkaUnavailableError
from schemas.topics import Topics
from tests.contract.subscription_store_contract import SubscriptionStoreContract

pytestmark = pytest.mark.integration


class TestKafkaSubscriptionStore(SubscriptionStoreContract):
    @pytest.fixture
    def store(self, kafka_bootstrap: str, topics: Topics) -> KafkaSubscriptionStore:
        return KafkaSubscriptionStore(kafka_bootstrap, topics.subscriptions)


def test_a_topic_that_is_not_there_is_named_with_what_makes_it(kafka_bootstrap: str):
    store = KafkaSubscriptionStore(kafka_bootstrap, "nowhere.subscriptions", timeout_s=2)
    with pytest.raises(KafkaUnavailableError, match=r"nowhere\.subscriptions.*`belfry up`"):
        store.load()


def test_a_broker_that_is_not_there_is_named_with_what_starts_one(unused_tcp_port: int):
    """As a process of its own: kafka-python leaves the sockets of a bootstrap that failed open."""
    address = f"127.0.0.1:{unused_tcp_port}"
    code = (
        f"from belfry.subscriptions.kafka_store import *; KafkaSubscriptionStore({address!r}, 't', timeout_s=1).load()"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert re.search(rf"KafkaUnavailableError: .*{re.escape(address)}.*`belfry up` starts one", run.stderr)
