"""Alerts: a subscription's bell for one version of one article, with the reason."""

import hashlib

from pydantic import BaseModel, ConfigDict

from schemas.messages import Message, UtcDatetime
from schemas.spans import ExplainedSpan


class AlertArticle(BaseModel):
    """What a reader of an alert needs of the article."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: str
    url: str | None
    source: str
    guid: str | None
    published_at: UtcDatetime
    language: str | None


class Alert(Message):
    """A bell. `spans` says why it rang: every place that takes part, and which part of the query it satisfies."""

    alert_id: str
    subscription_id: str
    subscription_version: int
    article_id: str
    version: int
    story_id: str | None = None
    matched_at: UtcDatetime
    spans: tuple[ExplainedSpan, ...]
    article: AlertArticle


def alert_id(subscription_id: str, article_id: str, version: int, run: str = "") -> str:
    """The id of a bell: a hash of subscription, article and version (and of the replay's run, if it rings again).

    The same four always give the same id, so a bell that is sent again is known.
    """
    key = "\x1f".join((subscription_id, article_id, str(version), *((run,) if run else ())))
    return hashlib.sha256(key.encode()).hexdigest()[:32]
