"""How commands end, whatever the command."""

import os
import subprocess
import sys

BELFRY = [sys.executable, "-c", "from belfry.cli import main; main()"]


def test_a_reader_that_has_gone_is_no_error():
    """As in `belfry kibana export | head -0`: the pipe's other end is closed before the first byte."""
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run([*BELFRY, "kibana", "export"], stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60)
    os.close(writing)
    assert (run.returncode, run.stderr) == (0, "")


def test_a_command_that_is_none_is_wrong_use():
    run = subprocess.run([*BELFRY, "nonsense"], capture_output=True, text=True, timeout=60)
    assert run.returncode == 2
    assert "No such command 'nonsense'" in run.stderr
