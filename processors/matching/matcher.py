"""Thousands of subscriptions against one article: which match, and the spans that say why.

The answer is that of the definition (naive.py), spans included; how it comes so fast is told in `compiled`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from processors.matching.articles import MatchArticle
from processors.matching.compiled.engine import Answer, Engine
from processors.matching.compiled.found import Found, LightSpan, new
from processors.matching.meanings import Meanings, check_meanings, shipped_meanings
from processors.matching.parse import parse
from schemas.spans import ExplainedSpan


class Match(NamedTuple):
    """A subscription that matches, and every mention that takes part in it; a query of filters alone has no spans.

    Spans are made when first looked at, those of all matches of an article at once: `length` of what was found, from `at` on.
    """

    subscription_id: str
    found: Found
    at: int
    length: int

    @property
    def spans(self) -> tuple[ExplainedSpan, ...]:
        """All of them, as parts of messages."""
        return self.found.explained(self.at, self.length)

    @property
    def light(self) -> Sequence[LightSpan]:
        """The same as tuples, which cost a tenth; those at the same place are the same object in all matches."""
        return self.found.light(self.at, self.length)


class Matcher:
    """A set of subscriptions that changes while it is used. Not safe for threads: callers hold a lock.

    `put` and `discard` take effect at once, without rebuilding the rest. Memory is bounded, whatever texts come.
    """

    def __init__(self, meanings: Meanings) -> None:
        self._meanings = meanings
        self._engine = Engine(meanings)
        self._numbers: dict[str, int] = {}
        self._ids: list[str] = []

    def put(self, subscription_id: str, query: str) -> int:
        """Add a subscription, or replace its query; returns its number. Raises QueryError, and then nothing is changed.

        Numbers are small; that of a subscription which was replaced or discarded is given again.
        """
        tree = parse(query)
        check_meanings(tree, self._meanings)
        self.discard(subscription_id)
        number = self._engine.add(tree)
        self._numbers[subscription_id] = number
        if number == len(self._ids):
            self._ids.append(subscription_id)
        else:
            self._ids[number] = subscription_id
        return number

    def discard(self, subscription_id: str) -> None:
        """Remove a subscription where it is held."""
        number = self._numbers.pop(subscription_id, None)
        if number is not None:
            self._engine.discard(number)

    def words(self, language: str) -> int:
        """How many words of a language are held in memory, analysed; bounded."""
        return self._engine.words(language)

    @property
    def cut_short(self) -> bool:
        """Whether matches of the last article may be missing: it had more mentions to pair than are looked at.

        That takes a query and a text that were made for it (see compiled/layout.py); who asks tells somebody.
        """
        return self._engine.cut_short

    def match(self, article: MatchArticle) -> Sequence[Match]:
        """Every subscription that matches, in the order in which they were last put."""
        matches, found = self._engine.find(article)
        ids = self._ids
        return [new(Match, (ids[number], found, at, count)) for number, at, count in matches]

    def answer(self, article: MatchArticle) -> Answer:
        """`match` for those who need thousands a second: subscriptions by number, and arrays that the next article changes."""
        return self._engine.answer(article)


def shipped_matcher() -> Matcher:
    """A matcher without subscriptions, by Belfry's own normal forms, gazetteer and concepts."""
    return Matcher(shipped_meanings())
