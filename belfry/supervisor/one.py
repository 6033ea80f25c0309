"""One supervisor a home: a lock that ends with its process, and who holds it."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from belfry.stack.failures import disk_errors
from schemas.errors import StackError


@contextmanager
def only_one(home: Path) -> Generator[None]:
    """Hold the home's lock. Raises StackError where another supervisor has it, or the home can't be written."""
    with disk_errors(home, variable="BELFRY_HOME"):
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / "supervisor.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise StackError(
                f"another Belfry is running under {home}",
                remedy="Use it, stop it with `belfry down`, or set BELFRY_HOME to another folder",
            ) from error
        me = psutil.Process()
        part = _file(home).with_suffix(".part")
        part.write_text(f"{me.pid} {me.create_time()}")
        part.replace(_file(home))
    try:
        yield
    finally:
        _file(home).unlink(missing_ok=True)
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
