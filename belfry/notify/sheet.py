"""State as it is looked up, and what is to be written of it, in the order that makes a kill harmless. No IO of its own."""

from typing import Protocol

from belfry.notify.events import Outcome
from belfry.notify.records import Head, Item, Record, Story, head_key, item_key
from belfry.notify.store import Change


class Kept(Protocol):
    """Where records are looked up."""

    def get(self, key: bytes) -> Record | None:
        """The record under a key."""
        ...


class Sheet:
    """What one piece of work makes of the state: items first, then heads, then stories (see policy.py)."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._items: dict[bytes, Change] = {}
        self._heads: dict[bytes, Change] = {}
        self._stories: dict[bytes, Change] = {}

    def head(self, subscription_id: str) -> Head:
        """The subscription's head; an empty one where nothing is known of it."""
        found = self._looked_up(self._heads, head_key(subscription_id))
        return found if isinstance(found, Head) else Head()

    def story(self, key: bytes) -> Story | None:
        """The story under a key."""
        found = self._looked_up(self._stories, key)
        return found if isinstance(found, Story) else None

    def item(self, subscription_id: str, item_id: str) -> Item | None:
        """The item."""
        found = self._looked_up(self._items, item_key(subscription_id, item_id))
        return found if isinstance(found, Item) else None

    def keep_item(self, partition: int, item: Item) -> None:
        """Keep an item. One that is on its way or closed stays as it is: only one that waits may become something else."""
        known = self.item(item.subscription_id, item.id)
        if known is None or known.state == "waiting":
            key = item_key(item.subscription_id, item.id)
            self._items[key] = Change(partition, key, item)

    def keep_head(self, partition: int, subscription_id: str, head: Head | None) -> None:
        """Keep a head; None: forget it."""
        key = head_key(subscription_id)
        self._heads[key] = Change(partition, key, head)

    def keep_story(self, partition: int, key: bytes, story: Story) -> None:
        """Keep a story."""
        self._stories[key] = Change(partition, key, story)

    def keep(self, partition: int, subscription_id: str, before: Head, outcome: Outcome) -> None:
        """Keep an outcome's items, and its head where that is another one."""
        for item in outcome.items:
            self.keep_item(partition, item)
        if outcome.state.head != before:
            self.keep_head(partition, subscription_id, outcome.state.head)

    def changes(self) -> list[Change]:
        """What is to be written, in this order."""
        return [*self._items.values(), *self._heads.values(), *self._stories.values()]

    def opened(self) -> list[tuple[int, bytes, Item]]:
        """The items that are on their way once this is written: partition, key, item; in order."""
        return [
            (change.partition, key, change.record)
            for key, change in self._items.items()
            if isinstance(change.record, Item) and change.record.state == "open"
        ]

    def _looked_up(self, changed: dict[bytes, Change], key: bytes) -> Record | None:
        return changed[key].record if key in changed else self._kept.get(key)
