"""Folding: what is the same word however it is typed. Unicode NFKC, case, diacritics, apostrophes, hyphens.

`typed` brings the ways to type one character together and keeps case and diacritics (what `=` compares); `folded`
drops these too (what everything else compares). Marks are dropped where they are diacritics (Latin, Greek, Cyrillic,
Hebrew, Arabic); in the scripts of India and Southeast Asia and in kana they are letters and stay.
"""

import unicodedata

HYPHENS = "-\u2010\u2011\ufe63\uff0d"
"""What joins the parts of a hyphenated word. A dash (U+2013, U+2014) doesn't."""

APOSTROPHES = "'\u2019\u2018\u201b\u02bc\u02b9\u2032\uff07`\u00b4"
"""What people and machines write for an apostrophe within a word."""

_TYPED = str.maketrans(dict.fromkeys(HYPHENS, "-") | dict.fromkeys(APOSTROPHES, "'"))

_DIACRITICS = (
    *((0x300, 0x36F), (0x483, 0x487), (0x591, 0x5BD), (0x5BF, 0x5BF), (0x5C1, 0x5C2), (0x5C4, 0x5C5)),
    *((0x610, 0x61A), (0x640, 0x640), (0x64B, 0x65F), (0x670, 0x670), (0x6D6, 0x6DC), (0x6DF, 0x6E8)),
    *((0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20F0), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F)),
)
_DROPPED: dict[int, str | None] = {code: None for first, last in _DIACRITICS for code in range(first, last + 1)}
# Letters whose stroke or joining Unicode doesn't count as a mark of its own.
_LIKE = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ŀ": "l", "ƒ": "f", "æ": "ae", "œ": "oe",
    "þ": "th", "ĸ": "k", "ŋ": "n", "ɨ": "i", "ɫ": "l", "ƀ": "b", "ǥ": "g", "ȼ": "c", "ɇ": "e",
}  # fmt: skip
_FOLDED = _DROPPED | {ord(letter): plain for letter, plain in _LIKE.items()}
_ROUNDS = 4


def typed(text: str) -> str:
    """The text with each character as it is usually typed: NFKC, one apostrophe, one hyphen; case and diacritics kept."""
    if text.isascii():
        return text.replace("`", "'")
    return unicodedata.normalize("NFKC", text.translate(_TYPED)).translate(_TYPED)


def folded(text: str) -> str:
    """The text without case and diacritics; folding once more changes nothing."""
    if text.isascii():
        return text.lower() if "`" not in text else text.lower().replace("`", "'")
    for _ in range(_ROUNDS):
        once = _folded_once(text)
        if once == text:
            break
        text = once
    return text


def _folded_once(text: str) -> str:
    plain = typed(text).casefold()
    if plain.isascii():
        return plain
    plain = unicodedata.normalize("NFKD", plain).translate(_FOLDED)
    return unicodedata.normalize("NFKC", plain)
