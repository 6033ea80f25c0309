"""What stands in a topic, read from its beginning to where it ends now."""

import warnings
from collections.abc import Mapping
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # kafka-python reads its own files in an old way
    from kafka import KafkaConsumer, TopicPartition


def records_of(bootstrap: str, topic: str) -> list[tuple[bytes, bytes]]:
    """Key and value of every record, partition by partition."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest")
    try:
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
        consumer.assign(partitions)
        ends: Mapping[Any, int] = consumer.end_offsets(partitions)
        records: list[Any] = []
        while any(consumer.position(partition) < end for partition, end in ends.items()):
            for batch in consumer.poll(timeout_ms=200).values():
                records += batch
        return [(record.key, record.value) for record in records]
    finally:
        consumer.close()
