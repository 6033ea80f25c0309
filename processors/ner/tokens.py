"""The words of a field as the model's tokens, in sentences.

`processors.names.SHOWN_WORD` cuts at every sign; the corpora that a model learns from don't: *NAVO-top*, *N.V.*, *D'Hondt*, *J.*
and *Obama's* are one token there. So the words of a field are joined again, and each token remembers which words it is.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from processors.mentions import Word, field_words

MAX_TOKENS = 120
"""Of a sentence; what is longer (tables, lists without a full stop) is cut, so that a batch's memory stays bounded."""

_APOSTROPHES = frozenset("'’‘ʼ`´")
_HYPHENS = frozenset("-‐‑")
_ENDS = frozenset(".!?…")
_CLOSING = frozenset("\"'”’»)]")
_OPENING = frozenset("\"'“”„«‘’([-–—•")
_ELIDED = frozenset(["l", "d", "qu", "j", "n", "s", "m", "t", "c", "jusqu", "lorsqu", "puisqu", "quelqu"])
_ELIDING_LANGUAGES = frozenset(["fr"])
_CLITICS = frozenset(["s", "t", "n", "k", "m", "r"])
_ABBREVIATED = """
    dr drs ir ing mr mrs ms prof st ste mevr dhr bv nv inc ltd corp jr sr gen col lt sgt kol maj kapt vs nr art blz
    ca resp bijv t.w. sen rep gov hon mt mme mlle dipl str bzw usw evtl
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())


class Token(NamedTuple):
    """A token of the model: the words `first` to `last` (inclusive) of its field, joined."""

    text: str
    first: int
    last: int


def sentences(words: Sequence[Word], language: str) -> Iterator[list[Token]]:
    """The tokens of a field, sentence by sentence; none is empty, every word is in one token. Time is linear."""
    sentence: list[Token] = []
    ended = False
    for token in tokens(words, language):
        gap = words[token.first].gap
        if sentence and (gap == 2 or (ended and gap and _may_begin(token.text)) or len(sentence) == MAX_TOKENS):
            yield sentence
            sentence = []
            ended = False
        sentence.append(token)
        if token.text[0] in _ENDS:
            ended = True
        elif not (ended and token.text[0] in _CLOSING and not gap):
            ended = False
    if sentence:
        yield sentence


def _may_begin(text: str) -> bool:
    return not text[0].islower()


def tokens(words: Sequence[Word], language: str) -> Iterator[Token]:
    """The tokens of a field or a sentence; every word is in one."""
    elides = language in _ELIDING_LANGUAGES
    place, count = 0, len(words)
    while place < count:
        first, text = place, words[place].text
        place += 1
        if not text[0].isalnum():
            if text in _APOSTROPHES and _is_clitic(words, place, language):
                text += words[place].text
                place += 1
            else:
                yield Token(text, first, first)
                continue
        while place < count and words[place].gap == 0:
            sign = words[place].text
            follows = place + 1 < count and words[place + 1].gap == 0 and words[place + 1].text[0].isalnum()
            if sign[0].isalnum():  # a letter after a combining mark, or after a clitic
                text += sign
                place += 1
            elif follows and _joins(sign, text, words[place + 1].text):
                if sign in _APOSTROPHES and elides and text.lower() in _ELIDED:
                    text += sign
                    place += 1
                    break
                text += sign + words[place + 1].text
                place += 2
            elif sign == "." and not follows and _is_abbreviated(text) and _goes_on(words, place + 1):
                text += sign
                place += 1
                break
            else:
                break
        yield Token(text, first, place - 1)


def text_tokens(text: str) -> list[Token]:
    """The tokens of a short text."""
    return list(tokens(field_words(text), "nl"))


def _is_clitic(words: Sequence[Word], place: int, language: str) -> bool:
    """Whether an apostrophe begins *'s* or *'t*."""
    if language != "nl" or place >= len(words) or words[place].gap or words[place].text not in _CLITICS:
        return False
    return place + 1 >= len(words) or words[place + 1].gap > 0 or words[place + 1].text in _HYPHENS


def _joins(sign: str, before: str, after: str) -> bool:
    """Whether a sign between two words without a space makes one token of them."""
    if sign in _HYPHENS or sign in _APOSTROPHES or sign == "&":
        return True
    if before[-1].isdigit() or after[0].isdigit():
        return sign in (".", ",") and before[-1].isdigit() and after[0].isdigit()
    if sign != ".":
        return False
    # N.V., J.F., and belga.be; but not a full stop that has lost its space.
    return (len(after) <= 2 and len(before.rpartition(".")[2]) <= 2) or (len(before) > 2 and after.islower())


def _is_abbreviated(text: str) -> bool:
    if len(text) == 1:
        return text.isupper()
    return (
        "." in text and not text[-1].isdigit() and len(text.rpartition(".")[2]) <= 2
    ) or text.lower() in _ABBREVIATIONS


def _goes_on(words: Sequence[Word], place: int) -> bool:
    """Whether the line goes on after an abbreviation's full stop, which otherwise ends the sentence as well."""
    return place < len(words) and words[place].gap != 2
