"""`belfry match` on several processors: the same lines in the same order, soon, and no process left behind."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from belfry.cli.match import FORKED_AFTER

MATCH = "import sys; from belfry.cli import match as m; m.os.sched_getaffinity = lambda _: {processors}; from belfry.cli import main; main()"
ARTICLES = 4 * FORKED_AFTER
Command = "subprocess.Popen[bytes]"


def article(number: int) -> str:
    if number % 97 == 13:
        return '{"id": "broken"'
    status = "withheld" if number % 89 == 7 else "usable"
    body = f"Number {number}: troops {'massed' if number % 3 else 'stayed'} in sector {number % 41}."
    return json.dumps({"id": f"a{number}", "language": "en", "title": "", "body": body, "status": status})


@pytest.fixture
def subscriptions(tmp_path: Path) -> str:
    file = tmp_path / "q.jsonl"
    queries = ["troops NEAR/3 mass*", "stay", '"sector 7"', "nothing"]
    file.write_text("".join(json.dumps({"id": f"q{n}", "query": query}) + "\n" for n, query in enumerate(queries)))
    return str(file)


def started(subscriptions: str, processors: int) -> Command:
    code = MATCH.format(processors=set(range(processors)))
    return subprocess.Popen(
        [sys.executable, "-c", code, "match", "--subscriptions", subscriptions, "--articles", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.fixture
def command(subscriptions: str) -> Iterator[Command]:
    process = started(subscriptions, 2)
    yield process
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def feed(process: Command, numbers: range) -> None:
    process.stdin.write("".join(article(number) + "\n" for number in numbers).encode())
    process.stdin.flush()


def lines_until(process: Command, end: bytes, within_s: float = 60) -> bytes:
    """What comes out until a line holds `end`."""
    found, deadline = b"", time.monotonic() + within_s
    while end not in found:
        assert select.select([process.stdout], [], [], deadline - time.monotonic())[0], found[-200:]
        found += os.read(process.stdout.fileno(), 1 << 16)
    return found


def test_the_same_lines_in_the_same_order_as_in_one_process(subscriptions: str):
    given = "".join(article(number) + "\n" for number in range(ARTICLES)).encode()
    results = []
    for processors in (1, 3):
        process = started(subscriptions, processors)
        out, err = process.communicate(given, timeout=90)
        results.append((out, err, process.returncode))
    assert results[0] == results[1]
    out, err, code = results[0]
    assert code == 1
    assert err.count(b"breaks off") == len([n for n in range(ARTICLES) if n % 97 == 13])
    assert b"9 withheld or canceled" in err
    assert out.count(b"\n") > ARTICLES / 2


def test_once_it_has_forked_a_lone_article_is_answered_within_50_ms(command: Command):
    feed(command, range(ARTICLES))
    lines_until(command, f'"a{ARTICLES - 1}"'.encode())
    assert psutil.Process(command.pid).children()
    took = []
    for number in range(ARTICLES, ARTICLES + 9):
        began = time.monotonic()
        command.stdin.write(
            json.dumps({"id": f"x{number}", "language": "en", "body": "Troops massed."}).encode() + b"\n"
        )
        command.stdin.flush()
        lines_until(command, f'"x{number}"'.encode())
        took.append(time.monotonic() - began)
    assert sorted(took)[4] < 0.05


def test_copies_that_are_killed_end_the_command_with_the_reason(command: Command):
    feed(command, range(ARTICLES))
    lines_until(command, f'"a{ARTICLES - 1}"'.encode())
    for copy in psutil.Process(command.pid).children():  # all: one that is left may do all the work in time
        with contextlib.suppress(psutil.NoSuchProcess):  # the others end as soon as they notice
            copy.kill()
    out, err = command.communicate("".join(article(number) + "\n" for number in range(40)).encode(), timeout=30)
    assert command.returncode == 1, out
    assert b"a process that matches was ended from outside" in err


def test_copies_end_with_the_command_however_it_ends(command: Command):
    feed(command, range(ARTICLES))
    lines_until(command, f'"a{ARTICLES - 1}"'.encode())
    copies = psutil.Process(command.pid).children()
    os.kill(command.pid, signal.SIGKILL)
    gone, alive = psutil.wait_procs(copies, timeout=10)
    assert len(gone) == 2
    assert alive == []
