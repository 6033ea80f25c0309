"""Jars arrive whole, checked and under their own name, or not at all; what came before a break is gone on with."""

import errno
import hashlib
import http.server
import os
import shutil
import socket
import threading
from collections import namedtuple
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import belfry.stack.download as module
from belfry.stack.coordinates import Jar
from belfry.stack.download import download, missing, remove_altered
from belfry.stack.progress import Advance, NoProgress
from schemas.errors import StackError

BODY = bytes(range(256)) * 1500
"""Some three chunks."""


def jar_of(body: bytes, artifact: str = "bell") -> Jar:
    return Jar("org.example", artifact, "1.0", len(body), hashlib.sha256(body).hexdigest())


JAR = jar_of(BODY)


@dataclass
class Repository:
    """A repository on loopback: what it serves by path, how it answers, and what it was asked."""

    address: str
    files: dict[str, bytes]
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    answer: "Callable[[http.server.BaseHTTPRequestHandler, bytes, str | None], None] | None" = None


def serve(handler: http.server.BaseHTTPRequestHandler, body: bytes, wanted: str | None) -> None:
    """As repositories do: a Range gives 206, none gives 200, one behind the end 416."""
    begin = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
    if begin and begin >= len(body):
        handler.send_error(416)
        return
    handler.send_response(206 if begin else 200)
    handler.send_header("Content-Length", str(len(body) - begin))
    handler.end_headers()
    handler.wfile.write(body[begin:])


@pytest.fixture
def repository() -> Iterator[Repository]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            found.asked.append((self.path, wanted))
            body = found.files.get(self.path)
            if body is None:
                self.send_error(404)
            else:
                (found.answer or serve)(self, body, wanted)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Repository(f"http://127.0.0.1:{server.server_address[1]}", {f"/{JAR.path}": BODY})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def part_of(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder / f"{JAR.name}.part"


def test_a_jar_is_asked_for_at_its_place_and_gets_its_name(repository: Repository, tmp_path: Path):
    download([JAR], tmp_path, repository.address, NoProgress())
    assert (tmp_path / "bell-1.0.jar").read_bytes() == BODY
    assert repository.asked == [("/org/example/bell/1.0/bell-1.0.jar", None)]
    assert names(tmp_path) == {"bell-1.0.jar"}


def test_what_is_there_is_not_fetched_again(repository: Repository, tmp_path: Path):
    download([JAR, JAR], tmp_path, repository.address, NoProgress())
    download([JAR], tmp_path, "http://127.0.0.1:1", NoProgress())
    assert len(repository.asked) == 1


def test_a_jar_in_two_sets_is_fetched_once(repository: Repository, tmp_path: Path):
    assert missing([JAR, JAR], tmp_path) == (JAR,)


def test_a_part_is_gone_on_with(repository: Repository, tmp_path: Path):
    part_of(tmp_path).write_bytes(BODY[:1000])
    download([JAR], tmp_path, repository.address, NoProgress())
    assert (tmp_path / JAR.name).read_bytes() == BODY
    assert repository.asked == [(f"/{JAR.path}", "bytes=1000-")]


def test_a_part_is_written_anew_where_the_repository_knows_no_ranges(repository: Repository, tmp_path: Path):
    repository.answer = lambda handler, body, _: serve(handler, body, None)
    part_of(tmp_path).write_bytes(BODY[:1000])
    download([JAR], tmp_path, repository.address, NoProgress())
    assert (tmp_path / JAR.name).read_bytes() == BODY


@pytest.mark.parametrize(
    "stale", [b"x" * 1000, b"x" * len(BODY), b"x" * (len(BODY) + 1)], ids=["short", "as long", "longer"]
)
def test_a_part_of_something_else_is_thrown_away_and_the_jar_fetched_anew(
    repository: Repository, tmp_path: Path, stale: bytes
):
    part_of(tmp_path).write_bytes(stale)
    download([JAR], tmp_path, repository.address, NoProgress())
    assert (tmp_path / JAR.name).read_bytes() == BODY


def test_a_part_that_is_whole_already_needs_no_network(tmp_path: Path):
    part_of(tmp_path).write_bytes(BODY)
    download([JAR], tmp_path, "http://127.0.0.1:1", NoProgress())
    assert names(tmp_path) == {JAR.name}


def test_a_line_that_breaks_is_gone_on_with_where_it_broke(repository: Repository, tmp_path: Path):
    def break_once(handler: http.server.BaseHTTPRequestHandler, body: bytes, wanted: str | None) -> None:
        if wanted is not None:
            serve(handler, body, wanted)
            return
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:200_000])
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)

    repository.answer = break_once
    download([JAR], tmp_path, repository.address, NoProgress())
    assert (tmp_path / JAR.name).read_bytes() == BODY
    assert [wanted for _, wanted in repository.asked] == [None, "bytes=200000-"]


def test_a_repository_that_is_busy_is_asked_again(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "_FIRST_PAUSE_S", 0.01)
    refused: list[str | None] = []

    def busy(handler: http.server.BaseHTTPRequestHandler, body: bytes, wanted: str | None) -> None:
        if len(refused) < 3:
            refused.append(wanted)
            handler.send_error((429, 500, 503)[len(refused) - 1])
        else:
            serve(handler, body, wanted)

    repository.answer = busy
    download([JAR], tmp_path, repository.address, NoProgress())
    assert (tmp_path / JAR.name).read_bytes() == BODY


def test_a_repository_that_stays_busy_is_not_asked_for_ever(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "_FIRST_PAUSE_S", 0.01)
    repository.answer = lambda handler, _body, _wanted: handler.send_error(503)
    with pytest.raises(StackError, match="can't be downloaded"):
        download([JAR], tmp_path, repository.address, NoProgress())
    assert len(repository.asked) == 4


def test_other_bytes_than_pinned_are_refused_and_not_kept(repository: Repository, tmp_path: Path):
    repository.files[f"/{JAR.path}"] = BODY[:-1] + b"!"
    with pytest.raises(StackError, match=rf"wrong checksum: .*{JAR.path}.*BELFRY_MAVEN_REPOSITORY"):
        download([JAR], tmp_path, repository.address, NoProgress())
    assert names(tmp_path) == set()


def test_more_bytes_than_pinned_are_not_read_to_their_end(repository: Repository, tmp_path: Path):
    def endless(handler: http.server.BaseHTTPRequestHandler, body: bytes, _: str | None) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(body)
        except OSError:
            handler.close_connection = True

    repository.answer = endless
    with pytest.raises(StackError, match=r"wrong checksum.*more than"):
        download([JAR], tmp_path, repository.address, NoProgress())
    assert names(tmp_path) == set()


def test_a_jar_that_a_repository_lacks_is_named(repository: Repository, tmp_path: Path):
    with pytest.raises(StackError, match=r"other-1\.0\.jar can't be had: the answer was 404"):
        download([jar_of(b"x", "other")], tmp_path, repository.address, NoProgress())


def test_without_network_it_says_so_at_once_and_keeps_what_came(tmp_path: Path):
    part_of(tmp_path).write_bytes(BODY[:1000])
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(StackError, match=r"can't be downloaded.*Connection refused.*Check the network.*HTTPS_PROXY"):
        download([JAR], tmp_path, f"http://127.0.0.1:{port}", NoProgress())
    assert part_of(tmp_path).read_bytes() == BODY[:1000]


def test_a_folder_may_be_the_repository(tmp_path: Path):
    place = tmp_path / "mirror" / JAR.path
    place.parent.mkdir(parents=True)
    place.write_bytes(BODY)
    part_of(tmp_path / "jars").write_bytes(BODY[:1000])
    download([JAR], tmp_path / "jars", (tmp_path / "mirror").as_uri(), NoProgress())
    assert (tmp_path / "jars" / JAR.name).read_bytes() == BODY


@pytest.mark.parametrize("address", ["mirror", "ftp://127.0.0.1/x", "", "/srv/mirror"])
def test_an_address_of_another_kind_is_refused(tmp_path: Path, address: str):
    with pytest.raises(StackError, match="no address of a Maven repository"):
        download([JAR], tmp_path, address, NoProgress())


def test_a_disk_without_room_is_told_before_anything_is_asked_for(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 10, 0))
    with pytest.raises(StackError, match=r"has 0 MB left, 50 MB are needed.*BELFRY_CACHE"):
        download([JAR], tmp_path, repository.address, NoProgress())
    assert repository.asked == []


def test_a_disk_that_fills_up_on_the_way_is_told(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StackError, match=r"the disk of .* is full.*BELFRY_CACHE"):
        download([JAR], tmp_path, repository.address, NoProgress())
    assert names(tmp_path) == {f"{JAR.name}.part"}


def test_jars_that_were_altered_on_disk_are_found_and_removed(repository: Repository, tmp_path: Path):
    download([JAR], tmp_path, repository.address, NoProgress())
    assert remove_altered([JAR], tmp_path) == ()
    (tmp_path / JAR.name).write_bytes(BODY[:-1] + b"!")
    assert remove_altered([JAR], tmp_path) == (JAR,)
    assert missing([JAR], tmp_path) == (JAR,)


class Recorded(NoProgress):
    def __init__(self) -> None:
        self.told: list[int] = []

    @contextmanager
    def download(self, title: str, total_bytes: int) -> Generator[Advance]:
        yield self.told.append


@pytest.mark.parametrize("begun", [b"", BODY[:1000], b"x" * 1000])
def test_progress_adds_up_to_the_whole_also_where_a_part_is_thrown_away(
    repository: Repository, tmp_path: Path, begun: bytes
):
    part_of(tmp_path).write_bytes(begun)
    progress = Recorded()
    download([JAR], tmp_path, repository.address, progress)
    assert sum(progress.told) == len(BODY)
