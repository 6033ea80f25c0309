"""What a query is warned of: it can be used, and is probably not what was meant."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from processors.matching.checks import children
from processors.matching.implies import Prover
from processors.matching.limits import short
from processors.matching.separable import separated
from processors.matching.show import show
from processors.matching.tree import (
    And,
    EntityTerm,
    Filter,
    Node,
    Not,
    Or,
    Phrase,
    Published,
    Scoped,
    Unless,
    Wildcard,
    Word,
)

MANY_WORDS = 2_000
"""A wildcard that fits more words than this costs time in search, and seldom is what was meant."""

WarningCode = Literal[
    "costly_wildcard",
    "filters_only",
    "foreign_operator",
    "lower_case_operator",
    "never_matches",
    "not_excludes_all",
    "scope_without_effect",
    "separable_verb",
    "several_entities",
]


_FOREIGN_OPERATORS = {
    **dict.fromkeys(("EN", "UND", "ET"), "AND"),
    **dict.fromkeys(("OF", "ODER", "OU"), "OR"),
    **dict.fromkeys(("NIET", "NICHT", "SAUF"), "NOT"),
}
"""What people write for an operator in Dutch, German and French."""


class Vocabulary(Protocol):
    """The words seen in articles."""

    def count(self, pattern: str) -> int:
        """How many different words the wildcard fits."""
        ...


class EntityIds(Protocol):
    """The names of the gazetteer."""

    def entity_ids(self, name: str) -> Collection[str]:
        """The ids that `entity:NAME` stands for, likeliest first."""
        ...


@dataclass(frozen=True, slots=True)
class QueryWarning:
    """`column` counts code points from 1; `message` says what is odd and what to write instead."""

    code: WarningCode
    message: str
    column: int


def warnings(
    node: Node, *, vocabulary: Vocabulary | None = None, entities: EntityIds | None = None
) -> list[QueryWarning]:
    """What to tell whoever wrote the query, by column. Without a vocabulary, no wildcard is called costly."""
    found = [*_of_filters_alone(node), *_of_parts(node, None, Prover()), *_of_separable_verbs(node)]
    for part in _walk(node):
        if isinstance(part, Wildcard) and vocabulary is not None:
            found += _of_wildcard(part, vocabulary)
        elif isinstance(part, EntityTerm) and entities is not None:
            found += _of_entity(part, entities)
    unique = dict.fromkeys(found)
    return sorted(unique, key=lambda warning: (warning.column, warning.code))


def _walk(node: Node) -> Iterator[Node]:
    """All parts of a query, phrases' terms included."""
    for part in _parts(node):
        yield part
        if isinstance(part, Phrase):
            yield from part.terms


def _parts(node: Node) -> Iterator[Node]:
    """All parts of a query, a phrase as one."""
    yield node
    for part in children(node):
        yield from _parts(part)


def _of_filters_alone(node: Node) -> Iterator[QueryWarning]:
    if not _has_spans(node):
        yield QueryWarning(
            "filters_only",
            "only filters: every article that has them rings, and no words can be shown as the reason",
            node.column,
        )
    elif isinstance(node, Or):
        for branch in node.operands:
            if not _has_spans(branch):
                yield QueryWarning(
                    "filters_only",
                    f"every article with {short(show(branch))} rings, whatever the other branches of OR ask for",
                    branch.column,
                )


def _has_spans(node: Node) -> bool:
    if isinstance(node, Filter | Published | Not):
        return False
    parts = children(node)
    return any(_has_spans(part) for part in parts) if parts else True


def _of_parts(node: Node, scope: Scoped | None, prover: Prover) -> Iterator[QueryWarning]:
    match node:
        case And():
            yield from _of_and(node, prover)
        case Unless() if prover.always_beside(node.left, node.right):
            yield QueryWarning(
                "never_matches",
                f"{short(show(node.right))} stands wherever {short(show(node.left))} does: it can never match",
                node.right.column,
            )
        case Published() if node.since is not None and node.until is not None and node.since >= node.until:
            yield QueryWarning("never_matches", f"{show(node)} ends before it begins: it can never match", node.column)
        case _:
            pass
    if scope is not None and isinstance(node, Filter | Published):
        yield QueryWarning(
            "scope_without_effect",
            f"{show(node)} is about the whole article; {scope.scope}: changes nothing about it",
            node.column,
        )
    for part in children(node):
        yield from _of_parts(part, node if isinstance(node, Scoped) else scope, prover)


def _of_separable_verbs(query: Node) -> Iterator[QueryWarning]:
    """Also the particle alone in the query shows that whoever wrote it knows."""
    words = [part for part in _parts(query) if isinstance(part, Word)]
    written = {word.text.lower() for word in words}
    for word in words:
        verb = separated(word.text)
        if verb is not None and verb.particle not in written:
            yield QueryWarning(
                "separable_verb",
                f"“{word.text}” is found where it is one word; where it comes apart in a sentence, write {verb.query}",
                word.column,
            )


def _of_and(node: And, prover: Prover) -> Iterator[QueryWarning]:
    yield from _of_contradiction(node)
    wanted = tuple(operand for operand in node.operands if not isinstance(operand, Not))
    for operand in node.operands:
        if isinstance(operand, Not):
            parts = (*wanted, And(wanted))
            swallowed = next((part for part in parts if prover.implies(part, operand.operand)), None)
            if swallowed is not None:
                yield QueryWarning(
                    "not_excludes_all",
                    f"{short(show(operand))} excludes every article with {short(show(swallowed))}: "
                    "it can never match. To exclude words nearby, write a UNLESS/5 b",
                    operand.column,
                )
    yield from _of_words_for_operators(node)


def _of_words_for_operators(node: And) -> Iterator[QueryWarning]:
    """`a and b`, not `and b`: where no operator could stand, the word is meant."""
    for place, operand in enumerate(node.operands[:-1]):
        if not isinstance(operand, Word):
            continue
        word = operand.text
        is_lower = word in ("and", "or", "not")
        operator = word.upper() if is_lower else _FOREIGN_OPERATORS.get(word)
        if operator == "NOT" or (operator and place):
            yield QueryWarning(
                "lower_case_operator" if is_lower else "foreign_operator",
                f"“{word}” is looked for as a word; write {operator} if you mean the operator",
                operand.column,
            )


def _of_contradiction(node: And) -> Iterator[QueryWarning]:
    """Two filters of one property that no article can satisfy together."""
    allowed: dict[str, frozenset[str]] = {}
    ranges = [operand for operand in node.operands if isinstance(operand, Published)]
    for operand in node.operands:
        key, values = _values(operand)
        if not key:
            continue
        before = allowed.get(key, values)
        allowed[key] = before & values
        if before and not allowed[key]:
            yield QueryWarning(
                "never_matches",
                f"no article has two values of {key}: at once, so this can never match; write OR between them",
                operand.column,
            )
    since = max((each.since for each in ranges if each.since is not None), default=None)
    until = min((each.until for each in ranges if each.until is not None), default=None)
    if len(ranges) > 1 and since is not None and until is not None and since >= until:
        yield QueryWarning(
            "never_matches", "the published: ranges don't overlap: they can never match", ranges[1].column
        )


def _values(node: Node) -> tuple[str, frozenset[str]]:
    """The property that a filter, or an OR of filters of one property, is about, and its allowed values; else ''."""
    parts = node.operands if isinstance(node, Or) else (node,)
    filters = [part for part in parts if isinstance(part, Filter)]
    keys = {part.key for part in filters}
    if len(filters) != len(parts) or len(keys) != 1:
        return "", frozenset()
    return keys.pop(), frozenset(part.value for part in filters)


def _of_wildcard(node: Wildcard, vocabulary: Vocabulary) -> Iterator[QueryWarning]:
    words = vocabulary.count(node.pattern)
    if words > MANY_WORDS:
        yield QueryWarning(
            "costly_wildcard", f"{node.pattern} fits {words:,} different words; give more letters", node.column
        )


def _of_entity(node: EntityTerm, entities: EntityIds) -> Iterator[QueryWarning]:
    ids = list(entities.entity_ids(node.name))
    if len(ids) > 1:
        yield QueryWarning(
            "several_entities",
            f"{show(node)} stands for {len(ids)} entities, any of which rings; "
            f"write entity:{ids[0]} for one of them ({short(', '.join(ids))})",
            node.column,
        )
