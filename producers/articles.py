"""From what a reader found to RawArticle, or to the reason why not. Pure; what all readers share.

Identity comes last, when title and date are known. An article without title, URL and guid is told apart by the opening
of its text, not by its title, which is cut: a column's short heading would make one article of a year's columns.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import JsonValue, ValidationError

from producers.dates import GivenDate, is_plausible
from schemas.articles import RawArticle, Status
from schemas.errors import InputProblem
from schemas.identity import InvalidUrlError, article_id
from schemas.text import cleaned_text, folded_space, title_from_text

DEFAULT_SOURCE = "file"
"""The source of what doesn't say: one name for files and standard input, for it is part of the article's identity."""

MAX_ARTICLE_BYTES = 2 * 1024 * 1024

_OPENING_CHARS = 300
_MARGIN_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article begins: a path as given ("-" is standard input), and a line, counted from 1."""

    path: str
    line: int | None

    def problem(self, code: str, reason: str, remedy: str) -> InputProblem:
        """What is wrong with the input here."""
        return InputProblem(self.path, self.line, code, reason, remedy)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a reader needs to know: `now` gives aware UTC; `source` is for articles that name none; sizes in bytes."""

    now: Callable[[], datetime]
    source: str = DEFAULT_SOURCE
    max_article_bytes: int = MAX_ARTICLE_BYTES

    @property
    def max_json_bytes(self) -> int:
        """What the JSON of one article may take: escapes write a letter of two bytes in six."""
        return 4 * self.max_article_bytes


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article that was read. `given_id` is the `id` that its line gave; `unread` names fields that Belfry doesn't know."""

    raw: RawArticle
    place: Place
    given_id: str | None = None
    unread: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What results about the article are labelled with: the id that was given, else the article's own."""
        return self.given_id or self.raw.article_id

    @property
    def date_refused(self) -> bool:
        """Whether a date of the article was kept in `meta` only, because no article can have it."""
        return "published_refused" in self.raw.meta or "updated_refused" in self.raw.meta


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a reader found out. Texts as read; dates parsed, with their written form for those that are refused."""

    title: str = ""
    body: str | None = None
    html: str | None = None
    source: str = ""
    url: str | None = None
    guid: str | None = None
    language: str | None = None
    published: tuple[str, GivenDate] | None = None
    updated: tuple[str, GivenDate] | None = None
    fetched_at: datetime | None = None
    embargoed_until: datetime | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    status: Status = "usable"
    meta: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])


def finished_article(draft: Draft, place: Place, rules: Rules, size_bytes: int) -> RawArticle | InputProblem:
    """The article that `draft` describes. `size_bytes` is that of what it was read from, at least its texts."""
    fetched_at = draft.fetched_at or rules.now()
    meta = dict(draft.meta)
    published = _usable_date("published", draft.published, fetched_at, meta)
    updated = _usable_date("updated", draft.updated, fetched_at, meta)
    body = cleaned_text(draft.body) if draft.body is not None else ""
    html = draft.html if draft.html is not None and draft.html.strip() else None
    title = cleaned_text(draft.title)
    if not (body.strip() or title.strip() or html or draft.status == "canceled"):
        return place.problem("no_text", "the article has neither text nor title", "Give it a body, html or a title.")
    source = _label(draft.source) or rules.source
    guid = _label(draft.guid or "") or None
    url = _label(draft.url or "") or None
    told_apart_by = title
    if not title.strip():
        if not (url or guid):
            told_apart_by = html or _opening(body)
        title = title_from_text(body)
        if title:
            meta["title_from_text"] = True
    try:
        raw = RawArticle(
            article_id=article_id(url=url, source=source, guid=guid, title=told_apart_by, published_at=published),
            source=source,
            url=url,
            title=title,
            body=body if body.strip() else None,
            html=None if html is None else _encodable(html),
            language=draft.language,
            published_at=published or fetched_at,
            fetched_at=fetched_at,
            updated_at=updated,
            authors=_labels(draft.authors),
            tags=_labels(draft.tags),
            guid=guid,
            status=draft.status,
            embargoed_until=draft.embargoed_until,
            meta=meta,
        )
    except InvalidUrlError as error:
        return place.problem("url", f"url: {error}", "Give a full http(s) address, or leave url out.")
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the article"
        return place.problem("invalid", f"{where}: {first['msg']}", "Correct it.")
    return _too_large(raw, place, rules, size_bytes) or raw


def too_large(place: Place, rules: Rules) -> InputProblem:
    """The problem of an article that is larger than it may be."""
    limit = rules.max_article_bytes
    return place.problem(
        "too_large",
        f"an article over {limit:,} bytes",
        "Split it, or raise BELFRY_MAX_ARTICLE_BYTES (topics take 4 MB).",
    )


def _too_large(raw: RawArticle, place: Place, rules: Rules, size_bytes: int) -> InputProblem | None:
    # NFC makes UTF-8 at most three times as long, so most articles needn't be encoded to know that they fit.
    if 3 * size_bytes + _MARGIN_BYTES <= rules.max_article_bytes:
        return None
    return too_large(place, rules) if len(raw.encode()) > rules.max_article_bytes else None


def _usable_date(
    name: str, given: tuple[str, GivenDate] | None, fetched_at: datetime, meta: dict[str, JsonValue]
) -> datetime | None:
    if given is None:
        return None
    written, date = given
    if date.instant is None or not is_plausible(date.instant, fetched_at):
        meta[f"{name}_refused"] = cleaned_text(written)
        return None
    if date.precision != "instant":
        meta[f"{name}_precision"] = date.precision
    return date.instant


def _opening(text: str) -> str:
    opening = folded_space(text[: _OPENING_CHARS * 2])
    if len(opening) < _OPENING_CHARS:
        opening = folded_space(text[: _OPENING_CHARS * 10])  # much white space
    return opening[:_OPENING_CHARS]


def _labels(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(clean for label in labels if (clean := _label(label)))


def _label(label: str) -> str:
    return folded_space(cleaned_text(label))


def _encodable(html: str) -> str:
    return html.encode("utf-8", "replace").decode() if not html.isascii() else html
