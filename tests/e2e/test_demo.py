"""`belfry demo` as a person runs it: bells ring, the counts add up, and nothing stays behind, also after Ctrl-C."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.integration.line import until

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]


@pytest.fixture
def demo(fetched: None, tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """The demo, started, its folders in `tmp_path`."""
    del fetched
    process = subprocess.Popen(
        [sys.executable, "-c", "from belfry.cli import main; main()", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path), "COLUMNS": "160"},
        start_new_session=True,
    )
    yield process
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def left_behind(folder: Path) -> list[str]:
    """What still runs on a folder of the demo, and the folders that are still there."""
    found: list[str] = []
    for process in psutil.process_iter(["cmdline", "status"]):
        command = " ".join(process.info["cmdline"] or ())
        if str(folder) in command and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(command)
    return [*found, *(str(path) for path in folder.glob("belfry-demo-*"))]


def test_bells_ring_and_every_article_is_accounted_for(demo: "subprocess.Popen[str]", tmp_path: Path):
    shown, _ = demo.communicate(timeout=170)
    assert demo.returncode == 0, shown
    assert {"troop-build-up", "nato-russia", "sanctions"} <= set(re.findall("🔔 ([a-z-]+)", shown))
    sent, indexed, dead, repeated, held = map(
        int,
        re.search(r"sent (\d+) = indexed (\d+) \+ dead-lettered (\d+) \+ repeated (\d+) \+ held (\d+)", shown).groups(),
    )
    assert sent == indexed + dead + repeated + held
    assert (dead, repeated, held) == (1, 1, 1)
    assert "**Russische** **troepen**" in shown
    assert left_behind(tmp_path) == []


def test_after_ctrl_c_while_the_roles_start_nothing_is_left(demo: "subprocess.Popen[str]", tmp_path: Path):
    """In the middle of what takes longest, when most is running that isn't ready yet."""
    assert until(lambda: len(psutil.Process(demo.pid).children(recursive=True)) > 5)
    os.kill(demo.pid, signal.SIGINT)
    assert demo.stdout is not None
    demo.stdout.read()
    assert demo.wait(60) == 130
    assert left_behind(tmp_path) == []
