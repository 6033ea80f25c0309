"""How alerts are shown: a line each, all of one, why it rang. Pure; what they hold can't command a terminal."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.text import Text

from belfry.cli.subscription_output import visible
from belfry.notify.account import Account
from schemas.alerts import Alert, Excerpt
from schemas.spans import ExplainedSpan
from schemas.subscriptions import Subscription

_MARK = "bold black on yellow"
_TITLE_COLUMNS = 60
_SHOWN_SPANS = 20
_SHOWN_COPIES = 20

FATES = {
    "sent": "sent",
    "on_its_way": "on its way",
    "waits": "waits for a digest",
    "given_up": "given up",
    "also_in": "no bell of its own",
    "canceled": "dropped: the article was canceled",
    "removed": "dropped: the subscription was removed",
    "dropped": "dropped: the channel was removed",
    "unknown": "not sent",
}


def as_object(alert: Alert, also_in: Sequence[Alert], what_became: Account) -> dict[str, Any]:
    """All of one alert, as `--json` prints it."""
    copies = [
        {"alert_id": other.alert_id, "article_id": other.article_id, **other.article.model_dump(mode="json")}
        for other in also_in
    ]
    return {"alert": alert.model_dump(mode="json"), "also_in": copies, "delivery": what_became.as_object()}


def line(alert: Alert) -> Text:
    """An alert on one line: when, for whom, what, where from, and its id."""
    title = flat(alert.article.title)
    title = title if len(title) <= _TITLE_COLUMNS else f"{title[: _TITLE_COLUMNS - 1]}…"
    about = " · ".join(visible(each) for each in (alert.article.source, alert.article.language or "und") if each)
    return Text.assemble(
        f"{alert.matched_at:%Y-%m-%d %H:%M}  ",
        (f"{alert.subscription_id}  ", "bold yellow"),
        f"{title}  ",
        (f"{about}  {alert.alert_id}", "dim"),
    )


def details(
    alert: Alert, also_in: Sequence[Alert], what_became: Account, subscription: Subscription | None, *, styled: bool
) -> Iterator[Text]:
    """All of one alert, for people."""
    yield Text(flat(alert.article.title), style="bold")
    article = alert.article
    named = "" if subscription is None or not subscription.name else f" ({visible(subscription.name)})"
    fields = [
        ("subscription", visible(alert.subscription_id) + named + ("" if subscription else ", removed")),
        ("source", visible(article.source)),
        ("published", f"{article.published_at:%Y-%m-%d %H:%M} UTC"),
        ("language", article.language or "und"),
        ("address", visible(article.url or article.guid or "")),
        ("about", visible(", ".join(alert.entities))),
        ("rang", f"{alert.matched_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("alert", alert.alert_id),
        ("story", visible(alert.story_id or alert.article_id)),
    ]
    yield from (_field(name, value) for name, value in fields if value)
    for excerpt in alert.excerpts:
        yield Text("  ").append_text(marked(excerpt, styled=styled))
    if also_in:
        yield _field("also in", f"{len({other.article_id for other in also_in})}")
        for other in also_in[:_SHOWN_COPIES]:
            about = " · ".join(visible(each) for each in (other.article.source, other.article.url or "") if each)
            yield Text(f"    {other.matched_at:%Y-%m-%d %H:%M}  {flat(other.article.title)}  {about}")
    yield from _delivery(what_became)


def why(alert: Alert, what_became: Account, subscription: Subscription | None, *, styled: bool) -> Iterator[Text]:
    """Why it rang: the query, its parts with the words that satisfy them, the sentences; and what came of it."""
    yield Text(flat(alert.article.title), style="bold")
    if subscription is None:
        yield _field("query", "its subscription was removed")
    else:
        changed = subscription.version != alert.subscription_version
        note = (
            f"  (the subscription was changed since: version {alert.subscription_version}, now {subscription.version})"
            if changed
            else ""
        )
        yield _field("query", visible(subscription.query) + note)
    if not alert.spans:
        yield Text("  it has no word to show: a filter alone let it ring")
    for part, spans in by_part(alert.spans).items():
        words = ", ".join(f"{flat(span.text)} ({span.field} {span.start}–{span.end})" for span in spans[:_SHOWN_SPANS])
        more = f" and {len(spans) - _SHOWN_SPANS} more" if len(spans) > _SHOWN_SPANS else ""
        yield Text.assemble("  ", (visible(part) or "?", "bold"), " found ", words, more)
    for excerpt in alert.excerpts:
        yield Text("  ").append_text(marked(excerpt, styled=styled))
    yield from _delivery(what_became)


def by_part(spans: Sequence[ExplainedSpan]) -> dict[str, list[ExplainedSpan]]:
    """The spans by the part of the query that they satisfy, in reading order."""
    found: dict[str, list[ExplainedSpan]] = {}
    for span in spans:
        found.setdefault(span.part, []).append(span)
    return found


def marked(excerpt: Excerpt, *, styled: bool) -> Text:
    """A sentence with its words marked; without styles (no terminal) they stand between ** and **."""
    shown = Text("…" if excerpt.starts_inside else "")
    place = 0
    for start, end in excerpt.marks:
        shown.append(_kept(excerpt.text[place:start]))
        mark = _kept(excerpt.text[start:end])
        shown.append(mark, style=_MARK) if styled else shown.append(f"**{mark}**")
        place = end
    return shown.append(_kept(excerpt.text[place:])).append("…" if excerpt.ends_inside else "")


def flat(text: str) -> str:
    """On one line, and without anything that a terminal would obey."""
    return visible(" ".join(text.split()))


def _kept(text: str) -> str:
    return visible("".join(" " if character.isspace() else character for character in text))


def _delivery(what_became: Account) -> Iterator[Text]:
    fate = FATES[what_became.fate]
    if what_became.due is not None:
        fate += f" at {what_became.due:%Y-%m-%d %H:%M} UTC"
    if what_became.why:
        fate += f": {what_became.why}"
    if what_became.fate == "also_in" and what_became.bell:
        fate += f", as {what_became.bell}"
    yield _field("delivery", fate)
    for sending in what_became.sendings:
        at = "" if sending.at is None else f" {sending.at:%Y-%m-%d %H:%M:%S} UTC"
        tries = "" if sending.attempts <= 1 else f", {sending.attempts} tries"
        resent = ", sent once more on purpose" if sending.resent else ""
        behind = f", behind {visible(sending.behind)}, which isn't taken" if sending.behind else ""
        problem = f": {sending.reason}: {flat(sending.error)}" if sending.error and sending.state != "sent" else ""
        yield Text(f"    {visible(sending.channel)}  {sending.state}{at}{tries}{resent}{behind}{problem}")


def _field(name: str, value: str) -> Text:
    return Text.assemble((f"  {name:13}", "dim"), value)
