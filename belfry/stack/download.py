"""Pinned jars from a Maven repository into a folder.

1. A jar that is there with its pinned size is not fetched again: it was checked before it got its name.
2. Each is written to NAME.part, which a later run goes on with (Range); an answer other than 206 starts it anew.
3. Only bytes with the pinned SHA-256 get the jar's name (os.replace). Others are thrown away; a part that was gone on
   with is tried once more from its begin.
4. A line that breaks is tried again, but only once the repository has answered at all in this run: without network
   nobody waits.
"""

import hashlib
import http
import http.client
import os
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path

import structlog

from belfry.stack.coordinates import Jar
from belfry.stack.failures import demand_space, disk_errors
from belfry.stack.progress import Advance, Progress
from schemas.errors import StackError

_log = structlog.get_logger()

_THREADS = 8
_ATTEMPTS = 4
_FIRST_PAUSE_S = 0.3
_TIMEOUT_S = 20.0
_CHUNK_BYTES = 128 * 1024
_SPARE_BYTES = 50_000_000
_VARIABLE = "BELFRY_MAVEN_REPOSITORY"


class _Interrupted(Exception):  # noqa: N818 - another jar's error is already on its way
    """Another jar failed; this one's part is kept."""


class _OtherBytes(Exception):  # noqa: N818 - becomes a StackError unless a second try helps
    """What came is not what is pinned."""


def missing(jars: Sequence[Jar], folder: Path) -> tuple[Jar, ...]:
    """Those that are not in `folder` with their pinned size, each once."""
    return tuple(jar for jar in dict.fromkeys(jars) if _size(folder / jar.name) != jar.size_bytes)


def remove_altered(jars: Sequence[Jar], folder: Path) -> tuple[Jar, ...]:
    """Remove the jars in `folder` whose bytes are no longer the pinned ones, and return them."""
    altered: list[Jar] = []
    for jar in dict.fromkeys(jars):
        file = folder / jar.name
        if file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() != jar.sha256:
            file.unlink()
            altered.append(jar)
    return tuple(altered)


def download(jars: Sequence[Jar], folder: Path, repository: str, progress: Progress) -> None:
    """Bring every missing jar into `folder`. One process at a time may do this to a folder.

    Raises StackError: no network, no such jar there, other bytes than pinned, disk full, a base that is no http, https
    or file address. What has come so far is kept, and gone on with the next time.
    """
    wanted = missing(jars, folder)
    if not wanted:
        return
    if urllib.parse.urlsplit(repository).scheme not in {"http", "https", "file"}:
        raise StackError(
            f"{repository!r} is no address of a Maven repository",
            remedy=f"Set {_VARIABLE} to an http, https or file address, or leave it unset",
        )
    with disk_errors(folder, variable="BELFRY_CACHE"):
        folder.mkdir(parents=True, exist_ok=True)
        total = sum(jar.size_bytes for jar in wanted)
        demand_space(folder, total + _SPARE_BYTES, variable="BELFRY_CACHE")
        with progress.download("Downloading Kafka and Elasticsearch", total) as advance:
            _Download(folder, repository, advance).all(wanted)


class _Part:
    """NAME.part of a jar, and how much of it is told to the progress bar."""

    def __init__(self, jar: Jar, folder: Path, advance: Advance) -> None:
        self.jar = jar
        self.path = folder / f"{jar.name}.part"
        self._advance = advance
        self._told = 0
        self.done = 0
        self._digest = hashlib.sha256()

    def load(self) -> int:
        """Take up what is there; returns its size."""
        if _size(self.path) > self.jar.size_bytes:
            self.path.unlink()
        begun = self.path.read_bytes() if self.path.exists() else b""
        self._digest, self.done = hashlib.sha256(begun), len(begun)
        self._tell()
        return self.done

    def discard(self) -> None:
        """Begin anew."""
        self.path.unlink(missing_ok=True)
        self.load()

    def append(self, chunks: http.client.HTTPResponse, stop: threading.Event) -> None:
        """Write what comes, up to the pinned size."""
        with self.path.open("ab") as file:
            while chunk := chunks.read(_CHUNK_BYTES):
                if stop.is_set():
                    raise _Interrupted
                if self.done + len(chunk) > self.jar.size_bytes:
                    raise _OtherBytes(f"more than {self.jar.size_bytes} bytes")
                file.write(chunk)
                self._digest.update(chunk)
                self.done += len(chunk)
                self._tell()
            file.flush()
            # Before it gets its name: after a power cut, a name without its bytes would be trusted.
            os.fsync(file.fileno())
        if self.done < self.jar.size_bytes:
            raise ConnectionError(f"the answer broke off after {self.done} of {self.jar.size_bytes} bytes")

    def check(self) -> None:
        """Raise _OtherBytes unless this is the pinned jar."""
        found = self._digest.hexdigest()
        if self.done != self.jar.size_bytes or found != self.jar.sha256:
            raise _OtherBytes(f"{self.done} bytes with SHA-256 {found}")

    def _tell(self) -> None:
        self._advance(self.done - self._told)
        self._told = self.done


class _Download:
    def __init__(self, folder: Path, repository: str, advance: Advance) -> None:
        self._folder = folder
        self._repository = repository.rstrip("/")
        self._advance = advance
        self._stop = threading.Event()
        self._answered = threading.Event()

    def all(self, jars: Sequence[Jar]) -> None:
        """Fetch them all; the first error stops the rest and is raised."""
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="download") as pool:
            # The largest first, so that the end is not one large jar on one line.
            futures = [pool.submit(self._one, jar) for jar in sorted(jars, key=lambda jar: -jar.size_bytes)]
            try:
                wait(futures, return_when=FIRST_EXCEPTION)
            finally:
                self._stop.set()
                pool.shutdown(cancel_futures=True)
        errors = [error for future in futures if not future.cancelled() and (error := future.exception())]
        for error in errors:
            if not isinstance(error, _Interrupted):
                raise error

    def _one(self, jar: Jar) -> None:
        part = _Part(jar, self._folder, self._advance)
        attempt = 0
        while True:
            resumed = part.load() > 0
            try:
                self._complete(part)
                part.check()
                part.path.replace(self._folder / jar.name)
                return
            except _OtherBytes as error:
                part.discard()
                if not resumed:
                    raise self._altered(jar, str(error)) from error
            except urllib.error.HTTPError as error:
                self._answered.set()
                error.close()
                if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and resumed:
                    part.discard()
                elif error.code >= http.HTTPStatus.INTERNAL_SERVER_ERROR or error.code in _BUSY:
                    self._pause(attempt, error)
                    attempt += 1
                else:
                    raise self._refused(jar, error) from error
            except _BROKEN as error:
                self._pause(attempt, error)
                attempt += 1

    def _complete(self, part: _Part) -> None:
        if part.done >= part.jar.size_bytes:
            return
        request = urllib.request.Request(f"{self._repository}/{part.jar.path}")  # noqa: S310 - checked by `download`
        if part.done:
            request.add_header("Range", f"bytes={part.done}-")
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
            self._answered.set()
            if part.done and answer.status != http.HTTPStatus.PARTIAL_CONTENT:
                part.discard()
            length = answer.headers.get("Content-Length")
            if length is not None and part.done + int(length) != part.jar.size_bytes:
                raise _OtherBytes(f"{part.done + int(length)} bytes instead of {part.jar.size_bytes}")
            part.append(answer, self._stop)

    def _pause(self, attempt: int, error: Exception) -> None:
        """Wait before another attempt, or raise StackError where there is none."""
        if self._stop.is_set():
            raise _Interrupted
        if not self._answered.is_set() or attempt + 1 >= _ATTEMPTS:
            reason = getattr(error, "reason", None) or error
            raise StackError(
                f"Kafka and Elasticsearch can't be downloaded from {self._repository}: {reason}",
                remedy="They are needed once. Check the network (and HTTPS_PROXY, where there is a proxy), or set "
                f"{_VARIABLE} to a repository that can be reached; what has come so far is kept",
            ) from error
        _log.warning("download broke off, trying again", error=str(error), attempt=attempt + 1)
        self._stop.wait(_FIRST_PAUSE_S * 2**attempt)

    def _altered(self, jar: Jar, found: str) -> StackError:
        return StackError(
            f"wrong checksum: {self._repository}/{jar.path} gave {found}; pinned are {jar.size_bytes} bytes with "
            f"SHA-256 {jar.sha256}",
            remedy=f"Something on the way alters it (a proxy, a mirror): set {_VARIABLE} to another repository. "
            "Nothing of it was kept",
        )

    def _refused(self, jar: Jar, error: urllib.error.HTTPError) -> StackError:
        return StackError(
            f"{self._repository}/{jar.path} can't be had: the answer was {error.code} {error.reason}",
            remedy=f"Set {_VARIABLE} to a complete mirror of Maven Central, or leave it unset",
        )


_BUSY = {http.HTTPStatus.REQUEST_TIMEOUT, http.HTTPStatus.TOO_MANY_REQUESTS}
_BROKEN = (urllib.error.URLError, TimeoutError, ConnectionError, ssl.SSLError, http.client.HTTPException)


def _size(file: Path) -> int:
    """Of the file in bytes; 0 where there is none."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
