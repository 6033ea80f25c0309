"""The concepts that an article mentions: each concept is a stored query `concept:ID` of one matcher."""

from collections.abc import Iterable
from functools import cache
from threading import Lock

from processors.matching.articles import MatchArticle
from processors.matching.concepts import ConceptLexicon, shipped_lexicon
from processors.matching.matcher import Matcher
from processors.matching.meanings import Meanings, check_meanings, shipped_meanings
from schemas.articles import Concept
from schemas.errors import QueryError, SettingsError
from schemas.spans import Span


class ConceptBook:
    """Finds all concepts at once. May be shared by threads."""

    def __init__(self, ids: Iterable[str], matcher: Matcher) -> None:
        self._matcher = matcher
        self._lock = Lock()
        for concept_id in ids:
            matcher.put(concept_id, f"concept:{concept_id}")

    def mentions(self, article: MatchArticle) -> tuple[Concept, ...]:
        """The concepts that an article mentions, by id, each with its mentions in reading order."""
        with self._lock:
            matches = self._matcher.match(article)
        return tuple(
            Concept(
                id=match.subscription_id,
                spans=tuple(
                    Span(field=span.field, start=span.start, end=span.end, text=span.text) for span in match.spans
                ),
            )
            for match in sorted(matches, key=lambda match: match.subscription_id)
        )


@cache
def shipped_concepts() -> ConceptBook:
    """The concepts that Belfry ships and the user's own.

    Raises SettingsError where a file of the user's can't be used, or asks for an entity that nothing is known by.
    """
    lexicon = shipped_lexicon()
    refuse_unknown_entities(lexicon, shipped_meanings())
    return ConceptBook(lexicon.ids, Matcher(shipped_meanings()))


def refuse_unknown_entities(lexicon: ConceptLexicon, meanings: Meanings) -> None:
    """Raise SettingsError where a concept asks for an entity that can't be in any article."""
    for concept_id in lexicon.ids:
        for tree in lexicon.trees(concept_id):
            try:
                check_meanings(tree, meanings)
            except QueryError as error:
                raise SettingsError(f"concept {concept_id}: {error}") from error
