"""What became of a bell, from the ledger, for people and for programs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from belfry.notify.events import COUNTED
from belfry.notify.notices import shown_channel
from belfry.notify.records import (
    Head,
    Item,
    Record,
    Story,
    head_key,
    item_key,
    items_prefix,
    story_key,
)
from schemas.alerts import Alert

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


@dataclass(frozen=True, slots=True)
class Sending:
    """A message on one channel. `channel` is without what may be secret."""

    channel: str
    state: str
    attempts: int
    at: datetime | None
    reason: str
    error: str
    resent: bool = False

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


def account(alert: Alert, records: Mapping[bytes, Record]) -> Account:
    """What became of the alert, by these records."""
    item = _item(records, item_key(alert.subscription_id, alert.alert_id))
    again = tuple(
        sending
        for record in records.values()
        if isinstance(record, Item) and record.id.startswith(f"{alert.alert_id}~")
        for sending in _sendings(record)
    )
    if item is None:
        return _without_item(alert, records, again)
    if item.state == "waiting":
        head = records.get(head_key(alert.subscription_id))
        due = head.digest_at if isinstance(head, Head) else None
        return Account("waits", again, why=WAITS_FOR.get(item.why or "", ""), due=due)
    digest = _item(records, item_key(alert.subscription_id, item.digest)) if item.digest else None
    sendings = (*_sendings(item), *(() if digest is None else _sendings(digest)), *again)
    named = None if item.digest in ("", COUNTED) else item.digest
    why = "a long digest only counts it" if item.digest == COUNTED and not item.channels else ""
    return Account(_fate(item, digest), sendings, why=why, digest=named, bell=alert.alert_id)


def _without_item(alert: Alert, records: Mapping[bytes, Record], again: tuple[Sending, ...]) -> Account:
    story = records.get(story_key(alert.subscription_id, "", alert.story_id or alert.article_id))
    if isinstance(story, Story) and story.bell != alert.alert_id:
        return Account("also_in", again, why="its story had rung before", bell=story.bell)
    return Account("sent" if again else "unknown", again, why="" if again else "the ledger doesn't know it")


def _fate(item: Item, digest: Item | None) -> Fate:
    if item.closed in ("canceled", "removed"):
        return "canceled" if item.closed == "canceled" else "removed"
    states = {channel.state for each in (item, digest) if each is not None for channel in each.channels}
    if item.digest == COUNTED and not item.channels:
        return "sent"
    for state, fate in _BY_CHANNELS:
        if state in states:
            return fate
    return "dropped"


def _sendings(item: Item) -> tuple[Sending, ...]:
    return tuple(
        Sending(
            shown_channel(channel.url),
            channel.state,
            channel.attempts,
            channel.at,
            channel.reason,
            channel.error,
            item.resent,
        )
        for channel in item.channels
    )


def _item(records: Mapping[bytes, Record], key: bytes) -> Item | None:
    found = records.get(key)
    return found if isinstance(found, Item) else None
