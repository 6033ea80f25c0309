"""Where the words of a text are: the one rule that cuts texts, and queries just the same.

A word is the longest run of, by this order of the rules:
1. Numbers: groups of three digits with `.` `,` `'` or a no-break or thin space between (`130.000`), and one decimal
   comma or dot (`3,5`, `1.2bn`). More separators than that make several words (`24.02.2022` is three).
2. Dotted abbreviations, `U.S.` `z.B.` `i.p.v.`: single letters with dots between, with their last dot. Elsewhere a dot
   ends the word (`nu.nl` is two words, as is what a missing space has glued together).
3. Letters, digits and their marks, with `_` between them. A character of a script that is written without spaces
   (Chinese, Japanese, Thai, Lao, Khmer, Burmese) is a word by itself, so that any part of a run can be asked for.
4. These joined by single apostrophes (`l'OTAN`, `NATO's`), and those by single hyphens (`NAVO-Ruslandraad`).

No word begins or ends with a joiner, and a dash (U+2013) joins nothing. Cutting takes time linear in the text.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from processors.matching.folding import APOSTROPHES, HYPHENS
from processors.matching.words import Token

MAX_JOINED = 64
"""Hyphen parts, or pieces between apostrophes, in one word: more is no word but noise, and is cut here."""

NARROW_SPACES = "\u00a0\u2009\u202f"
"""What may stand between groups of three digits: no-break, thin and narrow no-break space."""

NEIGHBOURS = 3
"""How many words to each side may show that it isn't all capitals around."""

_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u309f\u30a0-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
)
_SPACELESS_BEYOND = "\U00020000-\U0003ffff"


def _marks() -> str:
    """Combining marks as the inside of a class. Those beyond U+FFFF would make each test a walk through a list."""
    runs: list[list[int]] = []
    for code in range(0x300, 0x10000):
        if unicodedata.category(chr(code))[0] == "M":
            if runs and runs[-1][1] == code - 1:
                runs[-1][1] = code
            else:
                runs.append([code, code])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in runs)


_MARK = f"[{_marks()}]"


def _word_pattern(spaceless: str) -> str:
    """The rules as a regular expression, for texts with and without characters of the scripts without spaces."""
    character, letter = rf"[^\W_{spaceless}]", rf"[^\W\d_{spaceless}]"
    rest = rf"{character}*+(?:(?:{_MARK}++|_++(?={character})){character}*+)*+"
    groups = "|".join(
        rf"(?:{separator}\d{{3}})++(?!\d)(?:{decimal}\d++)?+"
        for separator, decimal in ((r"\.", ","), (",", r"\."), (f"[{NARROW_SPACES}{APOSTROPHES}]", "[.,]"))
    )
    number = rf"(?<!\d[.,])(?:[1-9]\d{{0,2}}(?:{groups})|\d++[.,]\d++)(?![.,]\d){rest}"
    initial = rf"{letter}{_MARK}*+"
    abbreviation = rf"{initial}(?:\.{initial}(?!{character}))++\.?+"
    atom = rf"(?:{number}|{abbreviation}|{character}{rest})"
    part = rf"{atom}(?:[{APOSTROPHES}]{atom}){{0,{MAX_JOINED - 1}}}+"
    word = rf"{part}(?:[{HYPHENS}]{part}){{0,{MAX_JOINED - 1}}}+"
    return rf"{word}|(?=\w)[{spaceless}]{_MARK}*+" if spaceless else word


_HAS_SPACELESS = re.compile(f"[{_SPACELESS}]|[{_SPACELESS_BEYOND}]")
_WORD = re.compile(_word_pattern(""))
_WORD_OR_CHARACTER = re.compile(_word_pattern(_SPACELESS + _SPACELESS_BEYOND))


def word_places(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of `text` are, in order: (start, end) in code points."""
    return (found.span() for found in word_pattern(text).finditer(text))


def word_pattern(text: str) -> re.Pattern[str]:
    """The regular expression whose matches are the words of `text`."""
    return _WORD_OR_CHARACTER if not text.isascii() and _HAS_SPACELESS.search(text) else _WORD


def text_tokens(text: str) -> Sequence[Token]:
    """The words of a field as tokens, in order, not overlapping."""
    places = list(word_places(text))
    words = [text[start:end] for start, end in places]
    return [Token(start, end, _is_acronym(words, index)) for index, (start, end) in enumerate(places)]


def unique_words(text: str) -> list[tuple[str, bool]]:
    """What `text_tokens` are, each kind once: a word as it is written, and whether it is an acronym there."""
    words: list[str] = word_pattern(text).findall(text)
    unique = dict.fromkeys(words)
    capitals = {word for word in unique if _is_in_capitals(word)}
    if not capitals:
        return [(word, False) for word in unique]
    found = dict.fromkeys((word, _is_acronym(words, index)) for index, word in enumerate(words) if word in capitals)
    return [*((word, False) for word in unique if word not in capitals), *found]


def _is_in_capitals(word: str) -> bool:
    return len(word) > 1 and word[0].isupper() and word.isupper()


def _is_acronym(words: Sequence[str], index: int) -> bool:
    return _is_in_capitals(words[index]) and any(
        word != word.upper() for word in words[max(0, index - NEIGHBOURS) : index + NEIGHBOURS + 1]
    )
