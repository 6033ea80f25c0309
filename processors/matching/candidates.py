"""The candidate query: what the index is asked, so that no article which the matcher would accept is missed.

An article's `stems` are all normal forms that a word of a query may meet in it, its `forms` all written ones that a
wildcard or `=` may meet. So each term becomes a condition on these, and each part of a query two: the *wide* one holds
for every article that the part accepts (NEAR: both sides are there; UNLESS: the left is), the *sure* one for none that
it doesn't accept (NEAR: never; UNLESS: the left is there and the right isn't). NOT turns them round. Where both are the
same, the index counts as the matcher does. All this for each language, because a word has other normal forms in each;
languages that agree share theirs.

The same answer for search and backtest comes from the matcher, which verifies every candidate.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

from processors.document import LONG_FORM, MAX_TERM_CHARS, cut_term
from processors.matching import tree
from processors.matching.candidate_tree import (
    EVERYTHING,
    NOTHING,
    AllOf,
    AnyOf,
    Condition,
    HasAny,
    Lacks,
    Like,
    Published,
    all_of,
    any_of,
    clause_count,
    depth,
    has_any,
    lacks,
    published_bounds,
)
from processors.matching.meanings import Meanings

MAX_CLAUSES = 900
"""Elasticsearch promises 1,024; the rest is for what stands around the candidates."""

MAX_NESTING = 20
"""Elasticsearch refuses bool queries nested deeper than 30."""

MAX_PATTERN_LETTERS = 60
"""Lucene refuses a pattern whose automaton is costly; so many letters and four `*` never are."""

MAX_VALUE_UNITS = 8_000
"""A source's or a story's longer name (in UTF-16) may be missing in the index, whose `ignore_above` is 8,191."""

_KEPT = 10
"""So many words that all must be there are kept of a condition that is too large."""

_WEAK = 1_000_000
"""More than any number of words: what a filter costs as the one condition that finds candidates."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """`wide` holds for every article that is accepted, `sure` for none that isn't; the truth is between."""

    wide: Condition
    sure: Condition


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the index is asked for a query. `reads_entities`: the matcher needs the articles' `entities`."""

    bounds: Bounds
    reads_entities: bool

    @property
    def exact(self) -> bool:
        """Whether the wide condition finds no more than the matcher accepts."""
        return self.bounds.wide == self.bounds.sure


def candidates(node: tree.Node, languages: Sequence[str], meanings: Meanings) -> Candidates:
    """What to ask for articles in `languages`, which must be all that the index holds (`und` where none is known).

    A condition that would be larger or deeper than Elasticsearch takes is widened until it fits, at worst to all
    articles of the time asked for; then nothing is sure.
    """
    compilers = [_Language(language, meanings) for language in dict.fromkeys(languages)]
    found = {compiler.language: compiler.bounds(node) for compiler in compilers}
    reads_entities = any(compiler.reads_entities for compiler in compilers)
    wide = _over_languages({language: bounds.wide for language, bounds in found.items()})
    sure = _over_languages({language: bounds.sure for language, bounds in found.items()})
    if not _fits(sure):
        sure = NOTHING
    for widened in (_covered, _only_time):
        if _fits(wide):
            break
        wide = _over_languages({language: widened(bounds.wide) for language, bounds in found.items()})
    return Candidates(Bounds(wide, sure), reads_entities)


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


_ALL = Bounds(EVERYTHING, NOTHING)
"""Anything may be accepted, nothing surely is."""


def _exactly(condition: Condition) -> Bounds:
    return Bounds(condition, condition)


def _joined(join: Callable[[Iterable[Condition]], Condition], parts: Sequence[Bounds]) -> Bounds:
    return Bounds(join(part.wide for part in parts), join(part.sure for part in parts))


class _Language:
    """Compiles trees for the articles of one language."""

    def __init__(self, language: str, meanings: Meanings) -> None:
        self.language = language
        self.reads_entities = False
        self._meanings = meanings
        self._normaliser = meanings.normaliser(language)
        self._open_concepts: list[str] = []

    def bounds(self, node: tree.Node, *, scoped: bool = False) -> Bounds:
        """The bounds of `node`. `scoped`: it must hold in one field, which documents don't tell apart."""
        match node:
            case tree.And(operands):
                return _joined(all_of, [self.bounds(operand, scoped=scoped) for operand in operands])
            case tree.Or(operands):
                return _joined(any_of, [self.bounds(operand, scoped=scoped) for operand in operands])
            case tree.Not(operand):
                part = self.bounds(operand, scoped=scoped)
                return Bounds(lacks(part.sure), lacks(part.wide))
            case tree.Near() | tree.Before():
                parts = [self.bounds(side, scoped=scoped) for side in _sides(node)]
                return Bounds(all_of(part.wide for part in parts), NOTHING)
            case tree.Unless():
                left, rights = _unless(node)
                wanted = self.bounds(left, scoped=scoped)
                unwanted = [self.bounds(right, scoped=scoped).wide for right in rights]
                return Bounds(wanted.wide, all_of([wanted.sure, *map(lacks, unwanted)]))
            case tree.AtLeast(operand, count):
                part = self.bounds(operand, scoped=scoped)
                return part if count == 1 else Bounds(part.wide, NOTHING)
            case tree.Scoped(_, operand):
                return self.bounds(operand, scoped=True)
            case tree.Filter() | tree.Published():
                return self._filter(node)
            case _:
                term = self._term(node, scoped=scoped)
                return Bounds(term.wide, NOTHING) if scoped else term

    def _filter(self, node: tree.Filter | tree.Published) -> Bounds:
        if isinstance(node, tree.Published):
            return Bounds(*published_bounds(node.since, node.until))
        if node.key == "lang":
            return _exactly(EVERYTHING if node.value == self.language else NOTHING)
        if len(node.value.encode("utf-16-le")) > 2 * MAX_VALUE_UNITS:
            return _ALL
        return _exactly(has_any("source" if node.key == "source" else "story_id", [node.value]))

    def _term(self, node: tree.Term, *, scoped: bool) -> Bounds:
        match node:
            case tree.Word(text):
                return self._word(text)
            case tree.Wildcard(pattern):
                return _like("*".join(self._normaliser.fold_form(piece) for piece in pattern.split("*")))
            case tree.Exact(text):
                return Bounds(_has_term("forms", [self._normaliser.fold_form(text)]), NOTHING)
            case tree.Phrase(terms):
                parts = [self._term(term, scoped=scoped) for term in terms]
                return Bounds(all_of(part.wide for part in parts), NOTHING)
            case tree.EntityTerm(name):
                self.reads_entities = True
                return _exactly(has_any("entity_ids", self._meanings.entity_ids(name)))
            case tree.ConceptTerm(concept_id):
                return self._concept(concept_id, scoped=scoped)
            case _:
                assert_never(node)

    def _word(self, text: str) -> Bounds:
        word = self._normaliser.query_word(text)
        together = _has_term("stems", word.stems)
        apart = all_of(_has_term("stems", stems) for stems in word.sequence) if word.sequence else NOTHING
        whole = all(len(stem) < MAX_TERM_CHARS for stem in word.stems)
        return Bounds(any_of([together, apart]), together if whole else NOTHING)

    def _concept(self, concept_id: str, *, scoped: bool) -> Bounds:
        if concept_id in self._open_concepts:
            return _ALL
        found = self._meanings.concept(concept_id, self.language)
        if found is None:
            return _exactly(NOTHING)
        mention, where = found
        self._open_concepts.append(concept_id)
        parts = [self.bounds(mention, scoped=scoped)]
        if where is not None:
            parts.append(self.bounds(where))
        self._open_concepts.pop()
        return _joined(all_of, parts)


def _sides(node: tree.Near | tree.Before) -> Iterator[tree.Node]:
    """What all must be there for a NEAR or BEFORE; of a chain all sides at once, or it would cost their square."""
    pending: list[tree.Node] = [node]
    while pending:
        side = pending.pop()
        if isinstance(side, tree.Near | tree.Before):
            pending += (side.right, side.left)
        else:
            yield side


def _unless(node: tree.Unless) -> tuple[tree.Node, list[tree.Node]]:
    """The left side of an UNLESS, of a chain the leftmost one, and all that must not be near it."""
    left: tree.Node = node
    rights: list[tree.Node] = []
    while isinstance(left, tree.Unless):
        rights.append(left.right)
        left = left.left
    return left, rights


def _has_term(field: Literal["stems", "forms"], terms: Iterable[str]) -> Condition:
    return has_any(field, (cut_term(term) for term in terms))


def _like(pattern: str) -> Bounds:
    """That a form fits; one that was cut says nothing of its end, so where one was, it may fit."""
    letters = len(pattern) - pattern.count("*")
    long = HasAny("forms", frozenset({LONG_FORM}))
    if letters <= MAX_PATTERN_LETTERS:
        return Bounds(any_of([Like(pattern), long]), all_of([Like(pattern), Lacks(long)]))
    longest = max(pattern.split("*"), key=len)[:MAX_PATTERN_LETTERS]
    return Bounds(any_of([Like(f"*{longest}*"), long]), NOTHING)


def _covered(condition: Condition) -> Condition:
    """A flat condition that holds wherever `condition` does: its leaves of which one must be there.

    What stands at the top beside others is kept as far as it is small, the time asked for always.
    """
    if not isinstance(condition, AllOf):
        return any_of(_cover(condition))
    time = [operand for operand in condition.operands if isinstance(operand, Published)]
    small = [operand for operand in condition.operands if isinstance(operand, HasAny)][:_KEPT]
    return all_of([*time, *small, any_of(_cover(condition))])


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
