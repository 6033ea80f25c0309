"""What holds for every query: one tree has one text, nothing but QueryError is raised, and quickly."""

import time
import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from processors.matching.checks import is_mention
from processors.matching.explain import outline, pointed_out
from processors.matching.parse import grouped, parse, plain_shape
from processors.matching.scan import scan
from processors.matching.show import show
from processors.matching.source import source
from processors.matching.tokenise import word_places
from processors.matching.tree import Node, Phrase
from processors.matching.warnings_ import warnings
from schemas.errors import QueryError
from tests.unit.query_strategies import ANY_SHAPE, ANY_TEXT, LEAVES, MENTIONS, TREES

LONGEST_S = 0.05
parse("(the grammar OR) NOT loaded".replace("OR", "AND x OR y"))  # loads the grammar, which takes some 20 ms once


def tree_or_error(query: str) -> Node | QueryError:
    try:
        return parse(query)
    except QueryError as error:
        return error


def timed(text: str) -> tuple[Node | QueryError, float]:
    began = time.thread_time()
    outcome = tree_or_error(text)
    return outcome, time.thread_time() - began


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(TREES)
def test_a_tree_is_read_back_from_its_text(tree: Node):
    assert parse(show(tree)) == tree


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.filter_too_much])
@given(MENTIONS)
def test_every_mention_may_stand_beside_near(mention: Node):
    assert is_mention(mention)


@settings(deadline=None, max_examples=600)
@given(ANY_TEXT)
@example("=\u0338a")
@example("a\u0301\u0301" * 30)
@example('"a"' + "\u0301")
@example("title:\u0301a")
def test_any_text_is_a_query_or_a_query_error(text: str):
    outcome, took = timed(text)
    assert took < LONGEST_S or timed(text)[1] < LONGEST_S  # once, the machine may have been at something else
    if isinstance(outcome, QueryError):
        assert 1 <= outcome.column <= len(text) + 1
        assert outcome.message
        assert outcome.suggestion or outcome.expected
        assert pointed_out(text, outcome).splitlines()[0] == f"column {outcome.column}: {outcome.message}"
    else:
        canonical = show(outcome)
        assert parse(canonical) == outcome
        assert show(parse(canonical)) == canonical
        assert outline(outcome)
        assert all(1 <= warning.column <= len(text) + 1 for warning in warnings(outcome))


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.filter_too_much])
@given(ANY_SHAPE)
def test_what_is_suggested_for_a_side_that_is_no_mention_can_be_used(shape: Node):
    outcome = tree_or_error(show(shape))
    if isinstance(outcome, QueryError) and outcome.code == "not_a_mention":
        before, _, instead = outcome.suggestion.rpartition("rite ")
        if before == "W" and "beside the whole" not in instead:
            parse(instead)


@settings(deadline=None)
@given(
    st.one_of(
        st.lists(LEAVES, min_size=1, max_size=5).map(lambda leaves: " ".join(show(leaf) for leaf in leaves)),
        st.tuples(LEAVES, st.sampled_from([" NEAR/5 ", " BEFORE/2 ", " UNLESS/0 "]), LEAVES).map(
            lambda parts: show(parts[0]) + parts[1] + show(parts[2])
        ),
    )
)
def test_a_plain_shape_has_the_tree_that_the_grammar_gives(query: str):
    lexemes = scan(source(query))
    plain = plain_shape(lexemes)
    assert plain is None or plain == grouped(lexemes, len(query) + 1)
    assert parse(query) == grouped(lexemes, len(query) + 1)


@settings(deadline=None)
@given(
    st.text(st.characters(exclude_characters='"\\*=~', exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co"]), max_size=30)
)
@example("de VS-president, l'OTAN (130.000 soldaten) é北京 24.02.2022 z.B. 1\u00a0000\u00a0000")
def test_a_quoted_text_is_cut_as_a_text_is(text: str):
    text = unicodedata.normalize("NFC", text)
    words = [text[first:last] for first, last in word_places(text)]
    if words:
        tree = parse(f'"{text}"')
        assert [term.text for term in (tree.terms if isinstance(tree, Phrase) else [tree])] == words


def test_plain_shapes_are_those_that_most_subscriptions_have():
    for query in ("a", "a b", '"a b"', "a NEAR/5 b", "troep* b", '"a b" UNLESS/2 =c', "a lang:nl"):
        assert plain_shape(scan(source(query))) is not None
    for query in ("a OR b", "NOT a", "a NEAR/5 lang:nl", "(a)", "title:a"):
        assert plain_shape(scan(source(query))) is None


@pytest.mark.parametrize(
    "query", ["a", "a b c", "a NEAR/5 b", "(a OR b) c NOT d", 'title:("a b" OR c*de) published:[* TO *]']
)
def test_a_query_is_read_in_well_under_a_millisecond(query: str):
    began = time.thread_time()
    for _ in range(100):
        parse(query)
    assert (time.thread_time() - began) / 100 < 0.001
