"""What the role group costs: python -m bench.stories_hop.

A stack of its own with that role alone. Enriched articles of some 400 words are put into its topic as enrich does, at a
steady rate and then as fast as they go; each is timed from just before it is sent until a consumer of
[articles.enriched] sees it with its story, so two ways through Kafka are part of the figure. Then the role is killed,
and timed until it has read all that it remembers. Written to bench/results/stories-hop.json.
"""

import argparse
import json
import math
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from kafka import KafkaConsumer, KafkaProducer
from kafka.structs import TopicPartition

from eval.stories.copies import text_of
from eval.stories.material import themes
from processors.agents.outcomes import ORIGIN_HEADER, SIGNATURE_HEADER
from processors.stories.signature import signature
from schemas.articles import EnrichedArticle
from schemas.topics import group_partition
from tests.integration.line import Line, running_line, until

RESULT = Path(__file__).parent / "results" / "stories-hop.json"
SENTENCES = 25


def articles(count: int) -> list[tuple[bytes, bytes]]:
    """So many different articles with their signatures, encoded."""
    rng = random.Random(1)
    sentences = [sentence for language, some in themes().values() if language == "nl" for sentence in some]
    made: list[tuple[bytes, bytes]] = []
    for number in range(count):
        text = text_of(rng.sample(sentences, SENTENCES))
        now = datetime.now(UTC)
        article = EnrichedArticle(
            article_id=f"a{number}", published_at=now, fetched_at=now, text=text, language="nl",
            content_hash="h", version=1, month="2026-11",
        )  # fmt: skip
        made.append((article.encode(), signature(text, "nl").encode()))
    return made


class Watch:
    """Notes when each article is seen on its way out."""

    def __init__(self, line: Line) -> None:
        self.seen: dict[str, float] = {}
        self._line = line
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        consumer: Any = KafkaConsumer(bootstrap_servers=self._line.bootstrap, enable_auto_commit=False)
        topic = self._line.topics.enriched
        consumer.assign([TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)])
        consumer.seek_to_beginning()
        while not self._stopping.is_set():
            for records in consumer.poll(timeout_ms=20).values():
                now = time.monotonic()
                for record in records:
                    self.seen.setdefault(record.key.decode(), now)
        consumer.close()


def sent(line: Line, producer: Any, some: Sequence[tuple[int, tuple[bytes, bytes]]], rate: float) -> dict[str, float]:
    """Send these at a rate (0: at once); when each was."""
    began, moments = time.monotonic(), dict[str, float]()
    for place, (number, (value, made)) in enumerate(some):
        if rate:
            time.sleep(max(0.0, began + place / rate - time.monotonic()))
        moments[f"a{number}"] = time.monotonic()
        headers = [(ORIGIN_HEADER, f"raw/{number % 4}/{number}".encode()), (SIGNATURE_HEADER, made)]
        producer.send(line.topics.to_group, key=b"nl", value=value, partition=group_partition("nl"), headers=headers)
    producer.flush()
    return moments


def percentiles(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {f"p{share}": round(ordered[math.ceil(share / 100 * len(ordered)) - 1] * 1000, 1) for share in (50, 95, 99)}


def run(home: Path, seconds: float, flood: int) -> dict[str, Any]:
    """All figures."""
    made = list(enumerate(articles(round(55 * seconds) + flood)))
    with running_line(home, roles=("group",)) as line, Watch(line) as watch:
        producer: Any = KafkaProducer(bootstrap_servers=line.bootstrap, acks="all", linger_ms=2)
        process = psutil.Process(line.pid("group"))
        before, result, start = process.memory_info().rss, dict[str, Any](), 0
        for rate in (5, 50):
            count = round(rate * seconds)
            moments = sent(line, producer, made[start : start + count], rate)
            until(lambda moments=moments: moments.keys() <= watch.seen.keys())
            result[f"hop_ms_at_{rate}_per_s"] = percentiles([watch.seen[name] - at for name, at in moments.items()])
            start += count
        cpu = process.cpu_times()
        began = time.monotonic()
        moments = sent(line, producer, made[start:], 0)
        until(lambda: moments.keys() <= watch.seen.keys(), 600)
        took, spent = time.monotonic() - began, process.cpu_times()
        cpu_s = spent.user + spent.system - cpu.user - cpu.system
        result["articles_per_s"] = round(flood / took)
        result["articles_per_cpu_s"] = round(flood / cpu_s)
        result["bytes_an_article"] = round((process.memory_info().rss - before) / len(made))
        old = line.pid("group")
        line.kill("group")
        until(lambda: line.pid("group") not in (0, old))
        log = (home / "logs" / "group-1.log").read_text()
        restored = [(int(articles), int(ms)) for articles, ms in re.findall(r"articles=(\d+).*? ms=(\d+)", log)]
        result["restored_articles"], result["restored_ms"] = max(restored)
        producer.close()
        return result


def main() -> None:
    """Run, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--flood", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="belfry-hop-") as home:
        found = run(Path(home), given.seconds, given.flood)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    result = {"commit": commit.stdout.strip(), "machine_load": round(psutil.getloadavg()[0], 1)} | found
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    sys.stdout.write(RESULT.read_text())


if __name__ == "__main__":
    main()
