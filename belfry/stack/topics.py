"""Topics, made on purpose: with the partitions and the configuration that Belfry's topics have."""

from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import KafkaError, TopicAlreadyExistsError

from belfry.stack.admin import kafka_admin
from schemas.errors import KafkaUnavailableError, StackError
from schemas.topics import Topic

_log = structlog.get_logger()
_WITHIN_MS = 30_000


def create_topics(bootstrap: str, topics: Iterable[Topic]) -> None:
    """Make the topics that are missing, and give the others the configuration they should have.

    Doing it twice changes nothing; of two who do it at once, each finds all topics made. Returns when every partition
    has a leader. Configuration that a topic has beyond what is asked for stays. Replication is the broker's default.
    Raises StackError where a topic has another number of partitions (nothing was changed then), KafkaUnavailableError
    where the broker can't be reached or refuses.
    """
    wanted = {topic.name: topic for topic in topics}
    if not wanted:
        return
    try:
        with kafka_admin(bootstrap, within_s=_WITHIN_MS / 1000) as admin:
            _create(admin, wanted)
    except (KafkaError, OSError) as error:
        raise KafkaUnavailableError(f"topics can't be made on Kafka at {bootstrap}: {error!r}") from error


def _create(admin: Any, wanted: Mapping[str, Topic]) -> None:
    existing = _partitions(admin, wanted)
    _demand_partitions(wanted, existing)
    missing = [topic for name, topic in wanted.items() if name not in existing]
    made: list[str] = []
    for topic in missing:
        shape = {"num_partitions": topic.partitions, "replication_factor": -1, "configs": topic.config}
        try:
            admin.create_topics({topic.name: shape}, timeout_ms=_WITHIN_MS)
        except TopicAlreadyExistsError:
            continue  # another process made it just now: it is looked at like the others
        made.append(topic.name)
    if missing:
        admin.wait_for_topics(list(wanted), timeout_ms=_WITHIN_MS)
        _demand_partitions(wanted, _partitions(admin, wanted))
        _log.info("topics made", topics=made)
    _configure(admin, [topic for name, topic in wanted.items() if name not in made])


def _partitions(admin: Any, wanted: Mapping[str, Topic]) -> dict[str, int]:
    """How many partitions those of the topics have that exist."""
    found: list[dict[str, Any]] = admin.describe_topics(list(wanted))
    return {str(topic["name"]): len(topic["partitions"]) for topic in found if topic["error_code"] == 0}


def _demand_partitions(wanted: Mapping[str, Topic], existing: Mapping[str, int]) -> None:
    other = [
        f"{name} has {count} instead of {wanted[name].partitions}"
        for name, count in existing.items()
        if count != wanted[name].partitions
    ]
    if other:
        raise StackError(
            f"topics with another number of partitions: {', '.join(sorted(other))}",
            remedy="Keys decide partitions, so the number can't change under data: set BELFRY_PARTITIONS to what they "
            "have, or BELFRY_TOPIC_PREFIX to begin anew beside them",
        )


def _configure(admin: Any, topics: list[Topic]) -> None:
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic.name, topic.config) for topic in topics if topic.config]
    if not resources:
        return
    found: dict[str, dict[str, dict[str, Any]]] = admin.describe_configs(resources, config_filter="all")["topic"]
    changes = [
        ConfigResource(ConfigResourceType.TOPIC, topic.name, change)
        for topic in topics
        if (change := changed_config(topic.config, _values(found.get(topic.name, {}))))
    ]
    if changes:
        admin.alter_configs(changes, incremental=True)
        _log.info("topics configured anew", topics=[change.name for change in changes])


def _values(described: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {key: str(entry["value"]) for key, entry in described.items()}


def changed_config(wanted: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    """What of `wanted` is not so in `found`."""
    return {key: value for key, value in wanted.items() if found.get(key) != value}
