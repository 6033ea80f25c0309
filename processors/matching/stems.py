"""The normal forms of a word: its folded lemma and the lemma of its folded form, in its language."""

from collections.abc import Iterable, Iterator, Mapping

from processors.matching.compounds import Compounds
from processors.matching.folding import folded
from processors.matching.lemmas import Lemmas, NoLemmas, listed_words, unique
from processors.matching.umlauts import spelt_out, with_umlauts
from processors.matching.word_lists import hand_lists
from processors.matching.words import EndingRules
from processors.matching.written import is_capitals

_GENITIVE_LANGUAGES = frozenset({"nl", "de"})
_PLURAL_LANGUAGES = frozenset({"en", "fr"})
_NO_GENITIVE = ("ss", "xs", "zs", "ßs")
PLAIN_LANGUAGES: Mapping[str, EndingRules] = {"en": "english", "fr": "french"}
"""Languages of which words.PlainWords says all, but for those without lists."""


class Stems:
    """The normal forms of the words of one language."""

    def __init__(self, language: str, words: Lemmas, compounds: Compounds | None) -> None:
        self._language = language
        self._lemmas = words
        self._compounds = compounds
        names = hand_lists("names")
        self._names_in_s, self._genitives = names["names_in_s"], names["genitives"]

    def of(self, exact: str) -> tuple[str, ...]:
        """The normal forms of a written form (without hyphens) that is no acronym: one or more, folded."""
        found: dict[str, None] = {}
        for written in self._ways_to_write(exact):
            for lemma in self._lemmas_of(written):
                found[folded(lemma)] = None
        return tuple(found)

    def listed(self) -> Iterable[str]:
        """The words that any list knows something of."""
        return (*listed_words(self._lemmas), *self._names_in_s, *self._genitives)

    def forms(self, exact: str) -> tuple[str, ...]:
        """The folded written forms: one, or in German two where ä, ö, ü are written or spelt out."""
        if self._language != "de":
            return (folded(exact),)
        out = spelt_out(exact)
        ways = (exact, *self._with_umlauts(exact)) if out == exact else (exact, out)
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
        restored = with_umlauts(exact)
        if restored != exact and (self._lemmas.listed(restored) or not self._lemmas.listed(exact)):
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
        if written[-1:] == "s" and len(written) > 3 and (base := self._without_s(written, is_listed=bool(listed))):
            yield base
        if not listed:
            yield self._lemmas.guessed(written) or written

    def _without_s(self, written: str, *, is_listed: bool) -> str | None:
        """What a final s was added to: an acronym, a name, and where no list knows better a noun; None for nothing."""
        base = written[:-1]
        if self._language not in _GENITIVE_LANGUAGES | _PLURAL_LANGUAGES:
            return None
        if is_capitals(base) or written in self._genitives:
            return base
        if is_listed or written in self._names_in_s or written.endswith(_NO_GENITIVE):
            return None
        if self._language in _GENITIVE_LANGUAGES:
            return base if written[0].isupper() or self._lemmas.listed(base) else None
        if written.endswith(("us", "ss")):
            return None
        if written.endswith("is") and written[0].islower():
            return None
        return f"{base[:-2]}y" if self._language == "en" and base.endswith("ie") else base


def ending_rules(language: str, words: Lemmas) -> EndingRules | None:
    """What rules give the normal forms of a plain word that isn't listed; None for others than those of PlainWords."""
    return "none" if isinstance(words, NoLemmas) else PLAIN_LANGUAGES.get(language)
