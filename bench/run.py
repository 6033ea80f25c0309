"""`make bench`: the matcher's figures, beside a warm Lucene Monitor. See README.md."""

import argparse
import gc
import json
import platform
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from material import TEXTS, Material
from peer import Peer

from processors.garbage import collect_seldom
from processors.matching.articles import MatchArticle
from processors.matching.matcher import Matcher, shipped_matcher

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def articles(texts: list[str]) -> list[MatchArticle]:
    return [MatchArticle(title="", text=text, language="en", source="bench", published_at=NOW) for text in texts]


def loaded(queries: list[str]) -> Matcher:
    gc.disable()
    matcher = shipped_matcher()
    for number, query in enumerate(queries):
        matcher.put(f"q{number}", query)
    gc.enable()
    collect_seldom()  # as belfry match and the role match do
    return matcher


def one_round(matcher: Matcher, texts: list[MatchArticle]) -> tuple[float, int, int]:
    """Texts a second, matches, spans, each of which is made an object."""
    start = time.perf_counter()
    matches = spans = 0
    for article in texts:
        for match in matcher.match(article):
            matches += 1
            spans += len(match.light)
    return len(texts) / (time.perf_counter() - start), matches, spans


def speed(material: Material, rounds: int) -> dict[str, Any]:
    """Alternating rounds."""
    found = {}
    texts = material.texts[:TEXTS]
    read = articles(texts)
    cases = (("luwak", False, 14), ("10000", False, 14), ("100000", False, 4), ("100000", True, 4))
    for name, multipass, warm_up in cases:
        queries = material.queries(name)
        matcher = loaded(queries.belfry)
        for _ in range(3):
            one_round(matcher, read)
        ours, theirs = [], []
        if material.peer is None:
            ours = [one_round(matcher, read) for _ in range(rounds)]
        else:
            with Peer(material, queries, texts, warm_up + rounds + 1, multipass=multipass) as peer:
                for _ in range(warm_up):
                    peer.round()
                for _ in range(rounds):
                    theirs.append(peer.round())
                    ours.append(one_round(matcher, read))
        found[name + (" multipass" if multipass else "")] = compared(ours, theirs)
    return found


def compared(ours: list[tuple[float, int, int]], theirs: list[tuple[float, float]]) -> dict[str, Any]:
    belfry = statistics.median(each[0] for each in ours)
    result: dict[str, Any] = {
        "belfry_docs_per_s": round(belfry),
        "matches_per_text": round(ours[0][1] / TEXTS, 2),
        "spans_per_text": round(ours[0][2] / TEXTS, 1),
    }
    if theirs:
        peer = statistics.median(each[0] for each in theirs)
        result |= {
            "peer_docs_per_s": round(peer),
            "peer_matches_per_text": round(theirs[0][1] / TEXTS, 2),
            "ratio": round(belfry / peer, 2),
            "ratio_of_rounds": [round(a[0] / b[0], 2) for a, b in zip(ours, theirs, strict=True)],
        }
    return result


def fresh(material: Material, _: int) -> dict[str, Any]:
    """Texts not seen before; see ../accept/match-speed for the same with JSON in and out."""
    found = {}
    read = articles(material.texts)
    for name in ("luwak", "10000", "100000"):
        matcher = loaded(material.queries(name).belfry)
        one_round(matcher, read[700:])
        found[name] = {"docs_per_s": round(one_round(matcher, read[:700])[0])}
    return found


def memory_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def load(material: Material, _: int) -> dict[str, Any]:
    """100,000 subscriptions, then one more, a thousand times."""
    queries = material.queries("100000").belfry
    read = articles(material.texts[:TEXTS])
    before = memory_mb()
    start = time.perf_counter()
    matcher = loaded(queries)
    seconds = time.perf_counter() - start
    one_round(matcher, read)
    times = []
    for number in range(1000):
        start = time.perf_counter()
        matcher.put(f"q{number}", queries[-1 - number])
        times.append((time.perf_counter() - start) * 1000)
    return {
        "seconds": round(seconds, 2),
        "process_mb": round(memory_mb()),
        "process_before_mb": round(before),
        "put_median_ms": round(statistics.median(times), 3),
        "put_p99_ms": round(sorted(times)[-10], 3),
    }


def changes(material: Material, rounds: int) -> dict[str, Any]:
    """100 changes a second: half puts of another query, half removals and their return."""
    queries = material.queries("10000").belfry
    matcher = loaded(queries)
    read = articles(material.texts[:TEXTS])
    for _ in range(3):
        one_round(matcher, read)
    still, moving = [], []
    for _ in range(max(2, rounds // 2)):
        still += timed(matcher, read, lambda: None)
        moving += timed(matcher, read, changer(matcher, queries))
    quiet, busy = (sorted(times)[int(len(times) * 0.99)] for times in (still, moving))
    return {
        "p99_ms": round(quiet * 1000, 3),
        "p99_changing_ms": round(busy * 1000, 3),
        "p99_ratio": round(busy / quiet, 2),
        "median_ratio": round(statistics.median(moving) / statistics.median(still), 2),
    }


def timed(matcher: Matcher, read: list[MatchArticle], change: Callable[[], None]) -> list[float]:
    """Seconds of each match; a change is made every 10 ms, outside what is timed."""
    times: list[float] = []
    due = time.perf_counter()
    for article in read * 3:
        while time.perf_counter() >= due:
            change()
            due += 0.01
        start = time.perf_counter()
        matcher.match(article)
        times.append(time.perf_counter() - start)
    return times


def changer(matcher: Matcher, queries: list[str]) -> Callable[[], None]:
    rng = random.Random(1)
    away: list[int] = []

    def change() -> None:
        number = rng.randrange(len(queries))
        if rng.random() < 0.5:
            matcher.put(f"q{number}", rng.choice(queries) + " OR " + rng.choice(queries))
        elif away:
            matcher.put(f"q{away[-1]}", queries[away.pop()])
        else:
            away.append(number)
            matcher.discard(f"q{number}")

    return change


def curve(material: Material, rounds: int) -> dict[str, Any]:
    """The same six matches a text, by the same queries, among ever more that don't match these texts."""
    queries = material.queries("250000").belfry + material.queries("luwak").belfry
    read = articles(material.texts[:TEXTS])
    counts = Counter(match.subscription_id for match in map_all(loaded(queries), read))
    chosen: list[str] = []
    total = 0
    for id_, count in counts.most_common():
        if total + count <= 6 * TEXTS and count <= TEXTS // 10 and len(chosen) < 900:
            chosen.append(queries[int(id_[1:])])
            total += count
    quiet = [query for number, query in enumerate(queries) if f"q{number}" not in counts]
    sizes = [size for size in (1000, 3000, 10_000, 30_000, 100_000) if size <= len(chosen) + len(quiet)]
    matchers = {size: loaded(chosen + quiet[: size - len(chosen)]) for size in sizes}
    for matcher in matchers.values():
        one_round(matcher, read)
        one_round(matcher, read)
    results: dict[int, list[tuple[float, int, int]]] = {size: [] for size in sizes}
    for _ in range(rounds):
        for size, matcher in matchers.items():
            results[size].append(one_round(matcher, read))
    speeds = {size: statistics.median(each[0] for each in found) for size, found in results.items()}
    return {
        "docs_per_s": {str(size): round(value) for size, value in speeds.items()},
        "matches_per_text": {str(size): round(found[0][1] / TEXTS, 2) for size, found in results.items()},
        "last_to_first": round(speeds[sizes[-1]] / speeds[sizes[0]], 2),
        "largest": sizes[-1],
    }


def map_all(matcher: Matcher, read: list[MatchArticle]) -> list[Any]:
    return [match for article in read for match in matcher.match(article)]


def agreement(_: Material, rounds: int) -> dict[str, Any]:
    """The compiled matcher against the definition."""
    sys.path.insert(0, str(ROOT))
    from tests.matcher_cases import disagreements

    cases = matching = 0
    for seed in range(40 * rounds):
        result = disagreements(10_000 + seed, queries=30, articles=3)
        if result.wrong:
            raise SystemExit(f"seed {seed}: {result.wrong[0]}")
        cases += result.cases
        matching += result.matching
    return {"cases": cases, "matching": matching, "wrong": 0}


PARTS = {
    "speed": speed,
    "fresh": fresh,
    "load": load,
    "changes": changes,
    "curve": curve,
    "agreement": agreement,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", type=Path, default=ROOT.parent / "shared" / "peers" / "lucene-monitor")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this part; may be given several times")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "results")
    given = parser.parse_args()
    material = Material(given.peer if given.peer.exists() else None)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], check=True, capture_output=True, text=True, cwd=ROOT
    )
    result: dict[str, Any] = {
        "commit": commit.stdout.strip(),
        "data": material.digest,
        "peer": material.peer is not None,
        "python": platform.python_version(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    for part in given.part or PARTS:
        gc.unfreeze()
        gc.collect()
        result[part] = PARTS[part](material, given.rounds)
        print(json.dumps({part: result[part]}, indent=2), flush=True)
    given.out.mkdir(parents=True, exist_ok=True)
    file = given.out / f"{result['at'][:10]}-{result['commit']}.json"
    file.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(file)


if __name__ == "__main__":
    main()
