"""The subscriptions as the compacted topic states them, and what each of its records changes.

The state is a function of the last record of each key and of nothing else, so a worker that reads the topic after
compaction knows exactly what one knows that followed it live. Therefore a record that can't be read also ends what
its key held before: the subscription stops ringing, stays in `unreadable`, and is reported until it is mended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

from schemas.errors import DecodeError
from schemas.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class Put:
    """The subscription is new or differs from what its id held. One with `invalid` set is not to be matched."""

    subscription: Subscription

    @property
    def id(self) -> str:
        """Whose state changed."""
        return self.subscription.id


@dataclass(frozen=True, slots=True)
class Removed:
    """The id holds nothing any more."""

    id: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The record says what was known already."""

    id: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The id's record can't be read: `reason` is for people, `code` is one of the dead letters' reasons.

    Whatever the id held before no longer rings. For a record without a key, `id` is empty.
    """

    id: str
    reason: str
    code: str


Change: TypeAlias = Put | Removed | Unchanged | Unreadable


class SubscriptionBook:
    """All subscriptions, kept up to date by the records of the compacted topic, applied in order."""

    def __init__(self) -> None:
        self._subscriptions: dict[str, Subscription] = {}
        self._unreadable: dict[str, Unreadable] = {}

    @property
    def subscriptions(self) -> Mapping[str, Subscription]:
        """The readable subscriptions by id, paused and invalid ones among them, in the order of their first record."""
        return MappingProxyType(self._subscriptions)

    @property
    def unreadable(self) -> Mapping[str, Unreadable]:
        """What could not be read, by id: to be reported, never dropped."""
        return MappingProxyType(self._unreadable)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._subscriptions or id_ in self._unreadable

    def apply(self, key: bytes | None, value: bytes | None) -> Change:
        """What this record changes: Put, Removed, Unchanged or Unreadable. Never raises.

        A null value removes. A record whose key isn't the id in its value is unreadable (`key_mismatch`): compaction
        goes by the key, so it would come and go with another subscription's records.
        """
        id_ = "" if key is None else key.decode("utf-8", "replace")
        if value is None:
            return self._remove(id_)
        try:
            subscription = Subscription.decode(value)
        except DecodeError as error:
            return self._set_aside(Unreadable(id_, str(error), error.code))
        if key is None or key != subscription.id.encode():
            reason = f"the record's key is {id_!r}, but the subscription in it is {subscription.id!r}"
            return self._set_aside(Unreadable(id_, reason, "key_mismatch"))
        return self._put(subscription)

    def mark_invalid(self, id_: str, reason: str | None) -> Change:
        """Mark a subscription whose query this version can't use (None: clear the mark that another version set).

        An id that isn't held is Unchanged: it may have been removed since its query was looked at.
        """
        known = self._subscriptions.get(id_)
        if known is None:
            return Unchanged(id_)
        return self._put(known.model_copy(update={"invalid": reason}))

    def _put(self, subscription: Subscription) -> Change:
        self._unreadable.pop(subscription.id, None)
        if self._subscriptions.get(subscription.id) == subscription:
            return Unchanged(subscription.id)
        self._subscriptions[subscription.id] = subscription
        return Put(subscription)

    def _remove(self, id_: str) -> Change:
        held = id_ in self
        self._subscriptions.pop(id_, None)
        self._unreadable.pop(id_, None)
        return Removed(id_) if held else Unchanged(id_)

    def _set_aside(self, record: Unreadable) -> Change:
        self._subscriptions.pop(record.id, None)
        if self._unreadable.get(record.id) == record:
            return Unchanged(record.id)
        self._unreadable[record.id] = record
        return record


def rings_for(subscription: Subscription, fetched_at: datetime) -> bool:
    """Whether the subscription may ring for an article fetched at this instant (aware).

    Not while paused or invalid, and not for what was fetched before it was created or last resumed: a backlog
    doesn't ring old news. The instant of creation itself counts.
    """
    if subscription.paused or subscription.invalid is not None or fetched_at < subscription.created_at:
        return False
    return subscription.resumed_at is None or fetched_at >= subscription.resumed_at
