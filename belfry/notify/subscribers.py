"""The subscriptions as they are now, and which articles were canceled: what notify looks up. Not for several threads."""

from collections.abc import Callable

import structlog

from belfry.subscriptions.definition import known_time_zone, normal_quiet_hours, normal_throttle
from processors.subscription_book import Put, Removed, SubscriptionBook, Unreadable
from schemas.alerts import Alert
from schemas.subscriptions import Subscription

_log = structlog.get_logger()


class Subscribers:
    """Kept up to date by the records of the subscriptions' topic. `on_change` is told each id that was changed."""

    def __init__(self) -> None:
        self.on_change: Callable[[str], None] = lambda _: None
        self._book = SubscriptionBook()
        self._usable: dict[str, Subscription] = {}

    def apply(self, key: bytes | None, value: bytes | None) -> None:
        """One more record of the topic."""
        change = self._book.apply(key, value)
        if isinstance(change, Unreadable):
            _log.error("subscription can't be read and gets nothing", subscription=change.id, reason=change.reason)
        if isinstance(change, Put):
            self._usable[change.id] = usable(change.subscription)
        if isinstance(change, Removed | Unreadable):
            self._usable.pop(change.id, None)
        if isinstance(change, Put | Removed | Unreadable):
            self.on_change(change.id)

    def get(self, subscription_id: str) -> Subscription | None:
        """The subscription; None where there is none, or none that can be read."""
        return self._usable.get(subscription_id)

    def knows(self, alert: Alert) -> bool:
        """Whether the version that an alert was made for, or a later one, is known."""
        known = self._book.subscriptions.get(alert.subscription_id)
        return known is not None and known.version >= alert.subscription_version


def usable(subscription: Subscription) -> Subscription:
    """The subscription, without what a bell can't go by: whoever wrote it to the topic didn't check it."""
    checked: dict[str, tuple[Callable[[str], str], str | None]] = {
        "throttle": (normal_throttle, None),
        "quiet_hours": (normal_quiet_hours, None),
        "time_zone": (known_time_zone, "UTC"),
    }
    changes: dict[str, str | None] = {}
    for name, (normal, instead) in checked.items():
        value = getattr(subscription, name)
        if value is None:
            continue
        try:
            if (good := normal(value)) != value:
                changes[name] = good
        except ValueError as error:
            _log.error("subscription is delivered without this", subscription=subscription.id, error=str(error))
            changes[name] = instead
    return subscription.model_copy(update=changes) if changes else subscription


class CanceledArticles:
    """At which version articles were canceled, kept up to date by their topic."""

    def __init__(self) -> None:
        self._versions: dict[str, int] = {}

    def apply(self, key: bytes | None, value: bytes | None) -> None:
        """One more record of the topic: the version as digits, under the article id."""
        if key is None or value is None or not value.isdigit():
            _log.error("cancellation can't be read", key=key, value=value)
            return
        id_ = key.decode("utf-8", "replace")
        self._versions[id_] = max(int(value), self._versions.get(id_, 0))

    def includes(self, alert: Alert) -> bool:
        """Whether the alert's version of the article was canceled: at that version or a later one."""
        return self.includes_version(alert.article_id, alert.version)

    def includes_version(self, article_id: str, version: int) -> bool:
        """Whether this version of an article was canceled: at that version or a later one."""
        return self._versions.get(article_id, -1) >= version
