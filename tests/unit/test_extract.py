"""From what a producer sent to title and text."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.extract import Content, content
from processors.html_text import html_content, plain_content
from schemas.articles import RawArticle
from schemas.errors import EnrichError
from schemas.text import cleaned_text

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SENTENCES = (
    "De burgemeester zei gisteren dat het zwembad pas volgend jaar opengaat.",
    "De aannemer kreeg te weinig stenen geleverd door een staking in de fabriek.",
    "Omwonenden reageren teleurgesteld op het nieuws.",
    "Het oude zwembad blijft tot dan open voor scholen en verenigingen.",
)
PARAGRAPHS = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
PAGE = f"""<html><head><title>Zwembad later open</title><script>var a = "<p>";</script></head><body>
<nav><a href="/">Voorpagina</a> <a href="/sport">Sport</a></nav>
<article><h1>Zwembad later open</h1>{PARAGRAPHS}</article>
<footer>Alle rechten voorbehouden</footer></body></html>"""


def raw(**fields: object) -> RawArticle:
    return RawArticle.model_validate({"article_id": "a", "published_at": NOW, "fetched_at": NOW} | fields)


def test_a_body_is_the_text_but_for_the_cleaning_rule() -> None:
    body = "\n  Oekrai\u0308ne\u200b\r\nwacht. \x07\tNog steeds.\n\n"
    assert content(raw(title="Wacht\u00ad", body=body)) == Content(
        "Wacht", "\n  Oekraïne\nwacht. \tNog steeds.\n\n", title_from_text=False
    )


def test_an_article_without_a_title_gets_its_lead_sentence() -> None:
    found = content(raw(body="De eerste zin. De tweede zin."))
    assert found == Content("De eerste zin.", "De eerste zin. De tweede zin.", title_from_text=True)


def test_a_title_that_was_made_from_the_text_stays_so() -> None:
    made = raw(title="De eerste zin.", body="De eerste zin. De tweede.", meta={"title_from_text": True})
    assert content(made).title_from_text


def test_a_title_alone_is_an_article() -> None:
    assert content(raw(title="Zwembad dicht")) == Content("Zwembad dicht", "", title_from_text=False)


@pytest.mark.parametrize(
    "fields", [{}, {"body": " \n"}, {"title": "\u200b", "body": "\x00"}, {"html": "<p> </p>"}, {"html": ""}]
)
def test_an_article_without_text_and_title_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(EnrichError) as refused:
        content(raw(**fields))
    assert refused.value.code == "no_text"


def test_a_canceled_article_needs_no_text() -> None:
    assert content(raw(status="canceled")) == Content("", "", title_from_text=False)


def test_a_page_gives_the_article_without_what_surrounds_it() -> None:
    found = content(raw(html=PAGE))
    assert (found.title, found.title_from_text) == ("Zwembad later open", False)
    assert found.text.split("\n") == list(SENTENCES)


def test_the_sources_title_goes_before_the_pages() -> None:
    assert content(raw(title="Zwembad", html=PAGE)).title == "Zwembad"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"<p>{SENTENCES[0]}</p>", SENTENCES[0]),
        ("<div>Regel een<br>Regel twee</div>", "Regel een\nRegel twee"),
        ("Gewone tekst, geen tags.", "Gewone tekst, geen tags."),
        ("<p>a &amp; b &lt; c &eacute;</p>", "a & b < c é"),
        ("<p>half open <b>vet", "half open vet"),
        ("<p>Kort.</p><script>alert('nee')</script><style>p {}</style><nav>Menu</nav>", "Kort."),
    ],
)
def test_a_short_or_broken_page_still_gives_its_text(html: str, text: str) -> None:
    assert content(raw(html=html)).text == text


def test_a_page_of_a_headline_alone_keeps_it() -> None:
    assert html_content("<title>Brand</title><p>Brand</p>") == ("Brand", "Brand")


HOSTILE = {
    "deep": "<div>" * 300_000 + PARAGRAPHS,
    "bold": "<b>" * 100_000 + "tekst " * 50,
    "lists": "<ul><li>" * 100_000 + PARAGRAPHS,
    "tables": "<table><tr><td>" * 50_000 + PARAGRAPHS,
    "attributes": "<p " + "a='x' " * 200_000 + ">" + PARAGRAPHS,
    "quotes": '<a "' * 200_000 + PARAGRAPHS,
    "angles": "<" * 1_000_000,
    "comments": "<!--" * 200_000,
    "ampersands": "&" * 1_000_000,
    "one word": "<p>" + "a" * 1_900_000 + "</p>",
    "script": "<script>" + "var a = 1;" * 150_000 + "</script>" + PARAGRAPHS,
    "entity bomb": '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;&a;">]><p>&b;</p>' + PARAGRAPHS,
    "no page": "\x00\x01\ufffd" * 10_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_pages_take_bounded_time_and_raise_nothing_else(kind: str) -> None:
    html_content(PAGE)
    began = time.process_time()
    text, title = html_content(HOSTILE[kind])
    assert time.process_time() - began < 3.0
    assert isinstance(text, str)
    assert isinstance(title, str)
    if PARAGRAPHS in HOSTILE[kind] and kind not in ("tables", "quotes"):
        assert SENTENCES[0] in text, "the article was there to be found"


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<b",
                ">",
                "<script>",
                "</script>",
                "tekst",
                " ",
                "\n",
                "&amp",
                "<!--",
                "-->",
                "<title>",
                '"',
                "é",
                "\x00",
            ]
        )
    ).map("".join)
)
def test_any_page_can_be_read(html: str) -> None:
    text, title = html_content(html)
    assert cleaned_text(text).isprintable() or "\n" in text or "\t" in text
    assert "\n" not in title
    assert all(line == line.strip() for line in plain_content(html)[0].split("\n"))
