"""The subscriptions as they are now: the compacted topic read whole at start, then followed.

Nothing is matched before the state is complete, or an article could pass while its subscription was still unread.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportAttributeAccessIssue=false

import asyncio
import contextlib
import threading
from collections.abc import Sequence
from datetime import datetime

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from processors.matching.articles import MatchArticle
from processors.matching.matcher import Match, Matcher
from processors.subscription_book import Put, Removed, SubscriptionBook, Unreadable, rings_for
from schemas.errors import QueryError
from schemas.subscriptions import Subscription
from schemas.topics import MAX_MESSAGE_BYTES

_log = structlog.get_logger()
_RETRY_S = 1.0


class LiveSubscriptions:
    """Follows the topic in the background; `match` and `ringing` may be called from any thread once `ready`."""

    def __init__(self, bootstrap: str, topic: str, matcher: Matcher) -> None:
        self.ready = asyncio.Event()
        self.cut_short = False
        self._bootstrap = bootstrap
        self._topic = topic
        self._matcher = matcher
        self._book = SubscriptionBook()
        self._lock = threading.Lock()
        self._next_offset = 0

    async def follow(self) -> None:
        """Read the topic for ever; after an outage it goes on where it was."""
        while True:
            try:
                await self._follow_once()
            except (KafkaError, OSError) as error:
                _log.warning("subscriptions can't be followed, trying again", error=repr(error))
                await asyncio.sleep(_RETRY_S)

    def match(self, article: MatchArticle) -> Sequence[Match]:
        """Every subscription that matches."""
        with self._lock:
            found = self._matcher.match(article)
            self.cut_short = self._matcher.cut_short
        return found

    def ringing(self, subscription_id: str, fetched_at: datetime) -> Subscription | None:
        """The subscription where it rings for an article fetched then."""
        with self._lock:
            subscription = self._book.subscriptions.get(subscription_id)
        return subscription if subscription is not None and rings_for(subscription, fetched_at) else None

    async def _follow_once(self) -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            enable_auto_commit=False,
            # Where the topic was made anew, all of it is read again; "latest" would miss what it holds.
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
            fetch_max_wait_ms=200,
        )
        await consumer.start()
        try:
            partition = TopicPartition(self._topic, 0)
            consumer.assign([partition])
            consumer.seek(partition, self._next_offset)
            end = (await consumer.end_offsets([partition]))[partition]
            while True:
                if not self.ready.is_set() and await consumer.position(partition) >= end:
                    self.ready.set()
                    _log.info("subscriptions complete", subscriptions=len(self._book.subscriptions))
                batches = await consumer.getmany(partition, timeout_ms=200, max_records=5000)
                records = batches.get(partition, [])
                if records:
                    await asyncio.to_thread(self._apply, records)
                    self._next_offset = records[-1].offset + 1
        finally:
            with contextlib.suppress(KafkaError, OSError):
                await consumer.stop()

    def _apply(self, records: Sequence[object]) -> None:
        for record in records:
            with self._lock:
                self._apply_one(record.key, record.value)  # pyright: ignore[reportAttributeAccessIssue]

    def _apply_one(self, key: bytes | None, value: bytes | None) -> None:
        change = self._book.apply(key, value)
        if isinstance(change, Removed):
            self._matcher.discard(change.id)
        elif isinstance(change, Unreadable):
            self._matcher.discard(change.id)
            _log.error("subscription can't be read and doesn't ring", subscription=change.id, reason=change.reason)
        elif isinstance(change, Put):
            self._put(change.subscription)

    def _put(self, subscription: Subscription) -> None:
        try:
            self._matcher.put(subscription.id, subscription.query)
        except QueryError as error:
            self._set_aside(subscription, str(error))
        except Exception as error:  # noqa: BLE001 one query must not end the bells of all others
            self._set_aside(subscription, repr(error))

    def _set_aside(self, subscription: Subscription, reason: str) -> None:
        self._matcher.discard(subscription.id)
        self._book.mark_invalid(subscription.id, reason)
        _log.error("subscription can't be matched and doesn't ring", subscription=subscription.id, error=reason)
