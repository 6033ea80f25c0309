"""What everything that keeps subscriptions must do, the fake and the compacted topic alike."""

from datetime import UTC, datetime

import pytest

from belfry.subscriptions.store import SubscriptionStore
from schemas.subscriptions import Subscription

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def kept(id_: str, **fields: object) -> Subscription:
    return Subscription.model_validate({"id": id_, "query": "troepen opbouw", "created_at": MOMENT, **fields})


class SubscriptionStoreContract:
    """Subclasses give the fixture `store`, empty."""

    def test_holds_nothing_at_first(self, store: SubscriptionStore):
        book = store.load()
        assert not book.subscriptions
        assert not book.unreadable

    def test_what_was_saved_is_loaded(self, store: SubscriptionStore):
        ours = {id_: kept(id_, name=f"Über {id_}") for id_ in ("a", "b", "c")}
        store.save(ours.values())
        assert dict(store.load().subscriptions) == ours

    def test_the_last_version_saved_stays(self, store: SubscriptionStore):
        store.save([kept("a", version=1), kept("a", version=2)])
        store.save([kept("a", version=3)])
        assert store.load().subscriptions["a"].version == 3

    def test_what_was_removed_is_gone_and_the_rest_stays(self, store: SubscriptionStore):
        store.save([kept("a"), kept("b")])
        store.remove(["a"])
        assert list(store.load().subscriptions) == ["b"]

    def test_what_was_removed_can_be_saved_anew(self, store: SubscriptionStore):
        store.save([kept("a")])
        store.remove(["a"])
        store.save([kept("a", query="tanks")])
        assert store.load().subscriptions["a"].query == "tanks"

    def test_removing_what_is_not_there_is_no_error(self, store: SubscriptionStore):
        store.remove(["nobody"])
        assert "nobody" not in store.load()

    def test_saving_nothing_is_no_error(self, store: SubscriptionStore):
        store.save([])
        store.remove([])
        assert not store.load().subscriptions

    @pytest.mark.parametrize("id_", ["ä/ö", "a:b", "日本", "x" * 128])
    def test_ids_come_back_as_they_were(self, store: SubscriptionStore, id_: str):
        store.save([kept(id_)])
        assert store.load().subscriptions[id_].id == id_

    def test_a_large_subscription_is_kept_whole(self, store: SubscriptionStore):
        large = kept("large", examples={"match": ["x" * 20_000] * 100})
        store.save([large])
        assert store.load().subscriptions["large"] == large

    def test_more_than_a_thousand_are_kept(self, store: SubscriptionStore):
        store.save(kept(f"s{number}") for number in range(2_500))
        assert len(store.load().subscriptions) == 2_500
