"""What notify remembers, on this machine's disk: see DiskCopy.

Records also have a time (a digest is due, a record may be forgotten) and items a state, to be found by.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Change:
    """What is written under a key of a partition: a record, or nothing any more."""

    partition: int
    key: bytes
    record: Record | None


class NotifyStore(DiskCopy):
    """The state of one worker. `identity` names the very topic that it is a copy of."""

    def __init__(self, file: Path, identity: str) -> None:
        super().__init__(file, identity, _SCHEMA, ("delivered", "entry"))

    def get(self, key: bytes) -> Record | None:
        """The record under a key."""
        rows = self._all("SELECT value, checksum FROM entry WHERE key = ?", key)
        return decoded(key, self._sound(key, *rows[0])) if rows else None

    def partition_of(self, key: bytes) -> int | None:
        """The partition of the record under a key; None where there is none."""
        rows = self._all("SELECT partition FROM entry WHERE key = ?", key)
        return int(rows[0][0]) if rows else None

    def put(self, changes: Iterable[Change], next_offsets: Iterable[tuple[int, int]] = ()) -> None:
        """Remember these, in order; `next_offsets`: up to where each partition's changelog is in here now."""
        with self._transaction() as transaction:
            for change in changes:
                if change.record is None:
                    transaction.execute("DELETE FROM entry WHERE key = ?", (change.key,))
                    continue
                state, due = _found_by(change.record)
                value = change.record.encode()
                row = (change.key, change.partition, state, due, value, checksum(change.key, value))
                transaction.execute("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?)", row)
                if isinstance(change.record, Item) and change.record.counted is not None:
                    self._count(transaction, change.partition, change.record.counted)
            self._applied(transaction, next_offsets)

    def delivered(self, partition: int) -> int:
        """Bells of the partition that were sent to somebody."""
        rows = self._all("SELECT bells FROM delivered WHERE partition = ?", partition)
        return int(rows[0][0]) if rows else 0

    def count_delivered(self, partition: int, bells: int) -> None:
        """So many were, at least."""
        with self._transaction() as transaction:
            self._count(transaction, partition, bells)

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

    @staticmethod
    def _count(transaction: sqlite3.Connection, partition: int, bells: int) -> None:
        transaction.execute(
            "INSERT INTO delivered VALUES (?, ?) ON CONFLICT DO UPDATE SET bells = max(bells, excluded.bells)",
            (partition, bells),
        )


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
