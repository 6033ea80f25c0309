"""Messages to try channels with."""

from datetime import UTC, datetime

from belfry.notify.message import Bell, Message, bell_message
from schemas.alerts import Alert, AlertArticle, Excerpt
from schemas.spans import ExplainedSpan
from schemas.subscriptions import Subscription

NOW = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)

SENTENCE = "Rusland bouwt troepen op aan de grens."


def subscription(**changes: object) -> Subscription:
    values: dict[str, object] = {"id": "build-up", "query": "troep* grens", "name": "Troepenopbouw", "created_at": NOW}
    return Subscription.model_validate(values | changes)


def article(**changes: object) -> AlertArticle:
    values: dict[str, object] = {
        "title": "Troepen aan de grens",
        "url": "https://news.example.org/a/1",
        "source": "belga",
        "guid": None,
        "published_at": NOW,
        "language": "nl",
    }
    return AlertArticle.model_validate(values | changes)


def alert(number: int = 1, shown: AlertArticle | None = None, **changes: object) -> Alert:
    values: dict[str, object] = {
        "alert_id": f"{number:032x}",
        "subscription_id": "build-up",
        "subscription_version": 1,
        "article_id": f"a{number}",
        "version": 1,
        "matched_at": NOW,
        "spans": (
            ExplainedSpan(field="text", start=14, end=21, text="troepen", part="troep*"),
            ExplainedSpan(field="text", start=32, end=37, text="grens", part="grens"),
        ),
        "article": shown or article(),
        "excerpts": (Excerpt(field="text", text=SENTENCE, marks=((14, 21), (32, 37))),),
        "entities": ("Russia", "NATO"),
    }
    return Alert.model_validate(values | changes)


def bell(number: int = 1, **changes: object) -> Message:
    one = subscription(**changes)
    return bell_message(one, Bell(alert(number)), NOW)


def digest(count: int, **changes: object) -> Message:
    bells = tuple(Bell(alert(number)) for number in range(1, count + 1))
    return Message("digest", "d1", subscription(**changes), bells, NOW)


def notice(text: str = "It was slowed down.", **changes: object) -> Message:
    return Message("notice", "n1", subscription(**changes), (), NOW, text)
