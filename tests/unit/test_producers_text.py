"""Text files: the date prefix, the title from the lead, the body as it was."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.articles import Place, ReadArticle, Rules
from producers.text_format import article_of_text
from schemas.errors import InputProblem
from schemas.text import cleaned_text

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULES = Rules(lambda: NOW, "belga", max_article_bytes=10_000)
PLACE = Place("a.txt", 1)

ARTICLE = (
    " date 2022-01 De minister van Buitenlandse Zaken heeft “grote zorgen” over de opbouw van troepen, zegt zijn "
    "woordvoerder Jan Peeters. Hij vertrekt morgen.\n\nHij overlegt met de NAVO.\n\nNieuw overleg\n\nEn er is meer."
)


def read(text: str | bytes) -> ReadArticle:
    article = article_of_text(text if isinstance(text, bytes) else text.encode(), PLACE, RULES)
    assert isinstance(article, ReadArticle), str(article)
    return article


def refused(data: bytes) -> InputProblem:
    problem = article_of_text(data, PLACE, RULES)
    assert isinstance(problem, InputProblem)
    assert problem.remedy
    return problem


def test_an_article_of_the_archive_is_understood() -> None:
    raw = read(ARTICLE).raw

    assert raw.published_at == datetime(2022, 1, 1, tzinfo=UTC)
    assert raw.meta == {"published_precision": "month", "title_from_text": True}
    assert raw.title.startswith("De minister van Buitenlandse Zaken heeft")
    assert len(raw.title) < 120
    assert raw.body == ARTICLE.removeprefix(" date 2022-01 ")
    assert (raw.source, raw.fetched_at) == ("belga", NOW)


@pytest.mark.parametrize(
    ("prefix", "published", "precision"),
    [
        (" date 2022-01 ", datetime(2022, 1, 1, tzinfo=UTC), "month"),
        ("date 2022-01 ", datetime(2022, 1, 1, tzinfo=UTC), "month"),
        (" date 2022-01-14 ", datetime(2022, 1, 14, tzinfo=UTC), "day"),
        (" date 2022-1-4 ", datetime(2022, 1, 4, tzinfo=UTC), "day"),
        (" date 2022/01 ", datetime(2022, 1, 1, tzinfo=UTC), "month"),
        (" Date 2022-01\n", datetime(2022, 1, 1, tzinfo=UTC), "month"),
        ("\n date  2022-01\r\n", datetime(2022, 1, 1, tzinfo=UTC), "month"),
        ("\ufeff date 2022-01 ", datetime(2022, 1, 1, tzinfo=UTC), "month"),
        (" date 2022-01\t", datetime(2022, 1, 1, tzinfo=UTC), "month"),
        (" date 2022-01-14T09:30:00+01:00 ", datetime(2022, 1, 14, 8, 30, tzinfo=UTC), None),
    ],
)
def test_a_date_prefix_is_no_part_of_the_text(prefix: str, published: datetime, precision: str | None) -> None:
    raw = read(f"{prefix}Een tekst. Nog een.").raw

    assert raw.body == "Een tekst. Nog een."
    assert raw.published_at == published
    assert raw.meta.get("published_precision") == precision


@pytest.mark.parametrize(
    "text",
    [
        "date limite pour les candidatures",
        " date 2022 was een goed jaar",
        "date 2022-01, zegt hij",
        "date 2022-01-bis",
        "dates 2022-01 en later",
        "datenschutz 2022-01 gilt",
        "de date 2022-01 staat hier niet voorop",
        "Een tekst zonder datum.",
    ],
)
def test_what_only_begins_like_a_date_prefix_is_text(text: str) -> None:
    raw = read(text).raw

    assert raw.body == text
    assert raw.published_at == NOW


@pytest.mark.parametrize("written", ["2022-13", "2022-00", "2022-02-30", "0000-01", "1970-01", "2099-01"])
def test_a_date_that_no_article_can_have_is_kept_and_the_time_of_reading_counts(written: str) -> None:
    article = read(f" date {written} Een tekst.")

    assert article.raw.body == "Een tekst."
    assert article.raw.published_at == NOW
    assert article.raw.meta["published_refused"] == written
    assert article.date_refused


def test_the_body_is_unchanged_but_for_the_cleaning_rule() -> None:
    text = "\n\n  Een  tekst. \t\r\n\r\nMet cafe\u0301 en zacht\u00adafbreken.\n \n"

    assert read(text).raw.body == "\n\n  Een  tekst. \t\n\nMet café en zachtafbreken.\n \n"


def test_the_space_after_the_prefix_goes_with_it_and_no_more() -> None:
    assert read(" date 2022-01   Een tekst.").raw.body == "  Een tekst."
    assert read(" date 2022-01\n\nEen tekst.").raw.body == "\nEen tekst."


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "empty", 1),
        (b" \n\t\n", "empty", 1),
        (b" date 2022-01 ", "no_text", 1),
        ("goed\n\nfout é".encode("latin-1"), "wrong_encoding", 3),
        ("Een tekst".encode("utf-16"), "wrong_encoding", 1),
        ("Een tekst".encode("utf-16-le"), "wrong_encoding", 1),
        ("Een tekst".encode("utf-16-be"), "wrong_encoding", 1),
        ("Een tekst".encode("utf-32"), "wrong_encoding", 1),
        (b"eerst tekst\ndan \0 niet", "binary", 2),
        (bytes(range(256)), "binary", 1),
        (b"%PDF-1.7\n1 0 obj\n", "binary", 1),
        (b"PK\x03\x04docx", "binary", 1),
        (b"x" * 10_001, "too_large", 1),
        (b'"' * 9_000, "too_large", 1),
    ],
)
def test_what_is_no_text_is_refused_with_line_and_remedy(data: bytes, code: str, line: int) -> None:
    problem = refused(data)

    assert (problem.code, problem.line, problem.path) == (code, line, "a.txt")


def test_a_wrong_byte_is_shown_with_its_column() -> None:
    assert "byte 0xE9 at column 4" in refused("caf\xe9".encode("latin-1")).reason


def id_of(text: str) -> str:
    return read(text).raw.article_id


def test_the_same_text_has_the_same_id_whenever_and_wherever_it_is_read() -> None:
    later = Rules(lambda: NOW.replace(year=2027), "belga")
    again = article_of_text(ARTICLE.encode(), Place("elsewhere.txt", 1), later)

    assert isinstance(again, ReadArticle)
    assert again.raw.article_id == id_of(ARTICLE)


def test_an_edit_below_the_opening_makes_a_version_and_not_another_article() -> None:
    long = ARTICLE + "\n\nEn er is veel meer te zeggen." * 10

    assert id_of(long + "\n\nVerbeterd.") == id_of(long)


def test_texts_with_one_heading_or_another_month_are_different_articles() -> None:
    assert id_of("COLUMN\n\nOver het weer.") != id_of("COLUMN\n\nOver de NAVO.")
    assert id_of(ARTICLE.replace("2022-01", "2022-02")) != id_of(ARTICLE)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
def test_any_text_is_kept_or_refused_with_a_remedy(text: str) -> None:
    found = article_of_text(text.encode(), PLACE, RULES)

    if isinstance(found, InputProblem):
        assert found.code in {"empty", "binary", "no_text", "wrong_encoding"}
        assert found.remedy
    elif not text.lstrip().lower().startswith("date"):
        assert found.raw.body == cleaned_text(text)
