"""Whether a subscription works: its query can be used, and its examples come out as they should. Pure.

Run whenever one is saved, and by `belfry subscriptions test` after an upgrade of Belfry or of its lexicon.
"""

from typing import Protocol

from belfry.subscriptions.definition import Definition
from schemas.errors import QueryError
from schemas.subscriptions import Subscription

SHOWN_CHARACTERS = 60
"""Of an example that comes out wrong: enough to know it by."""


class Checker(Protocol):
    """What checking asks of the alert language: the very code of the match worker."""

    def check_query(self, query: str) -> None:
        """Raise QueryError where the query can't be used: syntax, limits, an unknown entity or concept."""
        ...

    def matches(self, query: str, text: str, language: str | None) -> bool:
        """Whether a usable query matches an article with this text, whose source states this language."""
        ...


def invalid_reason(query: str, checker: Checker) -> str | None:
    """Why the query can't be used, with its column and what to do; None where it can."""
    try:
        checker.check_query(query)
    except QueryError as error:
        return str(error)
    return None


def failed_examples(subscription: Definition | Subscription, checker: Checker) -> tuple[str, ...]:
    """A sentence for each example that comes out wrong. The query must be usable."""
    wanted = (
        ("match", True, subscription.examples.match),
        ("no_match", False, subscription.examples.no_match),
    )
    return tuple(
        f"example {number} of {name} {'does not match' if should else 'matches'}: {_shown(text)}"
        for name, should, texts in wanted
        for number, text in enumerate(texts, start=1)
        if checker.matches(subscription.query, text, subscription.language) is not should
    )


def problems(subscription: Definition | Subscription, checker: Checker) -> tuple[str, ...]:
    """Everything that keeps the subscription from being saved, ready to read; empty where it works."""
    reason = invalid_reason(subscription.query, checker)
    return failed_examples(subscription, checker) if reason is None else (f"query, {reason}",)


def marked(subscription: Subscription, checker: Checker) -> Subscription:
    """The subscription with `invalid` as this version of Belfry sees it."""
    reason = invalid_reason(subscription.query, checker)
    return subscription if reason == subscription.invalid else subscription.model_copy(update={"invalid": reason})


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= SHOWN_CHARACTERS else f"{line[: SHOWN_CHARACTERS - 1]}…")
