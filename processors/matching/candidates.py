"""The candidate query: what the index is asked, so that no article which the matcher would accept is missed.

An article's `stems` are all normal forms that a word of a query may meet in it, its `forms` all written ones that a
wildcard or `=` may meet. So each term becomes a condition on these, each operator the widest thing that it implies
(NEAR: both sides are there; UNLESS: the left is), and NOT counts only where its inside compiles exactly. Then one
condition for each language, because a word has other normal forms in each; languages that agree share theirs.

The same answer for search and backtest comes from the matcher, which verifies every candidate.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, assert_never

from processors.document import LONG_FORM, MAX_TERM_CHARS, cut_term
from processors.matching import tree
from processors.matching.candidate_tree import (
    EVERYTHING,
    NOTHING,
    AllOf,
    AnyOf,
    Condition,
    HasAny,
    Json,
    Lacks,
    Like,
    Published,
    all_of,
    any_of,
    clause_count,
    depth,
    elasticsearch_query,
    has_any,
    lacks,
    published_between,
)
from processors.matching.words import Normaliser

MAX_CLAUSES = 900
"""Elasticsearch promises 1,024; the rest is for what stands around the candidates."""

MAX_NESTING = 20
"""Elasticsearch refuses bool queries nested deeper than 30."""

MAX_PATTERN_LETTERS = 60
"""Lucene refuses a pattern whose automaton is costly; so many letters and four `*` never are."""

_WEAK = 1_000_000
"""More than any number of words: what a filter costs as the one condition that finds candidates."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """`query` finds every article that the matcher accepts. `exact`: and no other, so counting needs no matcher."""

    query: Json
    exact: bool


@dataclass(frozen=True, slots=True)
class _Compiled:
    condition: Condition
    exact: bool


class Meanings(Protocol):
    """What names in a query stand for, by the present lexicon and gazetteer."""

    def normaliser(self, language: str) -> Normaliser:
        """The normal form of a language; of any, known or not."""
        ...

    def entity_ids(self, name: str) -> Collection[str]:
        """The ids that `entity:NAME` accepts."""
        ...

    def concept(self, concept_id: str, language: str) -> tuple[tree.Node, tree.Node | None] | None:
        """A concept's `mention` and `where` in a language; None where it has none there."""
        ...


def candidate_query(node: tree.Node, languages: Sequence[str], meanings: Meanings) -> Candidates:
    """The query for articles in `languages`, which must be all that the index holds (`und` where none is known).

    It finds every article that the matcher accepts for `node`. A query that would be larger or deeper than
    Elasticsearch takes is widened until it fits, at worst to all articles of the time asked for.
    """
    compiled = {language: _Language(language, meanings).compiled(node) for language in dict.fromkeys(languages)}
    condition = _over_languages({language: found.condition for language, found in compiled.items()})
    exact = all(found.exact for found in compiled.values())
    for widened in (_covered, _only_time):
        if _fits(condition):
            break
        exact = False
        condition = _over_languages(
            {language: widened(found.condition) for language, found in compiled.items()},
        )
    return Candidates(elasticsearch_query(condition), exact)


def _over_languages(conditions: dict[str, Condition]) -> Condition:
    """Each language's condition for its own articles; languages with the same condition share it."""
    languages: dict[Condition, list[str]] = {}
    for language, condition in conditions.items():
        languages.setdefault(condition, []).append(language)
    if len(languages) == 1:
        return next(iter(languages))
    return any_of(all_of([has_any("language", group), condition]) for condition, group in languages.items())


def _fits(condition: Condition) -> bool:
    return clause_count(condition) <= MAX_CLAUSES and depth(condition) <= MAX_NESTING


class _Language:
    """Compiles trees for the articles of one language."""

    def __init__(self, language: str, meanings: Meanings) -> None:
        self._language = language
        self._meanings = meanings
        self._normaliser = meanings.normaliser(language)
        self._open_concepts: list[str] = []

    def compiled(self, node: tree.Node, *, scoped: bool = False) -> _Compiled:
        """The condition of `node`. `scoped`: it must hold in one field, which documents don't tell apart."""
        match node:
            case tree.And(operands):
                parts = [self.compiled(operand, scoped=scoped) for operand in operands]
                return _Compiled(all_of(part.condition for part in parts), all(part.exact for part in parts))
            case tree.Or(operands):
                parts = [self.compiled(operand, scoped=scoped) for operand in operands]
                return _Compiled(any_of(part.condition for part in parts), all(part.exact for part in parts))
            case tree.Not(operand):
                part = self.compiled(operand, scoped=scoped)
                return (
                    _Compiled(lacks(part.condition), exact=True) if part.exact else _Compiled(EVERYTHING, exact=False)
                )
            case tree.Near(left, right) | tree.Before(left, right):
                parts = [self.compiled(side, scoped=scoped) for side in (left, right)]
                return _Compiled(all_of(part.condition for part in parts), exact=False)
            case tree.Unless(left, _):
                return _inexact(self.compiled(left, scoped=scoped))
            case tree.AtLeast(operand, _):
                return _inexact(self.compiled(operand, scoped=scoped))
            case tree.Scoped(_, operand):
                return _inexact(self.compiled(operand, scoped=True))
            case tree.Filter() | tree.Published():
                return self._filter(node)
            case _:
                term = self._term(node, scoped=scoped)
                return _inexact(term) if scoped else term

    def _filter(self, node: tree.Filter | tree.Published) -> _Compiled:
        if isinstance(node, tree.Published):
            return _Compiled(*published_between(node.since, node.until))
        if node.key == "lang":
            return _Compiled(EVERYTHING if node.value == self._language else NOTHING, exact=True)
        return _Compiled(has_any("source" if node.key == "source" else "story_id", [node.value]), exact=True)

    def _term(self, node: tree.Term, *, scoped: bool) -> _Compiled:
        match node:
            case tree.Word(text):
                return self._word(text)
            case tree.Wildcard(pattern):
                return _Compiled(_like(self._folded_pattern(pattern)), exact=False)
            case tree.Exact(text):
                return _Compiled(_has_term("forms", [self._folded_form(text)]), exact=False)
            case tree.Phrase(terms):
                parts = [self._term(term, scoped=scoped) for term in terms]
                return _Compiled(all_of(part.condition for part in parts), len(parts) == 1 and parts[0].exact)
            case tree.EntityTerm(name):
                return _Compiled(has_any("entity_ids", self._meanings.entity_ids(name)), exact=True)
            case tree.ConceptTerm(concept_id):
                return self._concept(concept_id, scoped=scoped)
            case _:
                assert_never(node)

    def _word(self, text: str) -> _Compiled:
        word = self._normaliser.query_word(text)
        together = _has_term("stems", word.stems)
        apart = all_of(_has_term("stems", stems) for stems in word.sequence) if word.sequence else NOTHING
        whole = all(len(stem) < MAX_TERM_CHARS for stem in word.stems)
        return _Compiled(any_of([together, apart]), exact=whole and not word.sequence)

    def _concept(self, concept_id: str, *, scoped: bool) -> _Compiled:
        if concept_id in self._open_concepts:
            return _Compiled(EVERYTHING, exact=False)
        found = self._meanings.concept(concept_id, self._language)
        if found is None:
            return _Compiled(NOTHING, exact=True)
        mention, where = found
        self._open_concepts.append(concept_id)
        parts = [self.compiled(mention, scoped=scoped)]
        if where is not None:
            parts.append(self.compiled(where))
        self._open_concepts.pop()
        return _Compiled(all_of(part.condition for part in parts), all(part.exact for part in parts))

    def _folded_pattern(self, pattern: str) -> str:
        return "*".join(self._folded_form(piece) for piece in pattern.split("*"))

    def _folded_form(self, text: str) -> str:
        raise NotImplementedError


def _inexact(compiled: _Compiled) -> _Compiled:
    return _Compiled(compiled.condition, exact=False)


def _has_term(field: Literal["stems", "forms"], terms: Iterable[str]) -> Condition:
    return has_any(field, (cut_term(term) for term in terms))


def _like(pattern: str) -> Condition:
    """That a form fits, or that one was cut, which says nothing of its end."""
    letters = len(pattern) - pattern.count("*")
    if letters > MAX_PATTERN_LETTERS:
        longest = max(pattern.split("*"), key=len)[:MAX_PATTERN_LETTERS]
        pattern = f"*{longest}*"
    return any_of([Like(pattern), HasAny("forms", frozenset({LONG_FORM}))])


def _covered(condition: Condition) -> Condition:
    """A flat condition that holds wherever `condition` does: its leaves of which one must be there.

    What stands at the top beside others and is small is kept, the time asked for above all.
    """
    if not isinstance(condition, AllOf):
        return any_of(_cover(condition))
    simple = [operand for operand in condition.operands if isinstance(operand, HasAny | Published)][:10]
    return all_of([*simple, any_of(_cover(condition))])


def _only_time(condition: Condition) -> Condition:
    operands = condition.operands if isinstance(condition, AllOf) else (condition,)
    return all_of(operand for operand in operands if isinstance(operand, Published))


def _cover(condition: Condition) -> tuple[Condition, ...]:
    """Leaves of which at least one holds wherever `condition` does; EVERYTHING where there are none such."""
    match condition:
        case AllOf(operands):
            return min((_cover(operand) for operand in operands), key=_cost, default=(EVERYTHING,))
        case AnyOf(operands):
            return tuple(leaf for operand in operands for leaf in _cover(operand))
        case Lacks():
            return (EVERYTHING,)
        case _:
            return (condition,)


def _cost(leaves: tuple[Condition, ...]) -> int:
    """How much the leaves are likely to find: few and long words are best, filters alone are worst."""
    return sum(_leaf_cost(leaf) for leaf in leaves)


def _leaf_cost(leaf: Condition) -> int:
    match leaf:
        case HasAny("stems" | "forms" | "entity_ids", values):
            return sum(max(1, 20 - len(value)) for value in values)
        case Like():
            return 100
        case _:
            return _WEAK
