"""Concepts that queries use, as nodes in each language that articles come in; kept for good, for the lexicon is small."""

from processors.matching.checks import children
from processors.matching.compiled.language_index import LanguageIndex
from processors.matching.compiled.nodes import Nodes
from processors.matching.compiled.plan import Planner
from processors.matching.compiled.store import Rows
from processors.matching.compiled.stored_queries import StoredQueries
from processors.matching.compiled.terms import Key, Terms
from processors.matching.meanings import Meanings
from processors.matching.tree import ConceptTerm, Node


class Concepts:
    """Numbers of concepts. `languages` are those in use: a concept is compiled in each, after the concepts that it uses."""

    def __init__(
        self,
        meanings: Meanings,
        terms: Terms,
        nodes: Nodes,
        queries: StoredQueries,
        languages: dict[str, LanguageIndex],
    ) -> None:
        self._meanings = meanings
        self._terms = terms
        self._queries = queries
        self._languages = languages
        self._numbers: dict[str, int] = {}
        self._compiled: set[tuple[str, str]] = set()
        self.planner = Planner(terms, nodes, self.number)
        self.terms = Rows(room=16, fill=-1)

    def number(self, concept: str) -> int:
        """The number of a concept."""
        number = self._numbers.get(concept)
        if number is None:
            number = self._numbers[concept] = len(self._numbers)
            self.terms.extend([self._terms.use(Key("concept", concept))])
            for language in self._languages:
                self._compile(concept, language)
        return number

    def add_language(self, language: str) -> None:
        """Compile all concepts in a language that is in use from now on."""
        for concept in list(self._numbers):
            self._compile(concept, language)

    def _compile(self, concept: str, language: str) -> None:
        if (concept, language) in self._compiled:
            return
        self._compiled.add((concept, language))
        known = self._meanings.concept(concept, language)
        if known is None:
            return
        mention, where = known
        for tree in known:
            for used in _concepts(tree):
                self.number(used)
                self._compile(used, language)
        nodes = [self.planner.mention(mention, fields) for fields in (1, 2, 3)]
        self._queries.add_concept(self.number(concept), self.planner.node_needs(nodes[-1]))
        at, length = (0, 0) if where is None else self._queries.put_program(self.planner.plan(where))
        self._languages[language].concepts.extend([(self.number(concept), *nodes, at, length)])


def _concepts(tree: Node | None) -> list[str]:
    found: list[str] = []
    pending = [] if tree is None else [tree]
    while pending:
        part = pending.pop()
        if isinstance(part, ConceptTerm):
            found.append(part.id)
        pending += children(part)
    return found
