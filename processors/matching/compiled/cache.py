"""Where what takes long to make is kept for the next process: in BELFRY_CACHE, in a folder for each state of its sources."""

import os
import tempfile
from pathlib import Path


def cache_folder(kind: str, state: str) -> Path:
    """A folder that can be written to; where BELFRY_CACHE can't, a private one among temporary files."""
    cache = Path(os.environ.get("BELFRY_CACHE") or "~/.cache/belfry").expanduser() / kind / state
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=cache):
            return cache
    except OSError:
        private = Path(tempfile.gettempdir()) / f"belfry-{kind}-{os.getuid()}" / state
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
        if private.parent.stat().st_uid != os.getuid():  # what somebody else has put there must not be run
            return Path(tempfile.mkdtemp(prefix=f"belfry-{kind}-"))
        return private
