"""What documents hold for candidate queries: every normal form and every folded written form in an article, once each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

from processors.matching.normalise import CACHED_LETTERS, CACHED_WORDS, normaliser
from processors.matching.tokenise import unique_words

Terms = tuple[tuple[str, ...], tuple[str, ...]]
"""The stems and the forms of a word and its parts."""


@dataclass(frozen=True, slots=True)
class IndexTerms:
    """`stems`: normal forms of words and parts; `forms`: folded written ones. Unique."""

    stems: list[str]
    forms: list[str]


def index_terms(title: str, text: str, language: str) -> IndexTerms:
    """Exactly what the units of title and text hold, by the normal form of `language`."""
    terms = _terms_of(language)
    found = [terms(written, acronym) for field in (title, text) for written, acronym in unique_words(field)]
    return IndexTerms(
        list(dict.fromkeys(chain.from_iterable(stems for stems, _ in found))),
        list(dict.fromkeys(chain.from_iterable(forms for _, forms in found))),
    )


@cache
def _terms_of(language: str) -> Callable[[str, bool], Terms]:
    """What tells the terms of a word of the language, as it is written; remembered, for an article asks it of each word."""
    analyse = normaliser(language).analyse

    def terms(written: str, acronym: bool) -> Terms:
        units = analyse(written, acronym=acronym).units
        if len(units) == 1:
            return units[0].stems, units[0].forms
        return (
            tuple(dict.fromkeys(stem for unit in units for stem in unit.stems)),
            tuple(dict.fromkeys(form for unit in units for form in unit.forms)),
        )

    kept = lru_cache(CACHED_WORDS)(terms)
    return lambda written, acronym: (kept if len(written) <= CACHED_LETTERS else terms)(written, acronym)
