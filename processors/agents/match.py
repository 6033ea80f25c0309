"""The match step: every subscription against every article of [articles.enriched], bells to [alerts]."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, cast

import structlog

from processors.agents.outcomes import REPLAY_HEADER, RING_HEADER, dead_outgoing
from processors.agents.records import Done, Outgoing, Record, Sender
from processors.excerpts import ArticleExcerpts
from processors.matching.articles import MatchArticle, match_article
from processors.matching.matcher import Match
from schemas.alerts import Alert, AlertArticle, alert_id
from schemas.articles import EnrichedArticle
from schemas.dead_letters import Reason
from schemas.errors import DecodeError
from schemas.subscriptions import Subscription
from schemas.topics import ROOM_BYTES, Topics

_log = structlog.get_logger()

_SENT_AT_ONCE = 2000
"""Bells that are made before they are sent: one article may ring thousands."""


class Subscriptions(Protocol):
    """The live set of subscriptions, compiled. `cut_short`: matches of the last article may be missing."""

    cut_short: bool

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

    async def process(self, batch: Sequence[Record]) -> Sequence[Done]:
        """See Step. Matching runs in a thread, so that the event loop's heartbeats go on."""
        done: list[Done] = []
        while len(done) < len(batch):
            some, outputs = await asyncio.to_thread(self._outcomes, batch[len(done) :])
            await self._sender.send_all(outputs)
            done += some
        return done

    def _outcomes(self, batch: Sequence[Record]) -> tuple[list[Done], list[Outgoing]]:
        """Those of the first records, as many as make no more bells than are sent at once, and what is to be sent."""
        done: list[Done] = []
        outputs: list[Outgoing] = []
        for record in batch:
            outcome, sent = self._outcome(record)
            done.append(outcome)
            outputs += sent
            if len(outputs) >= _SENT_AT_ONCE:
                break
        return done, outputs

    def _outcome(self, record: Record) -> tuple[Done, list[Outgoing]]:
        try:
            article = EnrichedArticle.decode(record.value)
        except DecodeError as error:
            # The index step dead-letters it: one record, one dead letter.
            return Done("dead", cast("Reason", error.code)), []
        run = record.headers.get(REPLAY_HEADER)
        if run is not None and (RING_HEADER not in record.headers or article.status == "canceled"):
            return Done("done", fetched_at=article.fetched_at), []
        if article.status == "canceled":
            return Done("done", fetched_at=article.fetched_at), [self._cancellation(article)]
        headers = () if run is None else ((REPLAY_HEADER, run),)
        try:
            bells = [
                Outgoing(self._topics.alerts, alert.subscription_id.encode(), _fitting(alert), headers=headers)
                for alert in self._alerts(article, (run or b"").decode("utf-8", "replace"))
            ]
        except Exception as error:  # noqa: BLE001 one article must not hold up the rest; it is kept, with the reason
            _log.error("article can't be matched", article=article.article_id, exc_info=True)
            message = f"{type(error).__name__}: {error}"
            letter = dead_outgoing(
                record, topic=self._topics.dead, stage="match", reason="failed", error=message, failed_at=self._now()
            )
            return Done("dead", "failed", article.fetched_at), [letter]
        if self._subscriptions.cut_short:
            # What was found rings; that more may be missing is not kept from anybody.
            error = "more mentions to pair than are looked at: bells of this article may be missing"
            _log.error("article is matched in part", article=article.article_id)
            letter = dead_outgoing(
                record, topic=self._topics.dead, stage="match", reason="too_slow", error=error, failed_at=self._now()
            )
            return Done("dead", "too_slow", article.fetched_at, alerts=len(bells)), [*bells, letter]
        return Done("done", fetched_at=article.fetched_at, alerts=len(bells)), bells

    def _cancellation(self, article: EnrichedArticle) -> Outgoing:
        """For whoever has bells of the article that are not sent yet."""
        return Outgoing(self._topics.canceled, article.article_id.encode(), str(article.version).encode())

    def _alerts(self, article: EnrichedArticle, run: str) -> list[Alert]:
        """The bells of an article; `run` is the replay's that rings once more, empty for what comes by itself."""
        shown = AlertArticle(
            title=article.title,
            url=article.url,
            source=article.source,
            guid=article.guid,
            published_at=article.published_at,
            language=article.language,
        )
        excerpts = ArticleExcerpts(article)
        alerts: list[Alert] = []
        for match in self._subscriptions.match(match_article(article)):
            subscription = self._subscriptions.ringing(match.subscription_id, article.fetched_at)
            if subscription is None:
                continue
            spans = match.spans
            alerts.append(
                Alert(
                    alert_id=alert_id(subscription.id, article.article_id, article.version, run),
                    subscription_id=subscription.id,
                    subscription_version=subscription.version,
                    article_id=article.article_id,
                    version=article.version,
                    story_id=article.story_id,
                    matched_at=self._now(),
                    spans=spans,
                    article=shown,
                    excerpts=excerpts.of(spans),
                    passages=excerpts.passages(spans),
                    entities=excerpts.entities,
                )
            )
        return alerts


def _fitting(alert: Alert) -> bytes:
    """The alert as it is sent. One with more spans than a message holds rings with the first of them."""
    value = alert.encode()
    while len(value) > ROOM_BYTES and alert.spans:
        alert = alert.model_copy(update={"spans": alert.spans[: len(alert.spans) // 2]})
        value = alert.encode()
    if len(value) > ROOM_BYTES:
        raise ValueError("title, address and names alone are more than a message holds")
    return value
