"""`belfry up`, `status` and `down` as a user has them: what they say, what they leave, what they survive."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from belfry.settings import settings
from tests.integration.line import until

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

COMMAND = "import sys; from belfry.cli.app import main; sys.argv[1:] = sys.argv[1:]; main()"


class User:
    """Runs commands on a home of their own."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        unset = {name for name in os.environ if name.startswith("BELFRY_")}
        kept = {name: value for name, value in os.environ.items() if name not in unset}
        told = {"BELFRY_HOME": str(self.home), "BELFRY_CACHE": str(settings().cache), "COLUMNS": "200"}
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments],
            env=kept | told | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        process = self.start(*arguments, **environment)
        out, errors = process.communicate(timeout=150)
        return process.returncode, out, errors

    def status(self) -> dict[str, Any]:
        _, out, _ = self.run("status", "--json")
        return json.loads(out)

    def processes(self) -> list[psutil.Process]:
        """Whatever runs for this home: by its environment, which children have from their parents."""
        found: list[psutil.Process] = []
        for process in psutil.process_iter():
            try:
                mine = process.environ().get("BELFRY_HOME") == str(self.home)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
            if mine and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        return found

    def nothing_runs(self) -> bool:
        return bool(until(lambda: not self.processes(), 30))


@pytest.fixture(scope="module")
def user(fetched: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    """A user whose stack is up."""
    user = User(tmp_path_factory.mktemp("up"))
    code, out, errors = user.run("up")
    assert (code, out) == (0, ""), errors
    yield user
    user.run("down")


def test_up_returns_when_all_is_ready_and_status_says_so(user: User):
    code, out, _ = user.run("status", "--json")
    found = json.loads(out)
    assert code == 0
    assert [(each["role"], each["ready"]) for each in found["processes"]] == [
        ("supervisor", True),
        ("enrich", True),
        ("group", True),
        ("index", True),
        ("match", True),
        ("notify", True),
    ]
    assert all(psutil.pid_exists(each["pid"]) for each in found["processes"])
    assert found["kafka"].startswith("127.0.0.1:")
    assert found["elasticsearch"].startswith("http://127.0.0.1:")
    assert set(found["counts"]) == {"received", "repeated", "indexed", "dead", "held", "alerts", "delivered"}


def test_a_second_up_says_so_and_starts_nothing(user: User):
    def running() -> tuple[object, set[int]]:
        """Roles and servers. Who trains start-up caches, or helps a role, may come and go meanwhile."""
        processes = user.status()["processes"]
        [supervisor] = [each["pid"] for each in processes if each["role"] == "supervisor"]
        servers = {child.pid for child in psutil.Process(supervisor).children() if child.name() == "java"}
        assert len(servers) == 2
        return processes, servers

    before = running()
    code, _, errors = user.run("up")
    assert code == 0
    assert errors.startswith("already running")
    assert running() == before


def test_another_up_on_the_same_home_in_the_foreground_is_refused(user: User):
    code, _, errors = user.run("up", "--foreground")
    assert code == 1
    assert "another Belfry is running under" in errors
    assert "belfry down" in errors


def test_servers_that_are_killed_come_back_with_their_data_and_the_counts_stay(user: User, tmp_path: Path):
    (tmp_path / "news.txt").write_text("De minister sprak over de grens. Er is niets gebeurd.\n")
    code, _, errors = user.run("ingest", str(tmp_path / "news.txt"))
    assert code == 0, errors
    assert until(lambda: (found := user.status())["counts"]["indexed"] == 1 and not any(found["lag"].values()))
    before = user.status()
    for process in user.processes():
        if process.name() == "java":
            process.send_signal(signal.SIGKILL)

    def back() -> bool:
        found = user.status()
        return found["counts"] == before["counts"] and not any(found["lag"].values())

    assert until(back, 60)
    assert user.status()["kafka"] == before["kafka"]


def test_a_supervisor_that_is_killed_leaves_no_orphan_and_the_next_goes_on_where_it_was(user: User):
    before = user.status()
    os.kill(before["processes"][0]["pid"], signal.SIGKILL)
    assert user.nothing_runs()
    code, out, errors = user.run("status")
    assert (code, out) == (1, "")
    assert errors.startswith(f"not running under {user.home}; start it with belfry up")
    assert user.run("up")[0] == 0
    assert until(lambda: user.status()["counts"] == before["counts"])


def test_up_follows_a_killed_supervisor_at_once_also_where_a_role_that_it_left_is_stopped(user: User):
    before = user.status()
    pids = {each["role"]: each["pid"] for each in before["processes"]}
    os.kill(pids["notify"], signal.SIGSTOP)
    os.kill(pids["supervisor"], signal.SIGKILL)
    code, _, errors = user.run("up")
    assert code == 0, errors
    assert until(lambda: user.status()["counts"] == before["counts"])
    assert not psutil.pid_exists(pids["notify"])


def test_down_leaves_nothing_running_and_says_when_there_was_nothing(user: User):
    code, _, errors = user.run("down")
    assert (code, errors) == (0, "stopped\n")
    assert user.processes() == []
    assert {"state.json", "supervisor.pid"}.isdisjoint(file.name for file in user.home.iterdir())
    code, _, errors = user.run("down")
    assert (code, errors) == (0, f"nothing was running under {user.home}\n")
    code, out, _ = user.run("status", "--json")
    assert code == 1
    assert (json.loads(out)["processes"], json.loads(out)["kafka"], json.loads(out)["counts"]) == ([], None, None)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_whoever_breaks_off_up_leaves_nothing_running(fetched: None, tmp_path: Path, number: signal.Signals):
    user = User(tmp_path / "home")
    process = user.start("up")
    assert until(lambda: len(user.processes()) >= 3)
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert user.nothing_runs()


def test_down_stops_what_is_just_starting(fetched: None, tmp_path: Path):
    user = User(tmp_path / "home")
    process = user.start("up")
    assert until(lambda: (user.home / "supervisor.pid").exists())
    assert user.run("down")[:2] == (0, "")
    assert "the stack didn't start" in process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert user.nothing_runs()


def test_a_port_that_is_taken_is_told_with_its_setting(fetched: None, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        user = User(tmp_path / "home")
        code, out, errors = user.run("up", BELFRY_KAFKA_PORT=port)
    assert (code, out) == (1, "")
    assert f"port {port} is taken" in errors
    assert "BELFRY_KAFKA_PORT" in errors
    assert "Traceback" not in errors
    assert user.nothing_runs()


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")
    code, _, errors = User(tmp_path / "file" / "home").run("up")
    assert code == 1
    assert "can't be written" in errors
    assert "BELFRY_HOME" in errors
    assert "Traceback" not in errors


def test_one_server_of_ones_own_without_the_other_is_refused(tmp_path: Path):
    code, _, errors = User(tmp_path).run("up", BELFRY_KAFKA_BOOTSTRAP="127.0.0.1:9")
    assert code == 1
    assert "BELFRY_ELASTICSEARCH_URL" in errors


def test_a_setting_that_cannot_be_used_is_named_and_nothing_is_done(tmp_path: Path):
    code, _, errors = User(tmp_path / "home").run("up", BELFRY_KAFKA_PORT="many")
    assert code == 2
    assert "BELFRY_KAFKA_PORT" in errors
    assert not (tmp_path / "home").exists()


def test_a_worker_needs_servers_and_known_roles(tmp_path: Path):
    user = User(tmp_path)
    code, _, errors = user.run("worker")
    assert code == 2
    assert "belfry up" in errors
    code, _, errors = user.run("worker", "--roles", "enrich,bells")
    assert code == 2
    assert "unknown role bells; there are enrich, group, index, match, notify, or all" in errors
