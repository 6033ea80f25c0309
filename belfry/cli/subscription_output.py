"""How subscriptions are shown: a table, all of one, JSON lines. Pure; what they hold can't command a terminal."""

import json
from collections.abc import Iterator, Sequence
from itertools import chain

from processors.subscription_book import SubscriptionBook
from schemas.subscriptions import Subscription

MAX_QUERY_COLUMNS = 60
MAX_ID_COLUMNS = 40


def visible(text: str) -> str:
    """The text with everything that can't be printed (control characters, escapes) made visible as U+FFFD."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def state(subscription: Subscription) -> str:
    """`invalid`, `paused` or `rings`; what is worst first."""
    if subscription.invalid is not None:
        return "invalid"
    return "paused" if subscription.paused else "rings"


def table(subscriptions: Sequence[Subscription], book: SubscriptionBook) -> Iterator[str]:
    """A line each, with the reason under what can't ring; a hint where there is nothing."""
    if not subscriptions and not book.unreadable:
        yield "no subscriptions yet: `belfry subscriptions add --id ID --query QUERY --to URL`"
        return
    ids = chain((one.id for one in subscriptions), book.unreadable)
    width = max(2, min(MAX_ID_COLUMNS, max(map(len, ids), default=2)))
    yield f"{'ID':{width}}  {'STATE':10}  {'QUERY':{MAX_QUERY_COLUMNS}}  TO"
    for one in subscriptions:
        to = visible(", ".join(one.channels))
        yield f"{one.id:{width}}  {state(one):10}  {_short(one.query):{MAX_QUERY_COLUMNS}}  {to}".rstrip()
        if one.invalid is not None:
            yield f"{'':{width}}  {visible(one.invalid)}"
    for record in book.unreadable.values():
        yield f"{visible(record.id):{width}}  unreadable  {visible(record.reason)}"


def json_list(subscriptions: Sequence[Subscription], book: SubscriptionBook) -> Iterator[str]:
    """A JSON object each, by the schema's names; one that can't be read is `id` and `unreadable`, the reason."""
    for one in subscriptions:
        yield one.model_dump_json()
    for record in book.unreadable.values():
        yield json.dumps({"id": record.id, "unreadable": record.reason})


def details(subscription: Subscription) -> Iterator[str]:
    """Every field that says something, a line each; the query and the examples whole."""
    fields: dict[str, object] = subscription.model_dump(
        mode="json", exclude={"schema_version", "paused", "channels", "examples"}
    )
    texts = [("state", state(subscription)), *((name, str(value)) for name, value in fields.items() if value)]
    texts += [("to", channel) for channel in subscription.channels]
    texts += [("match", text) for text in subscription.examples.match]
    texts += [("no match", text) for text in subscription.examples.no_match]
    for name, text in texts:
        yield f"{name:12} {visible(text)}"


def test_lines(subscription: Subscription, problems: Sequence[str]) -> Iterator[str]:
    """What testing the subscription showed: one line if it works, one for each thing that doesn't."""
    count = len(subscription.examples.match) + len(subscription.examples.no_match)
    if not problems:
        yield f"ok     {subscription.id}: query, {count} example{'' if count == 1 else 's'}"
    for problem in problems:
        yield f"FAILED {subscription.id}: {visible(problem)}"


def _short(text: str) -> str:
    line = visible(" ".join(text.split()))
    return line if len(line) <= MAX_QUERY_COLUMNS else f"{line[: MAX_QUERY_COLUMNS - 1]}…"
