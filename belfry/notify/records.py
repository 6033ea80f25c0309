"""What notify remembers, as it stands in its changelog. Frozen; encoded without what is at its default.

Three kinds of records, each under a key of its own, in the partition of the subscription's alerts:
- Head, one a subscription: throttle, digest, flood; how far its alerts have been decided;
- Story, one for each story that it was told of (and run of a replay): which articles, which passages;
- Item, one for each bell, digest and notice: to be sent, sent, or why not. These are the ledger.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from schemas.alerts import Alert, AlertArticle
from schemas.messages import UtcDatetime

_SEPARATOR = "\x1f"

Kind = Literal["bell", "digest", "notice"]
Why = Literal["digest", "quiet", "throttle", "flood", "paused"]
"""Why a bell waits."""


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    def encode(self) -> bytes:
        """As JSON, what is at its default left out."""
        return self.model_dump_json(exclude_defaults=True).encode()

    @classmethod
    def decode(cls, value: bytes) -> Self:
        """The record in `value`."""
        return cls.model_validate_json(value)


class Head(_Kept):
    """Of one subscription. `decided`: up to which offset of the alerts (of the topic with the id `source`)."""

    source: str = ""
    decided: int = -1
    seq: int = 0
    """Of the subscription's last item: items are sent in this order."""
    rung_ms: tuple[int, ...] = ()
    """When bells rang at once, Unix milliseconds: as many as the throttle needs."""
    waiting: int = 0
    more: int = 0
    """Bells for the next digest: those kept whole, and those only counted."""
    why: Why | None = None
    digest_at: UtcDatetime | None = None
    digested_at: UtcDatetime | None = None
    """The due time of the last digest, so that a clock that is set back brings none of them twice."""
    hour: int = 0
    hour_bells: int = 0
    usual: float = 0.0
    """Bells an hour, the older the less they count; `hour` is the present one, in hours since 1970."""
    since: UtcDatetime | None = None
    slowed: bool = False
    failing: tuple[str, ...] = ()
    """Channels that gave up a message, whose owner was told, and that have taken none since."""
    version: int = 0
    """Of the subscription that `digest_at` was worked out for."""


class StoryArticle(_Kept):
    """An article of a story, as its readers are shown it."""

    article_id: str
    article: AlertArticle


class ItemBell(_Kept):
    """An alert that is to be sent, the key of its story, and the place of its record."""

    alert: Alert
    story: str
    partition: int
    offset: int


class Story(_Kept):
    """What a subscriber was told of one story."""

    bell: str
    """The alert that rang first."""
    first: ItemBell | None = None
    """That alert itself, where the subscription has a feed, whose entry is renewed when copies come."""
    last_at: UtcDatetime
    articles: tuple[StoryArticle, ...] = ()
    versions: dict[str, int] = {}
    """By article id."""
    more: int = 0
    """Articles beyond those in `versions`."""
    passages: dict[str, str] = {}
    """What matched in any of them: key -> the folded words, empty where they aren't known."""

    @property
    def count(self) -> int:
        """How many articles it has."""
        return len(self.versions) + self.more


class ItemChannel(_Kept):
    """What became of an item on one of its channels. `reason` and `error` are of the last try that failed."""

    url: str
    state: Literal["pending", "sent", "dead", "dropped"] = "pending"
    attempts: int = 0
    at: UtcDatetime | None = None
    reason: str = ""
    error: str = ""


class Item(_Kept):
    """A message on its way, or what became of it.

    waiting: for a digest. open: at least one of its channels is pending. closed: `digest` names the digest that it is
    in ("counted" where that only counts it), `closed` says why it was never sent; else see its channels. `bells` are
    dropped when it is closed; `alert_ids` stay. `counted`: the partition's delivered bells once this one was first
    sent, itself included.
    """

    id: str
    message_id: str
    subscription_id: str
    kind: Kind
    state: Literal["waiting", "open", "closed"]
    seq: int
    at: UtcDatetime
    alert_ids: tuple[str, ...] = ()
    bells: tuple[ItemBell, ...] = ()
    more: int = 0
    notice: str = ""
    channels: tuple[ItemChannel, ...] = ()
    why: Why | None = None
    digest: str = ""
    closed: str = ""
    resent: bool = False
    counted: int | None = None

    @property
    def pending(self) -> tuple[ItemChannel, ...]:
        """The channels that it still has to go to."""
        return tuple(channel for channel in self.channels if channel.state == "pending")

    def settled(self, closed: str = "", **changes: object) -> "Item":
        """Closed, without its content."""
        return self.model_copy(update={**changes, "state": "closed", "bells": (), "closed": closed})

    def with_channel(self, changed: ItemChannel) -> "Item":
        """With this in place of what was known of that channel; closed if it was the last."""
        channels = tuple(changed if channel.url == changed.url else channel for channel in self.channels)
        item = self.model_copy(update={"channels": channels})
        return item if item.pending else item.settled()


def head_key(subscription_id: str) -> bytes:
    """The key of a subscription's head."""
    return f"h{_SEPARATOR}{subscription_id}".encode()


def story_key(subscription_id: str, run: str, story_id: str) -> bytes:
    """The key of a story; `run` is the replay's, empty for what comes by itself."""
    return _SEPARATOR.join(("s", subscription_id, run, story_id)).encode()


def item_key(subscription_id: str, item_id: str) -> bytes:
    """The key of an item."""
    return _SEPARATOR.join(("i", subscription_id, item_id)).encode()


def subscription_of(key: bytes) -> str:
    """The id of the subscription that a record is of."""
    return key.decode().split(_SEPARATOR, 2)[1]


def items_prefix(subscription_id: str) -> bytes:
    """What the keys of all of a subscription's items begin with."""
    return item_key(subscription_id, "")


Record = Head | Story | Item

_KINDS: Mapping[bytes, type[Head] | type[Story] | type[Item]] = {b"h": Head, b"s": Story, b"i": Item}


def decoded(key: bytes, value: bytes) -> Record:
    """The record under a key."""
    return _KINDS[key[:1]].decode(value)


def milliseconds(moment: datetime) -> int:
    """Since 1970."""
    return round(moment.timestamp() * 1000)
