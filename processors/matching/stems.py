"""The normal forms of a word: its folded lemma and the lemma of its folded form, in its language."""

import re
from collections.abc import Iterator

from processors.matching.compounds import Compounds
from processors.matching.folding import folded
from processors.matching.lemmas import Lemmas, unique
from processors.matching.written import is_capitals

_GENITIVE_LANGUAGES = frozenset({"nl", "de"})
_NO_GENITIVE = ("ss", "xs", "zs", "ßs")
_SPELT_OUT = re.compile(r"[aoAO][eE]|(?<![aeiouqäöüAEIOUQÄÖÜ])[uU][eE]")
_UMLAUT = {"a": "ä", "o": "ö", "u": "ü", "A": "Ä", "O": "Ö", "U": "Ü"}

_SPELL_OUT = str.maketrans({umlaut: f"{vowel}e" for vowel, umlaut in _UMLAUT.items()})


class Stems:
    """The normal forms of the words of one language."""

    def __init__(self, language: str, words: Lemmas, compounds: Compounds | None) -> None:
        self._language = language
        self._lemmas = words
        self._compounds = compounds
        self._names_in_s = frozenset[str]()

    def of(self, exact: str) -> tuple[str, ...]:
        """The normal forms of a written form (without hyphens) that is no acronym: one or more, folded."""
        return unique(folded(lemma) for written in self._ways_to_write(exact) for lemma in self._lemmas_of(written))

    def forms(self, exact: str) -> tuple[str, ...]:
        """The folded written forms: one, or in German two where ä, ö, ü are written or spelt out."""
        if self._language != "de":
            return (folded(exact),)
        spelt_out = exact.translate(_SPELL_OUT)
        ways = (exact, *self._with_umlauts(exact)) if spelt_out == exact else (exact, spelt_out)
        return unique(map(folded, ways))

    def _ways_to_write(self, exact: str) -> Iterator[str]:
        plain = folded(exact)
        if exact.isupper() and len(exact) > 1:
            exact = exact.capitalize()  # a noun in capitals is listed as it is written elsewhere
        yield exact
        if plain != exact:
            yield plain
        if self._language == "de":
            yield from self._with_umlauts(exact)

    def _with_umlauts(self, exact: str) -> Iterator[str]:
        """The word with ä, ö, ü for ae, oe, ue; only where that is listed, unless the word itself isn't."""
        if not _SPELT_OUT.search(exact):
            return
        restored = _SPELT_OUT.sub(lambda found: _UMLAUT[found[0][0]], exact)
        if self._lemmas.listed(restored) or not self._lemmas.listed(exact):
            yield restored

    def _lemmas_of(self, written: str) -> Iterator[str]:
        listed = self._lemmas.listed(written)
        yield from listed
        if self._compounds is not None:
            yield from self._compounds.lemmas_besides(written, listed)
        if listed and listed[0] != written:
            return
        compound = self._compounds.lemma(written) if self._compounds is not None and not listed else None
        if compound is not None:
            yield compound
            return
        if written[-1:] == "s" and len(written) > 3:
            yield from self._without_s(written, is_listed=bool(listed))
        if not listed:
            yield self._lemmas.guessed(written) or written

    def _without_s(self, written: str, *, is_listed: bool) -> Iterator[str]:
        """What a final s may have been added to: an acronym, a name, and where no list knows better any noun."""
        base = written[:-1]
        if is_capitals(base):
            yield base
        elif is_listed or written in self._names_in_s or written.endswith(_NO_GENITIVE):
            return
        elif self._language in _GENITIVE_LANGUAGES and written[0].isupper():
            yield base
        elif self._language in ("en", "fr") and not written.endswith(("ss", "us", "is")):
            yield f"{base[:-2]}y" if self._language == "en" and base.endswith("ie") else base
