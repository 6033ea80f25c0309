"""Receivers that are away for ten minutes, and one that is slow, in real time: python -m tests.chaos.away.

Forty webhooks of one host and forty mailboxes of one mail server get alerts at a steady rate while neither is there. Then
both come back. Meanwhile a third receiver answers at once, and a fourth takes two seconds for each message. All is
delivered, in order for each subscription; whoever comes back is not stampeded; and the third never waits for the others.
The result is written to tests/chaos/results/away.json. It mostly waits: a few per cent of a processor.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from schemas.alerts import Alert
from schemas.subscriptions import Subscription
from tests.chaos.outcome import report
from tests.chaos.stream import Coming, came, compared
from tests.integration.line import Line, running_line, subscription, until
from tests.notify_cases import alert
from tests.receivers import HttpReceiver, Post, SmtpReceiver, free_port, http_receiver, smtp_receiver

LANES = 40
SLOW_S = 2.0
AT_ONCE = 8
"""BELFRY_DELIVERIES_AT_ONCE as it is by itself."""
PROMPT_S = 1.0
"""What who never was away may wait for a message at most: a retry to somebody else takes much longer."""


@dataclass
class Group:
    """Subscriptions of one receiver, and what was sent to them."""

    plans: list[Subscription]
    rung: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    sent_at: dict[str, float] = field(default_factory=dict[str, float])

    def ring(self, line: Line, number: int, plans: Sequence[Subscription] | None = None) -> None:
        """One alert for each (of `plans`), each a story of its own."""
        for plan in self.plans if plans is None else plans:
            one: Alert = alert(f"away{number}", story=f"away{number}", to=plan.id, at=datetime.now(UTC))
            line.send_bytes(one.encode(), plan.id.encode(), line.topics.alerts)
            self.rung.setdefault(plan.id, []).append(one.alert_id)
            self.sent_at[one.alert_id] = time.time()


def by_path(receiver: HttpReceiver) -> dict[str, list[Coming]]:
    """What a receiver has, by the last part of the address."""
    return dict(came(receiver, SmtpReceiver(), {}))


def slowly(_: Post) -> int:
    """Answers late."""
    time.sleep(SLOW_S)
    return 204


def arrivals(at: Sequence[float]) -> dict[str, Any]:
    """How they came: by the second since the first, and how long after it the last."""
    if not at:
        return {"count": 0}
    first = min(at)
    seconds = [0] * (int(max(at) - first) + 1)
    for each in at:
        seconds[int(each - first)] += 1
    return {
        "count": len(at),
        "by_second": seconds[:60],
        "most_in_a_second": max(seconds),
        "first_100_ms": sum(each - first < 0.1 for each in at),
        "all_within_s": round(max(at) - first, 1),
    }


def hooks(url: str, count: int) -> list[Subscription]:
    """Subscriptions of one host, each with an address of its own."""
    made = [subscription("x") for _ in range(count)]
    return [one.model_copy(update={"channels": (f"{url}/{one.id}",)}) for one in made]


def run(home: Path, away_s: float, every_s: float) -> dict[str, Any]:
    """Run it, and return what was found; `wrong` is empty where all is as it should be."""
    hook_port, mail_port = free_port(), free_port()
    own = {"retry_first_s": 1.0, "retry_longest_s": 60.0}  # as they are by themselves
    smtp = {"smtp_host": "127.0.0.1", "smtp_port": mail_port, "smtp_tls": "none"}
    with ExitStack() as stack:
        prompt = stack.enter_context(http_receiver())
        slow = stack.enter_context(http_receiver(slowly))
        line = stack.enter_context(running_line(home, roles=("index", "notify"), **own, **smtp))
        mailed = [subscription("x") for _ in range(LANES)]
        mailboxes = {f"{one.id}@example.org": one.id for one in mailed}
        groups = {
            "hooks": Group(hooks(f"http://127.0.0.1:{hook_port}", LANES)),
            "mails": Group([one.model_copy(update={"channels": (f"mailto:{one.id}@example.org",)}) for one in mailed]),
            "prompt": Group(hooks(prompt.url("")[:-1], 5)),
            "slow": Group(hooks(slow.url("")[:-1], 10)),
        }
        line.store.save([plan for group in groups.values() for plan in group.plans])
        time.sleep(2)
        began, number = time.monotonic(), 0
        while time.monotonic() - began < away_s:
            at = time.monotonic()
            if number % 2 == 0:
                groups["slow"].ring(line, number)
            groups["prompt"].ring(line, number)
            for name in ("hooks", "mails"):  # a tenth of them at a time
                plans = groups[name].plans
                groups[name].ring(line, number, plans[number % 10 :: 10])
            number += 1
            time.sleep(max(0.0, every_s - (time.monotonic() - at)))
        before_s = time.monotonic() - began
        back = stack.enter_context(http_receiver(port=hook_port))
        mail = stack.enter_context(smtp_receiver(mail_port))
        back_at = time.time()

        def found() -> dict[str, Any]:
            had = {"hooks": by_path(back), "prompt": by_path(prompt), "slow": by_path(slow)}
            had["mails"] = dict(came(HttpReceiver(), mail, mailboxes))
            return {name: compared(group.rung, had[name], ()) for name, group in groups.items()}

        until(lambda: not any(each.missing for each in found().values()), 300)
        time.sleep(2)
        results, wrong = found(), list[str]()
        for name, each in results.items():
            wrong += [f"{name}: {what}" for what in each.wrong]
            wrong += [f"{name}: {each.repeats} repeats"] if each.repeats else []
        waits = [post.at - groups["prompt"].sent_at[post.key] for post in prompt.posts]
        slowest = max((post.at - groups["slow"].sent_at[post.key] for post in slow.posts), default=0.0)
        hooked, mailed_at = [post.at for post in back.posts], list(mail.came_at)
        if max(waits, default=0.0) > PROMPT_S:
            wrong.append(f"who answers at once waited {max(waits):.2f} s")
        for receiver, name in ((back, "hooks"), (slow, "slow")):
            if receiver.most_at_once > AT_ONCE:
                wrong.append(f"{name}: {receiver.most_at_once} at once")
        return {
            "away_s": round(before_s, 1),
            "bells": {name: each.bells for name, each in results.items()},
            "hooks_after_return": {
                "first_after_s": round(min(hooked, default=back_at) - back_at, 1),
                "most_at_once": back.most_at_once,
                **arrivals(hooked),
            },
            "mails_after_return": {
                "first_after_s": round(min(mailed_at, default=back_at) - back_at, 1),
                **arrivals(mailed_at),
            },
            "prompt_waited_s": {"median": round(statistics.median(waits), 3), "most": round(max(waits), 3)},
            "slow_waited_most_s": round(slowest, 1),
            "slow_most_at_once": slow.most_at_once,
            "wrong": wrong,
        }


def main() -> None:
    """Run, write the result, and end with 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--away", type=float, default=600.0, help="seconds")
    parser.add_argument("--every", type=float, default=2.0, help="seconds between rounds of alerts")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="belfry-away-") as home:
        report("away", run(Path(home), given.away, given.every))


if __name__ == "__main__":
    main()
