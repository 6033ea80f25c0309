"""What all messages promise: times in UTC, versions, and one error for whatever bytes come."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.articles import RawArticle
from schemas.errors import DecodeError

MOMENT = datetime(2022, 1, 14, 9, 30, tzinfo=UTC)
MESSAGE = b'{"article_id": "a", "published_at": "%s", "fetched_at": "2022-01-14T09:30:00Z"%s}'


def decoded(published: str = "2022-01-14T09:30:00Z", more: str = "") -> RawArticle:
    return RawArticle.decode(MESSAGE % (published.encode(), more.encode()))


@pytest.mark.parametrize(
    "written", ["2022-01-14T09:30:00Z", "2022-01-14T09:30:00", "2022-01-14T10:30:00+01:00", "2022-01-14T04:30:00-05:00"]
)
def test_times_are_aware_and_in_utc(written: str) -> None:
    published = decoded(written).published_at

    assert published == MOMENT
    assert published.tzinfo is UTC


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "gisteren", ""])
def test_a_time_that_is_none_is_the_messages_fault(written: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decoded(written)

    assert caught.value.code == "invalid"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "empty"),
        (b"", "empty"),
        (b"{", "not_json"),
        (b"\xff", "not_json"),
        (b"[]", "invalid"),
        (b"null", "invalid"),
        (b"{}", "invalid"),
        (MESSAGE % (b"2022-01-14", b', "body": "x", "html": "y"'), "invalid"),
        (MESSAGE % (b"2022-01-14", b', "schema_version": 2'), "newer_schema"),
    ],
)
def test_what_is_no_message_has_its_reason(value: bytes | None, code: str) -> None:
    with pytest.raises(DecodeError) as caught:
        RawArticle.decode(value)

    assert caught.value.code == code


def test_fields_of_a_newer_writer_are_ignored() -> None:
    assert decoded(more=', "sentiment": 1') == decoded()


@given(st.binary() | st.text().map(lambda text: f'{{"article_id": "{text}"}}'.encode()))
def test_no_bytes_raise_anything_else(value: bytes) -> None:
    with pytest.raises(DecodeError) as caught:
        RawArticle.decode(value)

    assert caught.value.code in {"empty", "not_json", "invalid", "newer_schema"}


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
TIMES = st.timedeltas(timedelta(days=-738_000), timedelta(days=2_900_000)).map(lambda since: MOMENT + since)
ELSEWHERE = TIMES.map(lambda moment: moment.astimezone(timezone(timedelta(hours=moment.hour - 12))))


@given(
    st.builds(
        RawArticle,
        article_id=TEXTS.filter(lambda text: 0 < len(text) <= 128),
        title=TEXTS,
        body=st.none() | TEXTS,
        published_at=ELSEWHERE,
        fetched_at=TIMES,
        authors=st.lists(TEXTS, max_size=3).map(tuple),
        meta=st.dictionaries(TEXTS, st.none() | st.booleans() | TEXTS | st.lists(st.integers(-9, 9)), max_size=3),
    )
)
def test_decode_gives_back_what_was_encoded(article: RawArticle) -> None:
    assert RawArticle.decode(article.encode()) == article
