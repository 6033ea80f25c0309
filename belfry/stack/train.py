"""Trains the servers' start-up caches: python -m belfry.stack.train CACHE.

Each server without a cache is started on a scratch folder, used as Belfry uses it, and stopped; Java writes the cache on
its way out. It gets its name when it is whole. This process takes only idle time, and ends when its standard input
does, so that it never outlives whoever started it.
"""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk
from filelock import FileLock, Timeout
from kafka import KafkaConsumer, KafkaProducer

from belfry.stack.aot import aot_cache, forget_old, untrained
from belfry.stack.failures import demand_space
from belfry.stack.layout import Cache
from belfry.stack.ports import LOOPBACK, free_port
from belfry.stack.process import ServerProcess
from belfry.stack.servers import Ports, Server
from belfry.stack.topics import create_topics
from schemas.topics import Topics

_SCRATCH = "training-"
_SPACE_BYTES = 1_000_000_000
_WRITE_WITHIN_S = 300.0
_RECORDS = 200
_TEXT = "Nieuwe troepen bij de grens. Neue Truppen an der Grenze. New troops at the border. "
_ANALYSERS = ("dutch", "english", "german", "french")


def train(server: Server, cache: Cache) -> None:
    """Make the server's start-up cache. Raises StackError where it doesn't start, OSError of the disk."""
    target = aot_cache(server, cache)
    demand_space(cache.aot, _SPACE_BYTES, variable="BELFRY_CACHE")
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=cache.aot, ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        written = folder / "written.aot"
        process = ServerProcess(server, cache, folder / "server", folder / "server.log")
        ports = Ports(free_port(), free_port())
        try:
            process.start(ports, extra_flags=(f"-XX:AOTCacheOutput={written}", "-Dbelfry.abrupt=true"))
            process.wait_until_ready(ports.clients)
            _USE[server.name](ports.clients)
            process.stop(within_s=_WRITE_WITHIN_S)
        finally:
            process.kill()
        if written.is_file():
            written.replace(target)
            forget_old(server, cache)


def use_kafka(port: int) -> None:
    """Topics made, described and changed; records written, read and committed."""
    bootstrap = f"{LOOPBACK}:{port}"
    topics = Topics("training.", 4)
    create_topics(bootstrap, topics.all())
    create_topics(bootstrap, topics.all())
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
    for number in range(_RECORDS):
        producer.send(topics.raw, key=str(number).encode(), value=_TEXT.encode() * 20)
    producer.flush()
    producer.close()
    consumer = KafkaConsumer(
        topics.raw,
        bootstrap_servers=bootstrap,
        group_id="training",
        auto_offset_reset="earliest",
        consumer_timeout_ms=30_000,
    )
    for _, _record in zip(range(_RECORDS), consumer, strict=False):
        pass
    consumer.commit()
    consumer.close()


def use_elasticsearch(port: int) -> None:
    """An index with analysed texts made, filled, searched with highlights, and counted."""
    client = Elasticsearch(f"http://{LOOPBACK}:{port}", request_timeout=120)
    fields = {name: {"type": "text", "analyzer": name} for name in _ANALYSERS}
    mapping = {"dynamic": "strict", "properties": {"source": {"type": "keyword"}, "at": {"type": "date"}, **fields}}
    client.indices.create(index="training", mappings=mapping, settings={"number_of_replicas": 0})
    bulk(
        client,
        (
            {"_index": "training", "_id": str(number), "source": f"s{number % 7}", "at": 1642152600000 + number}
            | dict.fromkeys(_ANALYSERS, _TEXT * 5)
            for number in range(_RECORDS)
        ),
        refresh=True,
    )
    for name in _ANALYSERS:
        client.search(
            index="training",
            query={"bool": {"must": {"match": {name: "troepen Truppen troops"}}, "filter": {"term": {"source": "s1"}}}},
            highlight={"fields": {name: {}}},
            aggs={"by_source": {"terms": {"field": "source"}}},
        )
    client.close()


_USE = {"kafka": use_kafka, "elasticsearch": use_elasticsearch}


def main() -> None:
    """Train what is untrained, one server after the other. Nothing where another process does so already."""
    cache = Cache(Path(sys.argv[1]))
    signal.signal(signal.SIGTERM, _end)
    threading.Thread(target=_end_with_stdin, name="stdin", daemon=True).start()
    _take_idle_time()
    cache.aot.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(Timeout), FileLock(cache.aot / "training.lock", timeout=0):
        for left in cache.aot.glob(f"{_SCRATCH}*"):  # of a training that was killed
            shutil.rmtree(left, ignore_errors=True)
        for server in untrained(cache):
            train(server, cache)


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _end_with_stdin() -> None:
    """Whoever started this holds the other end, and writes nothing."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _take_idle_time() -> None:
    """Run, and let children run, only when nobody else wants to."""
    os.nice(19)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


if __name__ == "__main__":
    main()
