"""The syntax tree of the alert language: frozen dataclasses, equal when they mean the same.

`column` is where the node begins in the query (code points from 1); it takes no part in equality, so that
`parse(show(parse(q))) == parse(q)`.

Rules that hold for every tree that `parse` returns:
- And, Or have two or more operands and are flattened (no And directly inside And); operands keep their order.
- Near, Before and Unless are binary and group from the left; their operands, and AtLeast's, are mentions.
- Scoped holds no Scoped.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Word:
    """`troepen`: a word in any inflection, as written in the query. Hyphenated words keep their hyphens."""

    text: str
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Wildcard:
    """`troep*`, `*opbouw*`: a pattern over folded written words and parts, as written; only `*` is special."""

    pattern: str
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Exact:
    """`=NATO`: this very form, case and diacritics included."""

    text: str
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """`"a b"`, `"a b"~3`: terms in order with at most `slop` further words between them, in total.

    `="a b"` is a Phrase of Exact terms.
    """

    terms: tuple["Word | Wildcard | Exact", ...]
    slop: int = 0
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class EntityTerm:
    """`entity:NATO`, `entity:Q7184`: mentions of an entity; `name` as written."""

    name: str
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class ConceptTerm:
    """`concept:troop-buildup`: mentions of a concept of the lexicon."""

    id: str
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """`a NEAR/n b`: at most `distance` words between, in any order."""

    left: "Node"
    right: "Node"
    distance: int
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Before:
    """`a BEFORE/n b`: `a` first, at most `distance` words between."""

    left: "Node"
    right: "Node"
    distance: int
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Unless:
    """`a UNLESS/n b`: mentions of `a` with no mention of `b` within `distance` words."""

    left: "Node"
    right: "Node"
    distance: int
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`ATLEAST/n (…)`: at least `count` distinct mentions that do not overlap, over title and text together."""

    operand: "Node"
    count: int
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Scoped:
    """`title:(…)`, `text:…`: all inside holds in that field."""

    scope: Literal["title", "text"]
    operand: "Node"
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """`lang:nl`, `source:belga`, `story:…`: a property of the whole article; no spans."""

    key: Literal["lang", "source", "story"]
    value: str
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Published:
    """`published:[a TO b]`: instants in UTC, `until` exclusive (so that all of day b is in); None: open."""

    since: datetime | None
    until: datetime | None
    text: str
    """The inside of the brackets as written, normalised: `2022-01-01 TO 2022-02-01`; `*` for open."""
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """`a b`, `a AND b`."""

    operands: tuple["Node", ...]
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """`a OR b`; a mention where all its operands are mentions."""

    operands: tuple["Node", ...]
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """`NOT a`."""

    operand: "Node"
    column: int = field(default=1, compare=False)


Term: TypeAlias = Word | Wildcard | Exact | Phrase | EntityTerm | ConceptTerm
Node: TypeAlias = Term | Near | Before | Unless | AtLeast | Scoped | Filter | Published | And | Or | Not
