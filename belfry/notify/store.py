"""What notify remembers, on this machine's disk: see DiskCopy.

Records also have a time (a digest is due, a record may be forgotten) and items a state, to be found by.

What is put goes to the disk with the next question that only the disk can answer, which comes several times a second:
a bell's records are changed within a moment, and the changelog has each change. So a kill leaves an older copy.
"""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from belfry.notify.recent import Recent
from belfry.notify.records import Head, Item, Record, Story, decoded, items_prefix, subscription_of
from processors.agents.disk_copy import DiskCopy, checksum

KEPT = timedelta(days=31)
"""Stories and the ledger are remembered as long as the topic of the alerts can be read again."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS delivered (partition INTEGER PRIMARY KEY, bells INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS entry (
    key BLOB PRIMARY KEY, partition INTEGER NOT NULL, state TEXT, due REAL, value BLOB NOT NULL, checksum INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_state ON entry (partition, state) WHERE state IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_due ON entry (partition, state, due) WHERE due IS NOT NULL;
"""
_DIGEST, _IDLE, _FORGET = "digest", "idle", "forget"
_UNWRITTEN, _UNWRITTEN_BYTES = 1000, 4 * 1024 * 1024
_RECENT_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class Change:
    """What is written under a key of a partition: a record, or nothing any more."""

    partition: int
    key: bytes
    record: Record | None

    @cached_property
    def value(self) -> bytes | None:
        """The record, encoded."""
        return None if self.record is None else self.record.encode()


class NotifyStore(DiskCopy):
    """The state of one worker. `identity` names the very topic that it is a copy of."""

    def __init__(self, file: Path, identity: str) -> None:
        super().__init__(file, identity, _SCHEMA, ("delivered", "entry"))
        self._recent = Recent(_RECENT_BYTES)
        self._unwritten: dict[bytes, Change] = {}
        self._unwritten_bytes = 0
        self._unwritten_ends: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        self._delivered: dict[int, int] = {}

    def next_offset(self, partition: int) -> int:
        """See DiskCopy."""
        if partition not in self._ends:
            self._ends[partition] = super().next_offset(partition)
        return self._ends[partition]

    def get(self, key: bytes) -> Record | None:
        """The record under a key."""
        if key in self._unwritten:
            return self._unwritten[key].record
        if (recent := self._recent.get(key)) is not None:
            return recent
        rows = super()._all("SELECT value, checksum FROM entry WHERE key = ?", key)
        if not rows:
            return None
        value = self._sound(key, *rows[0])
        record = decoded(key, value)
        self._recent.put(key, record, len(value))
        return record

    def partition_of(self, key: bytes) -> int | None:
        """The partition of the record under a key; None where there is none."""
        rows = self._all("SELECT partition FROM entry WHERE key = ?", key)
        return int(rows[0][0]) if rows else None

    def put(self, changes: Iterable[Change], next_offsets: Iterable[tuple[int, int]] = ()) -> None:
        """Remember these, in order; `next_offsets`: up to where each partition's changelog is in here now."""
        for change in changes:
            self._unwritten[change.key] = change
            size_bytes = len(change.value or b"")
            self._unwritten_bytes += size_bytes
            if change.record is None:
                self._recent.forget(change.key)
                continue
            self._recent.put(change.key, change.record, size_bytes)
            if isinstance(change.record, Item) and change.record.counted is not None:
                self.count_delivered(change.partition, change.record.counted)
        ends = dict(next_offsets)
        self._ends |= ends
        self._unwritten_ends |= ends
        if len(self._unwritten) >= _UNWRITTEN or self._unwritten_bytes >= _UNWRITTEN_BYTES:
            self._write_out()

    def delivered(self, partition: int) -> int:
        """Bells of the partition that were sent to somebody."""
        if partition not in self._delivered:
            rows = super()._all("SELECT bells FROM delivered WHERE partition = ?", partition)
            self._delivered[partition] = int(rows[0][0]) if rows else 0
        return self._delivered[partition]

    def count_delivered(self, partition: int, bells: int) -> None:
        """So many were, at least."""
        self._delivered[partition] = max(bells, self.delivered(partition))

    def close(self) -> None:
        """Let go of the file, with everything in it."""
        with contextlib.suppress(sqlite3.Error):  # what it lacks is read from the changelog
            self._write_out()
        super().close()

    def open_items(self, partition: int) -> Iterator[tuple[bytes, Item]]:
        """The partition's items that are on their way, in the order of each subscription's."""
        rows = self._all("SELECT key, value, checksum FROM entry WHERE partition = ? AND state = 'open'", partition)
        return iter(self._in_order(rows))

    def items(self, subscription_id: str, state: str) -> list[tuple[bytes, Item]]:
        """A subscription's items in this state (open, waiting), in order."""
        prefix = items_prefix(subscription_id)
        rows = self._all(
            "SELECT key, value, checksum FROM entry WHERE key >= ? AND key < ? AND state = ?",
            prefix,
            prefix + b"\xff",
            state,
        )
        return self._in_order(rows)

    def due_digests(self, partitions: Iterable[int], now: datetime) -> list[tuple[int, bytes]]:
        """Partition and key of the heads whose digest is due."""
        return self._due(partitions, _DIGEST, now, 10_000)

    def to_forget(self, partitions: Iterable[int], now: datetime, limit: int) -> list[tuple[int, bytes]]:
        """Partition and key of what needn't be remembered any longer."""
        return self._due(partitions, _FORGET, now, limit)

    def waited_for(self, partitions: Iterable[int]) -> list[str]:
        """The ids of the partitions' subscriptions for whose digest something waits, whether or not it has a time."""
        found: list[str] = []
        for partition in partitions:
            rows = self._all("SELECT key FROM entry WHERE partition = ? AND state IN (?, ?)", partition, _DIGEST, _IDLE)
            found += [subscription_of(row[0]) for row in rows]
        return found

    def _in_order(self, rows: Iterable[Sequence[Any]]) -> list[tuple[bytes, Item]]:
        items = [(row[0], Item.decode(self._sound(*row))) for row in rows]
        return sorted(items, key=lambda pair: pair[1].seq)

    def _due(self, partitions: Iterable[int], state: str, now: datetime, limit: int) -> list[tuple[int, bytes]]:
        found: list[tuple[int, bytes]] = []
        for partition in partitions:
            rows = self._all(
                "SELECT key FROM entry WHERE partition = ? AND state = ? AND due <= ? ORDER BY due LIMIT ?",
                partition,
                state,
                now.timestamp(),
                limit,
            )
            found += [(partition, row[0]) for row in rows]
        return found

    def _all(self, statement: str, *values: object) -> list[Sequence[Any]]:
        """See DiskCopy. Of everything that was put."""
        self._write_out()
        return super()._all(statement, *values)

    def _write_out(self) -> None:
        if not (self._unwritten or self._unwritten_ends):
            return
        with self._transaction() as transaction:
            gone = [(key,) for key, change in self._unwritten.items() if change.record is None]
            transaction.executemany("DELETE FROM entry WHERE key = ?", gone)
            rows = (
                _row(change, change.record, change.value)
                for change in self._unwritten.values()
                if change.record is not None and change.value is not None
            )
            transaction.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?)", rows)
            transaction.executemany("INSERT OR REPLACE INTO delivered VALUES (?, ?)", self._delivered.items())
            self._applied(transaction, self._unwritten_ends.items())
        self._unwritten, self._unwritten_ends, self._unwritten_bytes = {}, {}, 0


def _row(change: Change, record: Record, value: bytes) -> tuple[object, ...]:
    return (change.key, change.partition, *_found_by(record), value, checksum(change.key, value))


def _found_by(record: Record) -> tuple[str | None, float | None]:
    """By which state and time a record is found."""
    match record:
        case Head():
            if record.digest_at is not None:
                return _DIGEST, record.digest_at.timestamp()
            return (_IDLE if record.waiting or record.more else None), None
        case Story():
            return _FORGET, (record.last_at + KEPT).timestamp()
        case Item(state="closed"):
            return _FORGET, (record.at + KEPT).timestamp()
        case Item():
            return record.state, None
