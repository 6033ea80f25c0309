"""What enrich remembers of every article id, on this machine's disk: a copy of the changelog that outlives the process.

The changelog in Kafka is what counts; this only saves reading all of it at each start, and holding all of it in memory.
It knows up to which offset of each partition it goes, so a start reads the rest. Each write is one transaction with
that offset: after a kill it is older, never wrong. A copy that is damaged, or of another topic, is thrown away.
"""

import contextlib
import sqlite3
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import structlog

_log = structlog.get_logger()

_SCHEMA = """
CREATE TABLE IF NOT EXISTS source (identity TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS applied (partition INTEGER PRIMARY KEY, next_offset INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS memory (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""


class MemoriesOnDisk:
    """The memories of one worker, keyed by article id. `identity` names the very topic that they are a copy of."""

    def __init__(self, file: Path, identity: str) -> None:
        self._file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = self._opened(identity)
        except sqlite3.DatabaseError as error:
            _log.warning("copy of the changelog can't be read, made anew", file=str(file), error=repr(error))
            self._remove()
            self._database = self._opened(identity)

    def get(self, key: bytes) -> bytes | None:
        """What is remembered of the id."""
        with self._damage_noticed():
            row = self._database.execute("SELECT value FROM memory WHERE key = ?", (key,)).fetchone()
        return None if row is None else row[0]

    def put(self, partition: int, entries: Mapping[bytes, bytes], next_offset: int) -> None:
        """Remember these, which the changelog's partition holds before `next_offset`."""
        with self._damage_noticed(), self._database as transaction:
            transaction.executemany("INSERT OR REPLACE INTO memory VALUES (?, ?)", entries.items())
            transaction.execute("INSERT OR REPLACE INTO applied VALUES (?, ?)", (partition, next_offset))

    def next_offset(self, partition: int) -> int:
        """From where on the changelog's partition is not in here yet."""
        with self._damage_noticed():
            row = self._database.execute("SELECT next_offset FROM applied WHERE partition = ?", (partition,)).fetchone()
        return 0 if row is None else int(row[0])

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _opened(self, identity: str) -> sqlite3.Connection:
        database = sqlite3.connect(self._file, timeout=10, check_same_thread=False)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            # A power cut may cost the last transactions, which Kafka has; never the file.
            database.execute("PRAGMA synchronous = NORMAL")
            database.executescript(_SCHEMA)
            with database:
                if database.execute("SELECT identity FROM source").fetchall() != [(identity,)]:
                    for table in ("source", "applied", "memory"):
                        database.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
                    database.execute("INSERT INTO source VALUES (?)", (identity,))
        except BaseException:
            database.close()
            raise
        return database

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
