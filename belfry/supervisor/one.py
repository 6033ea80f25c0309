"""One supervisor a home, one process a role: locks that end with their processes, and who holds them."""

import contextlib
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import structlog
from filelock import FileLock, Timeout

from belfry.stack.failures import disk_errors
from schemas.errors import StackError

_log = structlog.get_logger()

_ENDS_WITHIN_S = 15.0
"""A role finishes what it is at, in ten seconds at most."""

SUPERVISED = "1"
"""The name of the workers that a supervisor runs."""


@contextmanager
def only_one(home: Path) -> Generator[None]:
    """Hold the home's lock. Raises StackError where another supervisor has it, or the home can't be written."""
    another = StackError(
        f"another Belfry is running under {home}",
        remedy="Use it, stop it with `belfry down`, or set BELFRY_HOME to another folder",
    )
    with _locked(home, "supervisor.lock", another), only_worker(home, SUPERVISED):
        _write_holder(_file(home))
        try:
            yield
        finally:
            _file(home).unlink(missing_ok=True)


@contextmanager
def only_worker(home: Path, instance: str) -> Generator[None]:
    """Hold the lock of a worker's name. Raises StackError where another one has it, or the home can't be written.

    Two of the same name would take each other's partitions, again and again.
    """
    another = StackError(
        f"another worker {instance!r} is running under {home}", remedy="Give this one a name: --instance NAME"
    )
    with _locked(home, f"worker-{instance}.lock", another):
        yield


@contextmanager
def only_process(home: Path, role: str, instance: str, within_s: float = _ENDS_WITHIN_S) -> Generator[None]:
    """Hold the lock of a role's process, waiting for one that still ends. Raises StackError.

    Whose supervisor was killed ends by itself, within seconds; meanwhile it must not be one member of a group, and write
    to one file, together with its successor. One that doesn't end (it is stopped, or hangs) is killed: whoever starts
    another one has the lock of its worker.
    """
    folder = home / "faust"
    name = f"{role}-{instance}.lock"
    holder = (folder / name).with_suffix(".pid")
    another = StackError(
        f"another process of {role} is running under {home}", remedy=f"End it: it holds {folder / name}"
    )
    with ExitStack() as held:
        try:
            held.enter_context(_locked(folder, name, another, within_s))
        except StackError:
            if not _kill(holder):
                raise
            held.enter_context(_locked(folder, name, another, within_s))
        _write_holder(holder)
        yield


def _kill(holder: Path) -> bool:
    """Kill who holds a lock, where that can be told; returns whether it could."""
    process = _holder(holder)
    if process is None:
        return False
    _log.warning("process of a supervisor that is gone doesn't end, killed", pid=process.pid)
    with contextlib.suppress(psutil.NoSuchProcess):
        process.kill()
    return True


@contextmanager
def _locked(home: Path, name: str, otherwise: StackError, within_s: float = 0) -> Generator[None]:
    with disk_errors(home, variable="BELFRY_HOME"):
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / name)
        try:
            lock.acquire(timeout=within_s)
        except Timeout as error:
            raise otherwise from error
    try:
        yield
    finally:
        lock.release()


def supervisor_pid(home: Path) -> int | None:
    """The process that runs the home's supervisor, ready or not; None where none does."""
    process = _holder(_file(home))
    return None if process is None else process.pid


def _write_holder(file: Path) -> None:
    """Note that this process holds what the file is of."""
    me = psutil.Process()
    part = file.with_suffix(".part")
    part.write_text(f"{me.pid} {me.create_time()}")
    part.replace(file)


def _holder(file: Path) -> psutil.Process | None:
    """Who wrote the file, where it still lives."""
    try:
        pid, created = file.read_text().split()
        process = psutil.Process(int(pid))
        # By its time of birth: a number may be somebody else's by now.
        if abs(process.create_time() - float(created)) < 1 and process.status() != psutil.STATUS_ZOMBIE:
            return process
    except (OSError, ValueError, psutil.NoSuchProcess):
        pass
    return None


def _file(home: Path) -> Path:
    return home / "supervisor.pid"
