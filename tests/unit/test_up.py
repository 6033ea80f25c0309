"""`belfry up`, broken off."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from belfry.settings import Settings
from belfry.supervisor.detached import up


@pytest.fixture
def python_answers_signals() -> Iterator[None]:
    """The runner's handlers are put back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("python_answers_signals")
@pytest.mark.parametrize(("number", "ends_by"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)])
def test_a_signal_while_the_supervisor_is_being_started_leaves_none_behind(
    number: signal.Signals, ends_by: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def slow(*_: Any, **given: Any) -> subprocess.Popen[bytes]:
        process = popen([sys.executable, "-c", "import time; time.sleep(60)"], **given)
        started.append(process)
        os.kill(os.getpid(), number)  # before anybody has the process
        return process

    monkeypatch.setattr(subprocess, "Popen", slow)
    with pytest.raises(ends_by):
        up(Settings(home=tmp_path), on_step=lambda _: None)
    assert [process.returncode for process in started] == [-signal.SIGTERM]
