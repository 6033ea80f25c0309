"""One server as a child process: started on its folder, waited for, stopped, and never outliving this process."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import psutil
import structlog

from belfry.priority import put_behind_bells
from belfry.stack.failures import Cause, cause_of_death, log_since, server_failure
from belfry.stack.layout import Cache
from belfry.stack.ports import is_listening
from belfry.stack.ready import SERVES, red_indices
from belfry.stack.servers import Ports, Server, command
from belfry.uninterrupted import uninterrupted

_log = structlog.get_logger()

READY_WITHIN_S = 120.0
"""A start takes 1 to 4 s; on a machine that is busy with something else, many times that."""
RED_AFTER_S = 20.0
"""Once it answers, recovering what is on disk takes seconds; what isn't readable then is broken, and must not hold up
the rest."""
STOP_WITHIN_S = 20.0
_POLL_S = 0.02
_LOG_BYTES = 10_000_000


class ServerProcess:
    """A server on its folder. `stop` may be called at any time; `start` again after it."""

    def __init__(self, server: Server, cache: Cache, folder: Path, log: Path) -> None:
        self.server = server
        self._cache = cache
        self._folder = folder
        self._log = log
        self._log_begin = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of the process that runs, or ran last; 0 before the first start."""
        return self._process.pid if self._process is not None else 0

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self, ports: Ports, *, extra_flags: Sequence[str] = ()) -> None:
        """Start the process; returns at once. Raises StackError, and OSError of the disk."""
        tmp = self._folder / "tmp"
        tmp.mkdir(parents=True, exist_ok=True)
        for left in tmp.iterdir():  # libraries that a killed server unpacked
            if left.is_file():
                left.unlink()
        arguments = self.server.arguments(self._cache, self._folder, ports)
        self._log.parent.mkdir(parents=True, exist_ok=True)
        if self._log.exists() and self._log.stat().st_size > _LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        with self._log.open("ab") as log, uninterrupted():
            self._log_begin = log.tell()
            self._process = subprocess.Popen(
                command(self.server, self._cache, extra_flags=extra_flags, parent=os.getpid(), arguments=arguments),
                cwd=self._folder,
                # Java takes names of files from the locale: without this, a folder called `é` can't be found.
                env=os.environ | {"LC_ALL": "C.UTF-8"},
                stdin=subprocess.PIPE,  # never written to: its end tells the server that this process is gone
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C in a terminal goes to the whole group; whoever started this stops it in order.
                start_new_session=True,
            )
            if self.server.name == "elasticsearch":
                put_behind_bells(self._process.pid)

    def wait_until_ready(self, port: int) -> None:
        """Return when it serves. Raises StackError with its last lines where it ended or takes too long."""
        began = time.monotonic()
        partly_since: float | None = None
        listening = False
        while True:
            if not self.alive:
                self._fail(f"ended with {self._returncode()} at start")
            listening = listening or (is_listening(port) and self._listens(port))
            answer = SERVES[self.server.name](port) if listening else "no"
            if answer == "yes":
                return
            now = time.monotonic()
            if answer == "partly":
                partly_since = partly_since or now
            if partly_since is not None and now - partly_since > RED_AFTER_S:
                _log.error("indices can't be read, going on without them", indices=red_indices(port))
                return
            if now - began > READY_WITHIN_S:
                self._fail(f"wasn't ready within {READY_WITHIN_S:.0f} s")
            time.sleep(_POLL_S)

    def why_dead(self) -> Cause | None:
        """Why it died, where its log tells."""
        return cause_of_death(log_since(self._log, self._log_begin))

    def ask_to_stop(self) -> None:
        """Ask the process to end; returns at once."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self, *, within_s: float = STOP_WITHIN_S) -> None:
        """Ask the process to end, wait, and end by force what doesn't."""
        process = self._process
        if process is None:
            return
        self.ask_to_stop()
        try:
            process.wait(within_s)
        except subprocess.TimeoutExpired:
            _log.warning("server didn't end in time, killed", server=self.server.name, pid=process.pid)
        self.kill()

    def kill(self) -> None:
        """End the process and whatever it started, at once."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            # It leads a group of its own. Not once it has ended: its number may be somebody else's by then.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stdin is not None:
            process.stdin.close()

    def _listens(self, port: int) -> bool:
        """Whether whoever takes connections there is this very process: a port is only free until it isn't."""
        try:
            connections = psutil.Process(self.pid).net_connections("tcp")
        except psutil.NoSuchProcess:
            return False
        except psutil.AccessDenied:  # a system that tells nobody: then the clients' questions must do
            return True
        return any(one.status == psutil.CONN_LISTEN and one.laddr[1] == port for one in connections)

    def _returncode(self) -> str:
        code = self._process.returncode if self._process is not None else None
        return signal.Signals(-code).name if code is not None and code < 0 else str(code)

    def _fail(self, what: str) -> NoReturn:
        said = log_since(self._log, self._log_begin)
        raise server_failure(self.server.label, what, said, self._log, variable=self.server.variable)
