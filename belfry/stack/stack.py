"""Both servers on one home: started together, kept on their ports, stopped together."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil
import structlog
from filelock import FileLock, Timeout

from belfry.stack.aot import aot_cache
from belfry.stack.failures import demand_space, disk_errors
from belfry.stack.fetch import fetch
from belfry.stack.layout import Cache
from belfry.stack.ports import LOOPBACK, free_port, is_free
from belfry.stack.process import STOP_WITHIN_S, ServerProcess
from belfry.stack.progress import Progress, stderr_progress
from belfry.stack.servers import SERVERS, Ports, Server, ServerName
from belfry.stack.trainer import Trainer
from schemas.errors import StackError

_log = structlog.get_logger()

_SPACE_BYTES = 200_000_000
_PORT_TRIES = 3
_LOOK_S = 0.1


@dataclass(frozen=True)
class Addresses:
    """Where the servers are."""

    kafka_bootstrap: str
    elasticsearch_url: str


@dataclass(frozen=True)
class ServerState:
    """One look at a server. `pid` is 0 before its first start."""

    name: ServerName
    pid: int
    alive: bool
    port: int


@dataclass
class _Running:
    process: ServerProcess
    wanted_port: int
    ports: Ports
    aot: bool = True
    lock: threading.Lock = field(default_factory=threading.Lock)


class Stack:
    """Kafka and Elasticsearch as children of this process, on loopback, with their data under `home`.

    Ports are free ones unless given. The servers end when this process does, however it ends; what they acknowledged is
    on disk and there at the next start. One stack a home. Each server may be restarted in a thread of its own, and the
    stack be stopped meanwhile; else not for use from several threads at once.
    `train` makes start-up caches at idle priority while the stack runs, where there are none yet.
    """

    def __init__(
        self,
        home: Path,
        cache: Path,
        *,
        kafka_port: int = 0,
        elasticsearch_port: int = 0,
        maven_repository: str | None = None,
        progress: Progress | None = None,
        train: bool = True,
    ) -> None:
        self._home = home.absolute()
        self._cache = Cache(cache.absolute())
        self._maven_repository = maven_repository
        self._progress = progress or stderr_progress()
        self._wanted_ports: dict[ServerName, int] = {"kafka": kafka_port, "elasticsearch": elasticsearch_port}
        # Held across threads: whoever stops the stack may be another than who started it.
        self._lock = FileLock(self._home / "stack.lock", thread_local=False)
        self._running: dict[ServerName, _Running] = {}
        self._trainer = Trainer(self._cache) if train else None
        self._stopping = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def addresses(self) -> Addresses:
        """Where the servers are. Raises StackError unless started."""
        if not self._running:
            raise StackError("the stack is not started", remedy="Call start() first")
        kafka, elasticsearch = (self._running[name].ports.clients for name in ("kafka", "elasticsearch"))
        return Addresses(f"{LOOPBACK}:{kafka}", f"http://{LOOPBACK}:{elasticsearch}")

    @property
    def servers(self) -> tuple[ServerState, ...]:
        """How the servers are now; none unless started."""
        if self._trainer is not None:
            self._trainer.reap()
        return tuple(
            ServerState(name, running.process.pid, running.process.alive, running.ports.clients)
            for name, running in self._running.items()
        )

    def start(self) -> Addresses:
        """Start both, fetching first what they need; returns when both serve.

        Raises StackError, having stopped what was started: another stack on this home, a port taken, disk full, no
        network at the first time, a server that dies.
        """
        if self._running:
            return self.addresses
        self._stopping.clear()
        fetch(self._cache.root, maven_repository=self._maven_repository, progress=self._progress)
        with disk_errors(self._home, variable="BELFRY_HOME"):
            self._home.mkdir(parents=True, exist_ok=True)
            self._take_home()
            try:
                demand_space(self._home, _SPACE_BYTES, variable="BELFRY_HOME")
                with self._progress.step("Starting Kafka and Elasticsearch"):
                    for server in SERVERS:
                        self._running[server.name] = self._prepare(server)
                    for running in self._running.values():
                        self._spawn(running)
                    for running in self._running.values():
                        self._await(running)
            except BaseException:
                self.stop()
                raise
        if self._trainer is not None:
            self._trainer.start()
        return self.addresses

    def restart(self, name: str) -> None:
        """Start the server again, on the port it had, stopping it first where it runs; returns when it serves.

        Raises StackError; then it may be tried again.
        """
        running = next((one for known, one in self._running.items() if known == name), None)
        if running is None:
            raise StackError(f"{name!r} is no server of a started stack", remedy="Call start() first")
        running.process.stop()
        running.wanted_port = running.ports.clients
        running.ports = Ports(running.ports.clients, free_port())
        with disk_errors(self._home, variable="BELFRY_HOME"):
            self._spawn(running)
            self._await(running)

    def stop(self) -> None:
        """Stop both, cleanly where they let themselves; nothing happens where none runs."""
        if self._trainer is not None:
            self._trainer.ask_to_stop()
        self._stopping.set()
        for running in self._running.values():
            running.process.ask_to_stop()
        for running in self._running.values():
            with running.lock:
                running.process.stop()
        if self._trainer is not None:
            self._trainer.stop()
        self._running.clear()
        self._lock.release()

    def _take_home(self) -> None:
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise StackError(
                f"another Belfry runs Kafka and Elasticsearch under {self._home}",
                remedy="Use it, stop it with `belfry down`, or set BELFRY_HOME to another folder",
            ) from error

    def _prepare(self, server: Server) -> _Running:
        wanted = self._wanted_ports[server.name]
        deadline = time.monotonic() + STOP_WITHIN_S
        # What a supervisor left that was killed a moment ago gives its port up when it has ended.
        while wanted and not is_free(wanted) and _runs_in(self._home / server.name) and time.monotonic() < deadline:
            time.sleep(_LOOK_S)
        if wanted and not is_free(wanted):
            raise StackError(
                f"port {wanted} is taken, so {server.label} can't use it",
                remedy=f"Stop what listens there, set {server.variable} to another port, or leave it unset: then a "
                "free one is used",
            )
        process = ServerProcess(
            server, self._cache, self._home / server.name, self._home / "logs" / f"{server.name}.log"
        )
        return _Running(process, wanted, Ports(wanted or free_port(), free_port()))

    def _spawn(self, running: _Running) -> None:
        aot = aot_cache(running.process.server, self._cache)
        running.aot = running.aot and aot.is_file()
        with running.lock:
            if self._stopping.is_set():
                raise StackError("the stack is being stopped", remedy="Start it again")
            running.process.start(running.ports, extra_flags=(f"-XX:AOTCache={aot}",) if running.aot else ())

    def _await(self, running: _Running) -> None:
        """Wait until it serves, starting anew what may go better a second time."""
        for tries_left in reversed(range(_PORT_TRIES)):
            began = time.monotonic()
            try:
                running.process.wait_until_ready(running.ports.clients)
            except StackError:
                if running.process.alive or not tries_left:
                    raise
                again = self._better_chance(running)
                running.process.stop()
                if not again:
                    raise
                self._spawn(running)
            else:
                _log.debug("server is ready", server=running.process.server.name, s=time.monotonic() - began)
                return

    def _better_chance(self, running: _Running) -> bool:
        """Change what can be changed about a dead server's start; returns whether anything was."""
        why = running.process.why_dead()
        if why == "port":
            # Somebody took a port between our looking and its listening; one that was asked for stays.
            running.ports = Ports(running.wanted_port or free_port(), free_port())
            return True
        if why is None and running.aot:
            # A start-up cache that Java chokes on must not be the end of it.
            _log.warning("server died at start, trying without its start-up cache", pid=running.process.pid)
            running.aot = False
            return True
        return False


def _runs_in(folder: Path) -> bool:
    """Whether a server works in the folder."""
    return any(
        process.info["name"] == "java" and process.info["cwd"] == str(folder)
        for process in psutil.process_iter(["name", "cwd"])
    )
