"""German umlauts and the ways to spell them out: ae, oe, ue. A u after a vowel or q belongs to that (*neue*, *Quelle*)."""

import re

_SPELT_OUT = re.compile(r"[aoAO][eE]|(?<![aeiouqäöüAEIOUQÄÖÜ])[uU][eE]")
_UMLAUT = {"a": "ä", "o": "ö", "u": "ü", "A": "Ä", "O": "Ö", "U": "Ü"}
_SPELL_OUT = str.maketrans({umlaut: f"{vowel}e" for vowel, umlaut in _UMLAUT.items()})


def with_umlauts(text: str) -> str:
    """The text with ä, ö, ü for all that may stand for them."""
    if "e" not in text and "E" not in text:
        return text
    return _SPELT_OUT.sub(lambda found: _UMLAUT[found[0][0]], text)


def spelt_out(text: str) -> str:
    """The text with ae, oe, ue for ä, ö, ü."""
    return text if text.isascii() else text.translate(_SPELL_OUT)
