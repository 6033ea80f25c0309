"""The written form of a word, which `=` and wildcards see: elision, 's, dots of abbreviations and thousands separators dropped."""

import re

from processors.matching.folding import typed

_ELIDED = {
    "fr": "l d j m t s n c ç qu jusqu lorsqu puisqu quoiqu",
    "it": "l un d gl dell nell sull all dall coll pell c s m t v n quell quest",
    "ca": "l d s m n t",
}
"""What stands before an apostrophe and is a word of its own, by language. `aujourd'hui` and `quelqu'un` stay one word."""

_POSSESSIVE_LANGUAGES = frozenset({"en", "nl", "de"})

_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})++(?!\.)|(?:,\d{3})++(?!,)|(?:[' ]\d{3})++)(?!\d)")
_SEPARATORS = str.maketrans("", "", ".,' ")
_ACRONYM_LETTERS = range(2, 6)


class Writing:
    """How one language writes words."""

    def __init__(self, language: str) -> None:
        self.elided = tuple(_ELIDED.get(language, "").split())
        self._elided = re.compile(rf"(?:{'|'.join(self.elided)})'(?=\w)", re.IGNORECASE) if self.elided else None
        self.possessive = language in _POSSESSIVE_LANGUAGES

    def exact(self, text: str) -> str:
        """A word without hyphens as `=` compares it: as typed, but for what is dropped. Empty only where `text` is."""
        if text.isalnum() and text.isascii():
            return text
        text = self._undecorated(text)
        if is_dotted(text):
            return text.replace(".", "")
        if grouped := _GROUPED.match(text):
            return grouped[0].translate(_SEPARATORS) + text[grouped.end() :]
        return text

    def is_abbreviation(self, text: str) -> bool:
        """Whether a word is a dotted abbreviation, elision and 's aside: *l'O.N.U.*, *U.S.'s*."""
        return "." in text and is_dotted(self._undecorated(text))

    def _undecorated(self, text: str) -> str:
        text = typed(text)
        return self._without_apostrophes(text) if "'" in text else text

    def _without_apostrophes(self, text: str) -> str:
        if self._elided is not None and (found := self._elided.match(text)):
            return text[found.end() :]
        if self.possessive and text[-2:] in ("'s", "'S") and len(text) > 2:
            return text[:-2]
        return text


def is_dotted(text: str) -> bool:
    """Whether it is an abbreviation of single letters with dots, such as `U.S.` or `z.B`."""
    if "." not in text:
        return False
    pieces = text.removesuffix(".").split(".")
    return all(len(piece) == 1 and piece.isalpha() for piece in pieces)


def is_capitals(exact: str) -> bool:
    """Whether a written form is one of two to five capitals, as acronyms are."""
    return exact.isupper() and sum(map(str.isalpha, exact)) in _ACRONYM_LETTERS
