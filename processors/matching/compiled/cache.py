"""Where what takes long to make is kept for the next process: in BELFRY_CACHE, in a folder for each state of its sources."""

import os
import tempfile
from pathlib import Path


def usual_folder(kind: str, state: str) -> Path:
    """Where it is by rights: others may have put it there, as whoever builds an image does for who runs it."""
    return Path(os.environ.get("BELFRY_CACHE") or "~/.cache/belfry").expanduser() / kind / state


def cache_folder(kind: str, state: str) -> Path:
    """A folder that can be written to; where the usual one can't, a private one among temporary files."""
    cache = usual_folder(kind, state)
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
