"""The match step: every subscription against every article of [articles.enriched], bells to [alerts]."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from processors.agents.outcomes import REPLAY_HEADER, dead_outgoing
from processors.agents.records import Outgoing, Record, Sender
from processors.matching.articles import MatchArticle, match_article
from processors.matching.matcher import Match
from schemas.alerts import Alert, AlertArticle, alert_id
from schemas.articles import EnrichedArticle
from schemas.errors import DecodeError
from schemas.subscriptions import Subscription
from schemas.topics import Topics


class Subscriptions(Protocol):
    """The live set of subscriptions, compiled."""

    def match(self, article: MatchArticle) -> Sequence[Match]:
        """Every subscription that matches, whether or not it may ring."""
        ...

    def ringing(self, subscription_id: str, fetched_at: datetime) -> Subscription | None:
        """The subscription where it rings for an article fetched then; None where it is paused, too young or gone."""
        ...


class MatchStep:
    """See the module."""

    def __init__(
        self, *, subscriptions: Subscriptions, sender: Sender, topics: Topics, now: Callable[[], datetime]
    ) -> None:
        self._subscriptions = subscriptions
        self._sender = sender
        self._topics = topics
        self._now = now
        self.alerts = 0

    async def process(self, batch: Sequence[Record]) -> None:
        """See Step. Matching runs in a thread, so that the event loop's heartbeats go on."""
        outputs = await asyncio.to_thread(lambda: [sent for record in batch for sent in self._outputs(record)])
        await self._sender.send_all(outputs)
        self.alerts += sum(sent.topic == self._topics.alerts for sent in outputs)

    def _outputs(self, record: Record) -> list[Outgoing]:
        try:
            article = EnrichedArticle.decode(record.value)
        except DecodeError as error:
            # The index step dead-letters it: one record, one dead letter.
            del error
            return []
        if article.status == "canceled" or REPLAY_HEADER in record.headers:
            return []
        try:
            return [
                Outgoing(self._topics.alerts, alert.subscription_id.encode(), alert.encode())
                for alert in self._alerts(article)
            ]
        except Exception as error:  # noqa: BLE001 one article must not hold up the rest; it is kept, with the reason
            message = f"{type(error).__name__}: {error}"
            return [
                dead_outgoing(
                    record,
                    topic=self._topics.dead,
                    stage="match",
                    reason="failed",
                    error=message,
                    failed_at=self._now(),
                )
            ]

    def _alerts(self, article: EnrichedArticle) -> list[Alert]:
        shown = AlertArticle(
            title=article.title,
            url=article.url,
            source=article.source,
            guid=article.guid,
            published_at=article.published_at,
            language=article.language,
        )
        alerts: list[Alert] = []
        for match in self._subscriptions.match(match_article(article)):
            subscription = self._subscriptions.ringing(match.subscription_id, article.fetched_at)
            if subscription is None:
                continue
            alerts.append(
                Alert(
                    alert_id=alert_id(subscription.id, article.article_id, article.version),
                    subscription_id=subscription.id,
                    subscription_version=subscription.version,
                    article_id=article.article_id,
                    version=article.version,
                    story_id=article.story_id,
                    matched_at=self._now(),
                    spans=tuple(match.spans),
                    article=shown,
                )
            )
        return alerts
