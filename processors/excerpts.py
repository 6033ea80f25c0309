"""What a bell shows of its article: the sentences that made it ring, their words marked, and whom it is about. Pure."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from processors.matching.folding import folded
from processors.sentences import Sentences
from schemas.alerts import Excerpt
from schemas.articles import EnrichedArticle
from schemas.spans import Field, Span

MAX_EXCERPTS = 3
"""Of the text; the title's comes besides. The rest is in the spans."""

MAX_EXCERPT_CHARS = 500
"""A longer sentence is cut at words around its first marks."""

BEFORE_MARK_CHARS = 150
"""So much of a sentence that is cut stands before its first mark."""

MAX_PASSAGES = 500
MAX_ENTITIES = 10
MAX_NAME_CHARS = 200

_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")
"""All that `str.isalnum` denies: whoever has keys must find them again."""

Sentence = tuple[int, int, list[tuple[int, int]]]
"""[first, last) of a sentence, and its spans."""


class ArticleExcerpts:
    """One article's excerpts; its sentences are found once, however many subscriptions it rings."""

    def __init__(self, article: EnrichedArticle) -> None:
        self._article = article
        self._contents: dict[Field, str] = {"title": article.searched_title, "text": article.text}
        self._keys: dict[tuple[Field, int, int], str] = {}
        self._grouped: dict[tuple[tuple[int, int], ...], list[Sentence]] = {}

    @cached_property
    def _sentences(self) -> Sentences:
        return Sentences(self._article.text, self._article.language or "und")

    def of(self, spans: Sequence[Span]) -> tuple[Excerpt, ...]:
        """The title where it matched, then the first sentences of the text that did, at most MAX_EXCERPTS.

        A mark for each span in it; spans that overlap share one. Without spans the lead sentence, unmarked.
        """
        if not spans:
            first, last = self._sentences.lead()
            return (self._excerpt("text", first, last, ()),) if last > first else ()
        titled = [(span.start, span.end) for span in spans if span.field == "title"]
        found = [self._excerpt("title", 0, len(self._contents["title"]), titled)] if titled else []
        found += [self._excerpt("text", *sentence) for sentence in self._by_sentence(spans)[:MAX_EXCERPTS]]
        return tuple(found)

    def passages(self, spans: Sequence[Span]) -> tuple[str, ...]:
        """A key for the title and each sentence with a span: 16 hex digits of its folded letters and digits.

        In reading order, each once, at most MAX_PASSAGES. White space, punctuation and case don't change a key.
        """
        titled = any(span.field == "title" for span in spans)
        keys = [self._key("title", 0, len(self._contents["title"]))] if titled else []
        keys += [self._key("text", first, last) for first, last, _ in self._by_sentence(spans)[:MAX_PASSAGES]]
        return tuple(dict.fromkeys(keys))

    @cached_property
    def entities(self) -> tuple[str, ...]:
        """Canonical names of who and what it is about, most mentioned first, at most MAX_ENTITIES."""
        names: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for entity in self._article.entities:
            key = entity.id or entity.name
            names.setdefault(key, entity.name[:MAX_NAME_CHARS])
            counts[key] += 1
        # most_common keeps the order of appearance among equals.
        return tuple(dict.fromkeys(names[key] for key, _ in counts.most_common(MAX_ENTITIES)))

    def _key(self, field: Field, first: int, last: int) -> str:
        place = (field, first, last)
        if place not in self._keys:
            self._keys[place] = passage_key(self._contents[field][first:last])
        return self._keys[place]

    def _by_sentence(self, spans: Sequence[Span]) -> list[Sentence]:
        """The text's spans by the sentence, or sentences, that each stands in; sentences that overlap are one."""
        marks = tuple(sorted((span.start, span.end) for span in spans if span.field == "text"))
        known = self._grouped.get(marks)
        if known is not None:
            return known
        grouped: list[Sentence] = []
        for mark in marks:
            first, last = self._sentences.around(*mark)
            if grouped and first < grouped[-1][1]:
                before = grouped[-1]
                grouped[-1] = (before[0], max(before[1], last), [*before[2], mark])
            else:
                grouped.append((first, last, [mark]))
        # One is enough: both questions about a subscription's spans come one after the other.
        self._grouped = {marks: grouped}
        return grouped

    def _excerpt(self, field: Field, first: int, last: int, marks: Sequence[tuple[int, int]]) -> Excerpt:
        content = self._contents[field]
        begin, end = _window(content, first, last, min((start for start, _ in marks), default=first))
        return Excerpt(
            field=field,
            text=content[begin:end],
            marks=tuple((start - begin, stop - begin) for start, stop in _apart(marks, begin, end)),
            starts_inside=begin > first,
            ends_inside=end < last,
        )


def _window(content: str, first: int, last: int, mark: int) -> tuple[int, int]:
    """[first, last) itself, or as much of it as may be shown, from a little before the mark on, whole words."""
    if last - first <= MAX_EXCERPT_CHARS:
        return first, last
    begin = first
    if mark - first > BEFORE_MARK_CHARS:
        near = mark - BEFORE_MARK_CHARS
        # Text without spaces is cut anywhere.
        begin = next((place for place in range(near, mark) if content[place - 1].isspace()), near)
    end = min(last, begin + MAX_EXCERPT_CHARS)
    if end < last:
        end = next((place for place in range(end, end - 100, -1) if content[place].isspace()), end)
    return begin, end


def _apart(places: Sequence[tuple[int, int]], begin: int, end: int) -> list[tuple[int, int]]:
    """The places within [begin, end), cut there, overlapping ones made one."""
    apart: list[tuple[int, int]] = []
    for start, stop in sorted(places):
        first, last = max(start, begin), min(stop, end)
        if first >= last:
            continue
        if apart and first < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(apart[-1][1], last))
        else:
            apart.append((first, last))
    return apart


def passage_key(text: str) -> str:
    """The key of a sentence: 16 hex digits of its folded letters and digits, so that nothing else changes it."""
    letters = _NEITHER_LETTER_NOR_DIGIT.sub("", folded(text))
    return hashlib.blake2b(letters.encode(), digest_size=8).hexdigest()
