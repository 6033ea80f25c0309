"""Bells that are being delivered while any role may be killed, again and again: python -m tests.chaos.bells.

A stack of its own; stories that ring ten subscriptions each, five at a real HTTP receiver and five at a real SMTP
receiver, each with a copy under another headline. While bursts of them are on their way, enrich, group, match, notify and
index are killed by kill -9 in turn, in another order each time. In the end everything must be as stream.py says.
The result is written to tests/chaos/results/bells.json.
"""

import argparse
import os
import random
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from belfry.role_names import ROLES
from belfry.supervisor import pauses
from tests.chaos.outcome import report
from tests.chaos.stream import Stream, dawdling
from tests.integration.line import running_line, until
from tests.receivers import http_receiver, smtp_receiver

SUBSCRIBERS = 10


def run(home: Path, alerts: int, kills: int, seed: int) -> dict[str, Any]:
    """Run it, and return what was found; `wrong` is empty where all is as it should be."""
    chance = random.Random(seed)
    stories = alerts // SUBSCRIBERS
    pauses.LONGEST_S = 1.0  # what is killed so often by hand isn't what a supervisor should wait for
    with (
        http_receiver(dawdling(seed, 0.02)) as http,
        smtp_receiver() as mail,
        running_line(home, smtp_host="127.0.0.1", smtp_port=mail.port, smtp_tls="none") as line,
    ):
        stream = Stream(line, http, mail, seed, SUBSCRIBERS)
        stream.begin()
        began, killed, waiting = time.monotonic(), Counter[str](), list[str]()
        for burst in range(kills):
            stream.send(stories * (burst + 1) // kills - stories * burst // kills)
            if not waiting:  # every role in turn, in another order each time
                waiting = chance.sample(ROLES, len(ROLES))
            role = waiting.pop()
            before = stream.come()
            until(lambda before=before: stream.come() > before, 60)
            time.sleep(chance.uniform(0, 0.5))
            pid = until(lambda role=role: line.pid(role), 120)
            assert pid, f"{role} doesn't start again"
            os.kill(pid, signal.SIGKILL)
            killed[role] += 1
            if role == "notify":
                stream.disturbed()
        stream.send_rest()
        killing_s = time.monotonic() - began
        found = stream.result()
        by = {"by_http": len(http.posts), "by_smtp": len(mail.mails)}
        return {"kills": dict(sorted(killed.items())), "killing_s": round(killing_s, 1)} | by | found


def main() -> None:
    """Run, write the result, and end with 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--alerts", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="belfry-bells-") as home:
        found = run(Path(home), given.alerts, given.kills, given.seed)
    report("bells", {"seed": given.seed, "alerts": given.alerts} | found)


if __name__ == "__main__":
    main()
