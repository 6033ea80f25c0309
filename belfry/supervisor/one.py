"""One supervisor a home: a lock that ends with its process, and who holds it."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from belfry.stack.failures import disk_errors
from schemas.errors import StackError

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
        me = psutil.Process()
        part = _file(home).with_suffix(".part")
        part.write_text(f"{me.pid} {me.create_time()}")
        part.replace(_file(home))
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
def _locked(home: Path, name: str, otherwise: StackError) -> Generator[None]:
    with disk_errors(home, variable="BELFRY_HOME"):
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / name)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise otherwise from error
    try:
        yield
    finally:
        lock.release()


def supervisor_pid(home: Path) -> int | None:
    """The process that runs the home's supervisor, ready or not; None where none does."""
    try:
        pid, created = _file(home).read_text().split()
        process = psutil.Process(int(pid))
        # By its time of birth: a number may be somebody else's by now.
        if abs(process.create_time() - float(created)) < 1 and process.status() != psutil.STATUS_ZOMBIE:
            return process.pid
    except (OSError, ValueError, psutil.NoSuchProcess):
        pass
    return None


def _file(home: Path) -> Path:
    return home / "supervisor.pid"
