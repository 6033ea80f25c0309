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
    for code in range(sys.maxunicode + 1):
        if code >= 0xE1000 or 0x323B0 <= code < 0xE0100 or 0xD800 <= code < 0xF900:
            continue  # nothing assigned, or no letters
        kinds[code] = _kind(chr(code))
    return kinds


def _kind(character: str) -> int:
    code = ord(character)
    kind = _joining(character)
    if character.isalnum():
        decimal = character.isdecimal()
        if any(first <= code <= last for first, last in _SPACELESS):
            kind = ODD | CHAR | DIGIT if decimal else SINGLE
        else:
            kind = CHAR | (DIGIT if decimal else 0) | (ODD if kind else 0)
    elif 0x300 <= code < 0x10000 and unicodedata.category(character)[0] == "M":
        kind = MARK
    if character.isupper():
        kind |= UPPER
    elif character.islower() or character.istitle():
        kind |= CASED
    return kind | (SMALL if character.upper() != character else 0)


def _joining(character: str) -> int:
    if character in HYPHENS or character in APOSTROPHES:
        return TIE
    if character == "." or character == "_":
        return DOT if character == "." else UNDERSCORE
    return COMMA if character == "," or character in NARROW_SPACES else 0
