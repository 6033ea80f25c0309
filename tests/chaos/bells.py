"""Bells that are being delivered while their worker is killed, again and again: python -m tests.chaos.bells.

A stack of its own; articles that ring ten subscriptions each, five at a real HTTP receiver and five at a real SMTP
receiver. While a burst of them is being delivered, the role notify is killed by kill -9, every tenth time match too.
In the end every bell has come, in order for each subscription, and what came more than once came under the same key.
The result is written to tests/chaos/results/bells.json.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from belfry.role_names import ROLES
from belfry.supervisor import pauses
from schemas.alerts import Alert
from schemas.subscriptions import Subscription
from tests.integration.line import Line, article, subscription, until
from tests.notify_cases import alert
from tests.receivers import HttpReceiver, Post, SmtpReceiver, http_receiver, smtp_receiver

RESULT = Path(__file__).parent / "results" / "bells.json"

Got = Mapping[str, Sequence[str]]
"""What came, by subscription: keys, in the order in which they came, repeats among them."""


@dataclass(frozen=True)
class Found:
    """`repeats`: messages that came again. `missing`, `strange`, `disordered` must be 0."""

    bells: int
    came: int
    repeats: int
    missing: int
    strange: int
    disordered: int

    @property
    def wrong(self) -> list[str]:
        return [name for name in ("missing", "strange", "disordered") if getattr(self, name)]


def compared(rung: Got, got: Got) -> Found:
    """What came, beside what rang."""
    missing = strange = disordered = repeats = came = 0
    for id_, keys in rung.items():
        once = list(dict.fromkeys(got.get(id_, ())))
        came += len(got.get(id_, ()))
        repeats += len(got.get(id_, ())) - len(once)
        missing += len(set(keys) - set(once))
        strange += len(set(once) - set(keys))
        disordered += once != [key for key in keys if key in set(once)]
    strange += len(got.keys() - rung.keys())
    return Found(sum(map(len, rung.values())), came, repeats, missing, strange, disordered)


def rung(values: Iterable[bytes], ids: set[str]) -> Got:
    """The alerts of the topic, by subscription, each once."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for value in values:
        alert = Alert.decode(value)
        if alert.subscription_id in ids:
            found[alert.subscription_id].setdefault(alert.alert_id)
    return {id_: list(keys) for id_, keys in found.items()}


def came(http: HttpReceiver, mail: SmtpReceiver, by_mailbox: Mapping[str, str]) -> Got:
    """What the receivers have; a webhook's path is its subscription's id."""
    found: dict[str, list[str]] = defaultdict(list)
    for post in list(http.posts):
        found[post.path[1:]].append(post.key)
    for message in list(mail.mails):
        found[by_mailbox[message["To"].addresses[0].addr_spec]].append(message["Idempotency-Key"])
    return found


def dawdling(seed: int, most_s: float) -> Callable[[Post], int]:
    """A receiver that takes some time between having a message and answering."""
    chance = random.Random(seed)

    def answer(_: Post) -> int:
        time.sleep(chance.uniform(0, most_s))
        return 204

    return answer


def subscribed(
    http: HttpReceiver, count: int, words: Callable[[int], str]
) -> tuple[list[Subscription], dict[str, str]]:
    """So many subscriptions, webhooks and mailboxes in turn; and whose each mailbox is."""
    made: list[Subscription] = []
    mailboxes: dict[str, str] = {}
    for number in range(count):
        one = subscription(words(number))
        if number % 2:
            mailboxes[f"desk{number}@example.org"] = one.id
            made.append(one.model_copy(update={"channels": (f"mailto:desk{number}@example.org",)}))
        else:
            made.append(one.model_copy(update={"channels": (http.url(one.id),)}))
    return made, mailboxes


def text(chance: random.Random) -> str:
    """A text like no other, which rings everybody."""
    words = ["".join(chance.choices("bdfgklmnprstvaeiou", k=7)) for _ in range(60)]
    return "Er luidt een chaosklok. " + " ".join(words)


def bells(plans: Sequence[Subscription], number: int) -> Iterable[Alert]:
    """An alert for each subscription, as match writes it for an article of a story of its own."""
    for plan in plans:
        yield alert(f"chaos{number}", story=f"chaos{number}", to=plan.id, at=datetime.now(UTC))


def run(home: Path, alerts: int, kills: int, seed: int, *, whole_line: bool) -> dict[str, Any]:
    """Run it, and return what was found; `wrong` is empty where all is as it should be.

    `whole_line`: articles are sent, and match is killed too; else alerts, as match writes them.
    """
    chance = random.Random(seed)
    per_article = 10
    articles = alerts // per_article
    pauses.LONGEST_S = 1.0  # what is killed so often by hand isn't what a supervisor should wait for
    with http_receiver(dawdling(seed, 0.02)) as http, smtp_receiver() as mail:
        roles = ROLES if whole_line else ("index", "notify")
        line = Line(home, roles=roles, smtp_host="127.0.0.1", smtp_port=mail.port, smtp_tls="none")
        line.start()
        try:
            plans, mailboxes = subscribed(http, per_article, lambda _: "chaosklok")
            line.store.save(plans)
            time.sleep(2)
            began, killed = time.monotonic(), Counter[str]()
            for burst in range(kills):
                first, last = articles * burst // kills, articles * (burst + 1) // kills
                if whole_line:
                    line.send(*(article(body=text(chance)) for _ in range(first, last)))
                for one in () if whole_line else (one for number in range(first, last) for one in bells(plans, number)):
                    line.send_bytes(one.encode(), one.subscription_id.encode(), line.topics.alerts)
                before = len(http.posts) + len(mail.mails)
                until(lambda before=before: len(http.posts) + len(mail.mails) > before, 60)
                time.sleep(chance.uniform(0, 0.5))
                for role in ("notify", "match") if whole_line and burst % 10 == 9 else ("notify",):
                    pid = until(lambda role=role: line.pid(role), 120)
                    assert pid, f"{role} doesn't start again"
                    os.kill(pid, signal.SIGKILL)
                    killed[role] += 1
            ids = {plan.id for plan in plans}
            rang = until(
                lambda: (
                    (found := rung(line.values(line.topics.alerts), ids))
                    and sum(map(len, found.values())) == articles * per_article
                    and found
                ),
                180,
            )
            until(lambda: not compared(rang, came(http, mail, mailboxes)).missing, 120)
            settled_s = time.monotonic() - began
            time.sleep(2)  # whatever still came too often
            found = compared(rang, came(http, mail, mailboxes))
            status = until(lambda: (s := line.status()) and s.counts and s.counts.delivered >= found.bells and s, 20)
            delivered = status.counts.delivered if status and status.counts else None
            wrong = found.wrong + ([] if delivered == found.bells else [f"delivered: {delivered}"])
            return asdict(found) | {
                "by_http": len(http.posts),
                "by_smtp": len(mail.mails),
                "delivered": delivered,
                "kills": dict(killed),
                "seconds": round(settled_s, 1),
                "wrong": wrong,
            }
        finally:
            line.stop()


def main() -> None:
    """Run, write the result, and end with 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--alerts", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alerts-only", action="store_true", help="without the roles before notify")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="belfry-bells-") as home:
        found = run(Path(home), given.alerts, given.kills, given.seed, whole_line=not given.alerts_only)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    known = {"commit": commit.stdout.strip(), "seed": given.seed, "alerts": given.alerts}
    result = known | {"whole_line": not given.alerts_only} | found
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    sys.stdout.write(RESULT.read_text())
    sys.exit(1 if found["wrong"] else 0)


if __name__ == "__main__":
    main()
