"""The form of what people write: channels, time zones, throttles, quiet hours, and sentences that say what is wrong."""

import re
import zoneinfo
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from belfry.subscriptions.definition import (
    Definition,
    channel_problem,
    known_time_zone,
    normal_quiet_hours,
    normal_throttle,
    problems_of,
)


def definition(**fields: Any) -> Definition:
    return Definition.model_validate({"id": "troops", "query": "troepen", **fields})


def refusal(**fields: Any) -> tuple[str, ...]:
    with pytest.raises(ValidationError) as caught:
        definition(**fields)
    return problems_of(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/hook?x=1",
        "http://127.0.0.1:8080/",
        "https://[::1]/hook",
        "HTTPS://Example.org",
        "https://bücher.example/",
        "https://web_hook.example.org./",
        "mailto:desk@example.org",
        "mailto:desk@example.org?subject=Belfry",
        "feed:",
        "stdout:",
        "slack://token-a/token-b/",
        "mmost+s://host/key",
        "json://localhost:8080",
    ],
)
def test_an_address_of_the_right_form_is_a_channel(url: str):
    assert channel_problem(url) is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("desk@example.org", "mailto:desk@example.org"),
        ("example.org/hook", "https://example.org/hook"),
        ("example.org:8080", "https://example.org:8080"),
        ("https:example.org", "https://"),
        ("https://", "names no host"),
        ("https:///path", "names no host"),
        ("https://example.org:99999/", "no address"),
        ("https://[::1/", "no address"),
        ("https://example.org:0/", "port 0"),
        ("https://./", "can't be the name of a host"),
        ("https://.example.org/", "can't be the name of a host"),
        ("https://example..org/", "can't be the name of a host"),
        ("https://127%2e0%2e0%2e1/", "can't be the name of a host"),
        (f"https://{'x' * 64}.org/", "can't be the name of a host"),
        (f"https://{'x.' * 200}org/", "can't be the name of a host"),
        ("https://10.0.0.256/", "can't be the name of a host"),
        ("mailto:desk", "names no mailbox"),
        ("mailto:", "names no mailbox"),
        ("slack:token", "slack://"),
        ("feed:news", "write 'feed:'"),
        ("feed", "write 'feed:'"),
        ("Stdout", "write 'stdout:'"),
        ("feed://", "write 'feed:'"),
        ("slack://", "nothing follows"),
        ("https://example.org/a b", "white space"),
        ("https://example.org/\x1b[2J", "control characters"),
        ("https://example.org/" + "x" * 5000, "4000 characters"),
        ("", "has no scheme"),
    ],
)
def test_an_address_of_another_form_is_refused_with_the_remedy(url: str, said: str):
    assert said in (channel_problem(url) or "accepted")


@given(st.text(max_size=80))
def test_checking_a_channel_never_raises(url: str):
    assert channel_problem(url) is None or channel_problem(url)


def test_the_same_channel_given_twice_is_kept_once():
    assert definition(channels=["mailto:a@b.c", "mailto:a@b.c"]).channels == ("mailto:a@b.c",)


@pytest.mark.parametrize("name", ["UTC", "Europe/Brussels", "America/Argentina/Ushuaia"])
def test_a_time_zone_that_exists_is_taken(name: str):
    assert known_time_zone(name) == name


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("europe/brussels", "Europe/Brussels"), ("Europe/Brusels", "Europe/Brussels"), ("New York", "America/New_York")],
)
def test_an_unknown_time_zone_is_refused_with_the_nearest(name: str, nearest: str):
    with pytest.raises(ValueError, match=nearest):
        known_time_zone(name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/localtime", "", "x" * 10_000])
def test_a_time_zone_is_never_taken_for_a_path(name: str):
    with pytest.raises(ValueError, match="no time zone"):
        known_time_zone(name)


@pytest.mark.parametrize(
    ("given_", "kept"), [("5/hour", "5/hour"), ("5/h", "5/hour"), ("20/Day", "20/day"), (" 1/d ", "1/day")]
)
def test_a_throttle_is_kept_in_one_form(given_: str, kept: str):
    assert normal_throttle(given_) == kept
    assert normal_throttle(kept) == kept


@pytest.mark.parametrize("text", ["", "5", "0/hour", "5/week", "-1/h", "5/hourly", "999999/h", "٥/h"])
def test_another_throttle_is_refused(text: str):
    with pytest.raises(ValueError, match="N/hour"):
        normal_throttle(text)


@pytest.mark.parametrize(
    ("given_", "kept"),
    [("22:00-07:00", "22:00-07:00"), ("9:30 - 10:00", "09:30-10:00"), ("22:00–7:00", "22:00-07:00")],
)
def test_quiet_hours_are_kept_in_one_form(given_: str, kept: str):
    assert normal_quiet_hours(given_) == kept
    assert normal_quiet_hours(kept) == kept


@pytest.mark.parametrize("text", ["", "22-7", "24:00-07:00", "22:60-07:00", "08:00-08:00", "22:00-07:00-09:00"])
def test_other_quiet_hours_are_refused(text: str):
    with pytest.raises(ValueError, match="quiet hours"):
        normal_quiet_hours(text)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"id": "two words"}, "id: must be one word, without spaces"),
        ({"id": ""}, "id: must not be empty"),
        ({"id": 8}, "id: must be a text"),
        ({"id": "a\u009bb"}, "id: control characters"),
        ({"id": "x" * 129}, "id: "),
        ({"query": ""}, "query: must not be empty"),
        ({"query": "\ud800"}, "query: holds half of a surrogate pair"),
        ({"channels": "feed:"}, "channels: must be a list of texts"),
        ({"paused": "perhaps"}, "paused: must be true or false"),
        ({"digest": "yearly"}, "digest: "),
        ({"language": "Dutch"}, "language: must be a code of two letters"),
        ({"name": "a\nb"}, "name: control characters"),
        ({"time_zone": "Mars/Olympus"}, "time_zone: there is no time zone"),
        ({"channels": ["mailto:a@b.c", "nowhere"]}, "channels.1: 'nowhere' has no scheme"),
        ({"channels": [f"mailto:{n}@b.c" for n in range(51)]}, "channels: "),
        ({"examples": {"match": [" "]}}, "examples: an example without text"),
        ({"examples": {"match": ["x" * 20_001]}}, "examples: an example is longer"),
        ({"examples": {"match": ["x"] * 101}}, "examples: 101 examples"),
        ({"examples": {"matches": ["x"]}}, "there is no field"),
        ({"chanels": []}, "there is no field 'chanels'; the nearest is 'channels'"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(fields: dict[str, Any], said: str):
    assert any(re.match(re.escape(said), problem) for problem in refusal(**fields)), refusal(**fields)


def test_everything_wrong_is_said_at_once():
    assert len(refusal(digest="yearly", language="Dutch", time_zone="Mars")) == 3


def test_a_missing_field_is_named():
    with pytest.raises(ValidationError) as caught:
        Definition.model_validate({"id": "a"})
    assert problems_of(caught.value) == ("query is missing",)


def test_the_file_system_is_asked_for_time_zones_once(monkeypatch: pytest.MonkeyPatch):
    """A role reads 100,000 subscriptions when it starts; each look there takes 20 ms."""
    known = zoneinfo.available_timezones()
    looks: list[None] = []
    monkeypatch.setattr(zoneinfo, "available_timezones", lambda: looks.append(None) or known)
    for name in ("Europe/Amsterdam", "Asia/Kolkata", "UTC"):
        known_time_zone(name)
    assert len(looks) <= 1
