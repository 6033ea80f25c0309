"""What a page says about its article for machines: headline, authors, when it was published, whether it is free. Pure.

Looked for in this order, the first that says something counts: JSON-LD of schema.org (NewsArticle and its kin), the meta
elements of Open Graph, Dublin Core and newspapers, `itemprop` and `<time>`. Times are read only from these: what trafilatura
guesses from running text or from the address is as often the date of something else.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal, cast

from schemas.text import cleaned_text, folded_space

_MAX_JSON_CHARS = 500_000
_MAX_AUTHORS = 20
_MAX_NAME_CHARS = 80
_MAX_HEADLINE_CHARS = 400
_MAX_AHEAD = timedelta(days=30)
_OLDEST = datetime(1800, 1, 1, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ARTICLE_KINDS = """
Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle ReviewNewsArticle
AskPublicNewsArticle LiveBlogPosting BlogPosting Report SocialMediaPosting
"""
_ARTICLE_TYPES = frozenset(_ARTICLE_KINDS.split())
_PUBLISHED_META = (
    "article:published_time", "og:published_time", "article:published", "datepublished", "date.published", "dc.date.issued", "dc.date",
    "dcterms.created", "dcterms.date", "dc.date.created", "parsely-pub-date", "sailthru.date", "publish-date", "pubdate", "cxenseparse:recs:publishtime",
    "date",
)  # fmt: skip
_AUTHOR_META = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "cxenseparse:author",
)
_TITLE_META = ("og:title", "twitter:title", "dc.title")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Empty or None where the page doesn't say. `published_precision` is "day" where no time of day is given."""

    headline: str = ""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_precision: Literal["day", "instant"] = "instant"
    for_subscribers: bool = False


@dataclass
class PageNotes:
    """What a parser's events leave behind, to be judged by `page_facts`."""

    metas: dict[str, str] = field(default_factory=dict[str, str])
    scripts: list[str] = field(default_factory=list[str])
    times: list[str] = field(default_factory=list[str])

    def note(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take down what an element's attributes say."""
        if tag == "meta":
            name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
            content = attributes.get("content", "").strip()
            if name and content:
                self.metas.setdefault(name.strip().lower(), content[:1_000])
        elif tag == "time" and attributes.get("datetime"):
            published = "pubdate" in attributes or "datepublished" in attributes.get("itemprop", "").lower()
            # One that is marked as the date of publication goes before whatever else the page has times for.
            self.times.insert(0 if published else len(self.times), attributes["datetime"][:100])


def page_facts(notes: PageNotes, fetched_at: datetime) -> PageFacts:
    """What the page says about its article. A date that no article fetched then can have doesn't count. Never raises."""
    no_article: dict[str, Any] = {}
    article = next(_articles(notes.scripts), no_article)
    dates = [
        _text(article.get("datePublished")),
        *(notes.metas.get(name, "") for name in _PUBLISHED_META),
        _text(article.get("dateCreated")),
        *notes.times[:1],
    ]
    published, precision = next(
        (date for date in map(_date, dates) if date and _plausible(date[0], fetched_at)), (None, "instant")
    )
    headlines = [_text(article.get("headline")), *(notes.metas.get(name, "") for name in _TITLE_META)]
    headline = next((found for found in map(_clean, headlines) if 0 < len(found) <= _MAX_HEADLINE_CHARS), "")
    return PageFacts(
        headline=headline,
        authors=_authors(article, notes.metas),
        published_at=published,
        published_precision=precision,
        for_subscribers=str(article.get("isAccessibleForFree", "")).lower() == "false",
    )


def _clean(text: str) -> str:
    return folded_space(cleaned_text(text))


def _text(value: object) -> str:
    if isinstance(value, list):
        value = next(iter(cast("list[object]", value)), "")
    return value if isinstance(value, str) else ""


def _articles(scripts: list[str]) -> Iterator[dict[str, Any]]:
    """The objects in JSON-LD that are an article, the first script first."""
    for script in scripts:
        if len(script) > _MAX_JSON_CHARS:
            continue
        try:
            value: object = json.loads(script.strip().strip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        for found in _objects(value):
            types = found.get("@type")
            names = cast("list[object]", types) if isinstance(types, list) else [types]
            if any(isinstance(name, str) and name.rpartition("/")[2] in _ARTICLE_TYPES for name in names):
                yield found


def _objects(value: object, depth: int = 4) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for one in cast("list[object]", value)[:200]:
            yield from _objects(one, depth - 1) if depth else ()
    elif isinstance(value, dict):
        found = cast("dict[str, Any]", value)
        yield found
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(found.get(key), depth - 1) if depth else ()


def _authors(article: Mapping[str, Any], metas: Mapping[str, str]) -> tuple[str, ...]:
    """Names of people or bodies that wrote it; addresses and what is too long for a name are none."""
    given: object = article.get("author") or article.get("creator")
    people = cast("list[object]", given) if isinstance(given, list) else [given]
    names = [
        _text(cast("dict[str, object]", person).get("name")) if isinstance(person, dict) else _text(person)
        for person in people
    ]
    if not any(map(_is_name, names)):
        names = [next((metas[name] for name in _AUTHOR_META if _is_name(metas.get(name, ""))), "")]
    split = [_clean(name) for joined in names for name in joined.replace(";", ",").split(",")]
    return tuple(dict.fromkeys(name for name in split if _is_name(name) and len(name) <= _MAX_NAME_CHARS))[
        :_MAX_AUTHORS
    ]


def _is_name(name: str) -> bool:
    return any(map(str.isalpha, name)) and "://" not in name and "@" not in name


def _date(written: str) -> tuple[datetime, Literal["day", "instant"]] | None:
    written = written.strip()
    try:
        found = datetime.fromisoformat(written) if written[:4].isdigit() else parsedate_to_datetime(written)
        aware = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return aware, "instant" if len(written) > len("2024-03-05") or "T" in written else "day"


def _plausible(date: datetime, fetched_at: datetime) -> bool:
    unknown = timedelta(0) <= date - _EPOCH < timedelta(minutes=1)
    return not unknown and _OLDEST <= date <= fetched_at + _MAX_AHEAD
