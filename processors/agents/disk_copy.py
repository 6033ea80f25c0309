"""A copy of a changelog on this machine's disk, that outlives the process.

The changelog in Kafka is what counts; a copy only saves reading all of it at each start, and holding all of it in memory.
It knows up to which offset of each partition it goes, so a start reads the rest. Each write is one transaction with
that offset: after a kill it is older, never wrong. A copy that is damaged, or of another topic, is thrown away: each
value has a checksum, because a disk, or somebody who writes into the file, may leave a database with other contents.

Whoever writes to the changelog puts it into the copy, too. Another worker may have written in between: see `goes_to`.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

import structlog

_log = structlog.get_logger()

_FORMAT = 2
"""Of the tables. A copy of another format is made anew."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS source (identity TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS applied (partition INTEGER PRIMARY KEY, next_offset INTEGER NOT NULL);
"""


def checksum(key: bytes, value: bytes) -> int:
    """What stands beside a value."""
    return crc32(value, crc32(key))


def goes_to(next_offset: Callable[[int], int], written: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Up to which offset of each partition a copy goes once it has these records of its own too: (partition, offset).

    No further than it has everything. A worker that was stopped while it wrote finds its records behind those of the
    worker that had its partitions meanwhile; it reads from the first of these when it gets the partition again.
    """
    ends: dict[int, int] = {}
    for partition, offset in written:
        end = ends[partition] if partition in ends else next_offset(partition)
        ends[partition] = end + 1 if offset == end else end
    return ends


class DiskCopy:
    """What both copies have: the file, whose copy it is, how far it goes. `tables` are those that `schema` makes besides.

    `identity` names the very topic that it is a copy of.
    """

    def __init__(self, file: Path, identity: str, schema: str, tables: Iterable[str]) -> None:
        self._file = file
        self._schema = _SCHEMA + schema
        self._tables = ("source", "applied", *tables)
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = self._opened(identity)
        except sqlite3.DatabaseError as error:
            _log.warning("copy of the changelog can't be read, made anew", file=str(file), error=repr(error))
            self._remove()
            self._database = self._opened(identity)

    def next_offset(self, partition: int) -> int:
        """From where on the changelog's partition is not in here yet."""
        rows = self._all("SELECT next_offset FROM applied WHERE partition = ?", partition)
        return int(rows[0][0]) if rows else 0

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _sound(self, key: bytes, value: bytes, checksum_: int) -> bytes:
        """The value, where it is what was written under the key. Raises sqlite3.DatabaseError."""
        with self._damage_noticed():
            if checksum(key, value) != checksum_:
                raise sqlite3.DatabaseError(f"what stands under {key!r} isn't what was written")
        return value

    def _all(self, statement: str, *values: object) -> list[Sequence[Any]]:
        with self._damage_noticed():
            return self._database.execute(statement, values).fetchall()

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        with self._damage_noticed(), self._database as transaction:
            yield transaction

    @staticmethod
    def _applied(transaction: sqlite3.Connection, next_offsets: Iterable[tuple[int, int]]) -> None:
        """The copy goes up to these offsets of partitions now."""
        transaction.executemany("INSERT OR REPLACE INTO applied VALUES (?, ?)", next_offsets)

    def _opened(self, identity: str) -> sqlite3.Connection:
        database = sqlite3.connect(self._file, timeout=10, check_same_thread=False)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA cell_size_check = ON")
            self._demand_format(database)
            # A power cut may cost the last transactions, which Kafka has; never the file.
            database.execute("PRAGMA synchronous = NORMAL")
            database.executescript(self._schema)
            with database:
                if database.execute("SELECT identity FROM source").fetchall() != [(identity,)]:
                    for table in self._tables:
                        database.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
                    database.execute("INSERT INTO source VALUES (?)", (identity,))
        except BaseException:
            database.close()
            raise
        return database

    @staticmethod
    def _demand_format(database: sqlite3.Connection) -> None:
        [(found,)] = database.execute("PRAGMA user_version").fetchall()
        if found != _FORMAT and database.execute("SELECT 1 FROM sqlite_schema").fetchall():
            raise sqlite3.DatabaseError(f"it has format {found}")
        database.execute(f"PRAGMA user_version = {_FORMAT}")

    def _remove(self) -> None:
        for end in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + end).unlink(missing_ok=True)

    @contextmanager
    def _damage_noticed(self) -> Generator[None]:
        try:
            yield
        except sqlite3.OperationalError:  # a full disk or a lock, not the file
            raise
        except sqlite3.DatabaseError:
            # Not to be mended while it is open: the process ends by this error, and its next start makes the copy anew.
            with contextlib.suppress(sqlite3.Error):
                self._database.close()
            self._remove()
            raise
