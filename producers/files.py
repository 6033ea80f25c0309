"""Which files there are to read, and how they are opened: folders, kinds by their endings, .gz. No reading of content.

Only regular files are opened (a pipe would wait for ever, a device never end); a symbolic link counts as what it leads
to, and a folder is entered once, so that links in a circle end.
"""

import errno
import gzip
import io
import os
import stat
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from producers.articles import Place
from schemas.errors import InputError, InputProblem

Kind = Literal["text", "json", "json_lines"]
KINDS: dict[str, Kind] = {".txt": "text", ".json": "json", ".jsonl": "json_lines", ".ndjson": "json_lines"}
TAKEN = (
    ".txt, .json, .jsonl (also .ndjson; each also with .gz), folders of these, and - for JSON lines on standard input"
)

_BUFFER_BYTES = 256 * 1024

WhyLeftOut = Literal["hidden", "other_kind"]
LeftOut = Callable[[str, WhyLeftOut], None]
"""Told of each file or folder in a folder that isn't read, and why."""
Advance = Callable[[int], None]
"""Told how many bytes of files were read, as they lie on the disk."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read: its path, how people are shown it, and what its ending says."""

    path: str
    shown: str
    kind: Kind
    packed: bool


def shown_path(path: str) -> str:
    """`path` as it can be printed: what is no UTF-8 and what would command a terminal is written as an escape."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace") or "''"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def found_files(paths: Sequence[str], left_out: LeftOut) -> Iterator[FoundFile | InputProblem]:
    """The files that `paths` name, folders from within in the order of their names, each as it is come upon."""
    for path in paths:
        try:
            is_folder = stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116 - the path stays as it was given
        except (OSError, ValueError) as error:
            yield _problem_of(error, Place(shown_path(path), 1))
            continue
        if is_folder:
            yield from _in_folder(path, left_out)
            continue
        yield _named(path)


def _named(path: str) -> FoundFile | InputProblem:
    found = _found(path)
    if found is not None:
        return found
    ending = Path(path).suffix
    reason = (
        f"files that end in {ending} are not taken yet" if ending else "a name without an ending doesn't say what it is"
    )
    return Place(shown_path(path), 1).problem("unknown_kind", reason, f"Taken are {TAKEN}.")


def _found(path: str) -> FoundFile | None:
    name = path.lower()
    packed = name.endswith(".gz")
    kind = KINDS.get(os.path.splitext(name.removesuffix(".gz"))[1])  # noqa: PTH122 - as above
    return None if kind is None else FoundFile(path, shown_path(path), kind, packed)


def _in_folder(top: str, left_out: LeftOut) -> Iterator[FoundFile | InputProblem]:
    entered: set[tuple[int, int]] = set()
    waiting = [top]
    while waiting:
        path = waiting.pop()
        line: int | None = 1
        try:
            status = os.stat(path)  # noqa: PTH116 - as above
            if not stat.S_ISDIR(status.st_mode):
                found = _found(path)
                if found is None:
                    left_out(shown_path(path), "other_kind")
                else:
                    yield found
                continue
            if (status.st_dev, status.st_ino) in entered:
                continue
            entered.add((status.st_dev, status.st_ino))
            line = None
            names = sorted(os.listdir(path), reverse=True)  # noqa: PTH208 - as above
        except OSError as error:
            yield _problem_of(error, Place(shown_path(path), line))
            continue
        for name in names:
            inside = os.path.join(path, name)  # noqa: PTH118 - as above
            if name.startswith("."):
                left_out(shown_path(inside), "hidden")
            else:
                waiting.append(inside)


@contextmanager
def opened(found: FoundFile, advance: Advance) -> Generator[io.BufferedReader]:
    """The file, ready to read, unpacked where it is packed. Raises InputError where it can't be opened."""
    try:
        raw = _Counted(_regular(found.path), advance)
    except OSError as error:
        raise InputError(_problem_of(error, Place(found.shown, 1))) from error
    with raw, _Unpacked(raw) if found.packed else raw as content:
        yield cast("io.BufferedReader", io.BufferedReader(content, _BUFFER_BYTES))


READ_ERRORS = (OSError, EOFError, zlib.error)
"""What reading an opened file may raise; `read_problem` says what it means."""


def read_problem(error: Exception, shown: str, line: int) -> InputProblem:
    """Why reading stopped at `line`."""
    return _problem_of(error, Place(shown, line))


def _regular(path: str) -> io.FileIO:
    # Without waiting: opening a pipe that nobody writes to would.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise OSError(errno.ENXIO, "no regular file")
    except OSError:
        os.close(descriptor)
        raise
    return io.FileIO(descriptor, "rb")


class _Counted(io.RawIOBase):
    """A file that tells how much of it was read."""

    def __init__(self, raw: io.FileIO, advance: Advance) -> None:
        self._raw = raw
        self._advance = advance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        count = self._raw.readinto(buffer)
        if count:
            self._advance(count)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Unpacked(io.RawIOBase):
    """The content of a .gz, handed on piece by piece, so that what comes before a damage is read."""

    def __init__(self, packed: io.RawIOBase) -> None:
        buffered = cast("io.BufferedReader", io.BufferedReader(packed, _BUFFER_BYTES))
        self._gzip = gzip.GzipFile(fileobj=buffered, mode="rb")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        data = self._gzip.read1(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._gzip.close()
        super().close()


def _problem_of(error: Exception, place: Place) -> InputProblem:
    if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile):
        return place.problem("packed", "a .gz file that is damaged or breaks off", "Fetch or pack it again.")
    if isinstance(error, FileNotFoundError):
        return place.problem("missing", "there is no such file or folder", "Check the name.")
    if isinstance(error, PermissionError):
        return place.problem("no_permission", "no permission to read it", "Grant it: chmod u+r, or ask its owner.")
    if isinstance(error, OSError) and error.errno == errno.ENXIO:  # also what opening a socket gives
        remedy = "Give a file, or pipe JSON lines into `belfry … -`."
        return place.problem("not_a_file", "a pipe, socket or device, not a file", remedy)
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return place.problem("link_loop", "a symbolic link that leads in a circle", "Correct the link.")
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return place.problem("name_too_long", "a name longer than the system takes", "Check the name.")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return place.problem("unreadable", f"it can't be read: {reason}", "Check the disk or the network it is on.")
