"""Role processes: each is started with a pipe that ends when this process does, watched, and started again."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
import psutil
import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from belfry.role_names import RoleName
from belfry.supervisor.pauses import Pauses
from belfry.uninterrupted import uninterrupted

_log = structlog.get_logger()

STOP_S = 15.0
STUCK_S = 90.0
"""A role whose event loop hasn't turned for so long, or that has written nothing of itself, does nothing any more: work
that is heavy is done beside the loop."""
HOPELESS_DEATHS = 9
"""Over the first minute."""
_LOOK_EVERY_S = 2.0
_SILENT_S = 60.0
"""Whoever hasn't written for so long is another process that got the number."""


class Heartbeat(BaseModel):
    """What a role process writes of itself."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    role: str
    pid: int
    ready: bool
    at: float
    loop_at: float = 0.0
    """When the event loop last turned, in Unix seconds; 0: it has not begun."""


@dataclass
class _Child:
    role: RoleName
    instance: str
    heartbeat: Path
    pauses: Pauses
    process: subprocess.Popen[bytes] | None = None
    beat_at: float = 0.0
    """When it last wrote, by its own clock."""
    silent_s: float = 0.0
    """For so long it has been looked at without having written anew."""


class Children:
    """The role processes of one supervisor. `environment` is what they are told beyond this process's own."""

    def __init__(
        self,
        roles: Sequence[RoleName],
        *,
        run_dir: Path,
        log_dir: Path,
        environment: dict[str, str],
        instance: str = "1",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log_dir = log_dir
        self._environment = environment
        self._clock = clock
        run_dir.mkdir(parents=True, exist_ok=True)
        log_dir.mkdir(parents=True, exist_ok=True)
        self._children = [_Child(role, instance, run_dir / f"{role}-{instance}.json", Pauses(clock)) for role in roles]
        self._looked_at = clock()

    def start(self) -> None:
        """Start every role."""
        for child in self._children:
            self._start(child)

    def watch(self) -> None:
        """Start anew what has died, each after a pause that grows with its deaths. Call it a few times a second."""
        for child in self._children:
            if child.process is None:
                if child.pauses.is_over:
                    self._start(child)
            elif child.process.poll() is not None:
                _log.warning(
                    "role ended, starting it anew",
                    role=child.role,
                    pid=child.process.pid,
                    exit_code=child.process.returncode,
                    pause_s=child.pauses.begin(),
                    log=str(self._log_file(child)),
                )
                self._let_go(child)
        since_s = self._clock() - self._looked_at
        if since_s > _LOOK_EVERY_S:
            self._looked_at = self._clock()
            # Where nobody looked for long, because this process was stopped or the machine slept, so were the others.
            self._look(min(since_s, 2 * _LOOK_EVERY_S))

    def heartbeats(self) -> list[Heartbeat]:
        """One a role: what it last wrote, or not ready where the process that wrote it is gone."""
        return [
            _heartbeat(child.heartbeat, child.process.pid if child.process else None)
            or Heartbeat(role=child.role, pid=child.process.pid if child.process else 0, ready=False, at=0)
            for child in self._children
        ]

    def used_s(self) -> float:
        """The processor time that the processes which run now have used, with all that they started."""
        total = 0.0
        for child in self._children:
            with contextlib.suppress(psutil.NoSuchProcess):
                if child.process is not None:
                    process = psutil.Process(child.process.pid)
                    for each in (process, *process.children(recursive=True)):
                        times = each.cpu_times()
                        total += times.user + times.system
        return total

    def ending(self) -> list[RoleName]:
        """The roles that go on dying: so often in a row that they won't become ready by themselves."""
        return [child.role for child in self._children if child.pauses.deaths >= HOPELESS_DEATHS]

    def stop(self) -> None:
        """Ask every role to end, wait, and end by force what doesn't."""
        running = [(child, child.process) for child in self._children if child.process is not None]
        for _, process in running:
            process.terminate()
        deadline = self._clock() + STOP_S
        for child, process in running:
            try:
                process.wait(max(0.1, deadline - self._clock()))
            except subprocess.TimeoutExpired:
                _log.warning("role didn't end in time, killed", role=child.role, pid=process.pid)
                process.kill()
                process.wait()
            self._let_go(child)

    def _look(self, since_s: float) -> None:
        """Note who is ready. End by force what lives but doesn't turn, or says nothing; `watch` then starts it anew."""
        for child in self._children:
            found = None if child.process is None else _heartbeat(child.heartbeat, child.process.pid)
            if child.process is None or found is None:  # one that has not written yet is still loading
                continue
            child.silent_s = child.silent_s + since_s if found.at == child.beat_at else 0.0
            child.beat_at = found.at
            if found.ready:
                child.pauses.ready()
            stuck = bool(found.loop_at) and found.at - found.loop_at > STUCK_S
            if stuck or child.silent_s > STUCK_S:
                _log.error(
                    "role is stuck, killed", role=child.role, pid=child.process.pid, log=str(self._log_file(child))
                )
                child.process.kill()

    def _log_file(self, child: _Child) -> Path:
        return self._log_dir / f"{child.role}-{child.instance}.log"

    def _start(self, child: _Child) -> None:
        child.heartbeat.unlink(missing_ok=True)
        # A process that a signal kept from being noted would be left behind.
        with self._log_file(child).open("ab") as log, uninterrupted():
            child.process = subprocess.Popen(
                [sys.executable, "-m", "belfry.role", child.role, child.instance, str(child.heartbeat)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=os.environ | self._environment,
                # Ctrl-C in a terminal goes to the whole process group; the supervisor stops its children in order.
                start_new_session=True,
            )
        child.pauses.started()
        child.beat_at = child.silent_s = 0.0

    def _let_go(self, child: _Child) -> None:
        if child.process is not None and child.process.stdin is not None:
            child.process.stdin.close()
        child.process = None
        child.heartbeat.unlink(missing_ok=True)


def _heartbeat(file: Path, pid: int | None) -> Heartbeat | None:
    try:
        heartbeat = Heartbeat.model_validate(orjson.loads(file.read_bytes()))
    except (FileNotFoundError, ValidationError, orjson.JSONDecodeError):
        return None
    return heartbeat if heartbeat.pid == pid else None


def read_heartbeats(run_dir: Path) -> list[Heartbeat]:
    """The heartbeats of all processes that live under `run_dir`, whoever supervises them, by role.

    What a process left that was killed together with its supervisor is none.
    """
    found: list[Heartbeat] = []
    for file in sorted(run_dir.rglob("*.json")):
        try:
            heartbeat = Heartbeat.model_validate(orjson.loads(file.read_bytes()))
        except (FileNotFoundError, ValidationError, orjson.JSONDecodeError):
            continue
        if psutil.pid_exists(heartbeat.pid) and time.time() - heartbeat.at < _SILENT_S:
            found.append(heartbeat)
    return found
