"""The course of the demo: start, subscribe, send, wait until all is accounted for, search, sum up, stop.

It runs in a folder of its own, which is gone afterwards, with servers of its own, whatever else runs on the machine.
"""

import asyncio
import shutil
import signal
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from kafka import KafkaProducer
from rich.console import Console

from belfry.cli.hit_output import print_hit
from belfry.demo.course import BROKEN, SAMPLES, SEARCH, SUBSCRIPTIONS, course
from belfry.demo.live import Live
from belfry.demo.show import print_next, refused_line, summary
from belfry.demo.watch import Times, Watcher
from belfry.search.client import connect
from belfry.search.filters import Filters, wanted
from belfry.search.find import Finder, Found
from belfry.search.names import IndexNames
from belfry.settings import Settings
from belfry.stack import Addresses
from belfry.subscriptions.changes import added
from belfry.subscriptions.definition import Definition
from belfry.subscriptions.kafka_store import KafkaSubscriptionStore
from belfry.supervisor.status import Counts, status
from belfry.supervisor.supervise import Supervisor
from processors.matching.meanings import shipped_meanings
from producers.kafka_sink import KafkaArticleSink
from schemas.errors import BelfryError

_PACE_S = 0.12
"""Between two articles, so that a person can watch."""
_DONE_WITHIN_S = 60.0
_HITS = 3


def run_demo(config: Settings, console: Console, *, pace_s: float = _PACE_S) -> bool:
    """Run the demo; returns whether every article was accounted for. Nothing is left running or lying about.

    Raises StackError where the servers can't be had, KeyboardInterrupt (also for SIGTERM) after having cleaned up.
    """
    began = time.monotonic()
    home = Path(tempfile.mkdtemp(prefix="belfry-demo-"))
    own = config.model_copy(
        update={
            "home": home,
            "kafka_bootstrap": None,
            "elasticsearch_url": None,
            "kafka_port": 0,
            "elasticsearch_port": 0,
            "topic_prefix": "belfry.",
            "index_prefix": "",
        }
    )
    with _interruptible(), console.status("starting …") as spinner:
        supervisor = Supervisor(
            own, on_step=lambda step: spinner.update(f"{step} …"), before_roles=lambda at: _subscribe(own, at)
        )
        try:
            supervisor.start()
            spinner.stop()
            console.print(f"[bold]Kafka, Elasticsearch and the roles are up[/] after {time.monotonic() - began:.1f} s")
            for id_, query in SUBSCRIPTIONS:
                console.print(f"  subscribed  [yellow]{id_}[/]  {query}", highlight=False, soft_wrap=True)
            return _play(own, supervisor, console, pace_s)
        finally:
            _ignore_signals()
            with console.status("stopping …"):
                supervisor.stop()
                shutil.rmtree(home, ignore_errors=True)
            console.print(f"[dim]stopped; nothing is left running. {time.monotonic() - began:.0f} s in all[/]")


def _subscribe(config: Settings, addresses: Addresses) -> None:
    """Before the roles start, so that the very first article meets all subscriptions."""
    now = datetime.now(UTC)
    subscriptions = [added(Definition(id=id_, query=query), now) for id_, query in SUBSCRIPTIONS]
    KafkaSubscriptionStore(addresses.kafka_bootstrap, config.topics.subscriptions).save(subscriptions)


def _play(config: Settings, supervisor: Supervisor, console: Console, pace_s: float) -> bool:
    addresses = supervisor.addresses
    live = Live(console)
    watcher = Watcher(
        addresses.kafka_bootstrap, addresses.elasticsearch_url, config.topics, IndexNames(config.index_prefix), live
    )
    watcher.start()
    try:
        sent = _send(config, addresses, watcher.times, console, pace_s)
        counts = _accounted(config, supervisor, live, sent)
    finally:
        watcher.stop()
    live.flush()
    console.print(f"\n[bold]belfry search '{SEARCH}'[/]\n", highlight=False)
    for hit in asyncio.run(_found(addresses, IndexNames(config.index_prefix))).hits:
        print_hit(hit, console, as_json=False)
    console.print("\n[bold]Summary[/]")
    times = {
        "sent to searchable": list(watcher.times.to_search_s.values()),
        "sent to bell": list(watcher.times.to_bell_s.values()),
    }
    for line in summary(counts, sent, times):
        console.print(line)
    print_next(console, str(SAMPLES))
    return counts.received == sent == counts.indexed + counts.dead + counts.repeated + counts.held


def _send(config: Settings, addresses: Addresses, times: Times, console: Console, pace_s: float) -> int:
    """Send everything; returns how many records Kafka has confirmed."""
    planned = course(lambda: datetime.now(UTC))
    for problem in planned.refused:
        console.print(refused_line(problem))
    with KafkaArticleSink(addresses.kafka_bootstrap, config.topics.raw) as sink:
        for article in planned.articles:
            now = datetime.now(UTC)
            times.sent_at.setdefault(article.raw.article_id, now.timestamp())
            for problem in [*sink.send(article), *sink.settle()]:
                console.print(refused_line(problem))
            time.sleep(pace_s)
        confirmed = sink.confirmed
    key, value = BROKEN
    producer = KafkaProducer(bootstrap_servers=addresses.kafka_bootstrap.split(","), acks="all")
    try:
        producer.send(config.topics.raw, key=key, value=value).get(timeout=10)  # pyright: ignore[reportUnknownMemberType]
    finally:
        producer.close()
    return confirmed + 1


def _accounted(config: Settings, supervisor: Supervisor, live: Live, sent: int) -> Counts:
    """The counts once each record is accounted for and each bell is indexed. Raises BelfryError after a minute."""
    deadline = time.monotonic() + _DONE_WITHIN_S
    while True:
        supervisor.watch_once()
        found = status(config)
        counts = found.counts
        if counts is not None and found.lag is not None:
            done = counts.indexed + counts.dead + counts.repeated + counts.held
            if done == sent and not any(found.lag.values()) and counts.alerts == live.bells:
                return counts
        if time.monotonic() > deadline:
            raise BelfryError(
                f"not everything was accounted for within {_DONE_WITHIN_S:.0f} s: sent {sent}, {counts or found.problems}"
            )


async def _found(addresses: Addresses, names: IndexNames) -> Found:
    """The first hits of a search, by the code of `belfry search`."""
    meanings = shipped_meanings()
    async with connect(addresses.elasticsearch_url) as client:
        return await Finder(client, names.articles, meanings).search(wanted(SEARCH, Filters(), meanings), _HITS)


@contextmanager
def _interruptible() -> Generator[None]:
    """Let SIGTERM and the end of the terminal stop the demo as Ctrl-C does; put the handlers back afterwards."""

    def interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    before = {number: signal.getsignal(number) for number in numbers}
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    """While everything is being stopped: a second Ctrl-C would leave something running."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
