"""Texts as Belfry stores them: the cleaning rule, and a title for what has none. Pure.

The cleaning rule, in order: surrogates become U+FFFD; line ends (CR LF, CR) become LF; category Cc except LF and tab,
and U+00AD, U+200B to U+200F, U+2060, U+FEFF go; NFC last, because what was removed may have kept a letter and its
accent apart. Nothing else changes and nothing is trimmed, so that offsets into the result mean what people see.
"""

import re
import unicodedata

MAX_TITLE_CHARS = 120
"""A title that is made from the text is shorter than this."""

_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2060\ufeff\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# The same in UTF-8, for a look that is twice as fast where most letters are Latin: all other bytes are dropped first.
# What that brings together may look odd and isn't; what is odd stays together.
_ODD_BYTES = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f\xad]|\xe2\x80[\x8b-\x8f]|\xe2\x81\xa0|\xef\xbb\xbf")
_NEVER_ODD = bytes(
    set(range(256))
    - {*range(9), *range(0x0B, 0x20), 0x7F}
    - {0xC2, 0xE2, 0xEF, *range(0x80, 0xA0), 0xA0, 0xAD, 0xBB, 0xBF}
)
_LINE_END = re.compile("\r\n?")

# Closing marks belong to the sentence that they end. What follows must look like the start of another one.
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘«„(\[]*[^\W_a-zß-öø-ÿ])")
_NOT_SPACE = re.compile(r"\S")
_LAST_WORD = re.compile(r"(\w+)\.$")
_ABBREVIATED = """
bv dr drs mr mrs ms ir ing prof st sr jr jhr gen lt col sgt nr no vs ca blz art dhr mevr resp incl excl
bzw hr fr mme mlle mgr min max sen rep gov pres cf al fig vol
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())


def cleaned_text(text: str) -> str:
    """`text` by the cleaning rule. Applying it twice changes nothing; the result can always be encoded as UTF-8."""
    if _may_be_odd(text):
        text = _SURROGATE.sub("\ufffd", text)
        text = _LINE_END.sub("\n", text)
        text = _ODD.sub("", text)
    return unicodedata.normalize("NFC", text)


def _may_be_odd(text: str) -> bool:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return True
    return _ODD_BYTES.search(data.translate(None, _NEVER_ODD)) is not None


def folded_space(text: str) -> str:
    """`text` with each run of white space as one space, and none at its ends."""
    return " ".join(text.split())


def title_from_text(text: str) -> str:
    """The lead sentence of `text`, white space folded, cut at a word before MAX_TITLE_CHARS; "" where there is none.

    The lead sentence ends with its line at the latest. A first word that is too long by itself is cut inside.
    """
    start = _NOT_SPACE.search(text)
    if start is None:
        return ""
    line = text[start.start() : start.start() + MAX_TITLE_CHARS * 10].split("\n", 1)[0]
    opening = folded_space(line[: MAX_TITLE_CHARS * 4])
    if len(opening) < MAX_TITLE_CHARS * 3:
        opening = folded_space(line)  # a line of much white space
    opening = opening[: MAX_TITLE_CHARS * 3]
    for end in _SENTENCE_END.finditer(opening):
        if not _is_abbreviation(opening[: end.end()]):
            opening = opening[: end.end()]
            break
    return opening if len(opening) < MAX_TITLE_CHARS else _cut_at_word(opening)


def _is_abbreviation(sentence: str) -> bool:
    word = _LAST_WORD.search(sentence[-20:])
    return word is not None and (
        word[1].lower() in _ABBREVIATIONS or (len(word[1]) == 1 and word[1].isalpha() and word[1].isupper())
    )


def _cut_at_word(opening: str) -> str:
    cut = opening.rfind(" ", 0, MAX_TITLE_CHARS)
    if cut > 0:
        return opening[:cut].rstrip(" ,;:-–—")
    end = MAX_TITLE_CHARS - 1
    while end > 1 and unicodedata.combining(opening[end]):
        end -= 1  # never part a letter from its accents
    return opening[:end]
