"""Who comes first where processors are short: a bell's way before the index."""

import contextlib
import os

BEHIND = 5
"""Steps of nice: whoever a bell waits for has three times as much of a busy processor. On an idle one nobody notices."""
_LOWEST = 19


def behind_bells() -> None:
    """Let this process come after those that a bell waits for."""
    os.nice(BEHIND)


def put_behind_bells(group: int) -> None:
    """Let all processes of a group that this one has started come after those that a bell waits for, threads included.

    Elasticsearch merges segments for seconds whenever it likes. Where it can't be done, bells are slower then, and right all the same.
    """
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PGRP, group, min(_LOWEST, os.getpriority(os.PRIO_PROCESS, 0) + BEHIND))
