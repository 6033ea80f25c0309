"""Trees of the alert language as `parse` returns them, and texts that look like queries, for property tests."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from processors.matching.checks import refuse_meaningless
from processors.matching.published import published
from processors.matching.terms import simple_terms
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
    Scoped,
    Unless,
    Wildcard,
    Word,
)
from schemas.errors import QueryError

LETTERS = "abcxyzNTéßöñΩж北ك0129"


def _is_one_term(written: str) -> bool:
    try:
        found = simple_terms(written, 0, lambda place: place + 1)
    except QueryError:
        return False
    return found in ([Word(written)], [Wildcard(written)])


WRITTEN = st.one_of(
    st.sampled_from(
        ["troepen", "NATO", "U.S.", "l'OTAN", "build-up", "130.000", "1,5", "AND", "NEAR", "or", "e-mail", "x"]
    ),
    st.text(LETTERS + "-'’._", min_size=1, max_size=8).filter(_is_one_term),
)
PATTERNS = st.builds(
    lambda pieces, before, after: (
        ("*" if before or len(pieces) == 1 else "") + "*".join(pieces) + ("*" if after else "")
    ),
    st.lists(st.text(LETTERS, min_size=3, max_size=5), min_size=1, max_size=3),
    st.booleans(),
    st.booleans(),
).filter(_is_one_term)
WORDS = st.builds(Word, WRITTEN)
SIMPLE = st.one_of(WORDS, st.builds(Wildcard, PATTERNS), st.builds(Exact, WRITTEN))
VALUES = (
    st.text(LETTERS + ' "\\:*()-.&“', min_size=1, max_size=10)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: any(character.isalnum() for character in text))
)
LEAVES = st.one_of(
    SIMPLE,
    st.builds(Phrase, st.lists(SIMPLE, min_size=2, max_size=4).map(tuple), st.integers(0, 3)),
    st.builds(EntityTerm, VALUES),
    st.builds(ConceptTerm, st.sampled_from(["troop-buildup", "nato_russia.council", "x1"])),
)
FILTERS = st.one_of(
    st.builds(Filter, st.just("lang"), st.sampled_from(["nl", "en", "und"])),
    st.builds(Filter, st.sampled_from(["source", "story"]), VALUES),
    st.sampled_from(["[2022-01-01 TO 2022-02-01]", "[* TO 2022-02-01T10:00:00+01:00]", "[2022-01-01 TO *]"]).map(
        lambda inside: published(inside, 1, 1)
    ),
)
DISTANCES = st.integers(0, 20)


def _joined(kind: type[And] | type[Or], operands: list[Node]) -> Node:
    """The operands under one node, flattened as the grammar does."""
    flat: list[Node] = []
    for operand in operands:
        flat += operand.operands if isinstance(operand, kind) else [operand]
    return kind(tuple(flat))


def _larger_mentions(inner: SearchStrategy[Node]) -> SearchStrategy[Node]:
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda operands: _joined(Or, operands)),
        st.builds(Near, inner, inner, DISTANCES),
        st.builds(Before, inner, inner, DISTANCES),
        st.builds(Unless, inner, inner, DISTANCES),
        st.builds(Scoped, st.sampled_from(["title", "text"]), inner),
    )


_MENTION_SHAPES = st.recursive(LEAVES, _larger_mentions, max_leaves=6)


def _larger(inner: SearchStrategy[Node]) -> SearchStrategy[Node]:
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda operands: _joined(And, operands)),
        st.lists(inner, min_size=2, max_size=3).map(lambda operands: _joined(Or, operands)),
        st.builds(Not, inner),
        st.builds(Scoped, st.sampled_from(["title", "text"]), inner),
        st.builds(Near, inner, inner, DISTANCES),
        st.builds(AtLeast, inner, st.integers(1, 4)),
    )


ANY_SHAPE = st.recursive(
    st.one_of(_MENTION_SHAPES, FILTERS, st.builds(AtLeast, _MENTION_SHAPES, st.integers(1, 4))), _larger, max_leaves=6
)
"""Shapes that the grammar takes; many of them mean nothing."""


def _means_something(tree: Node) -> bool:
    try:
        refuse_meaningless(tree)
    except QueryError:
        return False
    return True


MENTIONS = _MENTION_SHAPES.filter(_means_something)
TREES = st.one_of(MENTIONS, ANY_SHAPE.filter(_means_something))
"""Trees that `parse` returns."""

_PIECES = [
    *[
        "a",
        "b",
        "troepen",
        "troep*",
        "=NATO",
        '"a b"',
        '"a b"~2',
        "“a b”",
        "AT&T",
        "12:30",
        "U.S.",
        "é",
        "e\u0301",
        "北京",
        "😀",
    ],
    *[
        "AND",
        "OR",
        "NOT",
        "NEAR/3",
        "BEFORE/2",
        "UNLESS/4",
        "ATLEAST/2",
        "NEAR",
        "and",
        "NEAR/x",
        "&&",
        "-a",
        "+a",
        "ab*",
        "*",
    ],
    *[
        "(",
        ")",
        "((",
        "))",
        '"',
        "“",
        "=",
        "~",
        "~2",
        "\\",
        '\\"',
        "\\(",
        "\\x",
        ":",
        "[",
        "]",
        "{",
        "^",
        "?",
        "|",
        "!",
        "-",
    ],
    *[
        "title:",
        "text:",
        "lang:nl",
        "entity:NATO",
        "concept:x",
        "source:",
        "story:x",
        "date:x",
        "published:[* TO *]",
        "published:[",
    ],
    *["\u200b", "\u00a0", "\n", "\x00", "\ud800", "\u202e", "\ufeff", "1\u00a0000", "x" * 70],
]
QUERY_LIKE = st.lists(st.tuples(st.sampled_from(_PIECES), st.sampled_from([" ", " ", " ", ""])), max_size=14).map(
    lambda pieces: "".join(piece + space for piece, space in pieces)
)
ANY_TEXT = st.one_of(QUERY_LIKE, st.text(st.characters(exclude_categories=()), max_size=60))
