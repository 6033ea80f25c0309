"""The compiled matcher: queries by number, and what they find in an article. See the package."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from processors.matching.articles import MatchArticle
from processors.matching.compiled.answer import answer
from processors.matching.compiled.characters import character_kinds
from processors.matching.compiled.concepts import Concepts
from processors.matching.compiled.cut import ALL_CAPITALS, hashed, identify, read
from processors.matching.compiled.extras import Extras
from processors.matching.compiled.found import Found
from processors.matching.compiled.language_index import LanguageIndex, Stretches
from processors.matching.compiled.layout import (
    CANDIDATES,
    CAPITALS,
    CUT,
    END,
    MATCHES,
    NEED,
    PLACE_COLUMNS,
    PLACES_USED,
    Q_ORDER,
    START,
    TOKENS,
    WORD,
)
from processors.matching.compiled.nodes import Nodes
from processors.matching.compiled.stored_queries import StoredQueries
from processors.matching.compiled.terms import Key, Terms
from processors.matching.compiled.work import Scratch
from processors.matching.meanings import Meanings
from processors.matching.tree import Node

_MANY_DYING: Final = 256
_NO_MATCHES: Final = np.zeros((0, 3), np.int32)
_NO_PLACES: Final = np.zeros((0, PLACE_COLUMNS), np.int32)


class Answer(NamedTuple):
    """The queries that match, in the order in which they were added, and where. Good until the next article."""

    matches: NDArray[np.int32]
    """Query, where in `places` its spans begin, how many; shape (matches, 3)."""
    places: NDArray[np.int32]
    """See the columns of places in layout.py."""
    codes: NDArray[np.uint32]
    """The code points of title and text."""


class Engine:
    """Not safe for threads."""

    def __init__(self, meanings: Meanings) -> None:
        self._meanings = meanings
        self._kinds = character_kinds()
        self._languages: dict[str, LanguageIndex] = {}
        self._terms = Terms(self._term_added, self._term_removed)
        self._nodes = Nodes(self._terms)
        self._queries = StoredQueries(self._terms, self._nodes)
        self._extras = Extras(self._terms, meanings.entity_ids)
        self._concepts = Concepts(meanings, self._terms, self._nodes, self._queries, self._languages)
        self._stretches = Stretches()
        self._scratch = Scratch()
        self._sizes = np.zeros(4, np.int64)

    def add(self, tree: Node) -> int:
        """The number of a new query. Numbers of discarded ones are given again."""
        return self._queries.add(self._concepts.planner.plan(tree))

    def discard(self, query: int) -> None:
        """Match a query no more."""
        self._queries.discard(query)
        if len(self._terms.dying) > _MANY_DYING:
            for language in self._languages.values():
                language.drop(self._terms.dying)
            self._terms.settle()

    def find(self, article: MatchArticle) -> tuple[list[list[int]], Found]:
        """The queries that match: number, where their spans begin in Found, how many; in the order in which they were added."""
        answered = self.answer(article)
        found = Found(article.title, article.text, answered.places.copy(), self._nodes.lent_labels())
        return answered.matches.tolist(), found

    def answer(self, article: MatchArticle) -> Answer:
        """The same as the arrays that it is found in."""
        language = self._language(article.language)
        self._scratch.counters[CUT] = 0
        if not self._queries.alive:
            return Answer(_NO_MATCHES, _NO_PLACES, np.zeros(0, np.uint32))
        self._terms.articles += 1
        self._queries.file(self._terms.articles)
        scratch = self._scratch
        arrays, counters = scratch.arrays, scratch.counters
        codes = self._read(article, language)
        scratch.fit_words(language.words)
        scratch.fit_queries(
            terms=self._terms.count,
            nodes=self._nodes.count,
            queries=self._queries.room,
            concepts=self._concepts.terms.used,
        )
        arrays.set_all(self._queries.arrays)
        arrays.set("concept_terms", self._concepts.terms.array)
        arrays.set("extras", self._extras.rows(article))
        while True:
            scratch.begin()
            answer(arrays.work, self._sizes[1])
            if not counters[NEED]:
                return self._answered(codes)
            scratch.grow()

    @property
    def cut_short(self) -> bool:
        """Whether mentions of the last article were left out, because there were more than are looked at."""
        return bool(self._scratch.counters[CUT])

    @property
    def candidates(self) -> int:
        """How many queries were looked at closely for the last article: the fewer don't match, the better."""
        return int(self._scratch.counters[CANDIDATES])

    def words(self, language: str) -> int:
        """How many words of a language are known."""
        return self._languages[language].words if language in self._languages else 0

    def _answered(self, codes: NDArray[np.uint32]) -> Answer:
        arrays, counters = self._scratch.arrays, self._scratch.counters
        matches: NDArray[Any] = arrays["matches"][: counters[MATCHES]]
        if len(matches) > 1:
            matches = matches[np.argsort(arrays["queries"][matches[:, 0], Q_ORDER])]
        return Answer(matches, arrays["places"][: counters[PLACES_USED]], codes)

    def _read(self, article: MatchArticle, language: LanguageIndex) -> NDArray[np.uint32]:
        """Cut the article into tokens and identify their words, learning those that are new; returns its code points."""
        content = article.title + article.text
        codes = np.frombuffer(content.encode("utf-32-le", "surrogatepass"), np.uint32)
        arrays, sizes = self._scratch.arrays, self._sizes
        self._scratch.fit_text(len(codes))
        language.keep_bounded()
        self._stretches.keep_bounded()
        arrays.set_all(language.arrays)
        while True:
            arrays.set_all(self._stretches.arrays)
            read(codes, len(article.title), self._kinds, arrays.work, sizes)
            if not sizes[2]:
                break
            self._learn_stretches(content, codes, int(sizes[2]))
        count = int(sizes[0])
        if sizes[3] and language.learn_plain(codes, arrays, count, int(sizes[3])):
            self._learn_words(content, count, language)
            arrays.set_all(language.arrays)
            identify(codes, arrays.work, count)
        self._scratch.counters[TOKENS] = count
        return codes

    def _learn_stretches(self, content: str, codes: NDArray[np.uint32], count: int) -> None:
        found: dict[str, int] = {}
        for start, end in self._scratch.arrays["unknown"][:count].tolist():
            stretch = content[start:end]
            if stretch not in found:
                found[stretch] = int(hashed(codes, start, end))
        self._stretches.learn(list(found), list(found.values()))

    def _learn_words(self, content: str, count: int, language: LanguageIndex) -> None:
        tokens = self._scratch.arrays["tokens"][:count]
        unknown = np.nonzero(tokens[:, WORD] < 0)[0]
        hashes: list[int] = self._scratch.arrays["token_hashes"][unknown].tolist()
        places: list[list[int]] = tokens[unknown].tolist()
        found: dict[tuple[str, bool], int] = {}
        for place, value in zip(places, hashes, strict=True):
            acronym = place[CAPITALS] & ALL_CAPITALS != 0
            found[content[place[START] : place[END]], acronym] = value
        language.learn(list(found), list(found.values()))

    def _language(self, code: str) -> LanguageIndex:
        language = self._languages.get(code)
        if language is None:
            language = self._languages[code] = LanguageIndex(self._meanings.normaliser(code), self._terms)
            for key, term in list(self._terms.numbers.items()):
                language.add(term, key)
            self._concepts.add_language(code)
        return language

    def _term_added(self, term: int, key: Key) -> None:
        for language in self._languages.values():
            language.add(term, key)
        self._extras.add(term, key)

    def _term_removed(self, term: int, key: Key) -> None:
        for language in self._languages.values():
            language.discard(term, key)
        self._extras.discard(term, key)
