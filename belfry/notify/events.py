"""What notify is told, what it knows of a subscription when it is told, and what it makes of that. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from belfry.notify.records import Head, Item, ItemBell, ItemChannel, Story
from schemas.subscriptions import Subscription

Decision = Literal[
    "rings", "waits", "also_in", "repeat", "canceled", "removed", "digest", "notice", "nothing", "late", "failed"
]

CLOCKS_DIFFER = timedelta(minutes=5)

COUNTED = "counted"
"""The digest of a bell that a long digest only counts."""


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a subscription, and of the story that the event is about (None: never told of)."""

    subscription: Subscription | None
    head: Head
    story: Story | None = None


@dataclass(frozen=True, slots=True)
class AlertCame:
    """An alert, read from its topic.

    `canceled`: its article was, at a version that is not older. `item`: what an earlier reading of it made. `decided`:
    the head has it, so there is only the story left to be told.
    """

    bell: ItemBell
    canceled: bool = False
    item: Item | None = None
    decided: bool = False


@dataclass(frozen=True, slots=True)
class DigestDue:
    """It is time: `waiting` are the items that wait, `canceled` the ids of those whose article was canceled since.

    `made`: this digest, where it was made before a kill, and only what follows on it is still to be written.
    """

    waiting: tuple[Item, ...]
    canceled: frozenset[str] = frozenset()
    made: Item | None = None


@dataclass(frozen=True, slots=True)
class SubscriptionChanged:
    """The subscription was edited, paused or resumed: what waits may be due at another time."""


@dataclass(frozen=True, slots=True)
class ChannelFailed:
    """A channel gave up a message."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChannelWorks:
    """A channel that had given up a message took one."""

    url: str


Event = AlertCame | DigestDue | SubscriptionChanged | ChannelFailed | ChannelWorks


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state after the event, and the items to keep, in this order."""

    state: State
    items: tuple[Item, ...] = ()
    decision: Decision = "nothing"


def to_channels(urls: Sequence[str]) -> tuple[ItemChannel, ...]:
    """Channels that an item still has to go to."""
    return tuple(ItemChannel(url=url) for url in urls)


def with_head(state: State, **changes: object) -> State:
    """The state with its head changed."""
    return replace(state, head=state.head.model_copy(update=changes))


def predates(subscription: Subscription, moment: datetime) -> bool:
    """Whether this was of an earlier subscription under that id. Clocks of two machines may differ a little."""
    return moment < subscription.created_at - CLOCKS_DIFFER
