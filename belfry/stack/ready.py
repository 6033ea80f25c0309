"""Whether a server serves, asked as its clients ask it."""

from collections.abc import Callable
from typing import Literal

from belfry.stack.ports import LOOPBACK
from belfry.stack.servers import ServerName

Answer = Literal["yes", "no", "partly"]
"""`partly`: it answers, but some of what it keeps can't be read, yet or for good."""

_ANSWER_WITHIN_S = 5.0
_PROBE = "belfry-probe"


def kafka_serves(port: int) -> Answer:
    """Whether the broker would make a topic now: it, its controller and its storage are up."""
    from kafka.errors import KafkaError

    from belfry.stack.admin import kafka_admin

    try:
        with kafka_admin(f"{LOOPBACK}:{port}", within_s=_ANSWER_WITHIN_S) as admin:
            admin.create_topics({_PROBE: {"num_partitions": 1, "replication_factor": 1}}, validate_only=True)
    except (KafkaError, OSError):
        return "no"
    return "yes"


def elasticsearch_serves(port: int) -> Answer:
    """Whether every index can be read and written.

    Asked without waiting for a status: where that isn't reached, the answer is a 408, like a node that hangs.
    """
    from elasticsearch import ApiError, Elasticsearch, TransportError

    client = Elasticsearch(f"http://{LOOPBACK}:{port}", request_timeout=_ANSWER_WITHIN_S, max_retries=0)
    try:
        health = client.cluster.health()
    except (ApiError, TransportError):
        return "no"
    finally:
        client.close()
    return "partly" if health["status"] == "red" else "yes"


def red_indices(port: int) -> list[str]:
    """The indices that can't be read, for telling."""
    from elasticsearch import ApiError, Elasticsearch, TransportError

    client = Elasticsearch(f"http://{LOOPBACK}:{port}", request_timeout=_ANSWER_WITHIN_S, max_retries=0)
    try:
        health = client.cluster.health(level="indices")
    except (ApiError, TransportError):
        return []
    finally:
        client.close()
    return sorted(name for name, index in health["indices"].items() if index["status"] == "red")


SERVES: dict[ServerName, Callable[[int], Answer]] = {"kafka": kafka_serves, "elasticsearch": elasticsearch_serves}
