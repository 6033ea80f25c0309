"""How long an article takes to its bell and until it is found: python -m bench.pipeline_latency.

A stack of its own. Articles of some 400 words are sent at a steady rate, each with a word of its own, which a subscription
waits for. The bell is timed when a consumer of [alerts] sees it, the finding when a search of the index, asked again and
again, returns it. Both from just before the article is sent. The result is printed as JSON, and written to
bench/results/pipeline-latency.json.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from elasticsearch import ApiError
from kafka import KafkaConsumer
from kafka.structs import TopicPartition

from schemas.alerts import Alert
from tests.integration.line import Line, article, running_line, subscription

RESULT = Path(__file__).parent / "results" / "pipeline-latency.json"
WORD = "belfrylatentie"
TEXT = (
    "De minister sprak gisteren in Brussel over de opbouw van troepen bij de grens met Oekraïne. Volgens de woordvoerder "
    "van de NAVO is er nog geen besluit genomen; de raad komt volgende week weer bijeen. "
)
WORDS = 400


class Watch:
    """Notes when each article's bell is seen, and when it is found."""

    def __init__(self, line: Line) -> None:
        self.sent: dict[str, float] = {}
        self.bell: dict[str, float] = {}
        self.found: dict[str, float] = {}
        self._line = line
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._bells, self._finds)]

    def __enter__(self) -> "Watch":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _bells(self) -> None:
        consumer: Any = KafkaConsumer(bootstrap_servers=self._line.bootstrap, enable_auto_commit=False)
        topic = self._line.topics.alerts
        consumer.assign([TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)])
        consumer.seek_to_beginning()
        while not self._stopping.is_set():
            for records in consumer.poll(timeout_ms=20).values():
                now = time.monotonic()
                for record in records:
                    self.bell.setdefault(Alert.decode(record.value).article_id, now)
        consumer.close()

    def _finds(self) -> None:
        while not self._stopping.wait(0.02):
            waiting = [id_ for id_ in list(self.sent) if id_ not in self.found][:500]
            if not waiting:
                continue
            try:
                hits = self._line.elasticsearch.search(
                    index=self._line.names.articles,
                    query={"ids": {"values": waiting}},
                    source=False,
                    size=len(waiting),
                    ignore_unavailable=True,
                )["hits"]["hits"]
            except ApiError:  # the index is just being made
                continue
            now = time.monotonic()
            for hit in hits:
                self.found.setdefault(hit["_id"], now)


def measure(line: Line, rate: float, seconds: float) -> dict[str, object]:
    """Percentiles in milliseconds at this rate."""
    with Watch(line) as watch:
        began = time.monotonic()
        count = int(rate * seconds)
        for number in range(count):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            each = article(body=f"{TEXT * (WORDS // len(TEXT.split()))} {WORD} {number}.")
            watch.sent[each.article_id] = time.monotonic()
            line.send(each)
        deadline = time.monotonic() + 60
        while (len(watch.bell) < count or len(watch.found) < count) and time.monotonic() < deadline:
            time.sleep(0.05)
    return {
        "articles": count,
        "bell_ms": percentiles([watch.bell[id_] - at for id_, at in watch.sent.items() if id_ in watch.bell]),
        "found_ms": percentiles([watch.found[id_] - at for id_, at in watch.sent.items() if id_ in watch.found]),
        "lost": count - len(watch.bell.keys() & watch.found.keys()),
    }


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """p50 and p99, in milliseconds."""
    ordered = sorted(seconds)
    return {
        name: round(ordered[math.ceil(share * len(ordered)) - 1] * 1000, 1)
        for name, share in (("p50", 0.5), ("p99", 0.99))
    }


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rates", type=float, nargs="*", default=[5.0, 50.0], help="articles a second")
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="belfry-latency-") as home, running_line(Path(home)) as line:
        line.store.save([subscription(WORD)])
        time.sleep(1)
        measure(line, 20, 3)  # warm
        rates = {f"{rate:g} a second": measure(line, rate, given.seconds) for rate in given.rates}
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    result = {"commit": commit.stdout.strip(), "words": WORDS, "rates": rates}
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    sys.stdout.write(RESULT.read_text())


if __name__ == "__main__":
    main()
