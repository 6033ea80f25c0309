"""What an article has beside its words, as terms: filters that hold, entities with their places."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from processors.matching.articles import MatchArticle
from processors.matching.compiled.layout import EXTRA_COLUMNS
from processors.matching.compiled.terms import Key, Terms

_NONE: Final[NDArray[np.int32]] = np.zeros((0, EXTRA_COLUMNS), np.int32)


class Extras:
    """Knows which terms are filters and entities."""

    def __init__(self, terms: Terms, entity_ids: Callable[[str], Collection[str]]) -> None:
        self._terms = terms
        self._entity_ids = entity_ids
        self._entities: dict[str, list[int]] = {}
        self._published: dict[int, tuple[datetime | None, datetime | None]] = {}
        self._filters = 0

    def add(self, term: int, key: Key) -> None:
        """Look for a term from now on."""
        if key.kind == "entity":
            for id_ in set(self._entity_ids(key.text)):
                self._entities.setdefault(id_, []).append(term)
        elif key.kind == "published":
            since, until = key.text.split("/")
            self._published[term] = (
                datetime.fromisoformat(since) if since else None,
                datetime.fromisoformat(until) if until else None,
            )
        elif key.kind in ("lang", "source", "story"):
            self._filters += 1

    def discard(self, term: int, key: Key) -> None:
        """Look for a term no longer."""
        if key.kind == "entity":
            for id_ in set(self._entity_ids(key.text)):
                self._entities[id_].remove(term)
                if not self._entities[id_]:
                    del self._entities[id_]
        elif key.kind == "published":
            del self._published[term]
        elif key.kind in ("lang", "source", "story"):
            self._filters -= 1

    def rows(self, article: MatchArticle) -> NDArray[np.int32]:
        """Rows for the kernels, sorted by term; characters of the text are behind those of the title."""
        found: list[tuple[int, int, int]] = []
        if self._filters:
            story = () if article.story_id is None else (Key("story", article.story_id),)
            keys = (Key("lang", article.language), Key("source", article.source), *story)
            found += ((self._terms.numbers[key], -1, -1) for key in keys if key in self._terms.numbers)
        for term, (since, until) in self._published.items():
            if (since is None or since <= article.published_at) and (until is None or article.published_at < until):
                found.append((term, -1, -1))
        if self._entities:
            for entity in article.entities:
                if entity.id is not None and (terms := self._entities.get(entity.id)) is not None:
                    in_title = entity.field == "title"
                    shift, length = (0, len(article.title)) if in_title else (len(article.title), len(article.text))
                    # A title made from the text is no title here: its entities are nowhere, not in the text.
                    if entity.start < length:
                        end = shift + min(entity.end, length)
                        found += ((term, shift + entity.start, end) for term in terms)
        return np.array(sorted(found), np.int32) if found else _NONE
