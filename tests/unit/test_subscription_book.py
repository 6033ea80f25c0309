"""The book of subscriptions: what each record of the compacted topic changes, and when a subscription may ring."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.subscription_book import Put, Removed, SubscriptionBook, Unchanged, Unreadable, rings_for
from schemas.subscriptions import Subscription

CREATED = datetime(2026, 3, 1, 12, tzinfo=UTC)


def subscription(id_: str = "troops", **fields: object) -> Subscription:
    return Subscription.model_validate({"id": id_, "query": "troepen opbouw", "created_at": CREATED, **fields})


def test_a_new_subscription_is_put():
    book = SubscriptionBook()
    troops = subscription()
    assert book.apply(b"troops", troops.encode()) == Put(troops)
    assert dict(book.subscriptions) == {"troops": troops}


def test_the_same_record_read_again_changes_nothing():
    book = SubscriptionBook()
    book.apply(b"troops", subscription().encode())
    assert book.apply(b"troops", subscription().encode()) == Unchanged("troops")


def test_a_changed_subscription_replaces_the_old_one():
    book = SubscriptionBook()
    book.apply(b"troops", subscription().encode())
    edited = subscription(version=2, query="tanks")
    assert book.apply(b"troops", edited.encode()) == Put(edited)
    assert book.subscriptions["troops"] == edited


def test_a_null_removes_and_removing_twice_changes_nothing():
    book = SubscriptionBook()
    book.apply(b"troops", subscription().encode())
    assert book.apply(b"troops", None) == Removed("troops")
    assert book.apply(b"troops", None) == Unchanged("troops")
    assert "troops" not in book


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (b"", "empty"),
        (b"{truncated", "not_json"),
        (b'{"id":"troops"}', "invalid"),
        (subscription(schema_version=99).encode(), "newer_schema"),
        (subscription("other").encode(), "key_mismatch"),
    ],
)
def test_an_unreadable_record_is_kept_and_reported_and_ends_what_was_there(value: bytes, code: str):
    book = SubscriptionBook()
    book.apply(b"troops", subscription().encode())
    change = book.apply(b"troops", value)
    assert isinstance(change, Unreadable)
    assert (change.id, change.code) == ("troops", code)
    assert book.unreadable["troops"] == change
    assert "troops" not in book.subscriptions
    assert "troops" in book


def test_an_unreadable_record_read_again_is_reported_once():
    book = SubscriptionBook()
    book.apply(b"troops", b"{")
    assert book.apply(b"troops", b"{") == Unchanged("troops")


def test_a_mended_subscription_is_no_longer_unreadable():
    book = SubscriptionBook()
    book.apply(b"troops", b"{")
    assert book.apply(b"troops", subscription().encode()) == Put(subscription())
    assert not book.unreadable


def test_removing_an_unreadable_one_removes_it():
    book = SubscriptionBook()
    book.apply(b"troops", b"{")
    assert book.apply(b"troops", None) == Removed("troops")
    assert not book.unreadable


def test_a_key_that_is_no_utf_8_or_missing_is_reported():
    book = SubscriptionBook()
    assert isinstance(book.apply(b"\xff", subscription().encode()), Unreadable)
    assert isinstance(book.apply(None, subscription().encode()), Unreadable)
    assert book.apply(None, None) == Removed("")


def test_marking_invalid_keeps_the_subscription_and_stops_it():
    book = SubscriptionBook()
    book.apply(b"troops", subscription().encode())
    marked = subscription(invalid="column 1: no such concept")
    assert book.mark_invalid("troops", "column 1: no such concept") == Put(marked)
    assert book.mark_invalid("troops", "column 1: no such concept") == Unchanged("troops")
    assert not rings_for(marked, CREATED)
    assert book.mark_invalid("troops", None) == Put(subscription())


def test_marking_what_was_removed_changes_nothing():
    assert SubscriptionBook().mark_invalid("gone", "reason") == Unchanged("gone")


RECORDS = st.lists(
    st.tuples(
        st.sampled_from([b"a", b"b", b"c"]),
        st.sampled_from(
            [
                None,
                b"",
                b"{",
                *(subscription(id_, version=version).encode() for id_ in "abc" for version in (1, 2)),
            ]
        ),
    ),
    max_size=30,
)


@given(RECORDS)
def test_the_state_after_compaction_is_the_state_that_was_followed_live(records: list[tuple[bytes, bytes | None]]):
    live, compacted = SubscriptionBook(), SubscriptionBook()
    for key, value in records:
        live.apply(key, value)
    for key, value in dict(records).items():
        compacted.apply(key, value)
    assert dict(live.subscriptions) == dict(compacted.subscriptions)
    assert dict(live.unreadable) == dict(compacted.unreadable)


@given(RECORDS)
def test_the_changes_alone_rebuild_the_state(records: list[tuple[bytes, bytes | None]]):
    """What a matcher is fed from: a follower of the changes holds just the readable subscriptions."""
    book, follower = SubscriptionBook(), dict[str, Subscription]()
    for key, value in records:
        match book.apply(key, value):
            case Put(put):
                follower[put.id] = put
            case Removed(id_) | Unreadable(id_):
                follower.pop(id_, None)
            case Unchanged():
                pass
    assert follower == dict(book.subscriptions)


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("fields", "fetched_at", "rings"),
    [
        ({}, CREATED, True),
        ({}, CREATED - SECOND, False),
        ({"paused": True}, CREATED + SECOND, False),
        ({"invalid": "no such concept"}, CREATED + SECOND, False),
        ({"resumed_at": CREATED + 10 * SECOND}, CREATED + 5 * SECOND, False),
        ({"resumed_at": CREATED + 10 * SECOND}, CREATED + 10 * SECOND, True),
        ({"resumed_at": CREATED - 10 * SECOND}, CREATED - 5 * SECOND, False),
    ],
)
def test_a_subscription_rings_only_from_its_creation_or_last_resume_on(
    fields: dict[str, object], fetched_at: datetime, rings: bool
):
    assert rings_for(subscription(**fields), fetched_at) is rings
