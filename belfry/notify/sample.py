"""A message of each kind, to try templates with before real ones come."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from belfry.notify.message import Bell, Message
from belfry.notify.phrases import LANGUAGES
from belfry.notify.templates import SHIPPED_NAMES, rendered
from belfry.notify.view import message_view
from schemas.alerts import Alert, AlertArticle, Excerpt
from schemas.spans import ExplainedSpan
from schemas.subscriptions import Subscription


def template_faults(folder: Path, now: datetime) -> tuple[str, ...]:
    """What is wrong with a user's templates, each with its file and line; nothing where all can be used."""
    if not folder.is_dir():
        return (f"{folder} is no folder: put templates there, or unset BELFRY_TEMPLATES",)
    known = ", ".join(sorted(SHIPPED_NAMES))
    strange = sorted(path.name for path in folder.glob("*.j2") if path.name not in SHIPPED_NAMES)
    faults = [f"{folder / name}: no template has this name; there are {known}" for name in strange]
    for language in LANGUAGES:
        for message in sample_messages(language, now):
            fault = rendered(message_view(message, "https://belfry.example.org/"), folder).fault
            if fault is not None:
                faults.append(fault)
    return tuple(dict.fromkeys(faults))


def sample_messages(language: str, now: datetime) -> Iterator[Message]:
    """A bell with all that a bell may have, one with the least, a digest of both, and a notice."""
    subscription = Subscription(id="sample", query="troop* NEAR/5 border", created_at=now, language=language)
    full, least = (Bell(_alert(now, full=full), (_article(now, full=full),) if full else ()) for full in (True, False))
    yield Message("bell", "1", subscription, (full,), now)
    yield Message("bell", "2", subscription, (least,), now)
    yield Message("digest", "3", subscription.model_copy(update={"name": "Sample"}), (full, least), now, more=2)
    yield Message("notice", "4", subscription, (), now, "A notice.")


def _article(now: datetime, *, full: bool) -> AlertArticle:
    return AlertArticle(
        title="Troops at the border" if full else "",
        url="https://news.example.org/1" if full else None,
        source="example" if full else "",
        guid=None,
        published_at=now,
        language="en" if full else None,
    )


def _alert(now: datetime, *, full: bool) -> Alert:
    found = (ExplainedSpan(field="text", start=0, end=6, text="Troops", part="troop*"),)
    excerpts = (
        Excerpt(field="title", text="Troops at the border", marks=((0, 6),)),
        Excerpt(field="text", text="Troops are at the border", marks=((0, 6),), starts_inside=True, ends_inside=True),
    )
    return Alert(
        alert_id="0" * 32,
        subscription_id="sample",
        subscription_version=1,
        article_id="a",
        version=1,
        matched_at=now,
        spans=found if full else (),
        article=_article(now, full=full),
        excerpts=excerpts if full else (),
        entities=("NATO", "Ukraine") if full else (),
    )
