"""The normal form of a language: words.Normaliser for each, shared and cached. The rules are in the modules it is made of.

tokenise (where words are), written (what of them counts), folding, lemmas and stems (normal forms), compounds (parts).
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Literal

from processors.matching.compounds import Compounds
from processors.matching.dutch import DutchCompounds
from processors.matching.folding import HYPHENS, folded
from processors.matching.german import GermanCompounds
from processors.matching.lemmas import Lemmas, lemmas, unique
from processors.matching.stems import Stems, ending_rules
from processors.matching.tokenise import text_tokens, word_places
from processors.matching.words import Analysis, Normaliser, PlainWords, QueryWord, Token, Unit
from processors.matching.written import Writing, is_capitals

CACHED_WORDS = 1 << 15
"""Analyses kept for each language: some 30 MB when full."""

CACHED_LETTERS = 64
"""Longer words are analysed anew each time: they are rare, and would make the cache's size anybody's choice."""

_TO_HYPHEN = str.maketrans(dict.fromkeys(HYPHENS, "-"))
_INVERTED = frozenset({"il", "ils", "elle", "elles", "on"})


@cache
def normaliser(language: str) -> Normaliser:
    """The normal form of a language by its ISO 639-1 code; of any other code (`und`): folding only."""
    return LanguageNormaliser(language)


class LanguageNormaliser:
    """See words.Normaliser. May be shared by threads."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._writing = Writing(language)
        words = lemmas(language)
        self._compounds = _compounds(language, words)
        self._stems = Stems(language, words, self._compounds)
        self.plain = self._plain(words) if self._compounds is None else None
        self._cached_analysis = lru_cache(CACHED_WORDS)(self._analysis)
        self._cached_terms = lru_cache(CACHED_WORDS)(self._part_terms)

    def tokens(self, text: str) -> Sequence[Token]:
        """See words.Normaliser."""
        return text_tokens(text)

    def analyse(self, written: str, *, acronym: bool) -> Analysis:
        """See words.Normaliser."""
        acronym = acronym or not written.isupper()  # of others it says nothing, and they are kept once, whoever asks
        if len(written) > CACHED_LETTERS:
            return self._analysis(written, acronym)
        return self._cached_analysis(written, acronym)

    def cached_words(self) -> int:
        """How many analyses are kept."""
        return self._cached_analysis.cache_info().currsize

    def query_word(self, text: str) -> QueryWord:
        """See words.Normaliser."""
        places = list(word_places(text))
        if len(places) != 1:
            # A text has this in several words, or in none: `北约` is two.
            return QueryWord((folded(text),), tuple(self.query_word(text[start:end]).stems for start, end in places))
        start, end = places[0]
        pieces = _pieces(text[start:end])
        if len(pieces) == 1:
            return QueryWord(self._word_stems(pieces[0], acronyms=True))
        apart = tuple(self._word_stems(piece, acronyms=True) for piece in pieces)
        return QueryWord(self._joined_stems([self._writing.exact(piece) for piece in pieces], apart[-1]), apart)

    def exact_form(self, text: str) -> str:
        """See words.Normaliser."""
        return "-".join(map(self._writing.exact, _pieces(text)))

    def fold_form(self, text: str) -> str:
        """See words.Normaliser."""
        return folded(self.exact_form(text))

    def _analysis(self, written: str, acronym: bool) -> Analysis:
        if self._compounds is None and written.isascii() and written.isalnum():
            return self._plain_analysis(written, acronym)
        acronyms = acronym or not written.isupper()
        pieces = _pieces(written)
        if len(pieces) == 1:
            whole = self._unit("whole", written, acronyms, position=0, start=0, parent=-1)
            return Analysis((whole, *self._parts(whole, 0)), 1)
        exact = [self._writing.exact(piece) for piece in pieces]
        hyphenated, joined = "-".join(exact), "".join(exact)
        stems = self._joined_stems(exact, self._word_stems(pieces[-1], acronyms))
        forms = unique((*self._stems.forms(hyphenated), *self._stems.forms(joined)))
        width = len(pieces) if _are_words(exact) else 1
        units = [Unit("whole", stems, forms, hyphenated, 0, width - 1, 0, -1, 0, len(written))]
        start = 0
        for position, piece in enumerate(pieces if width > 1 else ()):
            part = self._unit("hyphen", piece, acronyms, position=position, start=start, parent=0)
            units.append(part)
            units += self._parts(part, len(units) - 1)
            start += len(piece) + 1
        return Analysis(tuple(units), width)

    def _plain_analysis(self, written: str, acronym: bool) -> Analysis:
        """What `_analysis` comes to for most words, in two thirds of the time: plain letters, no parts."""
        plain = written.lower()
        stems = self._capitals_stems(written, acronym) if is_capitals(written) else self._stems.of(written)
        return Analysis((Unit("whole", stems, (plain,), written, 0, 0, 0, -1, 0, len(written)),), 1)

    def _plain(self, words: Lemmas) -> PlainWords | None:
        rules = ending_rules(self.language, words)
        if rules is None:
            return None
        stems, writing = self._stems, self._writing
        return PlainWords(stems.of, stems.listed, rules, writing.elided, writing.possessive)

    def _unit(
        self, kind: Literal["whole", "hyphen"], piece: str, acronyms: bool, *, position: int, start: int, parent: int
    ) -> Unit:
        exact = self._writing.exact(piece)
        stems, forms = self._stems_of(piece, exact, acronyms), self._stems.forms(exact)
        return Unit(kind, stems, forms, exact, position, position, 0, parent, start, start + len(piece))

    def _parts(self, unit: Unit, index: int) -> Iterator[Unit]:
        """The compound parts of a unit, which is at `index` in its analysis."""
        if self._compounds is None or unit.exact is None:
            return
        for part in self._compounds.parts(unit.exact):
            stems, forms = self._cached_terms(part.words, part.form)
            place = (unit.first, unit.last, part.rank, index, unit.start, unit.end)
            yield Unit("compound", stems, forms, None, *place)

    def _part_terms(self, words: tuple[str, ...], form: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The normal forms and written forms of a part; the same parts are in many compounds."""
        return unique(stem for word in words for stem in self._stems.of(word)), self._stems.forms(form)

    def _word_stems(self, piece: str, acronyms: bool) -> tuple[str, ...]:
        """The normal forms of a word without hyphens. `acronyms`: two to five capitals are one."""
        return self._stems_of(piece, self._writing.exact(piece), acronyms)

    def _stems_of(self, piece: str, exact: str, acronyms: bool) -> tuple[str, ...]:
        if exact != piece and self._writing.is_abbreviation(piece):
            return (folded(exact),)
        return self._capitals_stems(exact, acronyms) if is_capitals(exact) else self._stems.of(exact)

    def _capitals_stems(self, exact: str, acronyms: bool) -> tuple[str, ...]:
        """Those of two to five capitals. Among capitals only, nothing tells an acronym from a word: it may be either."""
        return (folded(exact),) if acronyms else unique((*self._stems.of(exact), folded(exact)))

    def _joined_stems(self, exact: Sequence[str], last: tuple[str, ...]) -> tuple[str, ...]:
        """The normal forms of a hyphenated word, hyphenated and joined; `last` are those of its last part."""
        before = [folded(piece) for piece in exact[:-1]]
        hyphenated = ("-".join((*before, stem)) for stem in last)
        joined = ("".join((*before, stem)) for stem in last)
        return unique((*joined, *self._stems.of("".join(exact)), *hyphenated))


def _compounds(language: str, words: Lemmas) -> Compounds | None:
    if language == "nl":
        return DutchCompounds(words)
    return GermanCompounds(words) if language == "de" else None


def _pieces(text: str) -> list[str]:
    """The text between hyphens."""
    return [text] if text.isalnum() else text.translate(_TO_HYPHEN).split("-")


def _are_words(exact: Sequence[str]) -> bool:
    """Whether hyphen parts are words by themselves: not in *e-mail*; in French *estime-t-il* they are."""
    if len(exact) > 2 and exact[-2].lower() == "t" and exact[-1].lower() in _INVERTED:
        exact = exact[:-2]
    return not any(len(part) == 1 and part.isalpha() for part in exact)
