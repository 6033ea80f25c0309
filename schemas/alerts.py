"""Alerts: a subscription's bell for one version of one article, with the reason."""

import hashlib

from pydantic import BaseModel, ConfigDict

from schemas.messages import Message, UtcDatetime
from schemas.spans import ExplainedSpan, Field


class AlertArticle(BaseModel):
    """What a reader of an alert needs of the article."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: str
    url: str | None
    source: str
    guid: str | None
    published_at: UtcDatetime
    language: str | None


class Excerpt(BaseModel):
    """A sentence of the article, word for word as stored, with the words that made it ring.

    `marks` are [start, end) in `text`, in code points, in order and apart. `starts_inside`, `ends_inside`: there is
    more of the sentence before, behind.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    field: Field
    text: str
    marks: tuple[tuple[int, int], ...] = ()
    starts_inside: bool = False
    ends_inside: bool = False


class Alert(Message):
    """A bell. `spans` says why it rang: every place that takes part, and which part of the query it satisfies.

    `excerpts` are the title and the first sentences that take part (a filter's: the lead sentence), `passages` the keys
    of all that do (what an edit added has a new one), `entities` canonical names, most mentioned first. Alerts of
    before lack all three.
    """

    alert_id: str
    subscription_id: str
    subscription_version: int
    article_id: str
    version: int
    story_id: str | None = None
    matched_at: UtcDatetime
    spans: tuple[ExplainedSpan, ...]
    article: AlertArticle
    excerpts: tuple[Excerpt, ...] = ()
    passages: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()


def alert_id(subscription_id: str, article_id: str, version: int, run: str = "") -> str:
    """The id of a bell: a hash of subscription, article and version (and of the replay's run, if it rings again).

    The same four always give the same id, so a bell that is sent again is known.
    """
    key = "\x1f".join((subscription_id, article_id, str(version), *((run,) if run else ())))
    return hashlib.sha256(key.encode()).hexdigest()[:32]
