"""The local stack's small parts: what is pinned, what a dead server's log means, ports, ids, start-up caches' names."""

import base64
import errno
import io
import os
import re
import shutil
import socket
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from belfry.stack.aot import aot_cache, forget_old, untrained
from belfry.stack.coordinates import jar_sets, jars, parsed, version_of
from belfry.stack.failures import cause_of_death, demand_space, disk_errors, log_since, server_failure
from belfry.stack.layout import Cache
from belfry.stack.ports import free_port, is_free, is_listening
from belfry.stack.program import class_path, program
from belfry.stack.progress import PlainProgress
from belfry.stack.servers import ELASTICSEARCH, KAFKA, Ports, command, kafka_id
from schemas.errors import StackError

# What is pinned


def test_every_pinned_jar_has_a_checksum_and_a_size():
    assert {name: len(found) for name, found in jar_sets().items()} == {
        "kafka": 46,
        "elasticsearch": 43,
        "transport-netty4": 10,
        "compiler": 1,
    }
    assert [jar for jar in jars() if not re.fullmatch(r"[0-9a-f]{64}", jar.sha256) or jar.size_bytes <= 0] == []


def test_two_different_jars_never_have_the_same_file_name():
    by_name = {jar.name: jar for jar in jars()}
    assert [jar for jar in jars() if by_name[jar.name] != jar] == []


def test_no_jar_is_both_on_the_class_path_and_in_a_module():
    """Elasticsearch refuses to start with that: it calls it jar hell."""
    artifacts = {jar.artifact for jar in jars("elasticsearch")}
    assert [jar.artifact for jar in jars("transport-netty4") if jar.artifact in artifacts] == []


def test_versions_can_be_asked_for():
    assert version_of("org.apache.kafka", "kafka-clients") == "4.1.1"
    with pytest.raises(LookupError, match=r"org\.example:bell is not pinned"):
        version_of("org.example", "bell")


@pytest.mark.parametrize("line", ["kafka a:b:1 12", "other a:b:1 12 00", "kafka a:b 12 00", "kafka a:b:1 x 00"])
def test_a_line_that_is_no_coordinate_is_named(line: str):
    with pytest.raises(ValueError, match="line 2"):
        parsed(f"# comment\n{line}\n")


# What a dead server's log means


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("org.apache.kafka.common.KafkaException: … java.net.BindException: Address already in use", "port"),
        ("org.elasticsearch.http.BindHttpException: Failed to bind to 127.0.0.1:9200", "port"),
        ("java.io.IOException: No space left on device", "disk"),
        ("java.lang.IllegalStateException: failed to obtain node locks, tried [x]", "folder"),
        ("BELFRY folder in use: kafka", "folder"),
        ("Error: Could not reserve enough space for 524288KB object heap", "memory"),
        ("java.lang.OutOfMemoryError: Java heap space", "memory"),
        ("something else", None),
        ("", None),
    ],
)
def test_why_a_server_died_is_read_from_its_log(said: str, cause: str | None):
    assert cause_of_death(said) == cause


def test_a_failure_tells_cause_last_lines_and_the_setting_to_change():
    said = "\n".join([*(f"line {number}" for number in range(40)), "java.net.BindException: Address already in use"])
    error = server_failure("Kafka", "ended with 1 at start", said, Path("kafka.log"), variable="BELFRY_KAFKA_PORT")
    lines = str(error).splitlines()
    assert lines[0] == "Kafka ended with 1 at start, as its port is taken; its last lines:"
    assert lines[1:3] == ["  line 26", "  line 27"]
    assert "BELFRY_KAFKA_PORT" in error.remedy


def test_a_failure_without_a_word_names_the_log():
    error = server_failure("Kafka", "ended with 1 at start", "", Path("kafka.log"), variable="BELFRY_KAFKA_PORT")
    assert str(error) == "Kafka ended with 1 at start, without a word. The whole log is kafka.log"


def test_a_server_that_could_not_even_write_why_it_ended_ended_for_want_of_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 10, 0))
    error = server_failure("Kafka", "ended with 1 at start", "", tmp_path / "kafka.log", variable="BELFRY_KAFKA_PORT")
    assert "as the disk is full" in str(error)
    assert "BELFRY_HOME" in error.remedy


def test_of_a_log_only_what_this_run_wrote_is_read(tmp_path: Path):
    log = tmp_path / "x.log"
    log.write_text("before\nafter\n")
    assert log_since(log, len("before\n")) == "after\n"
    log.write_text("x" * 100_000 + "end")
    assert len(log_since(log, 5)) == 64 * 1024
    assert log_since(log, 5).endswith("end")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (errno.ENOSPC, "is full.*BELFRY_HOME"),
        (errno.EDQUOT, "is full"),
        (errno.EACCES, "can't be written.*BELFRY_HOME"),
    ],
)
def test_what_a_disk_refuses_is_told_with_its_folder(tmp_path: Path, code: int, message: str):
    with pytest.raises(StackError, match=message), disk_errors(tmp_path, variable="BELFRY_HOME"):
        raise OSError(code, os.strerror(code), str(tmp_path / "x"))


def test_what_is_no_fault_of_the_disk_is_raised_as_it_is(tmp_path: Path):
    with pytest.raises(IsADirectoryError), disk_errors(tmp_path, variable="BELFRY_HOME"):
        raise IsADirectoryError(errno.EISDIR, "no")


def test_space_is_demanded_before_it_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 0, 200_000_000))
    demand_space(tmp_path, 200_000_000, variable="BELFRY_HOME")
    with pytest.raises(StackError, match=r"has 200 MB left, 201 MB are needed.*BELFRY_HOME"):
        demand_space(tmp_path, 201_000_000, variable="BELFRY_HOME")


# Ports


def test_a_free_port_is_free_and_is_none_that_systems_hand_out_to_clients():
    ports = {free_port() for _ in range(20)}
    assert all(is_free(port) for port in ports)
    assert max(ports) < 32_768


def test_a_port_that_somebody_listens_on_is_not_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
        assert is_listening(port)
    assert is_free(port)
    assert not is_listening(port)


# What the servers are run with


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    """A cache with an empty file for everything."""
    cache = Cache(tmp_path / "cache")
    for file in (program(cache).launcher, *(cache.jars / jar.name for jar in jars())):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    cache.aot.mkdir()
    return cache


def test_kafka_is_told_its_ports_and_gets_a_folder_of_its_own_once(cache: Cache, tmp_path: Path):
    assert KAFKA.arguments(cache, tmp_path, Ports(20001, 20002)) == ("server.properties",)
    said = (tmp_path / "server.properties").read_text()
    assert "listeners=PLAINTEXT://127.0.0.1:20001,CONTROLLER://127.0.0.1:20002\n" in said
    assert "{" not in said
    first = (tmp_path / "data" / "meta.properties").read_text()
    assert re.fullmatch(r"version=1\ncluster\.id=.{22}\nnode\.id=1\ndirectory\.id=.{22}\n", first)
    KAFKA.arguments(cache, tmp_path, Ports(20003, 20004))
    assert (tmp_path / "data" / "meta.properties").read_text() == first


def test_ids_are_such_as_kafka_takes():
    ids = {kafka_id() for _ in range(300)}
    assert len(ids) == 300
    assert not any(one.startswith("-") for one in ids)
    assert {len(base64.urlsafe_b64decode(one + "==")) for one in ids} == {16}


def test_a_command_has_its_class_path_in_the_pinned_order_and_names_its_parent(cache: Cache):
    found = command(ELASTICSEARCH, cache, extra_flags=["-Dx=y"], parent=7, arguments=["a"])
    path = found[found.index("-cp") + 1].split(os.pathsep)
    assert [Path(one).name for one in path] == ["launcher.jar", *(jar.name for jar in jars("elasticsearch"))]
    assert found[found.index("-Dx=y") :][-4:] == ["belfry.stack.ElasticsearchNode", "7", "server.lock", "a"]


def test_a_cache_whose_path_java_cannot_be_told_is_refused(tmp_path: Path):
    with pytest.raises(StackError, match="BELFRY_CACHE"):
        class_path(Cache(tmp_path / f"a{os.pathsep}b"), *jars("kafka"))


# Start-up caches


def test_a_start_up_cache_is_found_only_for_the_very_files_it_was_trained_on(cache: Cache):
    before = aot_cache(KAFKA, cache)
    assert aot_cache(KAFKA, cache) == before
    assert aot_cache(ELASTICSEARCH, cache) != before
    os.utime(cache.jars / jars("kafka")[0].name, ns=(1, 1))
    assert aot_cache(KAFKA, cache) != before


def test_servers_without_a_start_up_cache_are_to_be_trained(cache: Cache):
    assert untrained(cache) == (KAFKA, ELASTICSEARCH)
    aot_cache(KAFKA, cache).touch()
    assert untrained(cache) == (ELASTICSEARCH,)


def test_only_the_newest_start_up_caches_are_kept(cache: Cache):
    for number in range(5):
        for name in ("kafka", "elasticsearch"):
            file = cache.aot / f"{name}-{number}.aot"
            file.touch()
            os.utime(file, (number, number))
    forget_old(KAFKA, cache)
    assert sorted(file.name for file in cache.aot.glob("kafka-*")) == ["kafka-2.aot", "kafka-3.aot", "kafka-4.aot"]
    assert len(list(cache.aot.glob("elasticsearch-*"))) == 5


# Progress


def test_without_a_terminal_a_download_is_told_in_tenths():
    stream = io.StringIO()
    with PlainProgress(stream).download("Downloading", 1000) as advance:
        for _ in range(10):
            advance(100)
        advance(-100)
        advance(100)
    lines = stream.getvalue().splitlines()
    assert lines[:-1] == ["Downloading (0 MB)", *(f"Downloading: {tenth}0 %" for tenth in range(1, 10))]
    assert re.fullmatch(r"Downloading: \d+\.\d s", lines[-1])
