"""Alerts, subscriptions and a desk in memory, for the tests of notify."""

from datetime import UTC, datetime, timedelta
from typing import Any

from belfry.notify.events import AlertCame, DigestDue, Event, Outcome, State
from belfry.notify.pace import Rules
from belfry.notify.policy import policy
from belfry.notify.records import Head, Item, ItemBell, Story
from processors.excerpts import passage_key
from schemas.alerts import Alert, AlertArticle, Excerpt, alert_id
from schemas.subscriptions import Subscription

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
"""A Monday."""


def subscription(id_: str = "s", **changes: Any) -> Subscription:
    values: dict[str, Any] = {
        "id": id_,
        "query": "troep*",
        "channels": ("mailto:desk@example.org",),
        "created_at": NOW - timedelta(days=100),
    }
    return Subscription.model_validate(values | changes)


def alert(
    article_id: str = "a",
    version: int = 1,
    *sentences: str,
    story: str | None = "story",
    to: str = "s",
    at: datetime = NOW,
    title: str = "",
    run: str = "",
) -> Alert:
    texts = sentences or ("Er zijn troepen aan de grens.",)
    excerpts = [Excerpt(field="title", text=title)] if title else []
    excerpts += [Excerpt(field="text", text=text) for text in texts]
    return Alert(
        alert_id=alert_id(to, article_id, version, run),
        subscription_id=to,
        subscription_version=1,
        article_id=article_id,
        version=version,
        story_id=story,
        matched_at=at,
        spans=(),
        article=AlertArticle(
            title=title or article_id, url=None, source=article_id, guid=None, published_at=at, language="nl"
        ),
        excerpts=tuple(excerpts),
        passages=tuple(dict.fromkeys(passage_key(excerpt.text) for excerpt in excerpts)),
    )


class Desk:
    """One subscription's state in memory, driven by the policy alone; every item that was kept, in order."""

    def __init__(self, subscribed: Subscription | None = None, rules: Rules | None = None) -> None:
        self.subscription: Subscription | None = subscribed or subscription()
        self.rules = rules or Rules()
        self.head = Head()
        self.stories: dict[str, Story] = {}
        self.items: dict[str, Item] = {}
        self.canceled: set[str] = set()

    def come(self, one: Alert, now: datetime = NOW) -> str:
        story = one.story_id or one.article_id
        item = self.items.get(one.alert_id)
        bell = ItemBell(alert=one, story=story, partition=0, offset=0)
        event = AlertCame(bell, one.article_id in self.canceled, item, decided=item is not None)
        outcome = self.apply(event, now, self.stories.get(story))
        if outcome.state.story is not None:
            self.stories[story] = outcome.state.story
        return outcome.decision

    def tick(self, now: datetime) -> None:
        """What the role does every now and then."""
        if self.head.digest_at is not None and self.head.digest_at <= now:
            canceled = {one.id for one in self.waiting if one.bells[0].alert.article_id in self.canceled}
            self.apply(DigestDue(self.waiting, frozenset(canceled)), now)

    def apply(self, event: Event, now: datetime, story: Story | None = None) -> Outcome:
        outcome = policy(State(self.subscription, self.head, story), event, now, self.rules)
        self.head = outcome.state.head
        for item in outcome.items:
            self.items[item.id] = item
        return outcome

    @property
    def waiting(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items.values() if item.state == "waiting")

    def of(self, kind: str) -> list[Item]:
        return [item for item in self.items.values() if item.kind == kind and item.state == "open"]
