"""Whether queries can be used and examples come out right: the Checker by the code of the match worker."""

from datetime import UTC, datetime

from belfry.offline import article_to_match, needs_entities
from belfry.subscriptions.checks import Checker
from processors.matching.concepts import shipped_lexicon
from processors.matching.matcher import Matcher
from processors.matching.meanings import Meanings, check_meanings, shipped_meanings
from processors.matching.parse import parse
from schemas.text import cleaned_text

_PUBLISHED = datetime(2000, 1, 1, tzinfo=UTC)
"""An example has no date of its own; a fixed one, so that it comes out alike every day."""


class MatcherChecker:
    """See Checker."""

    def __init__(self, meanings: Meanings) -> None:
        self._meanings = meanings

    def check_query(self, query: str) -> None:
        """See Checker."""
        check_meanings(parse(query), self._meanings)

    def matches(self, query: str, text: str, language: str | None) -> bool:
        """See Checker. The example is an article's text, without title, source and story."""
        matcher = Matcher(self._meanings)
        matcher.put("example", query)
        article = article_to_match(
            "",
            cleaned_text(text),
            language,
            source="",
            published_at=_PUBLISHED,
            with_entities=needs_entities([parse(query)], shipped_lexicon()),
        )
        return bool(matcher.match(article))


def shipped_checker() -> Checker:
    """The checker that ships with Belfry: what can't be used now would not ring."""
    return MatcherChecker(shipped_meanings())
