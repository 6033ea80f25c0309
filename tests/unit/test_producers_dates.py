"""Dates as sources write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.dates import given_date, is_plausible

NINE_THIRTY = datetime(2022, 1, 14, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2022-01-14T09:30:00Z",
        "2022-01-14t09:30:00z",
        "2022-01-14T09:30Z",
        "2022-01-14T09:30:00",
        "2022-01-14 09:30",
        "2022-01-14 09:30:00 UTC",
        "2022-01-14T10:30:00+01:00",
        "2022-01-14T10:30:00+0100",
        "2022-01-14T10:30:00 +01",
        "2022-01-14T04:30:00−05:00",
        "2022-01-14T09:30:00.000000000Z",
        "2022-01-14T09:30:00,0Z",
        "20220114T093000Z",
        "2022/01/14 09:30",
        "2022/1/14 09:30",
        "14.1.2022 09:30",
        "14-01-2022 09:30:00",
        "Fri, 14 Jan 2022 10:30:00 +0100",
        "14 January 2022 09:30 GMT",
        "Fri, 14 Jan 2022 04:30:00 EST",
        " 2022-01-14T09:30:00Z\n",
    ],
)
def test_an_instant_is_read_whatever_its_form(text: str) -> None:
    date = given_date(text)

    assert date is not None
    assert (date.instant, date.precision) == (NINE_THIRTY, "instant")


@pytest.mark.parametrize(
    ("text", "instant", "precision"),
    [
        ("2022-01", datetime(2022, 1, 1, tzinfo=UTC), "month"),
        ("2022-01-14", datetime(2022, 1, 14, tzinfo=UTC), "day"),
        ("20220114", datetime(2022, 1, 14, tzinfo=UTC), "day"),
        ("14.01.2022", datetime(2022, 1, 14, tzinfo=UTC), "day"),
        ("14 Jan 2022", datetime(2022, 1, 14, tzinfo=UTC), "day"),
        ("1899-12-31", datetime(1899, 12, 31, tzinfo=UTC), "day"),
        ("2022-01-14T24:00:00Z", datetime(2022, 1, 15, tzinfo=UTC), "instant"),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC), "instant"),
        ("2022-01-14T09:30:00.25Z", NINE_THIRTY + timedelta(milliseconds=250), "instant"),
    ],
)
def test_what_is_only_a_month_or_a_day_is_its_first_instant(text: str, instant: datetime, precision: str) -> None:
    date = given_date(text)

    assert date is not None
    assert (date.instant, date.precision) == (instant, precision)


@pytest.mark.parametrize(
    "text",
    [
        "2022-13",
        "2022-00-01",
        "2022-02-30",
        "0000-00-00",
        "2022-01-14T25:00:00Z",
        "2022-01-14T09:61:00Z",
        "2022-01-14T09:30:00+01:75",
        "2022-01-14T24:00:01Z",
        "9999-12-31T23:59:60Z",
        "0001-01-01T00:00:00+01:00",
        "31 Feb 2022",
        "2021-02-29",
    ],
)
def test_a_day_that_does_not_exist_is_a_date_that_is_impossible(text: str) -> None:
    date = given_date(text)

    assert date is not None
    assert date.instant is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gisteren",
        "2022",
        "14 januari",
        "01/31/2022",
        "31/01/2022",
        "1642152600",
        "14 Foo 2022",
        "2022-01-14T",
        "x" * 200,
    ],
)
def test_what_is_no_date_or_two_is_none(text: str) -> None:
    assert given_date(text) is None


@pytest.mark.parametrize(
    ("instant", "plausible"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), False),
        (datetime(1970, 1, 1, 0, 0, 59, tzinfo=UTC), False),
        (datetime(1970, 1, 2, tzinfo=UTC), True),
        (datetime(1969, 12, 31, tzinfo=UTC), True),
        (datetime(1914, 8, 4, tzinfo=UTC), True),
        (NINE_THIRTY + timedelta(days=30), True),
        (NINE_THIRTY + timedelta(days=30, seconds=1), False),
    ],
)
def test_the_start_of_1970_and_what_is_far_ahead_is_no_date_of_an_article(instant: datetime, plausible: bool) -> None:
    assert is_plausible(instant, NINE_THIRTY) is plausible


@given(st.datetimes(timezones=st.timezones()))
def test_what_isoformat_writes_is_read_as_it_was(moment: datetime) -> None:
    try:
        expected = moment.astimezone(UTC)
        written = moment.isoformat()
    except OverflowError:
        return
    date = given_date(written)
    if date is None:
        # Zones before the railway have seconds, which ISO 8601 has not.
        offset = moment.utcoffset()
        assert offset is not None
        assert offset.total_seconds() % 60
    else:
        assert date.instant == expected


@given(st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    given_date(text)
