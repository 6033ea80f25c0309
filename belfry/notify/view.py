"""A message as its reader sees it: every text ready to be shown, in their language and their time zone. Pure.

What comes from articles is a stranger's: here it loses control characters, line breaks and what turns the direction of
writing around; links are http(s) or none; every list and every text has a bound. Templates add only the mark-up.
"""

import shlex
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from belfry.notify.message import Bell, Message
from belfry.notify.phrases import language_name, message_language, phrase, time_text
from schemas.alerts import Alert, AlertArticle, Excerpt
from schemas.spans import ExplainedSpan
from schemas.subscriptions import Subscription

MAX_HEADLINE_CHARS = 300
MAX_WORD_CHARS = 80
MAX_PART_CHARS = 200
MAX_LINK_CHARS = 2_000
MAX_NOTICE_CHARS = 4_000
MAX_BELLS = 50
"""Of a digest, in full; mail programs cut longer ones off."""

MAX_COPIES = 20
MAX_PARTS = 6
MAX_WORDS = 5

_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF])
"""Marks that turn the direction of writing: with them a stranger makes a text look like another."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `marked`: it made the subscription ring."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence in pieces. `starts_inside`, `ends_inside`: there is more of it before, behind."""

    pieces: tuple[Piece, ...]
    starts_inside: bool
    ends_inside: bool

    @property
    def text(self) -> str:
        """Without marks."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Copy:
    """Where the same report stands as well."""

    source: str
    title: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the query as its owner wrote it, and the words in the article that satisfy it."""

    query: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BellView:
    """One bell. `headline` and `passages` carry marks; `more_copies` are those that `also_in` has no room for."""

    alert_id: str
    headline: Passage
    link: str | None
    source: str
    time: str
    language: str
    language_code: str
    passages: tuple[Passage, ...]
    entities: tuple[str, ...]
    also_in: tuple[Copy, ...]
    more_copies: int
    why: tuple[Part, ...]
    by_filter: bool


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message. `language` is the reader's; `heading` is its title: the bell's headline, or what a digest holds."""

    kind: str
    message_id: str
    language: str
    subscription_id: str
    name: str
    heading: str
    bells: tuple[BellView, ...]
    more: int
    notice: str
    pause_command: str
    unsubscribe_url: str | None


def message_view(message: Message, unsubscribe_url: str | None = None, max_bells: int = MAX_BELLS) -> MessageView:
    """What the reader of a message sees; bells beyond `max_bells` are only counted."""
    subscription = message.subscription
    language = message_language(subscription.language)
    bells = tuple(_bell(bell, subscription, language) for bell in message.bells[:max_bells])
    more = message.more + len(message.bells) - len(bells)
    return MessageView(
        kind=message.kind,
        message_id=message.message_id,
        language=language,
        subscription_id=clean(subscription.id),
        name=clean(subscription.name)[:MAX_HEADLINE_CHARS] or clean(subscription.id),
        heading=_heading(message.kind, bells, more, language),
        bells=bells,
        more=more,
        notice=clean(message.notice, lines=True)[:MAX_NOTICE_CHARS],
        pause_command=pause_command(subscription.id),
        unsubscribe_url=unsubscribe_url,
    )


def pause_command(subscription_id: str) -> str:
    """What to type to pause a subscription."""
    return f"belfry subscriptions pause {typed_id(subscription_id, alone=True)}"


def typed_id(subscription_id: str, *, alone: bool = False) -> str:
    """The id as it is to be typed, quoted where a shell would read it otherwise; `alone`: not as an option's value."""
    behind = "-- " if alone and subscription_id.startswith("-") else ""
    return f"{behind}{shlex.quote(clean(subscription_id))}"


def clean(text: str, *, lines: bool = False) -> str:
    """The text on one line (or, with `lines`, as many as it has), without what could command whoever shows it."""
    return _plain(text, lines=lines).strip()


def _plain(text: str, *, lines: bool = False) -> str:
    plain = text.translate(_TURNS)
    return plain if plain.isprintable() else "".join(_shown(character, lines) for character in plain)


def _shown(character: str, lines: bool) -> str:
    if character == "\n" and lines:
        return character
    if character.isspace():
        # A no-break space stays one.
        return character if character in "\u00a0\u202f" else " "
    return {"Cc": " ", "Cs": "\ufffd", "Co": "\ufffd", "Zl": " ", "Zp": " "}.get(
        unicodedata.category(character), character
    )


def safe_link(url: str | None) -> str | None:
    """The address as it may be linked to: http(s), with a host and no user name, nothing in it unquoted; else None."""
    if not url or len(url) > MAX_LINK_CHARS:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return None
    if not usable or any(character.isspace() or not character.isprintable() for character in url):
        return None
    quoted = quote(url, safe="!#$%&'()*+,/:;=?@[]~")
    # A host in letters of its own stays as it is; mail programs and browsers read it.
    return quoted if parts.netloc.isascii() else quoted.replace(quote(parts.netloc, safe=":[]"), parts.netloc, 1)


def _heading(kind: str, bells: Sequence[BellView], more: int, language: str) -> str:
    if kind == "notice":
        return phrase("notice", language)
    if kind == "bell" and bells:
        return bells[0].headline.text
    count = len(bells) + more
    return phrase("digest_one" if count == 1 else "digest_many", language, count)


def _bell(bell: Bell, subscription: Subscription, language: str) -> BellView:
    alert, shown = bell.alert, bell.alert.article
    return BellView(
        alert_id=alert.alert_id,
        headline=_headline(alert, language),
        link=safe_link(shown.url),
        source=_source(shown, language),
        time=time_text(shown.published_at, subscription.time_zone, language),
        language=clean(language_name(shown.language, language))[:MAX_WORD_CHARS],
        language_code=shown.language if shown.language and shown.language.isalpha() else "und",
        passages=tuple(_passage(excerpt) for excerpt in alert.excerpts if excerpt.field == "text"),
        entities=tuple(filter(None, (clean(name)[:MAX_WORD_CHARS] for name in alert.entities))),
        also_in=tuple(
            Copy(_source(one, language), clean(one.title)[:MAX_HEADLINE_CHARS], safe_link(one.url))
            for one in bell.also_in[:MAX_COPIES]
        ),
        more_copies=max(0, len(bell.also_in) - MAX_COPIES) + bell.more,
        why=tuple(_parts(alert.spans)) or (Part(_cut(clean(subscription.query), MAX_PART_CHARS), ()),),
        by_filter=not alert.spans,
    )


def _source(shown: AlertArticle, language: str) -> str:
    return clean(shown.source)[:MAX_WORD_CHARS] or phrase("no_source", language)


def _headline(alert: Alert, language: str) -> Passage:
    for excerpt in alert.excerpts:
        if excerpt.field == "title":
            return _passage(excerpt)
    title = _cut(clean(alert.article.title), MAX_HEADLINE_CHARS)
    return Passage((Piece(title or phrase("untitled", language)),), starts_inside=False, ends_inside=False)


def _passage(excerpt: Excerpt) -> Passage:
    pieces: list[Piece] = []
    place = 0
    for start, end in excerpt.marks:
        if place <= start < end <= len(excerpt.text):
            pieces += [Piece(excerpt.text[place:start]), Piece(excerpt.text[start:end], marked=True)]
            place = end
    pieces.append(Piece(excerpt.text[place:]))
    cleaned = (Piece(_cleaned_piece(piece.text), piece.marked) for piece in pieces if piece.text)
    return Passage(tuple(piece for piece in cleaned if piece.text), excerpt.starts_inside, excerpt.ends_inside)


def _cleaned_piece(text: str) -> str:
    """Cleaned, with the white space at its ends kept: a word before a mark stays apart from it.

    That is the white space that is left: behind a mark there may be one that turns the writing, and a space behind that.
    """
    plain = _plain(text)
    inner = plain.strip()
    if not inner:
        return " " if plain else ""
    return f"{' ' if plain[0].isspace() else ''}{inner}{' ' if plain[-1].isspace() else ''}"


def _parts(spans: Sequence[ExplainedSpan]) -> Iterator[Part]:
    """The parts of the query that are satisfied, in reading order, each with its words as they stand, each once."""
    words: dict[str, dict[str, str]] = {}
    for span in spans:
        found = clean(span.text)[:MAX_WORD_CHARS]
        words.setdefault(span.part, {}).setdefault(found.casefold(), found)
    for part, found in list(words.items())[:MAX_PARTS]:
        yield Part(_cut(clean(part), MAX_PART_CHARS), tuple(filter(None, list(found.values())[:MAX_WORDS])))


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
