"""Topics are made as they should be, once, and never changed under data."""

import uuid
from typing import Any

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from belfry.stack.topics import changed_config, create_topics
from schemas.errors import KafkaUnavailableError, StackError
from schemas.topics import Topic, Topics

pytestmark = pytest.mark.integration


@pytest.fixture
def admin(kafka_bootstrap: str):
    client = KafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    yield client
    client.close()


@pytest.fixture
def name(admin: Any):
    name = f"t{uuid.uuid4().hex[:12]}"
    yield name
    if name in admin.list_topics():
        admin.delete_topics([name])


def config(admin: Any, name: str) -> dict[str, str]:
    found = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)], config_filter="all")
    return {key: entry["value"] for key, entry in found["topic"][name].items()}


def test_every_topic_has_the_partitions_and_the_configuration_that_were_asked_for(topics: Topics, admin: Any):
    described = {topic["name"]: topic for topic in admin.describe_topics([topic.name for topic in topics.all()])}
    for topic in topics.all():
        assert len(described[topic.name]["partitions"]) == topic.partitions
        found = config(admin, topic.name)
        assert {key: found[key] for key in topic.config} == topic.config


def test_making_topics_again_changes_nothing(topics: Topics, admin: Any, kafka_bootstrap: str):
    before = admin.describe_topics([topics.raw])[0]["topic_id"]
    create_topics(kafka_bootstrap, topics.all())
    assert admin.describe_topics([topics.raw])[0]["topic_id"] == before


def test_another_number_of_partitions_is_refused_and_nothing_is_made(name: str, admin: Any, kafka_bootstrap: str):
    create_topics(kafka_bootstrap, [Topic(name, 2)])
    with pytest.raises(StackError, match=f"{name} has 2 instead of 3.*BELFRY_PARTITIONS"):
        create_topics(kafka_bootstrap, [Topic(name, 3), Topic(f"{name}-new", 1)])
    assert f"{name}-new" not in admin.list_topics()


def test_configuration_that_differs_is_set_and_other_configuration_stays(name: str, admin: Any, kafka_bootstrap: str):
    create_topics(kafka_bootstrap, [Topic(name, 1, {"retention.ms": "1000000", "segment.ms": "700000"})])
    create_topics(kafka_bootstrap, [Topic(name, 1, {"retention.ms": "2000000"})])
    found = config(admin, name)
    assert (found["retention.ms"], found["segment.ms"]) == ("2000000", "700000")


def test_a_configuration_that_kafka_refuses_is_an_error_that_names_the_broker(name: str, kafka_bootstrap: str):
    with pytest.raises(KafkaUnavailableError, match=kafka_bootstrap):
        create_topics(kafka_bootstrap, [Topic(name, 1, {"cleanup.policy": "sometimes"})])


def test_only_configuration_that_differs_is_changed():
    assert changed_config({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "0", "d": "4"}) == {"b": "2", "c": "3"}
