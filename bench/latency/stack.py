"""A stack of the bench's own, by the commands that everybody has: `belfry up`, `subscriptions import`, `down`."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from belfry.addresses import read_state
from belfry.settings import settings
from schemas.subscriptions import Subscription
from schemas.topics import Topics

_BELFRY = "from belfry.cli.app import main; main()"
_WITHIN_S = 600.0


class Stack:
    """Where the stack is. `told`: settings, by the names of their variables."""

    def __init__(self, home: Path, told: Mapping[str, str]) -> None:
        self.home = home
        self.topics = Topics()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BELFRY_")}
        config = settings()
        own = {"BELFRY_HOME": str(home), "BELFRY_CACHE": str(config.cache)}
        if config.maven_repository:
            own["BELFRY_MAVEN_REPOSITORY"] = config.maven_repository
        self._environment = kept | own | dict(told)

    @property
    def bootstrap(self) -> str:
        """Address of its Kafka. Only while it is up."""
        state = read_state(self.home)
        assert state is not None, "the stack is not up"
        return state.kafka_bootstrap

    def subscribe(self, subscriptions: Iterable[Subscription]) -> None:
        """Have these, as somebody imports them."""
        file = self.home / "subscriptions.jsonl"
        file.write_text("".join(f"{each.model_dump_json()}\n" for each in subscriptions), encoding="utf-8")
        self.belfry("subscriptions", "import", str(file))

    def belfry(self, *arguments: str) -> str:
        """What a command prints on stdout. Raises CalledProcessError, with what it said."""
        command = [sys.executable, "-c", _BELFRY, *arguments]
        done = subprocess.run(
            command, check=False, env=self._environment, capture_output=True, text=True, timeout=_WITHIN_S
        )
        if done.returncode:
            sys.stderr.write(done.stderr)
            done.check_returncode()
        return done.stdout

    def cpu_s(self) -> dict[str, float]:
        """What each of its processes has used so far, in seconds, with the children of roles."""
        found: dict[str, float] = {}
        for process in psutil.process_iter():
            try:
                if process.environ().get("BELFRY_HOME") != str(self.home):
                    continue
                times = process.cpu_times()
                name = _name(process.cmdline())
                found[name] = found.get(name, 0.0) + times.user + times.system
            except psutil.Error:
                continue
        return found


@contextmanager
def running_stack(**told: str) -> Generator[Stack]:
    """A stack that is up, and is down and gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="belfry-bench-") as home:
        stack = Stack(Path(home), {f"BELFRY_{name.upper()}": value for name, value in told.items()})
        stack.belfry("up")
        try:
            yield stack
        finally:
            stack.belfry("down")


def train_caches() -> None:
    """Make the servers' start-up caches, where there are none: a stack that is up would do so meanwhile."""
    command = [sys.executable, "-m", "belfry.stack.train", str(settings().cache)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE)  # whose end ends it
    if process.wait():
        raise SystemExit("the servers' start-up caches can't be made")


def _name(command: Sequence[str]) -> str:
    """Which part of the stack a process is."""
    if "belfry.role" in command:
        return command[command.index("belfry.role") + 1]
    text = " ".join(command)
    for sign, name in (("kafka", "kafka"), ("multiprocessing", "enrich's models"), ("java", "elasticsearch")):
        if sign in text:
            return name
    return "supervisor"
