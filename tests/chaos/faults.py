"""Faults that an outsider would try, one after the other, each during a stream: python -m tests.chaos.faults.

A stack of its own. A stream (stream.py) runs while the fault is made, and in the end everything must be as it says:
nothing lost, nothing rung twice, no story split, and counts that add up. The result of each scenario is written to
tests/chaos/results/faults.json, with its commit and its seed. `--only` names scenarios, by their functions below; what
the file says of the others stays.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psutil
from kafka import KafkaConsumer
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata, TopicPartition

from belfry.role_names import ROLES
from belfry.stack import Addresses
from belfry.stack.ports import free_port
from belfry.supervisor.detached import down, up
from belfry.supervisor.one import supervisor_pid
from belfry.supervisor.supervise import child_environment
from tests.chaos.chaos import server
from tests.chaos.outcome import commit, keep, kept, merged
from tests.chaos.stream import Stream, dawdling
from tests.integration.line import Line, Worker, running_line, until
from tests.receivers import HttpReceiver, SmtpReceiver, http_receiver, smtp_receiver

STOPPED_S = 35.0
"""Three sessions and more: whatever a stopped worker had is another's by then, where there is another."""
_BUSY_S = 0.03
_SLOW = 6
"""A slow machine gives a role one part in so many of its time."""


@dataclass
class Scene:
    """A line, its receivers, and the stream that runs through it meanwhile."""

    line: Line
    stream: Stream

    def pids(self, roles: Sequence[str] = ROLES) -> dict[str, int]:
        """Of roles that are ready, once they are."""
        return {role: until(lambda role=role: self.line.pid(role), 180) for role in roles}

    @contextmanager
    def streaming(self, stories_each: int = 2, every_s: float = 0.5) -> Iterator[None]:
        """Send stories as long as this lasts, and the copies that are left after it."""
        done = threading.Event()

        def send() -> None:
            while not done.wait(every_s):
                self.stream.send(stories_each)

        sending = threading.Thread(target=send)
        sending.start()
        try:
            yield
        finally:
            done.set()
            sending.join()
            self.stream.send_rest()


def kafka_is_killed(scene: Scene) -> None:
    """The broker dies by kill -9, twice, and is started anew by the supervisor."""
    _kill_server(scene, "kafka")


def elasticsearch_is_killed(scene: Scene) -> None:
    """The node dies by kill -9, twice, and is started anew by the supervisor."""
    _kill_server(scene, "elasticsearch")


def _kill_server(scene: Scene, name: str) -> None:
    with scene.streaming():
        for _ in range(2):
            time.sleep(4)
            os.kill(until(lambda: server(scene.line, name), 60), signal.SIGKILL)
            time.sleep(8)


def roles_are_stopped_for_long(scene: Scene) -> None:
    """Every role is stopped by SIGSTOP, alone in its group, and goes on when it has long been put out of it."""
    with scene.streaming():
        time.sleep(3)
        _stopped_for_long(scene, [pid for pid in scene.pids().values() if pid])


def copies_come_at_once(scene: Scene) -> None:
    """Two workers a role; a story and four copies of it within 100 ms, in several partitions, a hundred times."""
    with _second_workers(scene):
        for _ in range(100):
            sent = scene.stream.send_at_once(4)
            assert sent.within_s < 0.1
            time.sleep(0.1)
        assert scene.stream.wait_for_bells(180), "bells are missing"


def roles_are_stopped_while_others_have_their_partitions(scene: Scene) -> None:
    """Two workers a role; the first ones are stopped, and go on when the second have taken over; then the second ones."""
    with _second_workers(scene) as workers, scene.streaming():
        time.sleep(3)
        _stopped_for_long(scene, [pid for pid in scene.pids().values() if pid])
        time.sleep(5)
        _stopped_for_long(scene, [until(worker.pid, 60) for worker in workers])
        time.sleep(5)


@contextmanager
def _second_workers(scene: Scene) -> Iterator[list[Worker]]:
    """One more of each role. Partitions move when they come and when they go."""
    workers = [Worker(scene.line, role, "2") for role in ROLES]
    since = time.time()
    try:
        for worker in workers:
            worker.start()
        assert all(until(worker.pid, 180) for worker in workers)
        scene.stream.disturbed(since)
        yield workers
    finally:
        since = time.time()
        for worker in workers:
            worker.stop()
        scene.stream.disturbed(since)


def _stopped_for_long(scene: Scene, pids: Sequence[int]) -> None:
    since = time.time()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(STOPPED_S)
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    scene.stream.disturbed(since)


def copies_on_disk_are_damaged(scene: Scene) -> None:
    """What enrich and notify keep on disk is deleted, emptied, cut and overwritten while they don't run."""
    files = {
        role: scene.line.config.home / "faust" / f"{role}-1" / f"{name}.sqlite"
        for role, name in (("enrich", "memories"), ("notify", "notify"))
    }
    with scene.streaming():
        for damage in (_delete, _empty, _cut, _overwrite_beginning, _overwrite_all):
            time.sleep(4)
            pids = scene.pids(list(files))
            assert all(pids.values()), f"not all start again: {pids}"
            for role, file in files.items():
                os.kill(pids[role], signal.SIGKILL)  # its supervisor waits a moment before it starts it anew
                damage(file)
            scene.stream.disturbed()
        assert all(scene.pids().values())
    assert all(file.stat().st_size for file in files.values())


def _delete(file: Path) -> None:
    for end in ("", "-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _overwrite_beginning(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.write(b"no database at all" * 10)


def _overwrite_all(file: Path) -> None:
    """All but the first page, whose head says that it is a database."""
    size = file.stat().st_size
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(os.urandom(max(0, size - 4096)))
    file.with_name(file.name + "-wal").unlink(missing_ok=True)


def the_input_comes_again(scene: Scene) -> None:
    """All that was ever sent to articles.raw is sent once more."""
    with scene.streaming():
        time.sleep(6)
    sent = list(scene.stream.sent)
    scene.line.send_many(sent)
    # Copies of what nobody can read are dead letters of their own.
    scene.stream.again(sent)


def every_topic_is_read_from_its_beginning(scene: Scene) -> None:
    """The consumer groups of all roles are set back to the beginning, as somebody does who wants all to be done anew."""
    line = scene.line
    with scene.streaming():
        time.sleep(6)
    assert not any((line.settled(0, 120).lag or {"": 1}).values())
    assert scene.stream.wait_for_bells(60)
    before, since = scene.stream.come(), time.time()
    read = {
        "enrich": [line.topics.raw],
        "group": [line.topics.to_group],
        "index": [line.topics.enriched, line.topics.alerts, line.topics.dead],
        "match": [line.topics.enriched],
        "notify": [line.topics.alerts],
    }
    with line.without_roles():
        for role, topics in read.items():
            _to_the_beginning(line.bootstrap, f"{line.topics.prefix}{role}", topics)
    assert all(scene.pids().values())
    time.sleep(5)
    assert not any((line.settled(0, 180).lag or {"": 1}).values())
    assert scene.stream.come() == before, "something rang again"
    scene.stream.disturbed(since)
    with scene.streaming():
        time.sleep(4)


def _to_the_beginning(bootstrap: str, group: str, topics: Sequence[str]) -> None:
    consumer: Any = KafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
    try:
        partitions = [TopicPartition(topic, n) for topic in topics for n in consumer.partitions_for_topic(topic)]
        consumer.assign(partitions)

        def commit() -> bool:
            try:
                consumer.commit({partition: OffsetAndMetadata(0, "", -1) for partition in partitions})
            except KafkaError:  # those who were in the group are members until their session is over
                return False
            return True

        assert until(commit, 60), f"{group} can't be set back"
    finally:
        consumer.close()


def the_machine_is_slow(scene: Scene) -> None:
    """All roles start anew at once, and get a sixth of the processor: they are slow, and none of them ends."""
    before = scene.pids()
    with _slowed(scene.line):
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)
        scene.stream.disturbed()
        until(lambda: not any(scene.line.pid(role) for role in ROLES), 20)
        begun = until(lambda: (started := _started(scene.line)) and len(started) == len(ROLES) and started, 30)
        scene.stream.send(5)
        assert all(until(lambda role=role: scene.line.pid(role), 600) for role in ROLES)
        scene.stream.send_rest()
        assert scene.stream.wait_for_bells(300), "it got stuck"
        assert _started(scene.line) == begun, "a role ended because it was slow"


def _started(line: Line) -> set[int]:
    return {each.pid for each in line.supervisor.children.heartbeats() if each.pid}


@contextmanager
def _slowed(line: Line) -> Iterator[None]:
    """All role processes and their children are stopped most of the time."""
    done = threading.Event()

    def slow() -> None:
        stopped: list[psutil.Process] = []
        while not done.is_set():
            stopped = [each for pid in _started(line) for each in _family(pid)]
            _signal(stopped, signal.SIGSTOP)
            time.sleep(_BUSY_S * (_SLOW - 1))
            _signal(stopped, signal.SIGCONT)
            time.sleep(_BUSY_S)
        _signal(stopped, signal.SIGCONT)

    thread = threading.Thread(target=slow)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _family(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _signal(processes: Sequence[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue


class UpLine(Line):
    """A line that `belfry up` starts and `belfry down` ends, on ports of its own."""

    def __init__(self, home: Path, **changes: Any) -> None:
        ports = {"kafka_port": free_port(), "elasticsearch_port": free_port()}
        super().__init__(home, **(ports | changes))
        here = Addresses(f"127.0.0.1:{self.config.kafka_port}", f"http://127.0.0.1:{self.config.elasticsearch_port}")
        self.addresses = here
        told = child_environment(self.config, here)
        for name in ("BELFRY_KAFKA_BOOTSTRAP", "BELFRY_ELASTICSEARCH_URL"):
            told.pop(name)
        self._environment = told

    def start(self) -> None:
        self.up()
        self.connect(self.addresses)

    def up(self) -> None:
        """`belfry up`."""
        with patch.dict(os.environ, self._environment):
            up(self.config, on_step=lambda _: None)

    def stop(self) -> None:
        self.disconnect()
        down(self.config)


def the_supervisor_is_killed(scene: Scene) -> None:
    """By kill -9, three times during a stream, and `belfry up` follows at once, while what it left still ends."""
    line = scene.line
    assert isinstance(line, UpLine)
    with scene.streaming():
        for _ in range(3):
            time.sleep(4)
            pid = supervisor_pid(line.config.home)
            assert pid
            since = time.time()
            os.kill(pid, signal.SIGKILL)
            # A busy machine takes a moment to end it: until then it runs, and `belfry up` has nothing to do.
            assert until(lambda pid=pid: supervisor_pid(line.config.home) != pid, 10)
            line.up()
            scene.stream.disturbed(since)


Scenario = Callable[[Scene], None]
ON_ONE_LINE: tuple[Scenario, ...] = (
    the_input_comes_again,
    every_topic_is_read_from_its_beginning,
    copies_on_disk_are_damaged,
    elasticsearch_is_killed,
    kafka_is_killed,
    roles_are_stopped_for_long,
    copies_come_at_once,
    roles_are_stopped_while_others_have_their_partitions,
    the_machine_is_slow,
)
BY_UP: tuple[Scenario, ...] = (the_supervisor_is_killed,)
NAMES = [each.__name__ for each in (*ON_ONE_LINE, *BY_UP)]


def run(home: Path, names: Sequence[str], seed: int) -> dict[str, Any]:
    """Run the scenarios of these names, and return what was found; `wrong` is empty where all is as it should be.

    It is written down after each, beside what was found of others before: a run takes a quarter of an hour.
    """
    found: dict[str, Any] = {}

    def play(scenario: Scenario, line: Line) -> None:
        nonlocal seed
        seed += 1
        found[scenario.__name__] = {"commit": commit(), "seed": seed} | _played(scenario, line, http, mail, seed)
        keep("faults", merged(NAMES, kept("faults").get("scenarios", {}), found))

    with ExitStack() as stack:
        http = stack.enter_context(http_receiver(dawdling(seed, 0.05)))
        mail = stack.enter_context(smtp_receiver())
        smtp = {"smtp_host": "127.0.0.1", "smtp_port": mail.port, "smtp_tls": "none"}
        if chosen := [each for each in ON_ONE_LINE if each.__name__ in names]:
            with running_line(home / "line", **smtp) as line:
                for scenario in chosen:
                    play(scenario, line)
        for scenario in (each for each in BY_UP if each.__name__ in names):
            line = UpLine(home / scenario.__name__, **smtp)
            line.start()
            try:
                play(scenario, line)
            finally:
                line.stop()
    return merged(NAMES, {}, found)


def _played(scenario: Scenario, line: Line, http: HttpReceiver, mail: SmtpReceiver, seed: int) -> dict[str, Any]:
    stream = Stream(line, http, mail, seed, subscribers=4)
    began = time.monotonic()
    try:
        stream.begin()
        scenario(Scene(line, stream))
        found = {"took_s": round(time.monotonic() - began, 1)} | stream.result()
    except Exception as error:  # the others are played all the same
        traceback.print_exc()
        found = {"took_s": round(time.monotonic() - began, 1), "wrong": [f"failed: {error!r}"]}
    sys.stderr.write(f"{scenario.__name__}: {found}\n")
    return found


def main() -> None:
    """Run, write the result, and end with 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="belfry-faults-") as home:
        found = run(Path(home), given.only, given.seed)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    sys.exit(1 if found["wrong"] else 0)


if __name__ == "__main__":
    main()
