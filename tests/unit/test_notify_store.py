"""What notify remembers: at once in memory, soon on disk, and never more on disk than it says."""

from datetime import timedelta
from pathlib import Path

from belfry.notify.recent import Recent
from belfry.notify.records import Head, Item, ItemChannel, Story, head_key, item_key, story_key
from belfry.notify.store import KEPT, Change, NotifyStore
from tests.notify_cases import NOW


def item(id_: str, state: str = "open", seq: int = 1, counted: int | None = None) -> Change:
    channels = (ItemChannel(url="https://example.org/"),)
    values = {"id": id_, "message_id": id_, "subscription_id": "s", "kind": "bell", "state": state, "seq": seq}
    record = Item.model_validate({**values, "at": NOW, "channels": channels, "counted": counted})
    return Change(3, item_key("s", id_), record)


HEAD = Change(3, head_key("s"), Head(waiting=1, digest_at=NOW))
STORY = Change(3, story_key("s", "", "st"), Story(bell="a", last_at=NOW))


def opened(folder: Path) -> NotifyStore:
    return NotifyStore(folder / "notify.sqlite", "topic")


def answers(store: NotifyStore) -> list[object]:
    later = NOW + KEPT + timedelta(hours=1)
    return [
        *(store.get(change.key) for change in (HEAD, STORY, item("a"), item("b"), item("c"))),
        store.partition_of(HEAD.key),
        list(store.open_items(3)),
        store.items("s", "waiting"),
        store.due_digests([3], NOW),
        sorted(store.to_forget([3], later, 10)),
        store.waited_for([3]),
        store.delivered(3),
        store.next_offset(3),
    ]


CHANGES = [item("a"), item("b", "waiting", 2), item("c", "open", 3), HEAD, STORY, item("a", "closed", 1, counted=7)]
EXPECTED: list[object] = [
    *(HEAD.record, STORY.record, CHANGES[-1].record, CHANGES[1].record, CHANGES[2].record),
    3,
    [(CHANGES[2].key, CHANGES[2].record)],
    [(CHANGES[1].key, CHANGES[1].record)],
    [(3, HEAD.key)],
    sorted([(3, CHANGES[-1].key), (3, STORY.key)]),
    ["s"],
    7,
    6,
]


def test_every_question_is_answered_of_all_that_was_put_before_and_after_a_restart(tmp_path: Path):
    store = opened(tmp_path)
    store.put(CHANGES[:3], [(3, 3)])
    store.put(CHANGES[3:], [(3, 6)])
    assert answers(store) == EXPECTED
    store.close()
    assert answers(opened(tmp_path)) == EXPECTED


def test_what_is_put_last_is_on_disk_when_it_is_closed(tmp_path: Path):
    store = opened(tmp_path)
    store.put(CHANGES, [(3, 6)])
    store.close()
    assert answers(opened(tmp_path)) == EXPECTED


def test_a_kill_leaves_a_copy_that_is_older_and_says_so(tmp_path: Path):
    store = opened(tmp_path)
    store.put([HEAD], [(3, 1)])
    assert store.waited_for([3]) == ["s"]
    store.put([item("a", "closed", counted=1)], [(3, 2)])
    killed = opened(tmp_path)
    assert (killed.next_offset(3), killed.get(HEAD.key), killed.get(item("a").key)) == (1, HEAD.record, None)
    assert store.items("s", "open") == []
    killed = opened(tmp_path)
    assert (killed.next_offset(3), killed.get(item("a").key)) == (2, item("a", "closed", counted=1).record)


def test_what_is_removed_is_gone_whether_it_was_on_disk_or_not(tmp_path: Path):
    store = opened(tmp_path)
    store.put([HEAD, STORY], [(3, 2)])
    assert store.waited_for([3]) == ["s"]
    store.put([item("a"), Change(3, HEAD.key, None), Change(3, item("a").key, None)], [(3, 5)])
    for each in (store, opened(tmp_path)):
        assert (each.waited_for([3]), list(each.open_items(3))) == ([], [])
        assert [each.get(change.key) for change in (HEAD, item("a"), STORY)] == [None, None, STORY.record]


def test_much_goes_to_the_disk_though_nobody_asks(tmp_path: Path):
    store = opened(tmp_path)
    store.put([item(f"n{number}") for number in range(1500)], [(3, 1500)])
    assert opened(tmp_path).next_offset(3) == 1500
    assert len(list(opened(tmp_path).open_items(3))) == 1500


def test_only_so_much_is_held_of_what_was_asked_for_last():
    recent = Recent(10)
    for name in (b"a", b"b", b"c"):
        recent.put(name, Head(seq=1), 3)
    assert recent.get(b"a") == Head(seq=1)
    recent.put(b"d", Head(), 4)
    assert [name for name in (b"a", b"b", b"c", b"d") if recent.get(name)] == [b"a", b"c", b"d"]
    recent.put(b"a", Head(seq=2), 1)
    assert (recent.get(b"a"), recent.get(b"c")) == (Head(seq=2), Head(seq=1))
    recent.forget(b"a")
    recent.forget(b"never")
    recent.put(b"much", Head(), 11)
    assert [name for name in (b"a", b"c", b"d", b"much") if recent.get(name)] == []
