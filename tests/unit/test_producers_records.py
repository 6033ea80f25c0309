"""The fields of a JSON line: what is taken, what is refused with its remedy, and who the article is then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.articles import Place, ReadArticle, Rules
from producers.json_values import json_value
from producers.records import article_of
from schemas.articles import RawArticle
from schemas.errors import InputProblem
from schemas.identity import article_id
from tests.unit.producers_reading import NOW, RULES

PLACE = Place("a.jsonl", 3)
PUBLISHED = datetime(2022, 1, 14, 9, 30, tzinfo=UTC)


def read(rules: Rules = RULES, **fields: Any) -> ReadArticle:
    found = article_of(fields, PLACE, rules, 100)
    assert isinstance(found, ReadArticle), str(found)
    return found


def refused(value: object) -> InputProblem:
    problem = article_of(value, PLACE, RULES, 100)
    assert isinstance(problem, InputProblem)
    assert (problem.path, problem.line) == ("a.jsonl", 3)
    assert problem.remedy.endswith((".", "…."))
    return problem


def test_every_field_of_an_article_is_taken() -> None:
    found = read(
        title="Titel",
        body="Tekst.",
        id="a1",
        url="https://www.example.org/a?utm_source=x",
        source="belga",
        language="nl-BE",
        published_at="2022-01-14T10:30:00+01:00",
        updated_at="2022-01-14T09:30:01Z",
        fetched_at="2022-01-14T09:31:00Z",
        embargoed_until="2022-01-15",
        authors=["Jan Peeters", " An  Smets "],
        tags="navo",
        status="withheld",
    )
    expected = RawArticle(
        article_id=article_id(url="https://example.org/a"),
        source="belga",
        url="https://www.example.org/a?utm_source=x",
        title="Titel",
        body="Tekst.",
        guid="a1",
        language="nl",
        published_at=PUBLISHED,
        updated_at=PUBLISHED + timedelta(seconds=1),
        fetched_at=PUBLISHED + timedelta(minutes=1),
        embargoed_until=datetime(2022, 1, 15, tzinfo=UTC),
        authors=("Jan Peeters", "An Smets"),
        tags=("navo",),
        status="withheld",
    )
    assert found.raw == expected
    assert (found.name, found.unread) == ("a1", ())


def test_what_is_missing_or_null_gets_its_default() -> None:
    raw = read(body="Tekst.", url=None, source=None, language=None, published_at=None, authors=None).raw

    assert (raw.source, raw.url, raw.language, raw.guid) == ("desk", None, None, None)
    assert raw.published_at == raw.fetched_at == NOW
    assert (raw.title, raw.meta) == ("Tekst.", {"title_from_text": True})


def test_a_title_alone_is_an_article() -> None:
    raw = read(title="Alleen een titel").raw

    assert (raw.title, raw.body, raw.html, raw.meta) == ("Alleen een titel", None, None, {})


def test_html_is_kept_for_enrichment_to_read() -> None:
    assert read(html="<p>Tekst</p>", body=" ").raw.html == "<p>Tekst</p>"
    assert read(html=" ", body="Tekst").raw.html is None


def test_texts_are_cleaned_and_never_trimmed() -> None:
    raw = read(title="Oekrai\u0308ne\u200b", body=" a\r\nb\ud800\u0007 ").raw

    assert (raw.title, raw.body) == ("Oekraïne", " a\nb\ufffd ")


@pytest.mark.parametrize("id_", ["a1", 7, 10**30])
def test_a_given_id_labels_results_and_a_whole_number_is_one(id_: str | int) -> None:
    found = read(body="x", id=id_)

    assert (found.name, found.raw.guid) == (str(id_), str(id_))


def test_guid_goes_before_id_but_results_carry_the_id() -> None:
    found = read(body="x", id="line 7", guid="tag:1")

    assert (found.name, found.raw.guid) == ("line 7", "tag:1")
    assert read(body="x").name == read(body="x").raw.article_id
    assert read(body="x", id=" ").raw.guid is None


def test_fields_that_are_not_known_are_named_and_harm_nothing() -> None:
    assert read(body="x", Headline=1, score=[{}]).unread == ("Headline", "score")


@pytest.mark.parametrize(
    ("language", "code"), [("nl", "nl"), ("NL", "nl"), ("fr_BE", "fr"), ("dut", "nl"), ("und", None), ("", None)]
)
def test_a_language_is_a_code_without_region(language: str, code: str | None) -> None:
    raw = read(body="x", language=language).raw

    assert (raw.language, raw.meta) == (code, {"title_from_text": True})


def test_what_is_no_language_code_is_kept_in_meta() -> None:
    raw = read(body="x", language="Nederlands").raw

    assert (raw.language, raw.meta["language_given"]) == (None, "Nederlands")


@pytest.mark.parametrize("written", ["2022-13-45", "1970-01-01T00:00:00Z", "2027-01-01"])
def test_a_date_that_no_article_can_have_is_kept_in_meta_and_counted(written: str) -> None:
    found = read(body="x", published_at=written, updated_at=written)

    assert found.raw.published_at == NOW
    assert found.raw.updated_at is None
    assert (found.raw.meta["published_refused"], found.raw.meta["updated_refused"]) == (written, written)
    assert found.date_refused
    assert found.raw.article_id == read(body="x").raw.article_id, "the time of reading must not make another article"


def test_a_month_and_a_day_say_so() -> None:
    assert read(body="x", published_at="2022-01").raw.meta["published_precision"] == "month"
    assert read(body="x", published_at="2022-01-14").raw.meta["published_precision"] == "day"
    assert "published_precision" not in read(body="x", published_at="2022-01-14T00:00Z").raw.meta


@pytest.mark.parametrize(
    ("fields", "code", "said"),
    [
        ({}, "no_text", "neither text nor title"),
        ({"title": " ", "body": "\u200b"}, "no_text", "neither text nor title"),
        ({"headline": "x", "content": "y"}, "no_text", "but content, headline"),
        ({"body": "x", "html": "<p>y"}, "two_contents", "both body and html"),
        ({"body": ["x"]}, "not_a_text", "body is a list"),
        ({"title": 5}, "not_a_text", "title is a number"),
        ({"body": "x", "id": 1.5}, "not_a_text", "id is a number"),
        ({"body": "x", "id": True}, "not_a_text", "id is true or false"),
        ({"body": "x", "authors": [{"name": "Jan"}]}, "not_a_list", "authors is no list of texts"),
        ({"body": "x", "tags": 3}, "not_a_list", "tags is no list of texts"),
        ({"body": "x", "published_at": "gisteren"}, "date", "published_at is 'gisteren', which is no date"),
        ({"body": "x", "published_at": 1642152600}, "date", "published_at is a number"),
        ({"body": "x", "updated_at": "01/31/2022"}, "date", "updated_at"),
        ({"body": "x", "embargoed_until": "2022-13"}, "date", "embargoed_until is '2022-13', which doesn't exist"),
        ({"body": "x", "fetched_at": "2026-03-02"}, "date", "still to come"),
        ({"body": "x", "status": "Draft\x1b"}, "status", "status is 'Draft\ufffd'"),
        ({"body": "x", "url": "example.org/a"}, "url", "url: "),
        ({"body": "x", "url": "javascript:alert(1)"}, "url", "url: "),
        ({"body": "x" * 10_001}, "too_large", "10,000 bytes"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_remedy(fields: dict[str, Any], code: str, said: str) -> None:
    large = len(fields.get("body") or "") > 100
    problem = article_of(fields, PLACE, RULES, 20_000 if large else 100)

    assert isinstance(problem, InputProblem)
    assert (problem.code, said in problem.reason) == (code, True), problem.reason
    assert problem.remedy


@pytest.mark.parametrize(
    ("value", "kind"),
    [(None, "null"), (True, "true or false"), (1.5, "a number"), ("x", "a text"), ([], "a list")],
)
def test_only_an_object_is_an_article(value: object, kind: str) -> None:
    problem = refused(value)

    assert (problem.code, problem.reason) == ("not_an_object", f"{kind} where an article should be")


def test_what_a_dry_run_printed_is_taken_as_it_is() -> None:
    raw = read(title="Titel", body="Tekst.", id="a1", published_at="2022-01", authors=["x"]).raw
    again = article_of(json_value(raw.encode().decode()), PLACE, Rules(lambda: NOW.replace(year=2027)), 100)

    assert isinstance(again, ReadArticle)
    assert (again.raw, again.name, again.unread) == (raw, "a1", ())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"content_hash": "x"}, "enriched"),
        ({"schema_version": 99}, "newer_schema"),
        ({"published_at": "gisteren"}, "invalid"),
        ({"status": "draft"}, "invalid"),
        ({"article_id": ""}, "invalid"),
        ({"html": "<p>x"}, "invalid"),
    ],
)
def test_a_printed_article_that_was_spoilt_is_refused(change: dict[str, Any], code: str) -> None:
    printed = json_value(read(body="Tekst.").raw.encode().decode()) | change

    assert refused(printed).code == code


def test_who_an_article_is_depends_on_url_then_guid_then_title() -> None:
    url, guid = "https://example.org/a", "g"
    assert read(title="x", url=url, id=guid).raw.article_id == article_id(url=url)
    assert read(title="x", id=guid, source="s").raw.article_id == article_id(source="s", guid=guid)
    assert read(title="x", published_at="2022-01").raw.article_id == article_id(
        source="desk", title="x", published_at=datetime(2022, 1, 1, tzinfo=UTC)
    )


VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.lists(st.text(max_size=5), max_size=2)
)
FIELDS = st.dictionaries(
    st.sampled_from(["title", "body", "html", "id", "guid", "url", "source", "language", "status", "published_at", "updated_at", "fetched_at", "embargoed_until", "authors", "tags", "schema_version", "article_id", "content_hash", "x"]),
    VALUES | st.sampled_from(["2022-01", "2022-13", "usable", "nl", "https://example.org/é", "\ud800", "a\x00b"]),
)  # fmt: skip


@given(FIELDS)
def test_any_object_is_an_article_that_can_travel_or_a_refusal(fields: dict[str, Any]) -> None:
    found = article_of(fields, PLACE, RULES, 100)

    if isinstance(found, ReadArticle):
        assert RawArticle.decode(found.raw.encode()) == found.raw
        found.name.encode()
        "".join(found.unread).encode()
    else:
        str(found).encode()
        assert str(found).isprintable()
