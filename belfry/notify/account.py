"""What became of a bell, from the ledger, for people and for programs. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from belfry.notify.digests import takes_single_bells
from belfry.notify.events import COUNTED
from belfry.notify.notices import shown_channel
from belfry.notify.records import (
    Head,
    Item,
    ItemChannel,
    Record,
    Story,
    head_key,
    item_key,
    items_prefix,
    story_key,
)
from schemas.alerts import Alert
from schemas.subscriptions import Subscription

Fate = Literal["sent", "on_its_way", "waits", "given_up", "also_in", "canceled", "removed", "dropped", "unknown"]

_BY_CHANNELS: tuple[tuple[str, Fate], ...] = (("sent", "sent"), ("pending", "on_its_way"), ("dead", "given_up"))
"""What became of a bell that is on several channels: the best of it."""

WAITS_FOR = {
    "digest": "the subscription has digests",
    "quiet": "it rang in the quiet hours",
    "throttle": "the throttle let no more through",
    "flood": "the subscription floods",
    "paused": "the subscription is paused",
}
_NO_CHANNEL = "its subscription has no channel"
_UNKNOWN = "the ledger doesn't know it: there was no channel then, or it has just rung, or it did so long ago"


@dataclass(frozen=True, slots=True)
class Sending:
    """A message on one channel. `channel` is without what may be secret.

    `behind`: the message before it there, which isn't taken; `reason` and `error` are of that one then.
    """

    channel: str
    state: str
    attempts: int
    at: datetime | None
    reason: str
    error: str
    resent: bool = False
    behind: str = ""

    def as_object(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {
            "channel": self.channel,
            "state": self.state,
            "attempts": self.attempts,
            "at": None if self.at is None else self.at.isoformat(),
            "reason": self.reason or None,
            "error": self.error or None,
            "resent": self.resent,
            "behind": self.behind or None,
        }


@dataclass(frozen=True, slots=True)
class Account:
    """What became of an alert. `bell`: the alert that rang for the story. `due`: when what waits is sent."""

    fate: Fate
    sendings: tuple[Sending, ...] = ()
    why: str = ""
    due: datetime | None = None
    digest: str | None = None
    bell: str | None = None

    def as_object(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {
            "state": self.fate,
            "why": self.why or None,
            "due": None if self.due is None else self.due.isoformat(),
            "digest": self.digest,
            "bell": self.bell,
            "channels": [sending.as_object() for sending in self.sendings],
        }


def prefixes_of(alert: Alert) -> list[bytes]:
    """Which records an account of the alert is made of."""
    story = story_key(alert.subscription_id, "", alert.story_id or alert.article_id)
    return [head_key(alert.subscription_id), items_prefix(alert.subscription_id), story]


def account(alert: Alert, records: Mapping[bytes, Record], subscription: Subscription | None) -> Account:
    """What became of the alert, by these records; its subscription as it is now, None where it was removed."""
    item = _item(records, item_key(alert.subscription_id, alert.alert_id))
    again = tuple(
        sending
        for record in records.values()
        if isinstance(record, Item) and record.id.startswith(f"{alert.alert_id}~")
        for sending in _sendings(record, records)
    )
    paused = subscription is not None and subscription.paused
    if item is None:
        return _without_item(alert, records, again, subscription)
    if item.state == "waiting":
        head = records.get(head_key(alert.subscription_id))
        due = head.digest_at if isinstance(head, Head) else None
        why = WAITS_FOR.get("paused" if paused else item.why or "", "")
        return Account("waits", again, why=why, due=None if paused else due)
    digest = _item(records, item_key(alert.subscription_id, item.digest)) if item.digest else None
    sendings = (*_sendings(item, records), *(() if digest is None else _sendings(digest, records)), *again)
    named = None if item.digest in ("", COUNTED) else item.digest
    fate = _fate(item, digest)
    if again and fate in ("given_up", "dropped"):
        fate = _fate_of(each.state for each in again)
    why = ""
    if item.digest == COUNTED and not item.channels:
        why = "a long digest only counts it"
        if subscription is not None and all(map(takes_single_bells, subscription.channels)):
            fate, why = "unknown", "more bells waited than are kept: it was only counted"
    if fate == "on_its_way" and paused:
        why = WAITS_FOR["paused"]
    return Account(fate, sendings, why=why, digest=named, bell=alert.alert_id)


def _without_item(
    alert: Alert, records: Mapping[bytes, Record], again: tuple[Sending, ...], subscription: Subscription | None
) -> Account:
    story = records.get(story_key(alert.subscription_id, "", alert.story_id or alert.article_id))
    if isinstance(story, Story) and story.bell != alert.alert_id:
        return Account("also_in", again, why="its story had rung before", bell=story.bell)
    if again:
        return Account(_fate_of(each.state for each in again), again)
    return Account("unknown", why=_NO_CHANNEL if subscription and not subscription.channels else _UNKNOWN)


def _fate(item: Item, digest: Item | None) -> Fate:
    if item.closed in ("canceled", "removed"):
        return "canceled" if item.closed == "canceled" else "removed"
    states = {channel.state for each in (item, digest) if each is not None for channel in each.channels}
    if item.digest == COUNTED and not item.channels:
        return "sent"
    return _fate_of(states)


def _fate_of(states: Iterable[str]) -> Fate:
    """The best of what became of it on its channels."""
    found = set(states)
    for state, fate in _BY_CHANNELS:
        if state in found:
            return fate
    return "dropped"


def _sendings(item: Item, records: Mapping[bytes, Record]) -> tuple[Sending, ...]:
    return tuple(_sending(item, channel, records) for channel in item.channels)


def _sending(item: Item, channel: ItemChannel, records: Mapping[bytes, Record]) -> Sending:
    ahead = None
    if channel.state == "pending" and not channel.attempts:
        ahead = min(_ahead(item, channel.url, records), key=lambda one: one[0].seq, default=None)
    said = channel if ahead is None else ahead[1]
    return Sending(
        shown_channel(channel.url),
        channel.state,
        channel.attempts,
        channel.at,
        said.reason,
        said.error,
        item.resent,
        behind="" if ahead is None else ahead[0].id,
    )


def _ahead(item: Item, url: str, records: Mapping[bytes, Record]) -> Iterator[tuple[Item, ItemChannel]]:
    """What is before the item on the channel, which takes messages in order, and was tried without success."""
    for record in records.values():
        if not isinstance(record, Item) or record.subscription_id != item.subscription_id or record.seq >= item.seq:
            continue
        yield from ((record, each) for each in record.pending if each.url == url and each.attempts)


def _item(records: Mapping[bytes, Record], key: bytes) -> Item | None:
    found = records.get(key)
    return found if isinstance(found, Item) else None
