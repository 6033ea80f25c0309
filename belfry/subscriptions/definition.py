"""What a person may write of a subscription, and the form that it must have. Pure.

Everything here is refused where it enters, with what was expected. Whether the *query* can be used is `checks.py`.
"""

import difflib
import re
import zoneinfo
from functools import cache
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from belfry.guard import host_name
from schemas.subscriptions import Examples, Subscription

MAX_CHANNELS = 50
MAX_EXAMPLES = 100
MAX_EXAMPLE_CHARACTERS = 20_000
MAX_NAME_CHARACTERS = 500
MAX_URL_CHARACTERS = 4_000
MAX_QUERY_CHARACTERS = 1_000_000
"""Only so that nothing absurd is stored or parsed; the alert language has closer limits and words for them."""

LOCAL_CHANNELS = frozenset({"feed", "stdout"})
"""Addresses that are their scheme alone."""

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.ASCII | re.IGNORECASE)
_MAILBOX = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,255}")
_THROTTLE = re.compile(r"([1-9][0-9]{0,4})/(?:(h)(?:our)?|(d)(?:ay)?)", re.ASCII)
_QUIET_HOURS = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])-([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


def channel_problem(url: str) -> str | None:
    """Why this can't be a channel, with the remedy; None where its form is right.

    `http(s)://host…` is a webhook, `mailto:name@host` is e-mail, `feed:` the subscription's own feed, `stdout:` standard
    output, any other `scheme://…` is left to apprise.
    """
    if not url.isprintable() or " " in url or len(url) > MAX_URL_CHARACTERS:
        return f"{url[:80]!r} is no address: white space, control characters, or over {MAX_URL_CHARACTERS} characters"
    scheme = _SCHEME.match(url)
    if scheme is None or (url[scheme.end() :].isdigit() and "." in scheme[1]):  # example.org:8080 has no scheme
        better = f"mailto:{url}" if _MAILBOX.fullmatch(url) else f"https://{url}"
        better = f"{url.lower()}:" if url.lower() in LOCAL_CHANNELS else better
        return f"{url!r} has no scheme: write {better!r}"
    name, rest = scheme[1].lower(), url[scheme.end() :]
    if name == "mailto":
        addressed = _MAILBOX.fullmatch(rest.split("?", 1)[0]) is not None
        return None if addressed else f"{url!r} names no mailbox: write 'mailto:name@example.org'"
    if name in LOCAL_CHANNELS:
        return None if not rest else f"{url!r} takes nothing behind it: write '{name}:'"
    if not rest.startswith("//"):
        return f"{url!r} is not complete: write '{name}://…'"
    if name in {"http", "https"}:
        return _webhook_problem(url)
    return None if len(rest) > len("//") else f"{url!r} is not complete: nothing follows '{name}://'"


def _webhook_problem(url: str) -> str | None:
    shown = url[:200]
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        return f"{shown!r} is no address: {error}"
    if not host:
        return f"{shown!r} names no host: write 'https://example.org/…'"
    if host_name(host) is None:
        return f"{shown!r} is no address: {host[:80]!r} can't be the name of a host"
    return None if port != 0 else f"{shown!r} is no address: nothing listens at port 0"


@cache
def _time_zones() -> frozenset[str]:
    """All IANA names: looked for in the file system once, since it takes 20 ms, and each subscription read names one."""
    return frozenset(zoneinfo.available_timezones())


def known_time_zone(name: str) -> str:
    """The IANA name itself. Raises ValueError with the nearest names."""
    known = _time_zones()
    if name in known:
        return name
    by_lower_case = {zone.lower(): zone for zone in known}
    near = difflib.get_close_matches(name[:100].lower().replace(" ", "_"), by_lower_case, n=3, cutoff=0.6)
    nearest = ", ".join(by_lower_case[zone] for zone in near) or "Europe/Brussels, UTC, …"
    raise ValueError(f"there is no time zone {name[:100]!r}; the nearest: {nearest}")


def normal_throttle(text: str) -> str:
    """`5/hour` for "at most five bells an hour", `20/day` likewise. Raises ValueError."""
    found = _THROTTLE.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(f"a throttle is 'N/hour' or 'N/day' (5/hour: at most five bells an hour), not {text[:100]!r}")
    return f"{found[1]}/{'hour' if found[2] else 'day'}"


def normal_quiet_hours(text: str) -> str:
    """`22:00-07:00`, local time in the subscription's zone; may go over midnight. Raises ValueError."""
    found = _QUIET_HOURS.fullmatch(text.replace("–", "-").replace(" ", ""))
    if found is None:
        raise ValueError(f"quiet hours are 'HH:MM-HH:MM' (22:00-07:00), not {text[:100]!r}")
    begin, end = f"{int(found[1]):02}:{found[2]}", f"{int(found[3]):02}:{found[4]}"
    if begin == end:
        raise ValueError(
            f"quiet hours from {begin} to {end} are none or all; to stop the bells, pause the subscription"
        )
    return f"{begin}-{end}"


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("control characters and line breaks can't stand here")
    return text


def _channel(url: str) -> str:
    problem = channel_problem(url)
    if problem is not None:
        raise ValueError(problem)
    return url


class Definition(BaseModel):
    """A subscription as a person writes it: everything but what Belfry counts and dates itself."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)

    id: Annotated[str, AfterValidator(_one_line)] = Field(min_length=1, max_length=128, pattern=r"^[^\s\x00-\x1f]+$")
    query: str = Field(min_length=1, max_length=MAX_QUERY_CHARACTERS)
    name: Annotated[str, AfterValidator(_one_line)] = Field(default="", max_length=MAX_NAME_CHARACTERS)
    owner: Annotated[str, AfterValidator(_one_line)] = Field(default="", max_length=MAX_NAME_CHARACTERS)
    channels: tuple[Annotated[str, AfterValidator(_channel)], ...] = Field(default=(), max_length=MAX_CHANNELS)
    throttle: Annotated[str, AfterValidator(normal_throttle)] | None = None
    digest: Literal["hourly", "daily", "weekly"] | None = None
    quiet_hours: Annotated[str, AfterValidator(normal_quiet_hours)] | None = None
    time_zone: Annotated[str, AfterValidator(known_time_zone)] = "UTC"
    language: str | None = Field(default=None, pattern=r"^[a-z]{2}$", description="ISO 639-1")
    paused: bool = False
    examples: Examples = Field(default_factory=Examples)

    @field_validator("channels", mode="after")
    @classmethod
    def _each_channel_once(cls, channels: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(channels))

    @field_validator("examples", mode="after")
    @classmethod
    def _examples_of_a_size(cls, examples: Examples) -> Examples:
        texts = (*examples.match, *examples.no_match)
        if len(texts) > MAX_EXAMPLES:
            raise ValueError(f"{len(texts)} examples; at most {MAX_EXAMPLES} are kept")
        if any(not text.strip() for text in texts):
            raise ValueError("an example without text")
        if any(len(text) > MAX_EXAMPLE_CHARACTERS for text in texts):
            raise ValueError(f"an example is longer than {MAX_EXAMPLE_CHARACTERS:,} characters")
        return examples


def definition_fields(source: Definition | Subscription) -> dict[str, object]:
    """What a person wrote, by the names of a Definition's fields. A stored one's may need to be checked anew."""
    return {name: getattr(source, name) for name in Definition.model_fields}


def problems_of(error: ValidationError) -> tuple[str, ...]:
    """What pydantic found wrong, one sentence a field, the field's name first."""
    return tuple(_problem(item["loc"], item["type"], item["msg"]) for item in error.errors(include_url=False))


_KINDS = {
    "string_type": "must be a text",
    "string_unicode": "holds half of a surrogate pair, which is no character",
    "string_too_short": "must not be empty",
    "tuple": 'must be a list of texts, as in ["…", "…"]',
    "bool": "must be true or false",
    "int": "must be a whole number",
    "datetime": "must be an instant such as 2022-01-31T09:30:00Z",
    "timezone": "must be an instant with its time zone, such as 2022-01-31T09:30:00Z",
}
"""What pydantic's kinds of errors, or all that begin so, are to people."""

_PATTERNS = {
    "id": "must be one word, without spaces and control characters",
    "language": "must be a code of two letters, such as nl",
}


def _problem(place: tuple[int | str, ...], kind: str, message: str) -> str:
    name = ".".join(str(part) for part in place)
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(name, Subscription.model_fields, n=1)
        return f"there is no field {name[:100]!r}" + (f"; the nearest is {near[0]!r}" if near else "")
    if kind == "missing":
        return f"{name} is missing"
    said = (
        _PATTERNS.get(name)
        if kind == "string_pattern_mismatch"
        else _KINDS.get(kind.partition("_")[0], _KINDS.get(kind))
    )
    return f"{name}: {said or message.removeprefix('Value error, ')}" if name else message
