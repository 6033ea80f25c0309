"""Start-up caches (Java's AOT caches): with one, a server starts in about a third of the time.

Java ties a cache to flags, runtime, and path, order and time of each jar, and on a mismatch goes on without it, slowly
and with complaints. So all of these make the name: a cache that doesn't fit is never found.
"""

import hashlib
from pathlib import Path

from belfry.stack.coordinates import jars
from belfry.stack.layout import Cache
from belfry.stack.program import program
from belfry.stack.runtime import identity
from belfry.stack.servers import SERVERS, Server

_KEPT = 3
"""Of each server: other checkouts and Java versions share the cache. Each has about 100 MB."""


def aot_cache(server: Server, cache: Cache) -> Path:
    """Where the server's start-up cache is, once it was trained."""
    parts = [identity(), *server.flags, server.main]
    for path in (program(cache).launcher, *(cache.jars / jar.name for jar in jars(server.name))):
        status = path.stat()
        parts.append(f"{path} {status.st_mtime_ns} {status.st_size}")
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return cache.aot / f"{server.name}-{key}.aot"


def untrained(cache: Cache) -> tuple[Server, ...]:
    """The servers that have no start-up cache yet."""
    return tuple(server for server in SERVERS if not aot_cache(server, cache).is_file())


def forget_old(server: Server, cache: Cache) -> None:
    """Remove all but the newest caches of a server."""
    found = sorted(cache.aot.glob(f"{server.name}-*.aot"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in found[_KEPT:]:
        file.unlink(missing_ok=True)
