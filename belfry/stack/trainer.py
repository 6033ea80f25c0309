"""Start-up caches made while the stack runs: a process of its own, that takes only what nobody else wants."""

import subprocess
import sys

import structlog

from belfry.stack.aot import untrained
from belfry.stack.layout import Cache
from belfry.uninterrupted import uninterrupted

_log = structlog.get_logger()
_STOP_WITHIN_S = 5.0


class Trainer:
    """The process that trains. It ends by itself when it is done, and when this process does, however that ends."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, where there is something to train; returns at once. That it can't is no reason to fail."""
        if self._process is not None or not untrained(self._cache):
            return
        try:
            self._cache.aot.mkdir(parents=True, exist_ok=True)
            with (self._cache.aot / "training.log").open("wb") as log, uninterrupted():
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "belfry.stack.train", str(self._cache.root)],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        except OSError as error:
            _log.warning("start-up caches can't be trained", error=str(error))

    def reap(self) -> None:
        """Let go of it once it has ended, so that it doesn't stay in the system's list for as long as this process."""
        if self._process is not None:
            self._process.poll()

    def ask_to_stop(self) -> None:
        """Ask it to end; returns at once."""
        if self._process is not None:
            self._process.terminate()

    def stop(self) -> None:
        """End it, done or not: what is finished is kept, the rest is for the next time."""
        self.ask_to_stop()
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.wait(_STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin is not None:
            process.stdin.close()
