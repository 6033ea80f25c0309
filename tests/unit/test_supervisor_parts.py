"""The supervisor's parts, without Kafka, Elasticsearch or roles."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from belfry.supervisor.children import HOPELESS_DEATHS, STUCK_S, Children, read_heartbeats
from belfry.supervisor.log_files import bound_logs
from belfry.supervisor.one import only_one, only_process, supervisor_pid
from belfry.supervisor.pauses import LONGEST_S, SETTLED_S, Pauses
from schemas.errors import StackError


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_pauses_grow_with_each_death_up_to_a_limit_and_are_short_again_after_it_was_ready_for_long():
    clock = Clock()
    pauses = Pauses(clock)
    seen: list[float] = []
    for _ in range(12):
        pauses.started()
        seen.append(pauses.begin())
        clock.now += seen[-1]
    assert seen[:4] == [0.2, 0.4, 0.8, 1.6]
    assert seen[-1] == LONGEST_S
    pauses.started()
    clock.now += 10 * SETTLED_S
    assert pauses.begin() == LONGEST_S, "it was never ready"
    pauses.started()
    pauses.ready()
    clock.now += SETTLED_S / 2
    assert pauses.begin() == LONGEST_S, "it was ready for too short"
    for _ in range(2):
        pauses.started()
        clock.now += 300
        pauses.ready()
        clock.now += SETTLED_S
        pauses.ready()
        clock.now += 1
        assert pauses.begin() == 0.2


def test_a_pause_is_waited_for_and_over_once():
    clock = Clock()
    pauses = Pauses(clock)
    assert (pauses.is_waiting, pauses.is_over) == (False, False)
    pause_s = pauses.begin()
    assert (pauses.is_waiting, pauses.is_over) == (True, False)
    clock.now += pause_s
    assert pauses.is_over
    pauses.started()
    assert (pauses.is_waiting, pauses.is_over) == (False, False)


def test_a_log_that_grew_too_large_is_cut_while_it_is_written_to(tmp_path: Path):
    large, small = tmp_path / "large.log", tmp_path / "small.log"
    small.write_text("few\n")
    with large.open("ab", buffering=0) as writer:
        writer.write(b"old\n" * 100)
        bound_logs(tmp_path, limit_bytes=100)
        writer.write(b"new\n")
    assert large.read_text() == "new\n"
    assert (tmp_path / "large.log.1").read_text() == "old\n" * 100
    assert small.read_text() == "few\n"
    assert not (tmp_path / "small.log.1").exists()


def test_a_home_has_one_supervisor_whose_number_others_can_find(tmp_path: Path):
    home = tmp_path / "home"
    assert supervisor_pid(home) is None
    with only_one(home):
        assert supervisor_pid(home) == os.getpid()
        with pytest.raises(StackError, match=r"another Belfry is running.*belfry down"), only_one(home):
            pass
        assert supervisor_pid(home) == os.getpid()
    assert supervisor_pid(home) is None


HOLDER = """
import sys, time
from pathlib import Path
from belfry.supervisor.one import only_process
with only_process(Path(sys.argv[1]), "enrich", "1"):
    print("has it", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock of a role until its standard input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "has it\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()
    if process.stdin is not None:
        process.stdin.close()


def test_a_role_waits_for_the_process_that_its_dead_supervisor_left(tmp_path: Path, holder: subprocess.Popen[str]):
    assert holder.stdin is not None
    threading.Timer(0.5, holder.stdin.close).start()
    with only_process(tmp_path, "enrich", "1"):
        assert holder.wait(10) == 0, "it ended by itself"


def test_a_process_that_its_dead_supervisor_left_and_that_does_not_end_is_killed(
    tmp_path: Path, holder: subprocess.Popen[str]
):
    os.kill(holder.pid, signal.SIGSTOP)
    with only_process(tmp_path, "match", "1"), only_process(tmp_path, "enrich", "2"):
        pass
    with only_process(tmp_path, "enrich", "1", within_s=0.3):
        assert holder.wait(10) == -signal.SIGKILL


@pytest.mark.parametrize(
    "left",
    ["", "x", "1", "999999999 1.0", f"{os.getpid()} {psutil.Process().create_time() - 50}"],
    ids=["nothing", "no number", "no time", "no such process", "another process of that number"],
)
def test_what_a_killed_supervisor_left_is_not_taken_for_one_that_runs(tmp_path: Path, left: str):
    (tmp_path / "supervisor.pid").write_text(left)
    assert supervisor_pid(tmp_path) is None


def test_only_processes_that_live_are_told_of(tmp_path: Path):
    me = {"role": "enrich", "pid": os.getpid(), "ready": True, "at": time.time()}
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name, changes in {
        "1-lives": {},
        "2-died": {"pid": gone.pid},
        "3-number-of-another": {"at": time.time() - 3600},
    }.items():
        (tmp_path / "worker-2").mkdir(exist_ok=True)
        (tmp_path / "worker-2" / f"{name}.json").write_text(json.dumps(me | changes))
    (tmp_path / "4-half.json").write_text('{"role": "en')
    assert [(each.role, each.pid, each.ready) for each in read_heartbeats(tmp_path)] == [("enrich", os.getpid(), True)]


class TestChildren:
    """With processes that are no roles: they only live and die."""

    @pytest.fixture
    def children(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Children]:
        (tmp_path / "belfry").mkdir()
        (tmp_path / "belfry" / "__init__.py").touch()
        (tmp_path / "belfry" / "role.py").write_text("import sys\nsys.stdin.read()\n")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        monkeypatch.chdir(tmp_path)
        self.clock = Clock()
        children = Children(
            ["enrich", "match"], run_dir=tmp_path / "run", log_dir=tmp_path / "logs", environment={}, clock=self.clock
        )
        yield children
        children.stop()

    def pids(self, children: Children) -> list[int]:
        return [each.pid for each in children.heartbeats()]

    def test_what_died_is_started_anew_after_its_pause_and_the_rest_is_left_alone(self, children: Children):
        children.start()
        enrich, match = self.pids(children)
        os.kill(enrich, signal.SIGKILL)
        os.waitid(os.P_PID, enrich, os.WEXITED | os.WNOWAIT)
        children.watch()
        assert self.pids(children) == [0, match]
        children.watch()
        assert self.pids(children) == [0, match], "not before its pause is over"
        self.clock.now += 1
        children.watch()
        assert self.pids(children)[0] not in (0, enrich)
        assert self.pids(children)[1] == match

    def beat(self, tmp_path: Path, role: str, pid: int, at: float, loop_at: float) -> None:
        told = {"role": role, "pid": pid, "ready": True, "at": at, "loop_at": loop_at}
        (tmp_path / "run" / f"{role}-1.json").write_text(json.dumps(told))

    def died(self, pid: int) -> bool:
        """Killed, whether or not that was noticed yet."""
        return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE

    def kill(self, children: Children) -> None:
        enrich = self.pids(children)[0]
        os.kill(enrich, signal.SIGKILL)
        os.waitid(os.P_PID, enrich, os.WEXITED | os.WNOWAIT)
        children.watch()

    def test_a_role_that_was_ready_for_long_is_started_anew_at_once_however_often_it_died_before(
        self, children: Children, tmp_path: Path
    ):
        children.start()
        for _ in range(HOPELESS_DEATHS):
            assert children.ending() == []
            self.kill(children)
            self.clock.now += LONGEST_S
            children.watch()
        assert children.ending() == ["enrich"]
        for _ in range(12):
            self.clock.now += 3
            self.beat(tmp_path, "enrich", self.pids(children)[0], self.clock.now, self.clock.now)
            children.watch()
        self.kill(children)
        assert children.ending() == []
        self.clock.now += 0.3
        children.watch()
        assert self.pids(children)[0] != 0

    def test_a_role_that_says_nothing_for_long_is_killed_but_not_because_nobody_looked(
        self, children: Children, tmp_path: Path
    ):
        children.start()
        enrich, match = self.pids(children)
        self.beat(tmp_path, "enrich", enrich, 500.0, 500.0)
        children.watch()
        self.clock.now += 8 * 3600.0  # the machine slept
        children.watch()
        for _ in range(50):
            self.clock.now += 3
            self.beat(tmp_path, "match", match, self.clock.now, self.clock.now)
            children.watch()
            if self.died(enrich):
                break
        assert self.clock.now - 1000 - 8 * 3600 > STUCK_S - 10
        assert self.died(enrich)
        assert not self.died(match)

    def test_a_role_whose_loop_does_not_turn_is_killed(self, children: Children, tmp_path: Path):
        children.start()
        enrich, match = self.pids(children)
        for role, pid, loop_at in (("enrich", enrich, 1.0), ("match", match, 500.0)):
            self.beat(tmp_path, role, pid, 500.0, loop_at)
        self.clock.now += 10
        children.watch()
        assert os.waitid(os.P_PID, enrich, os.WEXITED | os.WNOWAIT).si_status == signal.SIGKILL
        assert psutil.Process(match).status() != psutil.STATUS_ZOMBIE

    def test_stopping_ends_them_all(self, children: Children):
        children.start()
        pids = self.pids(children)
        children.stop()
        assert not any(psutil.pid_exists(pid) for pid in pids)
