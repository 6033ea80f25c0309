"""The whole stack under one process: servers (unless yours are used), topics, roles."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

import structlog

from belfry.addresses import StackState, state_file, write_state
from belfry.role_names import ROLES, RoleName
from belfry.settings import Settings
from belfry.stack import Addresses, Stack
from belfry.stack.topics import create_topics
from belfry.supervisor.children import Children
from belfry.supervisor.keeper import ServerKeeper
from belfry.supervisor.log_files import bound_logs
from belfry.supervisor.one import only_one
from processors.agents.patience import Patience
from schemas.errors import StackError

_log = structlog.get_logger()
_WATCH_S = 0.2
_LOOK_EVERY_S = 5.0
_IDLE_S = 300.0
"""Roles that start are waited for as long as they work: where models are loaded and kernels compiled on a slow machine,
that takes minutes. Who hasn't used the processor for so long isn't slow."""
_LOGS_EVERY_S = 30.0


class Stopped(BaseException):
    """Somebody wants the supervisor to stop while it still starts. Not an error: it leaves through everything."""


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
        self._keeper: ServerKeeper | None = None
        self._children: Children | None = None
        self._addresses: Addresses | None = None
        self._held = contextlib.ExitStack()
        self._stopping = threading.Event()
        self._logs_at = time.monotonic()

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
            self._held.enter_context(only_one(config.home))
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
        """Start anew what has died, and keep the logs from growing without bound."""
        if self._keeper is not None:
            self._keeper.watch()
        self.children.watch()
        if time.monotonic() - self._logs_at > _LOGS_EVERY_S:
            self._logs_at = time.monotonic()
            bound_logs(self._config.home / "logs")

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
        if self._keeper is not None:
            self._keeper.join()
        if self._addresses is not None:
            state_file(self._config.home).unlink(missing_ok=True)
        self._held.close()

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
        addresses = self._stack.start()
        self._keeper = ServerKeeper(self._stack)
        return addresses

    def _wait_until_ready(self) -> None:
        patience, looked_at = Patience(_IDLE_S), time.monotonic()
        remedy = f"Look into {self._config.home / 'logs'}"
        while not all(heartbeat.ready for heartbeat in self.children.heartbeats()):
            if self._stopping.is_set():
                raise Stopped
            if ending := self.children.ending():
                raise StackError(f"ends again and again: {', '.join(ending)}", remedy=remedy)
            if time.monotonic() - looked_at > _LOOK_EVERY_S:
                looked_at = time.monotonic()
                if patience.is_over(self.children.used_s()):
                    late = [heartbeat.role for heartbeat in self.children.heartbeats() if not heartbeat.ready]
                    raise StackError(f"not ready, and idle for {_IDLE_S:.0f} s: {', '.join(late)}", remedy=remedy)
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


def run_supervisor(config: Settings, *, on_step: Callable[[str], None], on_ready: Callable[[], None]) -> None:
    """Start, tell, watch, and stop at SIGTERM or SIGINT. Raises StackError where it can't be started."""
    supervisor = Supervisor(config, on_step=on_step)
    # While it starts, whatever is under way (a download, a wait) is left; `start` stops what was started.
    _on_stop_signals(_leave)
    with contextlib.suppress(AttributeError, ValueError):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        supervisor.start()
    except Stopped:
        return
    _on_stop_signals(lambda _signal, _frame: supervisor.request_stop())
    on_ready()
    try:
        supervisor.watch()
    finally:
        supervisor.stop()


def _on_stop_signals(handler: Callable[[int, FrameType | None], None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    # Once: a second signal must not break off the stopping.
    _on_stop_signals(lambda _signal, _frame: None)
    raise Stopped
