"""What one more alert says to somebody who was told of its story: nothing new, one more place, or new text. Pure.

In this order: the first of a story rings. Another article of the story is a copy, whatever it says: it never rings. A
newer version of an article that was told of rings again only if a passage matches that wasn't there before. A passage
that replaces a similar one (a corrected number, a longer headline) is a revision of that, and not new; one that was
added is new, however similar.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from belfry.notify.records import Story, StoryArticle
from processors.excerpts import passage_key
from processors.matching.folding import folded
from schemas.alerts import Alert

Told = Literal["first", "copy", "repeat", "edit", "new_text"]

MAX_ARTICLES = 500
"""Of a story, whose versions are known; further ones are counted."""
MAX_SHOWN = 50
MAX_PASSAGES = 500
SIMILAR = 0.5
"""Words in common, of all words of both: from here on a passage is a revision of the other."""

_MAX_WORDS_CHARS = 300
_WORD = re.compile(r"\w+")


def told(story: Story | None, alert: Alert, now: datetime) -> tuple[Story, Told]:
    """The story after this alert, and what the alert is to somebody who was told of it before."""
    passages = _passages(alert)
    shown = StoryArticle(article_id=alert.article_id, article=alert.article)
    if story is None:
        first = Story(
            bell=alert.alert_id,
            last_at=now,
            articles=(shown,),
            versions={alert.article_id: alert.version},
            passages=passages,
        )
        return first, "first"
    known = story.versions.get(alert.article_id)
    if known is not None and known >= alert.version:
        return story, "repeat"
    others = tuple(each for each in story.articles if each.article_id != alert.article_id)
    was_shown = len(others) < len(story.articles)
    merged = story.passages | {key: words for key, words in passages.items() if key not in story.passages}
    changes: dict[str, object] = {
        "last_at": max(now, story.last_at),
        "passages": dict(list(merged.items())[:MAX_PASSAGES]),
    }
    if known is None and len(story.versions) >= MAX_ARTICLES:
        return story.model_copy(update={**changes, "more": story.more + 1}), "copy"
    changes["versions"] = {**story.versions, alert.article_id: alert.version}
    if was_shown:
        changes["articles"] = tuple(shown if each.article_id == shown.article_id else each for each in story.articles)
    elif len(others) < MAX_SHOWN:
        changes["articles"] = (*others, shown)
    after = story.model_copy(update=changes)
    if known is None:
        return after, "copy"
    return after, "new_text" if _has_new(story.passages, passages) else "edit"


def _passages(alert: Alert) -> dict[str, str]:
    """The keys of what matched, each with its words where the alert shows them."""
    words = {passage_key(excerpt.text): _words(excerpt.text) for excerpt in alert.excerpts}
    # Alerts of before have no passages.
    keys = alert.passages or tuple(words) or tuple(passage_key(span.text) for span in alert.spans)
    return {key: words.get(key, "") for key in keys[:MAX_PASSAGES]}


def _has_new(before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    gone = [words for key, words in before.items() if key not in now and words]
    for key, words in now.items():
        if key in before:
            continue
        revised = next((old for old in gone if words and _similarity(old, words) >= SIMILAR), None)
        if revised is None:
            return True
        gone.remove(revised)
    return False


def _words(text: str) -> str:
    return " ".join(dict.fromkeys(_WORD.findall(folded(text))))[:_MAX_WORDS_CHARS]


def _similarity(one: str, other: str) -> float:
    a, b = set(one.split()), set(other.split())
    return len(a & b) / len(a | b) if a and b else 0.0
