import sqlite3
from pathlib import Path

import pytest

from processors.agents.disk_copy import goes_to
from processors.agents.memories import MemoriesOnDisk


def test_what_is_put_is_there_after_a_restart_with_how_far_it_goes(tmp_path: Path):
    file = tmp_path / "deep" / "memories.sqlite"
    memories = MemoriesOnDisk(file, "topic 1")
    memories.put(0, {b"a": b"1", b"b": b"2"}, 7)
    memories.put(3, {b"c": b"3"}, 2)
    memories.put(0, {b"a": b"9"}, 8)
    memories.close()
    memories = MemoriesOnDisk(file, "topic 1")
    assert [memories.get(key) for key in (b"a", b"b", b"c", b"d")] == [b"9", b"2", b"3", None]
    assert [memories.next_offset(partition) for partition in (0, 1, 3)] == [8, 0, 2]
    memories.close()


def test_a_copy_goes_as_far_as_it_has_everything_that_was_written():
    begun = {0: 5, 1: 0, 2: 9}
    own = [(0, 5), (1, 0), (0, 6), (1, 1)]
    assert goes_to(begun.__getitem__, own) == {0: 7, 1: 2}
    others_in_between = [(0, 5), (0, 7), (0, 8), (2, 12)]
    assert goes_to(begun.__getitem__, others_in_between) == {0: 6, 2: 9}


def test_a_copy_of_another_topic_is_thrown_away(tmp_path: Path):
    memories = MemoriesOnDisk(tmp_path / "m", "topic 1")
    memories.put(0, {b"a": b"1"}, 7)
    memories.close()
    memories = MemoriesOnDisk(tmp_path / "m", "topic 2")
    assert (memories.get(b"a"), memories.next_offset(0)) == (None, 0)
    memories.close()


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_copy_that_cannot_be_read_is_made_anew(tmp_path: Path, content: bytes):
    (tmp_path / "m").write_bytes(content)
    memories = MemoriesOnDisk(tmp_path / "m", "topic 1")
    memories.put(0, {b"a": b"1"}, 1)
    assert memories.get(b"a") == b"1"
    memories.close()


def test_damage_that_shows_later_is_an_error_now_and_gone_at_the_next_start(tmp_path: Path):
    file = tmp_path / "m"
    memories = MemoriesOnDisk(file, "topic 1")
    memories.put(0, {b"%d" % number: b"x" * 500 for number in range(2000)}, 2000)
    memories.close()
    content = bytearray(file.read_bytes())
    content[8192 : len(content) - 8192] = b"\xff" * (len(content) - 16384)
    file.write_bytes(content)
    memories = MemoriesOnDisk(file, "topic 1")
    with pytest.raises(sqlite3.DatabaseError):
        _ = [memories.get(b"%d" % number) for number in range(2000)]
    memories = MemoriesOnDisk(file, "topic 1")
    assert memories.next_offset(0) == 0
    memories.close()


def test_a_value_that_was_changed_on_disk_is_damage_though_the_database_holds_together(tmp_path: Path):
    file = tmp_path / "m"
    memories = MemoriesOnDisk(file, "topic 1")
    memories.put(0, {b"a": b"version 1"}, 7)
    memories.close()
    content = file.read_bytes()
    assert content.count(b"version 1") == 1
    file.write_bytes(content.replace(b"version 1", b"version 2"))
    memories = MemoriesOnDisk(file, "topic 1")
    with pytest.raises(sqlite3.DatabaseError):
        memories.get(b"a")
    memories = MemoriesOnDisk(file, "topic 1")
    assert (memories.get(b"a"), memories.next_offset(0)) == (None, 0)
    memories.close()


def test_a_copy_of_another_format_is_made_anew(tmp_path: Path):
    with sqlite3.connect(tmp_path / "m") as database:
        database.execute("CREATE TABLE memory (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
    database.close()
    memories = MemoriesOnDisk(tmp_path / "m", "topic 1")
    memories.put(0, {b"a": b"1"}, 1)
    assert memories.get(b"a") == b"1"
    memories.close()
