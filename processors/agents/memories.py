"""What enrich remembers of every article id, on this machine's disk: see DiskCopy."""

from collections.abc import Mapping
from pathlib import Path

from processors.agents.disk_copy import DiskCopy, checksum

_SCHEMA = """
CREATE TABLE IF NOT EXISTS memory (
    key BLOB PRIMARY KEY, value BLOB NOT NULL, checksum INTEGER NOT NULL
) WITHOUT ROWID;
"""


class MemoriesOnDisk(DiskCopy):
    """The memories of one worker, keyed by article id. `identity` names the very topic that they are a copy of."""

    def __init__(self, file: Path, identity: str) -> None:
        super().__init__(file, identity, _SCHEMA, ["memory"])

    def get(self, key: bytes) -> bytes | None:
        """What is remembered of the id."""
        rows = self._all("SELECT value, checksum FROM memory WHERE key = ?", key)
        return self._sound(key, *rows[0]) if rows else None

    def put(self, partition: int, entries: Mapping[bytes, bytes], next_offset: int) -> None:
        """Remember these, which the changelog's partition holds before `next_offset`."""
        with self._transaction() as transaction:
            rows = ((key, value, checksum(key, value)) for key, value in entries.items())
            transaction.executemany("INSERT OR REPLACE INTO memory VALUES (?, ?, ?)", rows)
            self._applied(transaction, [(partition, next_offset)])
