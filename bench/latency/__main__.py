"""Measure: python -m bench.latency. See ../README.md. The result is printed as JSON and written to ../results."""

import argparse
import json
import platform
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import psutil

from bench.latency.drive import all_came, alone, bell_of, sent, stations
from bench.latency.figures import came, hops, spread
from bench.latency.plan import SUBSCRIPTIONS, Pace, Plan, plan
from bench.latency.queries import BELLS_AN_ARTICLE
from bench.latency.receiver import Receiver, receiver
from bench.latency.stack import Stack, running_stack, train_caches

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "bench" / "results" / "webhook-latency.json"
MEDIAN_MS, P99_MS = 300.0, 800.0
"""The bars."""


def measured(stack: Stack, receiver: Receiver, made: Plan, place: int) -> dict[str, Any]:
    """The figures of one pace. `wrong`: bells that are missing, came twice, or should not have come, the warm-up's too."""
    pace, expected = made.paces[place], made.expected[place]
    by_itself = spread(alone(receiver, made.articles[0].encode()[:2000], 200, 100))
    taken = receiver.count()
    stack.subscribe(made.subscriptions(receiver.url(f"{place}/")))
    time.sleep(2)  # a new subscription is matched within a second; enriching takes less than the other
    articles = made.articles[: pace.count]
    sent(stack.bootstrap, stack.topics, articles[: pace.warm], pace.rate)
    before, used, began = stack.cpu_s(), (receiver.cpu_s(), time.process_time()), time.monotonic()
    load = psutil.getloadavg()[0]
    when = sent(stack.bootstrap, stack.topics, articles[pace.warm :], pace.rate)
    took, own = time.monotonic() - began, (receiver.cpu_s() - used[0], time.process_time() - used[1])
    after = stack.cpu_s()
    posts = all_came(receiver, taken + len(expected))[taken:]
    arrived = {bell_of(post): post.at for post in reversed(posts)}
    bells = [bell for bell in expected if bell[0] in when.due and bell in arrived]
    latency = spread(arrived[bell] - when.due[bell[0]] for bell in bells)
    way = stations(stack.bootstrap, stack.topics, bells, when, arrived)
    return {
        "articles": len(when.due),
        "bytes_an_article": round(sum(len((each.body or "").encode()) for each in articles) / len(articles)),
        "latency_ms": asdict(latency),
        "holds": latency.median < MEDIAN_MS and latency.p99 < P99_MS,
        "bells": asdict(came(expected, [bell_of(post) for post in posts])),
        "hops_ms": {name: asdict(each) for name, each in hops(way, bells).items()},
        "receiver_alone_ms": asdict(by_itself),
        "processors_busy": {
            "sending": round(own[1] / took, 3),
            "receiving": round(own[0] / took, 3),
        }
        | {name: round((after[name] - before.get(name, 0)) / took, 3) for name in sorted(after)},
        "load_before": round(load, 1),
    }


def main() -> None:
    """Measure each pace, print, write; end with 1 where bells are wrong or a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pace", choices=["5", "50"], action="append", help="only this one")
    parser.add_argument("--seconds", type=float, default=60.0, help="of measurement")
    parser.add_argument("--warm", type=float, default=12.0, help="seconds before")
    parser.add_argument("--subscriptions", type=int, default=SUBSCRIPTIONS)
    parser.add_argument("--bells", type=float, default=BELLS_AN_ARTICLE, help="for an article, on average")
    parser.add_argument("--texts", type=Path, default=ROOT.parent / "shared/peers/lucene-monitor/docs.txt")
    parser.add_argument("--out", type=Path, default=RESULT)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, _stop)
    paces = [Pace(rate, rate == 5, given.seconds, given.warm) for rate in map(float, given.pace or ("5", "50"))]
    others: list[str] = given.texts.read_text(encoding="utf-8").splitlines() if given.texts.exists() else []
    _say("what is to ring")
    made = plan(paces, given.subscriptions, others, given.bells)
    train_caches()
    found = {pace.name: run(made, place) for place, pace in enumerate(paces)}
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], check=False, capture_output=True, text=True, cwd=ROOT
    )
    result = {
        "commit": commit.stdout.strip(),
        "data": made.digest,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "processors": psutil.cpu_count(),
        "subscriptions": len(made.queries),
        "bells_an_article": given.bells,
        "seconds": given.seconds,
        "paces": found,
    }
    given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(given.out.read_text(encoding="utf-8"))
    wrong = [name for name, each in found.items() if not each["holds"] or _is_wrong(each["bells"])]
    if wrong:
        sys.exit(f"not as it should be: {'; '.join(wrong)}")


def run(made: Plan, place: int) -> dict[str, Any]:
    """One pace, on a stack of its own."""
    _say(made.paces[place].name)
    told = {"ner": str(made.paces[place].ner), "allow_addresses": "127.0.0.0/8"}
    with receiver() as there, running_stack(**told) as stack:
        return measured(stack, there, made, place)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """Leave through everything, so that the stack is stopped."""
    sys.exit("stopped")


def _say(step: str) -> None:
    sys.stderr.write(f"{datetime.now(UTC):%H:%M:%S} {step}\n")


def _is_wrong(bells: dict[str, int]) -> bool:
    return any(bells[name] for name in ("missing", "strange", "again"))


if __name__ == "__main__":
    main()
