"""Digests and quiet hours by local clocks, over the nights that clocks are changed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.notify.times import first_instant, next_slot, quiet_until

BRUSSELS = ZoneInfo("Europe/Brussels")
ZONES = [
    ZoneInfo(name)
    for name in (
        *("UTC", "Europe/Brussels", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Kathmandu"),
        # where clocks leap over midnight
        *("Africa/Cairo", "Asia/Beirut", "America/Havana"),
    )
]
INSTANTS = st.integers(1_577_836_800, 1_893_456_000).map(lambda second: datetime.fromtimestamp(second, UTC))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def slots(period: str, zone: ZoneInfo, at: time, begin: datetime, end: datetime) -> list[datetime]:
    found: list[datetime] = []
    after = begin
    while (after := next_slot(period, after, zone, at)) < end:
        found.append(after)
    return found


@pytest.mark.parametrize("at", [time(0), time(2, 30), time(3), time(7)])
@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25"])
def test_a_daily_digest_comes_once_on_each_day_also_when_clocks_change(night: str, at: time):
    begin = utc(night) - timedelta(days=3)
    found = slots("daily", BRUSSELS, at, begin, begin + timedelta(days=6))
    days = [each.astimezone(BRUSSELS).date() for each in found]
    assert len(days) == len(set(days)) >= 5
    shown = {each.astimezone(BRUSSELS).time() for each in found}
    assert shown == ({time(2, 30), time(3)} if at == time(2, 30) and night < "2026-06" else {at})


def test_in_the_night_that_an_hour_is_lived_twice_a_digest_comes_at_its_first_time():
    assert next_slot("daily", utc("2026-10-24T12:00"), BRUSSELS, time(2, 30)) == utc("2026-10-25T00:30")
    assert next_slot("daily", utc("2026-10-25T00:30"), BRUSSELS, time(2, 30)) == utc("2026-10-26T01:30")


def test_in_the_night_that_an_hour_is_left_out_a_digest_comes_at_the_leap():
    assert next_slot("daily", utc("2026-03-28T12:00"), BRUSSELS, time(2, 30)) == utc("2026-03-29T01:00")


def test_hourly_digests_come_each_hour_also_through_the_changes():
    for night in ("2026-03-29", "2026-10-25"):
        begin = utc(night)
        found = slots("hourly", BRUSSELS, time(7), begin, begin + timedelta(hours=5))
        assert found == [begin + timedelta(hours=hour) for hour in range(1, 5)]


def test_an_hour_is_the_subscribers_own():
    assert next_slot("hourly", utc("2026-03-02T10:10"), ZoneInfo("Asia/Kolkata"), time(7)) == utc("2026-03-02T10:30")


def test_a_weekly_digest_comes_on_monday():
    assert next_slot("weekly", utc("2026-03-02T10:00"), BRUSSELS, time(7)) == utc("2026-03-09T06:00")
    assert next_slot("weekly", utc("2026-03-23T06:00"), BRUSSELS, time(7)) == utc("2026-03-30T05:00")


@given(st.sampled_from(ZONES), INSTANTS, st.times())
def test_the_next_digest_lies_ahead_and_not_further_than_a_period(zone: ZoneInfo, after: datetime, at: time):
    at = at.replace(second=0, microsecond=0)
    for period, longest in (("hourly", 1.5), ("daily", 26), ("weekly", 7 * 24 + 2)):
        assert timedelta(0) < next_slot(period, after, zone, at) - after <= timedelta(hours=longest)


def test_quiet_hours_over_midnight_end_in_the_morning():
    quiet = "22:00-07:00"
    assert quiet_until(utc("2026-03-02T20:59"), quiet, BRUSSELS) is None
    assert quiet_until(utc("2026-03-02T21:00"), quiet, BRUSSELS) == utc("2026-03-03T06:00")
    assert quiet_until(utc("2026-03-03T05:59"), quiet, BRUSSELS) == utc("2026-03-03T06:00")
    assert quiet_until(utc("2026-03-03T06:00"), quiet, BRUSSELS) is None
    assert quiet_until(utc("2026-03-03T06:00"), None, BRUSSELS) is None


def test_quiet_hours_that_end_in_a_changed_hour_are_over_when_clocks_say_so():
    assert quiet_until(utc("2026-03-28T23:30"), "23:00-02:30", BRUSSELS) == utc("2026-03-29T01:00")
    assert quiet_until(utc("2026-10-25T00:10"), "23:00-02:30", BRUSSELS) == utc("2026-10-25T00:30")
    assert quiet_until(utc("2026-10-25T01:10"), "23:00-02:30", BRUSSELS) == utc("2026-10-25T01:30")


@given(st.sampled_from(ZONES), INSTANTS, st.times(), st.times())
def test_quiet_hours_end_and_it_is_not_quiet_then(zone: ZoneInfo, moment: datetime, begin: time, end: time):
    quiet = f"{begin:%H:%M}-{end:%H:%M}"
    if f"{begin:%H:%M}" == f"{end:%H:%M}":
        return
    over = quiet_until(moment, quiet, zone)
    if over is not None:
        assert timedelta(0) < over - moment <= timedelta(hours=26)
        assert quiet_until(over, quiet, zone) is None


def test_a_time_that_a_zone_leaps_over_is_the_instant_of_the_leap():
    samoa = ZoneInfo("Pacific/Apia")  # had no 30 December 2011
    assert first_instant(date(2011, 12, 30), time(7), samoa) == utc("2011-12-30T10:00")
