"""From what a producer sent to title and text."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.text.pages import known_pages
from processors.extract import Content, completed, content
from processors.html_text import html_page, plain_page
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
    page = html_page("<title>Brand</title><p>Brand</p>")
    assert (page.text, page.title) == ("Brand", "Brand")


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
    html_page(PAGE)
    began = time.process_time()
    page = html_page(HOSTILE[kind])
    assert time.process_time() - began < 3.0
    if PARAGRAPHS in HOSTILE[kind] and kind not in ("tables", "quotes"):
        assert SENTENCES[0] in page.text, "the article was there to be found"


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
    page = html_page(html)
    assert cleaned_text(page.text).isprintable() or "\n" in page.text or "\t" in page.text
    assert "\n" not in page.title
    assert all(line == line.strip() for line in plain_page(html).text.split("\n"))


PAGES = {f"{page.layout}, {page.language}": page for page in known_pages()}


@pytest.mark.parametrize("name", [name for name in PAGES if name.endswith((", nl", ", fr"))])
def test_an_article_is_told_from_what_its_site_puts_around_it(name: str) -> None:
    page = PAGES[name]
    found = html_page(page.html)
    assert [sentence for sentence in page.wanted if sentence not in found.text] == []
    assert [sentence for sentence in page.unwanted if sentence in found.text] == []


@pytest.mark.parametrize("layout", ["wall only, nl", "wall only, en", "wall only, de"])
def test_a_page_that_only_asks_for_consent_is_no_article(layout: str) -> None:
    with pytest.raises(EnrichError, match="request for consent") as refused:
        content(raw(html=PAGES[layout].html))
    assert refused.value.code == "no_text"


def test_where_the_source_gave_a_title_a_wall_leaves_that() -> None:
    article = raw(title="Zwembad later open", html=PAGES["wall only, nl"].html)
    found = content(article)
    assert (found.title, found.text) == ("Zwembad later open", "")
    assert completed(article, found).meta["page"] == "cookie_wall"


def test_a_page_tells_its_date_and_authors_where_the_source_did_not() -> None:
    article = raw(html=PAGES["paywall stub, nl"].html)
    made = completed(article, content(article))
    assert made.authors == ("Kim Vale",)
    assert made.published_at == datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
    assert made.meta == {"page": "paywall"}
    assert completed(made, content(made)) == made


def test_what_the_source_says_goes_before_what_the_page_says() -> None:
    stated = datetime(2026, 1, 2, tzinfo=UTC)
    article = raw(html=PAGES["paywall stub, nl"].html, published_at=stated, authors=("Redactie",))
    made = completed(article, content(article))
    assert (made.published_at, made.authors) == (stated, ("Redactie",))


def test_an_article_about_cookies_keeps_what_it_quotes() -> None:
    quoting = "<p>Op elke site staat wel: “Wij gebruiken cookies om onze site te verbeteren.” De toezichthouder vindt dat te vaag.</p>"
    page = f"<article><h1>Regels</h1>{PARAGRAPHS}{quoting}<p>Cookies volgen mensen over het hele web, zegt zij.</p></article>"
    text = content(raw(html=page)).text
    assert "Op elke site staat wel" in text
    assert "Cookies volgen mensen" in text


@pytest.mark.parametrize(
    ("script", "authors", "published"),
    [
        ('{"@type": "NewsArticle", "author": {"name": "Kim Vale"}, "datePublished": "2026-03-05"}', ("Kim Vale",), 5),
        ('{"@type": ["Article"], "author": ["Kim Vale", {"name": "Jo Day"}]}', ("Kim Vale", "Jo Day"), None),
        ('{"@graph": [{"@type": "WebPage"}, {"@type": "https://schema.org/NewsArticle", "author": "Kim Vale;Jo Day"}]}',
         ("Kim Vale", "Jo Day"), None),
        ('{"@type": "NewsArticle", "author": {"name": "https://example.com/kim"}, "datePublished": "1970-01-01"}', (), None),
        ('{"@type": "NewsArticle", "datePublished": "2031-01-01T00:00:00Z"}', (), None),
        ('{"@type": "NewsArticle", "datePublished": "Thu, 05 Mar 2026 07:30:00 +0100"}', (), 5),
        ('{"@type": "NewsArticle", "datePublished": 17, "author": [[]]}', (), None),
        ('{"@type": "Recipe", "author": "Kim Vale"}', (), None),
        ("{broken", (), None),
        ("[" * 100_000, (), None),
    ],
)  # fmt: skip
def test_what_a_page_says_for_machines_is_read_where_it_makes_sense(
    script: str, authors: tuple[str, ...], published: int | None
) -> None:
    article = raw(html=f'<script type="application/ld+json">{script}</script><p>{SENTENCES[0]}</p>')
    made = completed(article, content(article))
    assert made.authors == authors
    assert made.published_at == (NOW if published is None else made.published_at.replace(month=3, day=published))


def test_characters_of_windows_are_what_browsers_make_of_them() -> None:
    assert (
        content(raw(html="<p>Kritiek op l&#146;OTAN en \x93de rest\x94</p>")).text == "Kritiek op l’OTAN en “de rest”"
    )


def test_captions_are_kept_and_tables_have_no_bars() -> None:
    table = "<table><tr><th>Ploeg</th><th>Punten</th></tr><tr><td>Ajax</td><td>12</td></tr></table>"
    figure = "<figure><img src='a.jpg'><figcaption>Het bad, gezien vanaf de dijk.</figcaption></figure>"
    text = content(raw(html=f"<article><h1>Uitslag</h1>{figure}{PARAGRAPHS}{table}</article>")).text
    assert "Het bad, gezien vanaf de dijk." in text
    assert "Ajax\t12" in text
    assert "|" not in text
