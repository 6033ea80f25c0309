"""Who comes first where processors are short."""

import os
import subprocess
import sys

from belfry.priority import BEHIND, put_behind_bells


def test_a_group_of_processes_comes_after_the_one_that_started_it():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True) as process:
        put_behind_bells(process.pid)
        found = os.getpriority(os.PRIO_PROCESS, process.pid)
        process.communicate(b"\n")
    assert found == min(19, os.getpriority(os.PRIO_PROCESS, 0) + BEHIND)


def test_a_process_puts_itself_behind():
    code = (
        "import os; from belfry.priority import behind_bells; behind_bells(); print(os.getpriority(os.PRIO_PROCESS, 0))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert int(done.stdout) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + BEHIND)


def test_a_group_that_is_gone_is_no_fault():
    with subprocess.Popen([sys.executable, "-c", ""], start_new_session=True) as process:
        process.wait()
    put_behind_bells(process.pid)
