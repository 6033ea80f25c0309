"""What each code point is to the rule that cuts words (see processors.matching.tokenise), as bits of one table."""

import sys
import unicodedata
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from processors.matching.folding import APOSTROPHES, HYPHENS
from processors.matching.tokenise import NARROW_SPACES

CHAR: Final = 1
"""A letter or digit (what `[^\\W_]` matches), but for scripts without spaces."""
DIGIT: Final = 2
MARK: Final = 4
SINGLE: Final = 8
"""A word by itself, of a script without spaces."""
ODD: Final = 16
"""Of two kinds at once: the kernel leaves what holds it to the rule itself."""
DOT: Final = 32
COMMA: Final = 64
"""Joins digits only: a comma, a narrow space."""
TIE: Final = 128
"""Hyphen or apostrophe."""
UNDERSCORE: Final = 256
UPPER: Final = 512
CASED: Final = 1024
"""Has case and isn't upper: a word that holds one isn't all capitals."""
SMALL: Final = 2048
"""Changes when put in capitals."""

_SPACELESS = (
    (0xE00, 0xEFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3041, 0x309F), (0x30A0, 0x30FF),
    (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x20000, 0x3FFFF),
)  # fmt: skip
"""The rule's scripts without spaces; a test compares every code point with the rule."""


@cache
def character_kinds() -> NDArray[np.uint16]:
    """The bits of each code point, 0x110000 of them."""
    kinds = np.zeros(sys.maxunicode + 1, np.uint16)
    spaceless = np.zeros(len(kinds), bool)
    for first, last in _SPACELESS:
        spaceless[first : last + 1] = True
    is_spaceless: list[bool] = spaceless.tolist()
    for code in (*range(0xD800), *range(0xF900, 0x323B0), *range(0xE0100, 0xE01F0)):  # no letters elsewhere
        character = chr(code)
        if character.isalnum():
            kinds[code] = _of_alnum(character, is_spaceless[code])
        elif code < 0x10000 and unicodedata.category(character)[0] == "M" and code >= 0x300:
            kinds[code] = MARK | _case(character)
    for character in (*HYPHENS, *APOSTROPHES):
        kinds[ord(character)] |= ODD if kinds[ord(character)] else TIE
    for character in (",", *NARROW_SPACES):
        kinds[ord(character)] = COMMA
    kinds[ord(".")] = DOT
    kinds[ord("_")] = UNDERSCORE
    return kinds


def _of_alnum(character: str, spaceless: bool) -> int:
    if spaceless:
        return ODD | CHAR | DIGIT if character.isdecimal() else SINGLE
    return CHAR | (DIGIT if character.isdecimal() else 0) | _case(character)


def _case(character: str) -> int:
    upper = character.upper()
    if character.isupper():
        return UPPER | (SMALL if upper != character else 0)
    if character.islower() or character.istitle():
        return CASED | (SMALL if upper != character else 0)
    return SMALL if upper != character else 0
