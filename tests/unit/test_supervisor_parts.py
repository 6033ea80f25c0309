"""The supervisor's parts, without processes."""

import os
from pathlib import Path

import psutil
import pytest

from belfry.supervisor.log_files import bound_logs
from belfry.supervisor.one import only_one, supervisor_pid
from belfry.supervisor.pauses import LONGEST_S, SETTLED_S, Pauses
from schemas.errors import StackError


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_pauses_grow_with_each_death_up_to_a_limit_and_are_short_again_after_a_long_life():
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
    clock.now += SETTLED_S + 1
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


@pytest.mark.parametrize(
    "left", ["", "x", "1", "999999999 1.0", f"{os.getpid()} {psutil.Process().create_time() - 50}"]
)
def test_what_a_killed_supervisor_left_is_not_taken_for_one_that_runs(tmp_path: Path, left: str):
    (tmp_path / "supervisor.pid").write_text(left)
    assert supervisor_pid(tmp_path) is None
