"""What a query means, for people: its tree, what its words look for in each language, what is odd about it."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from processors.matching.candidates import candidates
from processors.matching.checks import children
from processors.matching.meanings import Meanings, check_meanings
from processors.matching.parse import parse
from processors.matching.show import show
from processors.matching.tree import (
    And,
    AtLeast,
    Before,
    ConceptTerm,
    EntityTerm,
    Exact,
    Filter,
    Near,
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
from processors.matching.warnings_ import QueryWarning, Vocabulary, warnings
from processors.matching.words import QueryWord
from schemas.errors import QueryError

_WINDOW = 72
"""How many characters of a query stand above the caret."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """`canonical` is the query as `show` writes it; `normal_forms` is language -> written word -> what it looks for.

    `names` is what each `entity:` and `concept:` stands for: ids, and the languages that the concept has mentions in.
    `exact_totals`: in search, totals and facets come from the index as they are; else they are approximate.
    """

    canonical: str
    tree: Node
    normal_forms: dict[str, dict[str, QueryWord]]
    names: dict[str, tuple[str, ...]]
    exact_totals: bool
    warnings: tuple[QueryWarning, ...]

    @property
    def outline(self) -> str:
        """The tree with a line for each node, children two spaces further in."""
        return outline(self.tree)


def explanation(
    query: str, languages: Sequence[str], meanings: Meanings, *, vocabulary: Vocabulary | None = None
) -> Explanation:
    """What a query means in these languages. Raises QueryError, also for an unknown entity or concept."""
    tree = parse(query)
    check_meanings(tree, meanings)
    words = list(dict.fromkeys(words_of(tree)))
    return Explanation(
        canonical=show(tree),
        tree=tree,
        normal_forms={
            language: {word: meanings.normaliser(language).query_word(word) for word in words} for language in languages
        },
        names={show(name): _meant(name, languages, meanings) for name in _names(tree)},
        exact_totals=candidates(tree, languages, meanings).exact,
        warnings=tuple(warnings(tree, vocabulary=vocabulary, entities=meanings)),
    )


def words_of(node: Node) -> Iterator[str]:
    """The words of a query that are looked for in any inflection, in order, those in phrases included."""
    if isinstance(node, Word):
        yield node.text
    elif isinstance(node, Phrase):
        yield from (term.text for term in node.terms if isinstance(term, Word))
    else:
        for part in children(node):
            yield from words_of(part)


def _names(node: Node) -> Iterator[EntityTerm | ConceptTerm]:
    if isinstance(node, EntityTerm | ConceptTerm):
        yield node
    for part in children(node):
        yield from _names(part)


def _meant(name: EntityTerm | ConceptTerm, languages: Sequence[str], meanings: Meanings) -> tuple[str, ...]:
    if isinstance(name, EntityTerm):
        return tuple(meanings.entity_ids(name.name))
    return tuple(language for language in languages if meanings.concept(name.id, language) is not None)


def outline(node: Node) -> str:
    """The tree with a line for each node, children two spaces further in."""
    return "\n".join(f"{'  ' * depth}{line}" for depth, line in _lines(node, 0))


def pointed_out(query: str, error: QueryError) -> str:
    """The place of an error in a query, a caret under it, what could stand there and what to do; three lines or four.

    Characters that a terminal would obey or not show are replaced, and a long query is cut around the place.
    """
    place = min(max(error.column - 1, 0), len(query))
    first = max(0, min(place - _WINDOW // 2, len(query) - _WINDOW))
    last = min(len(query), first + _WINDOW)
    before = ("…" if first else "") + _printable(query[first:place])
    after = _printable(query[place:last]) + ("…" if last < len(query) else "")
    lines = [f"column {error.column}: {error.message}", f"  {before}{after}", f"  {' ' * _width(before)}^"]
    if error.expected:
        lines.append(f"expected: {_listed(error.expected)}")
    if error.suggestion:
        lines.append(error.suggestion)
    return "\n".join(lines)


def _lines(node: Node, depth: int) -> Iterator[tuple[int, str]]:
    yield depth, _label(node)
    for part in node.terms if isinstance(node, Phrase) else children(node):
        yield from _lines(part, depth + 1)


def _label(node: Node) -> str:
    match node:
        case And() | Or() | Not():
            return type(node).__name__.upper()
        case Near() | Before() | Unless():
            return f"{type(node).__name__.upper()} within {node.distance} words"
        case AtLeast():
            return f"ATLEAST {node.count} mentions"
        case Scoped():
            return f"in the {node.scope}"
        case Phrase():
            return f"phrase, up to {node.slop} further words" if node.slop else "phrase"
        case Word():
            return f"word {node.text}"
        case Wildcard():
            return f"wildcard {node.pattern}"
        case Exact():
            return f"exactly {node.text}"
        case EntityTerm():
            return f"entity {node.name}"
        case ConceptTerm():
            return f"concept {node.id}"
        case Filter():
            return f"{node.key} is {node.value}"
        case Published():
            return f"published {node.text}"


def _listed(things: tuple[str, ...]) -> str:
    *most, last = things
    return f"{', '.join(most)} or {last}" if most else last


def _printable(text: str) -> str:
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character.isspace():
        return " "
    return "·" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn", "Co") else character


def _width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0
        if unicodedata.category(character) in ("Mn", "Me")
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )
