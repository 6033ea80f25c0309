"""`belfry up` and `belfry down`: a supervisor that stays in the background."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from belfry.addresses import StackState, read_state, state_file
from belfry.logs import configure_logging
from belfry.settings import Settings, settings
from belfry.stack.failures import disk_errors
from belfry.supervisor.one import supervisor_pid
from belfry.supervisor.supervise import run_supervisor
from belfry.uninterrupted import uninterrupted
from schemas.errors import BelfryError, StackError

_UP_WITHIN_S = 3600.0
"""A first start downloads 93 MB, on a slow line in minutes, and starts the roles, on a slow machine in some more."""
_DOWN_WITHIN_S = 60.0


def running(home: Path) -> StackState | None:
    """The state of the supervisor that runs under `home`, or None. A state that a killed one left is removed."""
    state = read_state(home)
    if state is None:
        return None
    if supervisor_pid(home) == state.supervisor_pid:
        return state
    state_file(home).unlink(missing_ok=True)
    return None


def up(config: Settings, *, on_step: Callable[[str], None]) -> tuple[StackState, bool]:
    """The running stack's state, and whether it was started now. Raises StackError with the log's last lines.

    Where somebody else is just starting it, that is waited for. Whoever breaks off (Ctrl-C) what this call started
    leaves nothing running.
    """
    found = running(config.home)
    if found is not None and found.ready:
        return found, False
    log = config.home / "logs" / "supervisor.log"
    process: subprocess.Popen[bytes] | None = None
    # Being told to end is breaking off, too.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        with disk_errors(config.home, variable="BELFRY_HOME"):
            log.parent.mkdir(parents=True, exist_ok=True)
            seen = log.stat().st_size if log.exists() else 0
            if supervisor_pid(config.home) is None:
                with uninterrupted():
                    process = _start(log)
        return _wait_until_ready(config, process, log, seen, on_step), process is not None
    except BaseException:
        if process is not None and process.poll() is None:
            process.terminate()
            process.wait(_DOWN_WITHIN_S)
        raise


def _start(log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "belfry.supervisor.detached"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def _wait_until_ready(
    config: Settings, process: subprocess.Popen[bytes] | None, log: Path, seen: int, on_step: Callable[[str], None]
) -> StackState:
    deadline = time.monotonic() + _UP_WITHIN_S
    while time.monotonic() < deadline:
        state = running(config.home)
        if state is not None and state.ready:
            return state
        ended = supervisor_pid(config.home) is None if process is None else process.poll() is not None
        if ended:
            raise StackError(f"the stack didn't start:\n{_tail(log, seen)}", remedy=f"The whole log is {log}")
        _tell_steps(log, seen, on_step)
        time.sleep(0.1)
    raise StackError(f"the stack wasn't ready within {_UP_WITHIN_S:.0f} s", remedy=f"Look into {log}")


def down(config: Settings) -> bool:
    """Stop the stack that runs, or is starting, under the home; returns whether there was one.

    Raises StackError where it won't stop.
    """
    pid = supervisor_pid(config.home)
    if pid is None:
        running(config.home)  # what a killed one left is removed
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    try:
        psutil.Process(pid).wait(_DOWN_WITHIN_S)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired as error:
        raise StackError(
            f"process {pid} didn't stop within {_DOWN_WITHIN_S:.0f} s",
            remedy=f"Look into {config.home / 'logs' / 'supervisor.log'}",
        ) from error
    return True


def _tail(log: Path, since: int) -> str:
    with log.open("rb") as file:
        file.seek(since)
        lines = file.read().decode("utf-8", "replace").splitlines()
    return "\n".join(f"  {line}" for line in lines if not line.startswith(_STEP))[-3000:]


_STEP = "step: "


def _tell_steps(log: Path, since: int, on_step: Callable[[str], None]) -> None:
    with log.open("rb") as file:
        file.seek(since)
        steps = [line for line in file.read().decode("utf-8", "replace").splitlines() if line.startswith(_STEP)]
    if steps:
        on_step(steps[-1].removeprefix(_STEP))


def main() -> None:
    """Entry of the supervisor's process."""
    configure_logging()

    def tell(step: str) -> None:
        sys.stderr.write(f"{_STEP}{step}\n")
        sys.stderr.flush()

    try:
        run_supervisor(settings(), on_step=tell, on_ready=lambda: tell("ready"))
    except BelfryError as error:
        sys.exit(f"belfry: {error}")


if __name__ == "__main__":
    main()
