"""From one JSON object to an article: the fields of a line that `belfry ingest` takes. Pure.

    title, body | html        texts; at least one of them
    id, guid                  the source's name for the article; `guid` where both are given
    url, source, language     source: a short name; language: a code such as nl or nl-BE
    published_at, updated_at, fetched_at, embargoed_until   dates, see producers.dates
    authors, tags             lists of texts, or one text
    status                    usable | withheld | canceled

null is the same as leaving a field out. What has none of these names is left alone and reported as unread. A line that
`belfry ingest --dry-run` printed is taken as it is, its id included.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from pydantic import JsonValue, ValidationError

from producers.articles import Draft, Place, ReadArticle, Rules, finished_article, too_large
from producers.dates import MAX_DATE_CHARS, GivenDate, given_date
from schemas.articles import RawArticle, Status
from schemas.errors import InputError, InputProblem

_TEXTS = frozenset(("title", "body", "html", "id", "guid", "url", "source", "language", "status"))
_MAY_BE_NUMBERS = frozenset(("id", "guid"))  # whole ones, which databases have
_DATES = ("published_at", "updated_at", "fetched_at", "embargoed_until")
_LISTS = ("authors", "tags")
KNOWN_FIELDS = frozenset((*_TEXTS, *_DATES, *_LISTS))
"""What a line may name; the rest is left alone and reported."""

_SHOWN_NAMES = 8
_CLOCK_SKEW = timedelta(minutes=5)
_STATUS: Mapping[str, Status] = {"usable": "usable", "withheld": "withheld", "canceled": "canceled"}
_DATE_REMEDY = "Write it as 2022-01-31 or 2022-01-31T09:30:00+01:00, or leave it out."

# ISO 639-2 in its two forms, for the languages that are analysed.
_THREE_LETTERS = dict(
    pair.split(":")
    for pair in ["dut:nl", "nld:nl", "eng:en", "ger:de", "deu:de", "fre:fr", "fra:fr", "spa:es", "ita:it", "por:pt"]
)


def article_of(value: object, place: Place, rules: Rules, size_bytes: int) -> ReadArticle | InputProblem:
    """The article that a JSON value describes. `size_bytes` is the length of the JSON that it was read from."""
    if not isinstance(value, dict):
        return place.problem(
            "not_an_object", f"{_kind(value)} where an article should be", 'Write an object: {"title": …, "body": …}.'
        )
    record = cast("dict[str, Any]", value)
    try:
        if "schema_version" in record and "article_id" in record:
            return _printed_article(record, place, rules, size_bytes)
        draft = _draft(record, place, rules)
    except InputError as error:
        return error.problem
    unread = tuple(sorted(_printable(name) for name in record.keys() - KNOWN_FIELDS))
    raw = finished_article(draft, place, rules, size_bytes)
    if isinstance(raw, InputProblem):
        if raw.code == "no_text" and unread:
            # Most likely it is there under another name.
            names = ", ".join(unread[:_SHOWN_NAMES]) + (", …" if len(unread) > _SHOWN_NAMES else "")
            return replace(raw, reason=f"{raw.reason}, but {names}")
        return raw
    return ReadArticle(raw, place, draft_id(record) or draft.guid, unread)


def draft_id(record: Mapping[str, Any]) -> str | None:
    """The `id` of a record as it was given, for the lines of results; None where it is missing or blank."""
    given = _number_as_text(record.get("id"))
    if not isinstance(given, str) or not given.strip():
        return None
    return given if given.isascii() else given.encode("utf-8", "replace").decode()


def _number_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _draft(record: Mapping[str, Any], place: Place, rules: Rules) -> Draft:
    texts = {name: _text(name, value, place) for name, value in record.items() if name in _TEXTS and value is not None}
    body, html = texts.get("body"), texts.get("html")
    if html and body and body.strip():
        if html.strip():
            raise _refused(place, "two_contents", "both body and html", "Give one of them.")
        html = None
    language, meta = _language(texts.get("language"))
    return Draft(
        title=texts.get("title", ""),
        body=body,
        html=html,
        source=texts.get("source", ""),
        url=texts.get("url"),
        guid=texts.get("guid") or texts.get("id"),
        language=language,
        published=_date(record, "published_at", place),
        updated=_date(record, "updated_at", place),
        fetched_at=_fetched_at(record, place, rules),
        embargoed_until=_instant(record, "embargoed_until", place),
        authors=_list(record, "authors", place),
        tags=_list(record, "tags", place),
        status=_status(texts.get("status"), place),
        meta=meta,
    )


def _printed_article(
    record: Mapping[str, Any], place: Place, rules: Rules, size_bytes: int
) -> ReadArticle | InputProblem:
    """A RawArticle as a dry run printed it."""
    if "content_hash" in record:
        return place.problem(
            "enriched",
            "an article that is enriched already",
            "Give the original, or what `belfry ingest --dry-run` prints.",
        )
    unread = tuple(sorted(_printable(name) for name in record.keys() - RawArticle.model_fields.keys()))
    try:
        raw = RawArticle.model_validate(_encodable(dict(record)))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the article"
        return place.problem("invalid", f"{where}: {first['msg']}", "Give it as `belfry ingest --dry-run` prints it.")
    if raw.schema_version > RawArticle.VERSION:
        return place.problem("newer_schema", "an article of a newer Belfry", "Upgrade Belfry.")
    if size_bytes > rules.max_article_bytes and len(raw.encode()) > rules.max_article_bytes:
        return too_large(place, rules)
    return ReadArticle(raw, place, raw.guid, unread)


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_encodable(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {_encodable(name): _encodable(item) for name, item in cast("dict[str, Any]", value).items()}
    return value


def _text(name: str, value: object, place: Place) -> str:
    if name in _MAY_BE_NUMBERS:
        value = _number_as_text(value)
    if isinstance(value, str):
        return value
    raise _refused(place, "not_a_text", f"{name} is {_kind(value)}", f'Write it as a text: "{name}": "…".')


def _list(record: Mapping[str, Any], name: str, place: Place) -> tuple[str, ...]:
    value = record.get(name)
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):
        items = cast("list[Any]", value)
        if all(isinstance(item, str) for item in items):
            return tuple(items)
    raise _refused(place, "not_a_list", f"{name} is no list of texts", f'Write it as "{name}": ["…", "…"].')


def _date(record: Mapping[str, Any], name: str, place: Place) -> tuple[str, GivenDate] | None:
    written = record.get(name)
    if written is None:
        return None
    if not isinstance(written, str):
        raise _refused(place, "date", f"{name} is {_kind(written)}, which is no date", _DATE_REMEDY)
    if not written.strip():
        return None
    date = given_date(written)
    if date is None:
        shown = _printable(written[:MAX_DATE_CHARS])
        raise _refused(place, "date", f"{name} is {shown!r}, which is no date", _DATE_REMEDY)
    return written, date


def _instant(record: Mapping[str, Any], name: str, place: Place) -> datetime | None:
    """A date that decides what is done with the article, so that one that can't be meant is refused."""
    given = _date(record, name, place)
    if given is None:
        return None
    written, date = given
    if date.instant is None:
        raise _refused(place, "date", f"{name} is {written.strip()!r}, which doesn't exist", _DATE_REMEDY)
    return date.instant


def _fetched_at(record: Mapping[str, Any], place: Place, rules: Rules) -> datetime | None:
    instant = _instant(record, "fetched_at", place)
    if instant is not None and instant > rules.now() + _CLOCK_SKEW:
        # Versions are counted by it, and subscriptions look at it: from the future, it would hide what comes next.
        raise _refused(place, "date", f"fetched_at is {instant.isoformat()}, which is still to come", _DATE_REMEDY)
    return instant


def _status(written: str | None, place: Place) -> Status:
    if written is None:
        return "usable"
    status = _STATUS.get(written)
    if status is None:
        shown = _printable(written[:40])
        raise _refused(place, "status", f"status is {shown!r}", f"Write one of {', '.join(_STATUS)}.")
    return status


def _language(written: str | None) -> tuple[str | None, dict[str, JsonValue]]:
    """The code that was given, without its region; what is none is kept in meta, and the language is found out."""
    if written is None or not written.strip():
        return None, {}
    code = written.strip().replace("_", "-").split("-", 1)[0].lower()
    code = _THREE_LETTERS.get(code, code)
    if code == "und":
        return None, {}
    if len(code) in (2, 3) and code.isascii() and code.isalpha():
        return code, {}
    return None, {"language_given": _printable(written[:40])}


def _refused(place: Place, code: str, reason: str, remedy: str) -> InputError:
    return InputError(place.problem(code, reason, remedy))


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    names: Iterable[tuple[type | tuple[type, ...], str]] = (
        ((int, float), "a number"),
        (str, "a text"),
        (list, "a list"),
        (dict, "an object"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), "null")


def _printable(text: str) -> str:
    """`text` without what would garble a terminal."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
