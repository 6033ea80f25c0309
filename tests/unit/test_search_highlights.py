"""Excerpts around the words that were found: whole words, of one paragraph, marks that fit."""

from hypothesis import given
from hypothesis import strategies as st

from belfry.search.highlights import CONTEXT_CHARS, MAX_EXCERPTS, Highlight, highlights, opening
from schemas.spans import Span


def spans_of(field: str, content: str, *words: str) -> list[Span]:
    return [
        Span.model_validate({"field": field, "start": place, "end": place + len(word), "text": word})
        for word in words
        for place in range(len(content))
        if content.startswith(word, place)
    ]


def marked(highlight: Highlight) -> list[str]:
    return [highlight.text[start:end] for start, end in highlight.marks]


def test_a_short_title_is_shown_whole_with_its_words_marked() -> None:
    title = "Troepen bij de grens"

    (found,) = highlights(spans_of("title", title, "Troepen", "grens"), {"title": title, "text": "x"})

    assert (found.field, found.text, marked(found)) == ("title", title, ["Troepen", "grens"])
    assert not found.starts_inside
    assert not found.ends_inside


def test_an_excerpt_has_whole_words_around_its_mark() -> None:
    text = "woord " * 100 + "troepen " + "woord " * 100

    (found,) = highlights(spans_of("text", text, "troepen"), {"title": "", "text": text})

    assert set(found.text.split()) == {"woord", "troepen"}
    assert CONTEXT_CHARS < len(found.text) <= 2 * CONTEXT_CHARS + len("troepen")
    assert (found.starts_inside, found.ends_inside) == (True, True)


def test_marks_that_are_near_share_an_excerpt_and_far_ones_do_not() -> None:
    text = "troepen en troepen" + " woord" * 100 + " troepen"

    found = highlights(spans_of("text", text, "troepen"), {"title": "", "text": text})

    assert [marked(each) for each in found] == [["troepen", "troepen"], ["troepen"]]


def test_an_excerpt_stays_in_its_paragraph() -> None:
    text = "Eerste alinea.\n\nDe troepen komen.\n\nDerde alinea."

    (found,) = highlights(spans_of("text", text, "troepen"), {"title": "", "text": text})

    assert found.text == "De troepen komen."
    assert not found.starts_inside


def test_a_mark_over_two_paragraphs_is_whole() -> None:
    text = "De opbouw\n\nvan troepen gaat door."

    (found,) = highlights(spans_of("text", text, "opbouw\n\nvan troepen"), {"title": "", "text": text})

    assert marked(found) == ["opbouw\n\nvan troepen"]
    assert found.text == text


def test_overlapping_spans_are_one_mark() -> None:
    text = "de opbouw van troepen"

    (found,) = highlights(spans_of("text", text, "opbouw van troepen", "troepen"), {"title": "", "text": text})

    assert marked(found) == ["opbouw van troepen"]


def test_text_without_spaces_is_cut_anywhere() -> None:
    text = "字" * 300 + "北京" + "字" * 300

    (found,) = highlights(spans_of("text", text, "北京"), {"title": "", "text": text})

    assert (marked(found), len(found.text)) == (["北京"], 2 * CONTEXT_CHARS + 2)


def test_many_mentions_give_a_few_excerpts() -> None:
    text = ("troepen" + " woord" * 100 + " ") * 50

    found = highlights(spans_of("text", text, "troepen"), {"title": "", "text": text})

    assert len(found) == MAX_EXCERPTS


def test_the_opening_of_a_text_is_its_first_paragraph_cut_at_a_word() -> None:
    assert opening("  De troepen komen.\nMeer.").text == "De troepen komen."
    assert set(opening("woord " * 100).text.split()) == {"woord"}
    assert opening("").text == ""


PLACES = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 30)), max_size=8)


@given(st.text("ab \n字é", max_size=400), PLACES)
def test_excerpts_are_pieces_of_the_field_and_marks_are_in_order_apart_and_inside(
    text: str, places: list[tuple[int, int]]
) -> None:
    spans = [
        Span(field="text", start=start, end=min(start + length, len(text)), text=text[start : start + length])
        for start, length in places
        if start < len(text)
    ]

    found = highlights(spans, {"title": "", "text": text})

    assert bool(found) == bool(spans)
    for each in found:
        assert each.text in text
        edges = [edge for mark in each.marks for edge in mark]
        assert edges == sorted(edges)
        assert all(0 <= start < end <= len(each.text) for start, end in each.marks)
    shown = {each.text[start:end] for each in found for start, end in each.marks}
    if len(found) < MAX_EXCERPTS:
        assert all(any(span.text in mark for mark in shown) for span in spans)
