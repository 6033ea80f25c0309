"""Thousands of subscriptions against one article: which match, and the spans that say why."""

from collections.abc import Sequence
from dataclasses import dataclass

from processors.matching.articles import MatchArticle
from processors.matching.meanings import Meanings, check_meanings, shipped_meanings
from processors.matching.naive import naive_spans
from processors.matching.parse import parse
from processors.matching.tree import Node
from schemas.spans import ExplainedSpan


@dataclass(frozen=True, slots=True)
class Match:
    """A subscription that matches, and every mention that takes part in it; a query of filters alone has no spans."""

    subscription_id: str
    spans: Sequence[ExplainedSpan]


class Matcher:
    """A set of subscriptions that changes while it is used. Not safe for threads: callers hold a lock."""

    def __init__(self, meanings: Meanings) -> None:
        self._meanings = meanings
        self._trees: dict[str, Node] = {}

    def put(self, subscription_id: str, query: str) -> None:
        """Add a subscription, or replace its query. Raises QueryError, and then nothing is changed."""
        tree = parse(query)
        check_meanings(tree, self._meanings)
        self._trees.pop(subscription_id, None)
        self._trees[subscription_id] = tree

    def discard(self, subscription_id: str) -> None:
        """Remove a subscription where it is held."""
        self._trees.pop(subscription_id, None)

    def match(self, article: MatchArticle) -> Sequence[Match]:
        """Every subscription that matches, in the order in which they were last put."""
        found = ((id_, naive_spans(tree, article, self._meanings)) for id_, tree in self._trees.items())
        return [Match(id_, spans) for id_, spans in found if spans is not None]


def shipped_matcher() -> Matcher:
    """A matcher without subscriptions, by Belfry's own normal forms, gazetteer and concepts."""
    return Matcher(shipped_meanings())
