"""What holds of the definition whatever the mentions are: operators by their laws, over a tiny language."""

from hypothesis import given, settings
from hypothesis import strategies as st

from processors.matching.articles import MatchArticle
from processors.matching.naive import naive_spans
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
from schemas.spans import ExplainedSpan, reading_order
from tests.small_language import SmallMeanings, article

WRITTEN = ["a", "b", "troepen", "opbouw", "Troepenopbouw", "NAVO", "navo-ruslandraad", "build-up", "raketraket", "up"]
CONTENTS = st.lists(
    st.sampled_from([*WRITTEN, "x", "NAVO-Ruslandraad", "build", "buildup", "wapen-x"]), max_size=12
).map(" ".join)
ARTICLES = st.builds(lambda text, title: article(text, title), CONTENTS, st.one_of(st.just(""), CONTENTS))
SIMPLE = st.one_of(
    st.builds(Word, st.sampled_from(WRITTEN)),
    st.builds(Wildcard, st.sampled_from(["troep*", "*opbouw*", "nav*", "*raad", "*uild*"])),
    st.builds(Exact, st.sampled_from(["NAVO", "Troepenopbouw", "a"])),
)
TERMS = st.one_of(SIMPLE, st.builds(Phrase, st.tuples(SIMPLE, SIMPLE), st.integers(0, 2)))
DISTANCES = st.integers(0, 4)
MENTIONS = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.builds(lambda a, b: Or((a, b)), inner, inner),
        st.builds(Near, inner, inner, DISTANCES),
        st.builds(Before, inner, inner, DISTANCES),
        st.builds(Unless, inner, inner, DISTANCES),
    ),
    max_leaves=4,
)
EXAMPLES = settings(max_examples=120, deadline=None)


def _places(node: Node, read: MatchArticle) -> set[tuple[str, int, int]] | None:
    """What is marked; None where the query doesn't accept the article."""
    spans = naive_spans(node, read, SmallMeanings())
    return None if spans is None else {(span.field, span.start, span.end) for span in spans}


def _marked(node: Node, read: MatchArticle) -> set[tuple[str, int, int]]:
    return _places(node, read) or set()


@EXAMPLES
@given(MENTIONS, ARTICLES)
def test_spans_are_words_of_the_article_in_reading_order_each_once(node: Node, read: MatchArticle):
    spans: tuple[ExplainedSpan, ...] = naive_spans(node, read, SmallMeanings()) or ()
    assert list(spans) == sorted(spans, key=reading_order)
    assert len({(span.field, span.start, span.end) for span in spans}) == len(spans)
    for span in spans:
        content = read.title if span.field == "title" else read.text
        assert content[span.start : span.end] == span.text != ""


@EXAMPLES
@given(MENTIONS, MENTIONS, DISTANCES, ARTICLES)
def test_near_has_no_direction_and_is_what_before_is_in_either(
    left: Node, right: Node, distance: int, read: MatchArticle
):
    near = _marked(Near(left, right, distance), read)
    assert near == _marked(Near(right, left, distance), read)
    assert _marked(Before(left, right, distance), read) | _marked(Before(right, left, distance), read) <= near


@EXAMPLES
@given(MENTIONS, MENTIONS, DISTANCES, ARTICLES)
def test_a_wider_distance_finds_more_and_excludes_more(left: Node, right: Node, distance: int, read: MatchArticle):
    assert _marked(Near(left, right, distance), read) <= _marked(Near(left, right, distance + 1), read)
    assert _marked(Before(left, right, distance), read) <= _marked(Before(left, right, distance + 1), read)
    assert _marked(Unless(left, right, distance + 1), read) <= _marked(Unless(left, right, distance), read)


@EXAMPLES
@given(TERMS, MENTIONS, DISTANCES, ARTICLES)
def test_what_is_near_the_right_is_what_unless_leaves_out(left: Node, right: Node, distance: int, read: MatchArticle):
    kept = _marked(Unless(left, right, distance), read)
    assert kept <= _marked(left, read)
    assert not kept or _places(Near(Unless(left, right, distance), right, distance), read) is None


@EXAMPLES
@given(MENTIONS, MENTIONS, ARTICLES)
def test_conditions_follow_logic(a: Node, b: Node, read: MatchArticle):
    holds_a, holds_b = _places(a, read) is not None, _places(b, read) is not None
    assert (_places(And((a, b)), read) is not None) == (holds_a and holds_b)
    assert (_places(Or((a, b)), read) is not None) == (holds_a or holds_b)
    assert (_places(Not(a), read) is not None) == (not holds_a)
    assert _marked(Or((a, b)), read) == _marked(a, read) | _marked(b, read)
    assert _marked(Not(a), read) == set()


@EXAMPLES
@given(MENTIONS, ARTICLES)
def test_scopes_part_the_mentions_by_field(node: Node, read: MatchArticle):
    marked = _marked(node, read)
    assert _marked(Scoped("title", node), read) == {place for place in marked if place[0] == "title"}
    assert _marked(Scoped("text", node), read) == {place for place in marked if place[0] == "text"}


@EXAMPLES
@given(MENTIONS, st.integers(1, 3), ARTICLES)
def test_at_least_one_is_the_mention_itself_and_more_are_never_easier(node: Node, count: int, read: MatchArticle):
    assert _places(AtLeast(node, 1), read) == _places(node, read)
    assert _marked(AtLeast(node, count + 1), read) <= _marked(AtLeast(node, count), read)
