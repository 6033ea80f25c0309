"""The local servers serve, keep what they acknowledged however they die, and never outlive who started them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import structlog
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk
from kafka import KafkaConsumer, KafkaProducer

from belfry.priority import BEHIND
from belfry.settings import settings
from belfry.stack import Stack, is_fetched
from belfry.stack import process as server_process
from belfry.stack.aot import aot_cache
from belfry.stack.layout import Cache
from belfry.stack.progress import NoProgress
from belfry.stack.servers import KAFKA, SERVERS
from belfry.stack.topics import create_topics
from belfry.stack.train import train
from schemas.errors import StackError
from schemas.topics import Topic

pytestmark = pytest.mark.integration

COUNT = 500
GONE_WITHIN_S = 20.0


def stack_on(home: Path, cache: Path | None = None, **given: Any) -> Stack:
    return Stack(home, cache or settings().cache, **({"progress": NoProgress(), "train": False} | given))


def gone(pids: list[int]) -> bool:
    """Whether all these processes end in time."""
    deadline = time.monotonic() + GONE_WITHIN_S
    while any(runs(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def pythons(parent: int) -> list[int]:
    """The children of `parent` that are Python's."""
    return [child.pid for child in psutil.Process(parent).children() if Path(child.exe()).name.startswith("python")]


def some(find: Callable[[], list[int]]) -> list[int]:
    """What `find` finds as soon as it finds something, or nothing."""
    deadline = time.monotonic() + GONE_WITHIN_S
    while not (found := find()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def java_under(folder: Path) -> list[int]:
    """The Java processes that run in `folder`, or are told of it."""
    found: list[int] = []
    for process in psutil.process_iter(["cmdline", "cwd", "pid"]):
        command = process.info["cmdline"] or [""]
        if Path(command[0]).name == "java" and str(folder) in f"{process.info['cwd']} {' '.join(command)}":
            found.append(process.info["pid"])
    return found


def send(bootstrap: str, topic: str, values: list[str]) -> None:
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
    for sent in [producer.send(topic, value=value.encode()) for value in values]:
        sent.get(timeout=30)
    producer.close()


def received(bootstrap: str, topic: str, count: int) -> list[str]:
    """What stands in the topic: `count` values, and what follows them within a fifth of a second."""
    consumer = KafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        consumer_timeout_ms=20_000,
    )
    values: list[str] = []
    for record in consumer:
        values.append(record.value.decode())
        if len(values) == count:
            consumer.config["consumer_timeout_ms"] = 200
    consumer.close()
    return values


def write(url: str, index: str, count: int) -> None:
    with Elasticsearch(url) as client:
        bulk(client, ({"_index": index, "_id": str(number), "number": number} for number in range(count)))


def counted(url: str, index: str) -> int:
    with Elasticsearch(url) as client:
        client.indices.refresh(index=index)
        return client.count(index=index)["count"]


def pids(stack: Stack) -> dict[str, int]:
    return {server.name: server.pid for server in stack.servers}


def alive(stack: Stack) -> dict[str, bool]:
    return {server.name: server.alive for server in stack.servers}


def came_to(stack: Stack, expected: dict[str, bool]) -> bool:
    """Whether the servers come to be alive or dead like that in time."""
    deadline = time.monotonic() + GONE_WITHIN_S
    while alive(stack) != expected:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture(scope="module")
def own(fetched: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Servers that may be killed."""
    own = stack_on(tmp_path_factory.mktemp("own"))
    with own:
        yield own


@pytest.fixture
def shared_cache(fetched: None, tmp_path: Path) -> Cache:
    """A cache with the session's jars and programs, and no start-up caches."""
    cache = Cache(tmp_path / "cache")
    cache.root.mkdir()
    for folder in ("jars", "programs"):
        (cache.root / folder).symlink_to(settings().cache.absolute() / folder)
    return cache


def test_nothing_more_is_needed_from_the_network_once_it_has_run(own: Stack):
    assert is_fetched(settings().cache)


def test_texts_are_analysed_in_their_language(own: Stack):
    index = "analysed"
    with Elasticsearch(own.addresses.elasticsearch_url) as client:
        client.indices.create(index=index)
        found = {
            analyser: [
                token["token"] for token in client.indices.analyze(index=index, analyzer=analyser, text=text)["tokens"]
            ]
            for analyser, text in {
                "dutch": "de opstelling van Russische troepen",
                "english": "the massing of troops",
                "german": "die russischen Truppen",
                "french": "les troupes russes",
            }.items()
        }
    assert found == {
        "dutch": ["opstell", "russisch", "troep"],
        "english": ["mass", "troop"],
        "german": ["russisch", "trupp"],
        "french": ["troup", "ruse"],
    }


def test_what_kafka_acknowledged_survives_its_kill(own: Stack):
    bootstrap = own.addresses.kafka_bootstrap
    create_topics(bootstrap, [Topic("kept", 1)])
    values = [f"value {number}" for number in range(COUNT)]
    send(bootstrap, "kept", values)
    before = pids(own)
    os.kill(before["kafka"], signal.SIGKILL)
    assert came_to(own, {"kafka": False, "elasticsearch": True})
    own.restart("kafka")
    assert own.addresses.kafka_bootstrap == bootstrap
    assert pids(own)["kafka"] != before["kafka"]
    assert pids(own)["elasticsearch"] == before["elasticsearch"]
    assert received(bootstrap, "kept", COUNT) == values


def test_what_elasticsearch_acknowledged_survives_its_kill(own: Stack):
    url = own.addresses.elasticsearch_url
    write(url, "kept", COUNT)
    before = pids(own)
    os.kill(before["elasticsearch"], signal.SIGKILL)
    assert came_to(own, {"kafka": True, "elasticsearch": False})
    own.restart("elasticsearch")
    assert own.addresses.elasticsearch_url == url
    assert counted(url, "kept") == COUNT


def test_elasticsearch_with_all_its_threads_comes_after_kafka_where_processors_are_short(own: Stack):
    def niceness(pid: int) -> set[int]:
        return {os.getpriority(os.PRIO_PROCESS, thread.id) for thread in psutil.Process(pid).threads()}

    mine = os.getpriority(os.PRIO_PROCESS, 0)
    assert niceness(pids(own)["kafka"]) == {mine}
    assert niceness(pids(own)["elasticsearch"]) == {min(19, mine + BEHIND)}


def test_only_known_servers_can_be_restarted(own: Stack):
    with pytest.raises(StackError, match="'kibana' is no server"):
        own.restart("kibana")


def test_a_second_stack_on_the_same_home_is_refused(own: Stack):
    home = Path(psutil.Process(pids(own)["kafka"]).cwd()).parent
    second = stack_on(home)
    with pytest.raises(StackError, match=r"another Belfry runs .*belfry down"):
        second.start()
    assert second.servers == ()
    assert alive(own) == {"kafka": True, "elasticsearch": True}


def test_a_port_that_is_taken_is_named_with_its_setting_and_nothing_is_left_running(fetched: None, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StackError, match=f"port {port} is taken.*BELFRY_ELASTICSEARCH_PORT"):
            stack_on(tmp_path, elasticsearch_port=port).start()
    assert java_under(tmp_path) == []


def test_a_server_that_dies_at_start_is_told_with_its_last_lines_and_the_other_is_stopped(
    fetched: None, tmp_path: Path
):
    (tmp_path / "elasticsearch").mkdir()
    (tmp_path / "elasticsearch" / "data").write_text("no folder")
    with pytest.raises(StackError, match=r"Elasticsearch ended with \w+ at start.*its last lines:(?s:.*)data"):
        stack_on(tmp_path).start()
    assert java_under(tmp_path) == []


PARENT = """
import os, sys, time
from pathlib import Path
from belfry.stack import Stack
stack = Stack(Path(sys.argv[1]), Path(sys.argv[2]), train=False)
stack.start()
print("PIDS", *[server.pid for server in stack.servers], *[server.port for server in stack.servers], flush=True)
os.fork() or os.close(1)
time.sleep(600)
"""


def test_a_parent_that_is_killed_leaves_no_orphan_and_its_home_can_be_used_at_once(fetched: None, tmp_path: Path):
    """On its ports, too. Also where a process forked from it lives on, with its end of the servers' standard input, which
    so doesn't end.
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path), str(settings().cache)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert parent.stdout is not None
    parts = next(line.split()[1:] for line in parent.stdout if line.startswith("PIDS"))
    kafka, elasticsearch, kafka_port, elasticsearch_port = map(int, parts)
    create_topics(f"127.0.0.1:{kafka_port}", [Topic("kept", 1)])
    send(f"127.0.0.1:{kafka_port}", "kept", ["before"])
    write(f"http://127.0.0.1:{elasticsearch_port}", "kept", 1)
    [forked] = some(lambda: pythons(parent.pid))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    try:
        with stack_on(tmp_path, kafka_port=kafka_port, elasticsearch_port=elasticsearch_port) as again:
            assert gone([kafka, elasticsearch])
            assert received(again.addresses.kafka_bootstrap, "kept", 1) == ["before"]
            assert counted(again.addresses.elasticsearch_url, "kept") == 1
        assert runs(forked)
    finally:
        os.kill(forked, signal.SIGKILL)


def test_an_index_that_is_broken_for_good_does_not_hold_up_the_rest(own: Stack, monkeypatch: pytest.MonkeyPatch):
    """This codec needs a library that isn't there: such an index can't be read after a start."""
    monkeypatch.setattr(server_process, "RED_AFTER_S", 3.0)
    url = own.addresses.elasticsearch_url
    with Elasticsearch(url) as client:
        client.indices.create(index="broken", settings={"index.codec": "best_compression"})
        client.index(index="broken", document={"a": 1})
    write(url, "sound", 3)
    with structlog.testing.capture_logs() as logs:
        own.restart("elasticsearch")
    assert [line["indices"] for line in logs if line["log_level"] == "error"] == [["broken"]]
    assert counted(url, "sound") == 3
    with Elasticsearch(url) as client:
        client.indices.delete(index="broken")


def test_training_ends_with_the_stack(shared_cache: Cache, tmp_path: Path):
    stack = stack_on(tmp_path / "home", shared_cache.root, train=True)
    stack.start()
    try:
        assert some(lambda: java_under(shared_cache.aot))
    finally:
        stack.stop()
    assert java_under(shared_cache.root) == []
    assert list(shared_cache.aot.glob("*.aot")) == []


def test_a_broken_start_up_cache_costs_time_but_not_the_start(shared_cache: Cache, tmp_path: Path):
    shared_cache.aot.mkdir()
    for server in SERVERS:
        aot_cache(server, shared_cache).write_bytes(b"\0" * 100_000)
    with stack_on(tmp_path / "home", shared_cache.root) as stack:
        assert alive(stack) == {"kafka": True, "elasticsearch": True}


@pytest.mark.slow
def test_what_was_trained_is_used(shared_cache: Cache, tmp_path: Path):
    shared_cache.aot.mkdir()
    train(KAFKA, shared_cache)
    assert aot_cache(KAFKA, shared_cache).stat().st_size > 10_000_000
    with stack_on(tmp_path / "home", shared_cache.root) as stack:
        command = psutil.Process(pids(stack)["kafka"]).cmdline()
    assert f"-XX:AOTCache={aot_cache(KAFKA, shared_cache)}" in command
    assert "[error]" not in (tmp_path / "home" / "logs" / "kafka.log").read_text()
