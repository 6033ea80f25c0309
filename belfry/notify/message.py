"""What is sent to somebody: one bell, a digest of bells, or a notice about the subscription itself. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schemas.alerts import Alert, AlertArticle
from schemas.subscriptions import Subscription

Kind = Literal["bell", "digest", "notice"]


@dataclass(frozen=True, slots=True)
class Bell:
    """An alert, and the articles of the same story that came with it or after it: its copies elsewhere.

    `more`: so many beyond these are only counted.
    """

    alert: Alert
    also_in: tuple[AlertArticle, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel delivers.

    `message_id` is the idempotency key: the alert_id of a bell, else `digest_id` or `notice_id`. `bells` is one for a
    bell, any number in a digest, none in a notice; `notice` is what a notice says, in words for its reader.
    `at` is when the message was made. `more`: so many bells beyond these a long digest only counts.
    """

    kind: Kind
    message_id: str
    subscription: Subscription
    bells: tuple[Bell, ...]
    at: datetime
    notice: str = ""
    more: int = 0


def bell_message(subscription: Subscription, bell: Bell, at: datetime) -> Message:
    """The message of one bell."""
    return Message("bell", bell.alert.alert_id, subscription, (bell,), at)


def digest_id(subscription_id: str, period: str, alert_ids: Sequence[str]) -> str:
    """The id of a digest: the same for the same bells in the same period, whoever makes it."""
    return _hashed("digest", subscription_id, period, *alert_ids)


def notice_id(subscription_id: str, about: str) -> str:
    """The id of a notice: one about the same thing (a day's flood, say) is the same notice."""
    return _hashed("notice", subscription_id, about)


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
