"""A query that is said never to match doesn't: by the definition, over made queries and texts of few words."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from processors.matching.articles import MatchArticle
from processors.matching.meanings import shipped_meanings
from processors.matching.naive import naive_spans
from processors.matching.parse import parse
from processors.matching.show import show
from processors.matching.tree import (
    And,
    AtLeast,
    Before,
    Exact,
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
from processors.matching.warnings_ import warnings
from schemas.errors import QueryError

WRITTEN = [
    "US",
    "us",
    "Werk",
    "werk",
    "werken",
    "Kernkraftwerk",
    "NAVO-raad",
    "raad",
    "qu'il",
    "l'OTAN",
    "OTAN",
    "1.000",
]
SIMPLE = st.one_of(
    st.sampled_from(WRITTEN).map(Word),
    st.sampled_from(WRITTEN).map(Exact),
    st.sampled_from(["werk*", "*werk", "*werk*", "kern*", "raad*", "*qu'il*", "otan*", "navo-r*"]).map(Wildcard),
)
LEAVES = st.one_of(SIMPLE, st.lists(SIMPLE, min_size=2, max_size=2).map(lambda terms: Phrase(tuple(terms), 1)))
DISTANCES = st.integers(0, 2)
MENTIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=2).map(lambda operands: Or(tuple(operands))),
        st.builds(Near, inner, inner, DISTANCES),
        st.builds(Before, inner, inner, DISTANCES),
        st.builds(Unless, inner, inner, DISTANCES),
        st.builds(Scoped, st.sampled_from(["title", "text"]), inner),
    ),
    max_leaves=3,
)
CONDITIONS = st.one_of(MENTIONS, st.builds(AtLeast, MENTIONS, st.integers(1, 2)))
QUERIES = st.one_of(
    st.builds(Unless, MENTIONS, MENTIONS, DISTANCES),
    st.builds(lambda wanted, excluded: And((wanted, Not(excluded))), CONDITIONS, CONDITIONS),
    st.builds(lambda wanted, other: And((wanted, Not(Or((other, wanted))))), CONDITIONS, CONDITIONS),
)
TEXTS = st.lists(st.sampled_from([*WRITTEN, "WERK", "Werken", "x"]), max_size=7).map(" ".join)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(QUERIES, TEXTS, TEXTS, st.sampled_from(["nl", "en", "de", "fr"]))
def test_what_is_said_never_to_match_does_not_match(made: Node, title: str, text: str, language: str):
    try:
        query = parse(show(made))
    except QueryError:
        assume(False)
        return
    parts = (query.right,) if isinstance(query, Unless) else query.operands if isinstance(query, And) else ()
    places = {part.column for part in parts if isinstance(query, Unless) or isinstance(part, Not)}
    said = [warning.code for warning in warnings(query) if warning.column in places]
    assume({"never_matches", "not_excludes_all"} & set(said))
    read = MatchArticle(title, text, language, "belga", datetime(2022, 1, 1, tzinfo=UTC))
    assert naive_spans(query, read, shipped_meanings()) is None, show(query)
