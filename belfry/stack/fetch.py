"""Everything the servers need, brought into the cache: downloaded, checked, compiled. Needs the network once."""

from pathlib import Path

from filelock import FileLock, Timeout
from jgo.constants import MAVEN_CENTRAL_URL

from belfry.stack.coordinates import jars
from belfry.stack.download import download, missing, remove_altered
from belfry.stack.failures import disk_errors
from belfry.stack.layout import Cache
from belfry.stack.program import compile_program, is_compiled
from belfry.stack.progress import Progress, stderr_progress


def is_fetched(cache: Path) -> bool:
    """Whether the servers can be started without network."""
    folders = Cache(cache.absolute())
    return is_compiled(folders) and not missing(jars(), folders.jars)


def fetch(
    cache: Path, *, maven_repository: str | None = None, progress: Progress | None = None, check: bool = False
) -> None:
    """Download and compile what is missing in `cache`; at once where nothing is.

    `maven_repository` is a base address (http, https, file), by default Maven Central; `check` reads all jars again
    and replaces those that are no longer what they were. Of two processes the second waits for the first.
    Raises StackError: no network, wrong checksum, disk full, a cache that can't be written.
    """
    if not check and is_fetched(cache):
        return
    shown = progress or stderr_progress()
    folders = Cache(cache.absolute())
    with disk_errors(folders.root, variable="BELFRY_CACHE"):
        folders.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folders.root / "fetch.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            with shown.step("Waiting for another Belfry that downloads Kafka and Elasticsearch"):
                lock.acquire()
        try:
            if check:
                remove_altered(jars(), folders.jars)
            download(jars(), folders.jars, maven_repository or MAVEN_CENTRAL_URL, shown)
            if not is_compiled(folders):
                with shown.step("Compiling their launcher"):
                    compile_program(folders)
        finally:
            lock.release()
