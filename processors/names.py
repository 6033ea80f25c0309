"""Names as they are compared: cutting a text into words, and folding what differs only in writing.

Used by the gazetteer's index, by the recogniser, and by the script that builds the table, so that all three agree.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_LETTERS = r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*"
WORD = re.compile(rf"{_LETTERS}|\s+|(.)\1*", re.DOTALL)
"""A run of letters and digits (with combining marks), a run of white space, or a run of one other character.

Linear: each alternative takes at least one character, and none can be left again. Concatenated, the matches are the text.
"""
SHOWN_WORD = re.compile(rf"{_LETTERS}|(\S)\1*")
"""The same, but for runs of white space: it finds what stands between them."""
WORD_AND_SPACE = re.compile(rf"({_LETTERS}|(\S)\2*)(\s*)")
"""The same, with the white space behind each."""
KEPT_LETTERS = 32
"""A longer word is folded anew each time."""

_ALIKE = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "–": "-", "—": "-", "‑": "-", "‐": "-"})
_SPECIAL = str.maketrans({"ı": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def folded(text: str) -> str:
    """The text in NFKC, without case and diacritics, with typographic apostrophes and dashes as plain ones."""
    if text.isascii():
        return text.casefold().translate(_ALIKE)
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return plain.translate(_ALIKE).translate(_SPECIAL)


_folded_short = lru_cache(maxsize=65_536)(folded)


def folded_word(word: str) -> str:
    """`folded`, remembered for words of ordinary length (an article repeats its words, and so does the news)."""
    return _folded_short(word) if len(word) <= KEPT_LETTERS else folded(word)


def name_words(name: str) -> Iterator[str]:
    """The words and signs of a name, white space left out: `l'OTAN` gives `l`, `'`, `OTAN`."""
    for found in SHOWN_WORD.finditer(name):
        yield found.group()


def name_key(name: str) -> str:
    """What two writings of one name share: the folded words, with a space between."""
    if name.isascii() and name.replace(" ", "").isalnum():
        return " ".join(name.casefold().split())  # as below, and most names are so
    return " ".join([folded_word(word) for word in name_words(name)]).strip()
