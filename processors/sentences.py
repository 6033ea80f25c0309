"""Where the sentences of an article begin and end. Pure.

A sentence ends, in this order of rules:

1. with its paragraph: at a blank line, and at a line end, unless lines are broken at a width (agencies do that);
2. at `.`, `!`, `?` or `…` (and the quotes and brackets that close behind it), where a word follows that may begin one:
   it has no small first letter;
3. but not after an abbreviation (`Dr.`, `bijv.`, `z.B.`), an initial (`J. Smith`), or a number's sign (`No. 5`);
4. what may end a sentence or not (`U.S.`, `etc.`, `Inc.`, German `3.`) ends one where the next word usually begins one.

What is cut wrongly is an excerpt that is a little too short or too long, never a wrong place.
"""

import bisect
import itertools
import re
from collections.abc import Iterator

from processors.abbreviations import ABBREVIATIONS, BEFORE_NUMBERS, MAY_END, OPENERS

_CLOSING = "\"'”’»«“‘)]›‹"
_OPENING = "\"'“‘„«»‚‹›([¿¡–—-"

# Possessive throughout, and each run of stops tried once: a page of points costs no more than any other.
_END = re.compile(
    rf"(?<![.!?…])(?P<stop>[.!?…]++)(?P<close>[{re.escape(_CLOSING)}]*+(?:[ \u00a0\u202f]»)?+)(?P<gap>\s++)"
    rf"(?:[{re.escape(_OPENING)}]\s?+)*+(?P<next>\w[\w'’]*+)"
)
_WORD_BEFORE = re.compile(r"[\w.'’\-]+$")
_INITIAL = re.compile(r"(?:[^\W\d_]\.?-)?[^\W\d_]")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_ORDINAL = re.compile(r"\d{1,2}")
_LOOK_BACK = 24
"""An abbreviation isn't longer."""

_MAX_WIDTH = 120
_MIN_LINES = 3
"""Of a paragraph that is seen to be broken at a width: with two lines it may be chance."""


class Sentences:
    """The sentences of one text: `around(start, end)` gives the one, or the ones, that a place stands in.

    Where one may end is found at once; whether it does is looked at where somebody asks.
    """

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._language = language
        ends = {match.end("gap"): match for match in _END.finditer(text)}
        self._starts: dict[int, bool | re.Match[str]] = {0: True, **ends, **dict.fromkeys(_line_starts(text), True)}
        self._places = sorted(self._starts)

    def around(self, start: int, end: int) -> tuple[int, int]:
        """[first, last) of the sentence at [start, end), of all where it goes over more; no white space at its ends."""
        begin = bisect.bisect_right(self._places, start) - 1
        while not self._is_start(begin):
            begin -= 1
        return _trimmed(self._text, self._places[begin], self._following(max(end, start + 1)))

    def lead(self) -> tuple[int, int]:
        """[first, last) of the first sentence that has a letter or a digit in it; (0, 0) where there is none."""
        first = 0
        while first < len(self._text):
            last = self._following(first + 1)
            if any(character.isalnum() for character in self._text[first:last]):
                return _trimmed(self._text, first, last)
            first = last
        return 0, 0

    def _following(self, place: int) -> int:
        """Where the first sentence begins that doesn't before the place; the end of the text where none does."""
        after = bisect.bisect_left(self._places, place)
        while after < len(self._places) and not self._is_start(after):
            after += 1
        return self._places[after] if after < len(self._places) else len(self._text)

    def _is_start(self, number: int) -> bool:
        place = self._places[number]
        found = self._starts[place]
        if isinstance(found, bool):
            return found
        is_start = self._starts[place] = _ends_sentence(self._text, found, self._language)
        return is_start


def _trimmed(text: str, first: int, last: int) -> tuple[int, int]:
    piece = text[first:last]
    return first + len(piece) - len(piece.lstrip()), first + len(piece.rstrip())


def _ends_sentence(text: str, match: re.Match[str], language: str) -> bool:
    following = match["next"]
    if following[0].islower() and not _begins_small(following):
        return False
    if match["stop"] != ".":
        return True
    found = _WORD_BEFORE.search(text, max(0, match.start() - _LOOK_BACK), match.start())
    if found is None:
        return True
    word = found[0]
    # Without what is joined to it: *l'art.*
    bare = re.split(r"['’]", word)[-1]
    known = ABBREVIATIONS.get(language, ABBREVIATIONS[""])
    if word in MAY_END.get(language, MAY_END[""]):
        return _opens(following, language)
    if match["close"]:
        return True
    if _INITIAL.fullmatch(word) or _abbreviated(word, known) or _abbreviated(bare, known):
        return False
    if following[0].isdigit() and _abbreviated(bare, BEFORE_NUMBERS):
        return False
    doubtful = _DOTTED.fullmatch(bare) or (language == "de" and _ORDINAL.fullmatch(word))
    return not doubtful or _opens(following, language)


def _opens(word: str, language: str) -> bool:
    """Whether a word with this capital usually begins a sentence: *The*, *L'OTAN*."""
    known = OPENERS.get(language, OPENERS[""])
    return word in known or word.replace("’", "'").partition("'")[0] + "'" in known


def _begins_small(word: str) -> bool:
    """Whether a sentence may begin with this, though it is small: Dutch *'s Avonds* and *'t Is*."""
    return word in {"s", "t", "n"}


def _abbreviated(word: str, known: frozenset[str]) -> bool:
    return word in known or (word[:1].isupper() and word[0].lower() + word[1:] in known)


def _line_starts(text: str) -> Iterator[int]:
    """Where lines begin that are a paragraph's first, or are paragraphs themselves."""
    block: list[tuple[int, str]] = []
    place = 0
    for line in text.split("\n"):
        if line.strip():
            block.append((place, line))
        elif block:
            yield from _paragraphs(block)
            block = []
        place += len(line) + 1
    yield from _paragraphs(block)


def _paragraphs(block: list[tuple[int, str]]) -> Iterator[int]:
    """Where the paragraphs begin in lines that no blank line parts."""
    wrapped = _is_wrapped([line for _, line in block])
    for number, (place, line) in enumerate(block):
        continued = number > 0 and (wrapped or _goes_on(block[number - 1][1], line))
        if place and not continued:
            yield place


def _is_wrapped(lines: list[str]) -> bool:
    """Whether the lines were broken at a width: the next line's first word would never have fitted any more."""
    width = max((len(line) for line in lines), default=0)
    if len(lines) < _MIN_LINES or width > _MAX_WIDTH:
        return False
    return all(
        len(line.rstrip()) + 1 + len(following.split(None, 1)[0]) > width
        for line, following in itertools.pairwise(lines)
    )


def _goes_on(line: str, following: str) -> bool:
    """Whether a sentence goes on in the next line: it didn't end, and the next begins with a small letter."""
    return line.rstrip()[-1] not in ".!?…:;" + _CLOSING and following.lstrip()[0].islower()
