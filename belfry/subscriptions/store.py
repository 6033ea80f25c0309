"""Where subscriptions are kept: what a store promises, and a fake in memory that passes the same contract tests.

There is no lock: of two changes to one id at the same moment the later one stays, whole. `version` shows it.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

from processors.subscription_book import SubscriptionBook
from schemas.subscriptions import Subscription


class SubscriptionStore(Protocol):
    """What is kept under each id. Whoever loads after a save or removal has returned sees it."""

    def load(self) -> SubscriptionBook:
        """Everything that is kept at the moment of the call, unreadable records among it.

        Raises KafkaUnavailableError.
        """
        ...

    def save(self, subscriptions: Iterable[Subscription]) -> None:
        """Keep each under its id, in order, in place of what was there; returns when all are safe.

        Raises KafkaUnavailableError; then some may have been kept. Saving the same again changes nothing.
        """
        ...

    def remove(self, ids: Iterable[str]) -> None:
        """Keep nothing under these ids any more; returns when that is safe. Raises KafkaUnavailableError."""
        ...


class MemorySubscriptionStore:
    """Keeps the records in a list, as the topic would. For tests of what uses a store."""

    def __init__(self) -> None:
        self.records: list[tuple[bytes, bytes | None]] = []

    def load(self) -> SubscriptionBook:
        """See SubscriptionStore."""
        return book_of(self.records)

    def save(self, subscriptions: Iterable[Subscription]) -> None:
        """See SubscriptionStore."""
        self.records.extend(kept_records(subscriptions))

    def remove(self, ids: Iterable[str]) -> None:
        """See SubscriptionStore."""
        self.records.extend(removal_records(ids))


def book_of(records: Iterable[tuple[bytes | None, bytes | None]]) -> SubscriptionBook:
    """The book of these records, applied in order."""
    book = SubscriptionBook()
    for key, value in records:
        book.apply(key, value)
    return book


def kept_records(subscriptions: Iterable[Subscription]) -> Iterator[tuple[bytes, bytes]]:
    """The topic's records that keep these."""
    return ((subscription.id.encode(), subscription.encode()) for subscription in subscriptions)


def removal_records(ids: Iterable[str]) -> Iterator[tuple[bytes, None]]:
    """The topic's records that remove these."""
    return ((id_.encode(), None) for id_ in ids)
