"""The whole stack under one process: servers (unless yours are used), topics, roles."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import structlog
from filelock import FileLock, Timeout

from belfry.addresses import StackState, state_file, write_state
from belfry.role_names import ROLES, RoleName
from belfry.settings import Settings
from belfry.stack import Addresses, Stack
from belfry.stack.topics import create_topics
from belfry.supervisor.children import Children
from schemas.errors import ServiceError, StackError

_log = structlog.get_logger()
_WATCH_S = 0.2
_READY_WITHIN_S = 120.0


class Supervisor:
    """Starts everything in order, then watches it until told to stop.

    `before_roles` is called once the topics are made and before the first role reads from them.
    """

    def __init__(
        self,
        config: Settings,
        *,
        roles: Sequence[RoleName] = ROLES,
        on_step: Callable[[str], None],
        before_roles: Callable[[Addresses], None] = lambda _: None,
    ) -> None:
        self._config = config
        self._roles = roles
        self._on_step = on_step
        self._before_roles = before_roles
        self._stack: Stack | None = None
        self._children: Children | None = None
        self._addresses: Addresses | None = None
        self._stopping = threading.Event()

    @property
    def addresses(self) -> Addresses:
        """Where the servers are. Only after `start`."""
        if self._addresses is None:
            raise StackError("the stack is not started", remedy="Call start() first")
        return self._addresses

    @property
    def children(self) -> Children:
        """The role processes. Only after `start`."""
        if self._children is None:
            raise StackError("the stack is not started", remedy="Call start() first")
        return self._children

    def start(self) -> None:
        """Start servers and roles; returns when all are ready. Raises StackError, having stopped what was started."""
        config = self._config
        try:
            self._addresses = self._servers()
            self._say("making topics")
            create_topics(self._addresses.kafka_bootstrap, config.topics.all())
            self._before_roles(self._addresses)
            self._say("starting the roles")
            self._children = Children(
                self._roles,
                run_dir=run_dir(config.home),
                log_dir=config.home / "logs",
                environment=child_environment(config, self._addresses),
            )
            self._children.start()
            self._write_state(ready=False)
            self._wait_until_ready()
            self._write_state(ready=True)
        except BaseException:
            self.stop()
            raise

    def watch(self) -> None:
        """Keep everything running until `request_stop`."""
        while not self._stopping.wait(_WATCH_S):
            self.watch_once()

    def watch_once(self) -> None:
        """Start anew what has died."""
        if self._stack is not None:
            for server in self._stack.servers:
                if server.alive:
                    continue
                _log.warning("server ended, starting it anew", server=server.name, pid=server.pid)
                try:
                    self._stack.restart(server.name)
                except ServiceError as error:
                    _log.error("server can't be started, trying again", server=server.name, error=str(error))
        self.children.watch()

    def request_stop(self) -> None:
        """Make `watch` return. May be called from a signal handler."""
        self._stopping.set()

    def stop(self) -> None:
        """Stop roles, then servers; remove what told others of them."""
        if self._children is not None:
            self._say("stopping the roles")
            self._children.stop()
        if self._stack is not None:
            self._say("stopping the servers")
            self._stack.stop()
        state_file(self._config.home).unlink(missing_ok=True)

    def _servers(self) -> Addresses:
        config = self._config
        if config.kafka_bootstrap and config.elasticsearch_url:
            return Addresses(config.kafka_bootstrap, config.elasticsearch_url)
        if config.kafka_bootstrap or config.elasticsearch_url:
            raise StackError(
                "only one of BELFRY_KAFKA_BOOTSTRAP and BELFRY_ELASTICSEARCH_URL is set",
                remedy="Set both to use servers of your own, or neither to have Belfry start its own",
            )
        self._say("starting Kafka and Elasticsearch")
        self._stack = Stack(
            config.home,
            config.cache,
            kafka_port=config.kafka_port,
            elasticsearch_port=config.elasticsearch_port,
            maven_repository=config.maven_repository,
        )
        return self._stack.start()

    def _wait_until_ready(self) -> None:
        began = time.monotonic()
        while not all(heartbeat.ready for heartbeat in self.children.heartbeats()):
            if self._stopping.is_set():
                raise StackError("stopped while starting", remedy="Start again with `belfry up`")
            if time.monotonic() - began > _READY_WITHIN_S:
                late = [heartbeat.role for heartbeat in self.children.heartbeats() if not heartbeat.ready]
                raise StackError(
                    f"not ready within {_READY_WITHIN_S:.0f} s: {', '.join(late)}",
                    remedy=f"Look into {self._config.home / 'logs'}",
                )
            self.watch_once()
            time.sleep(0.05)

    def _write_state(self, *, ready: bool) -> None:
        write_state(
            self._config.home,
            StackState(
                supervisor_pid=os.getpid(),
                started_at=time.time(),
                kafka_bootstrap=self.addresses.kafka_bootstrap,
                elasticsearch_url=self.addresses.elasticsearch_url,
                ready=ready,
            ),
        )

    def _say(self, step: str) -> None:
        _log.debug("step", step=step)
        self._on_step(step)


def run_dir(home: Path) -> Path:
    """Where the roles under this home write how they are."""
    return home / "run"


def child_environment(config: Settings, addresses: Addresses) -> dict[str, str]:
    """What a role process is told: the settings of its supervisor, and where the servers are."""
    told = {
        f"BELFRY_{name.upper()}": str(value)
        for name, value in config.model_dump(mode="json").items()
        if value is not None
    }
    return told | {
        "BELFRY_KAFKA_BOOTSTRAP": addresses.kafka_bootstrap,
        "BELFRY_ELASTICSEARCH_URL": addresses.elasticsearch_url,
    }


@contextmanager
def only_one(home: Path) -> Generator[None]:
    """Hold the home's lock. Raises StackError where another supervisor has it."""
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "supervisor.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StackError(
            f"another Belfry is running under {home}",
            remedy="Use it, stop it with `belfry down`, or set BELFRY_HOME to another folder",
        ) from error
    try:
        yield
    finally:
        lock.release()


def run_supervisor(config: Settings, *, on_step: Callable[[str], None], on_ready: Callable[[], None]) -> None:
    """Start, tell, watch, and stop at SIGTERM or SIGINT. Raises StackError where it can't be started."""
    with only_one(config.home):
        supervisor = Supervisor(config, on_step=on_step)

        def stop(_signal: int, _frame: FrameType | None) -> None:
            supervisor.request_stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        with contextlib.suppress(AttributeError, ValueError):
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        supervisor.start()
        on_ready()
        try:
            supervisor.watch()
        finally:
            supervisor.stop()
