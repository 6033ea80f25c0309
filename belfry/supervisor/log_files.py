"""Log files that don't grow without bound.

Processes write to them for months, as standard output. So what is written is copied aside and the file cut: whoever has
it open to append goes on at its new end. A line or two may be lost in between.
"""

import contextlib
import os
import shutil
from pathlib import Path

LIMIT_BYTES = 10_000_000


def bound_logs(folder: Path, limit_bytes: int = LIMIT_BYTES) -> None:
    """Cut every log in `folder` that has more bytes; the last ones stay in NAME.log.1. A full disk is no reason to fail."""
    for log in folder.glob("*.log"):
        with contextlib.suppress(OSError):
            if log.stat().st_size > limit_bytes:
                shutil.copyfile(log, log.with_name(f"{log.name}.1"))
                os.truncate(log, 0)
