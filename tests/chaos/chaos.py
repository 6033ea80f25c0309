"""Whatever is sent ends exactly once somewhere, while anything may be killed at any time: python -m tests.chaos.chaos.

A stack of its own with two workers a role. Articles of every kind are sent at a steady rate, and at random moments a
role, Kafka or Elasticsearch is killed by kill -9. When everything has settled, the counts of `belfry status`, the index,
the bells and the dead letters must all be what was sent. The result is written to tests/chaos/results/chaos.json.
"""

import argparse
import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import psutil

from belfry.role_names import ROLES
from schemas.alerts import Alert
from tests.chaos.outcome import report
from tests.integration.line import Line, Worker, subscription
from tests.integration.traffic import Traffic, refuse_month

PART = 50


class Killer(threading.Thread):
    """Kills something every now and then, until told to stop."""

    def __init__(self, line: Line, workers: list[Worker], every_s: float, seed: int) -> None:
        super().__init__(daemon=True)
        self.kills: Counter[str] = Counter()
        self._stopping = threading.Event()
        self._every_s = every_s
        self._chance = random.Random(seed)
        self._targets: dict[str, Callable[[], int]] = {role: lambda role=role: line.pid(role) for role in ROLES}
        self._targets |= {f"{worker.role} 2": worker.pid for worker in workers}
        self._targets |= {name: lambda name=name: server(line, name) for name in ("kafka", "elasticsearch")}

    def run(self) -> None:
        waiting: list[str] = []
        while not self._stopping.wait(self._chance.uniform(0.3, 1.7) * self._every_s):
            if not waiting:  # everything in turn, in another order each time
                waiting = self._chance.sample(sorted(self._targets), len(self._targets))
            name = waiting.pop()
            pid = self._targets[name]()
            if pid:
                os.kill(pid, signal.SIGKILL)
                self.kills[name] += 1

    def stop(self) -> None:
        self._stopping.set()
        self.join()


def server(line: Line, name: str) -> int:
    """The pid of the line's own server, or 0."""
    for child in psutil.Process().children():
        if child.name() == "java" and Path(child.cwd()) == line.config.home / name:
            return child.pid
    return 0


def run(home: Path, count: int, rate: float, every_s: float, seed: int) -> dict[str, object]:
    """Run it, and return what was found; `wrong` is empty where all is as it should be."""
    line = Line(home)
    line.start()
    workers = [Worker(line, role, "2") for role in ROLES]
    try:
        for worker in workers:
            worker.start()
        refuse_month(line)
        traffic = Traffic()
        line.store.save([rung := subscription(traffic.word)])
        records = list(traffic.records(count, seed))
        killer = Killer(line, workers, every_s, seed)
        began = time.monotonic()
        killer.start()
        for start in range(0, count, PART):
            line.send_many(records[start : start + PART])
            time.sleep(max(0.0, began + (start + PART) / rate - time.monotonic()))
        sent_s = time.monotonic() - began
        killer.stop()
        status = line.settled(count, 1800)
        settled_s = time.monotonic() - began
        wrong = differences(line, traffic, rung.id)
        if not status.counts or any((status.lag or {}).values()):
            wrong.append(f"didn't settle: {status}")
        return {
            "articles": count,
            "sent_s": round(sent_s, 1),
            "settled_s": round(settled_s, 1),
            "kills": dict(sorted(killer.kills.items())),
            "counts": asdict(status.counts) if status.counts else None,
            "wrong": wrong,
        }
    finally:
        for worker in workers:
            worker.stop()
        line.stop()


def differences(line: Line, traffic: Traffic, subscription_id: str) -> list[str]:
    """What isn't as it was sent, in words."""
    wrong: list[str] = []
    counts = line.status().counts

    def compare(what: str, found: object, expected: object) -> None:
        if found != expected:
            wrong.append(f"{what}: {found} instead of {expected}")

    if counts is None:
        return ["the counts can't be had"]
    for name in ("repeated", "held", "dead", "indexed"):
        compare(name, getattr(counts, name), getattr(traffic, name))
    compare("received", counts.received, traffic.sent)
    documents = {each["article_id"]: each["text"] for each in line.all(line.names.articles)}
    latest = {id_: text for id_, text in traffic.latest.items() if text is not None}
    compare("documents that differ", sum(documents.get(id_) != text for id_, text in latest.items()), 0)
    compare("documents too many", len(documents.keys() - latest.keys()), 0)
    bells = Counter(
        (each["article_id"], each["version"])
        for each in line.all(line.names.alerts)
        if each["subscription_id"] == subscription_id
    )
    compare("bells", len(bells), traffic.bells)
    compare("bells that rang twice", sum(count > 1 for count in bells.values()), 0)
    sent = {Alert.decode(value).alert_id for value in line.values(line.topics.alerts)}
    compare("distinct alerts in the topic", len(sent), traffic.bells)
    return wrong


def main() -> None:
    """Run, write the result, and end with 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--rate", type=float, default=100.0, help="articles a second")
    parser.add_argument("--kill-every", type=float, default=3.0, help="seconds, on average")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="belfry-chaos-") as home:
        found = run(Path(home), given.articles, given.rate, given.kill_every, given.seed)
    report("chaos", {"seed": given.seed, "rate": given.rate} | found)


if __name__ == "__main__":
    main()
