"""Keeps the servers running: what died is started anew on its port, without holding up the roles' supervision."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from belfry.stack import ServerState, Stack
from belfry.supervisor.pauses import Pauses
from schemas.errors import ServiceError

_log = structlog.get_logger()
_STOP_WITHIN_S = 60.0


@dataclass
class _Kept:
    pauses: Pauses
    restarting: threading.Thread | None = None


class ServerKeeper:
    """Watches a started stack.

    Each server is started anew in a thread of its own: one that won't come back must not keep the other from doing so.
    """

    def __init__(self, stack: Stack, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._stack = stack
        self._clock = clock
        self._kept: dict[str, _Kept] = {}

    def watch(self) -> None:
        """Start anew what has died, after a pause that grows with its deaths. Call it a few times a second."""
        for server in self._stack.servers:
            kept = self._kept.setdefault(server.name, _Kept(Pauses(self._clock)))
            if kept.restarting is not None and kept.restarting.is_alive():
                continue
            if server.alive:  # and whoever started it has waited until it serves
                kept.pauses.ready()
                continue
            if not kept.pauses.is_waiting:
                pause_s = kept.pauses.begin()
                _log.warning("server ended, starting it anew", server=server.name, pid=server.pid, pause_s=pause_s)
            if kept.pauses.is_over:
                kept.pauses.started()
                kept.restarting = threading.Thread(target=self._restart, args=(server,), daemon=True)
                kept.restarting.start()

    def join(self) -> None:
        """Wait for starts that are under way. To be called when the stack was told to stop, which ends them."""
        for kept in self._kept.values():
            if kept.restarting is not None:
                kept.restarting.join(_STOP_WITHIN_S)

    def _restart(self, server: ServerState) -> None:
        try:
            self._stack.restart(server.name)
        except (ServiceError, OSError) as error:
            _log.error("server can't be started, trying again", server=server.name, error=str(error))
        else:
            _log.info("server serves again", server=server.name)
