"""What documents hold for candidate queries: every normal form and every folded written form in an article, once each."""

from dataclasses import dataclass

from processors.matching.normalise import normaliser


@dataclass(frozen=True, slots=True)
class IndexTerms:
    """`stems`: normal forms of words and parts; `forms`: folded written ones. Unique, in order of appearance."""

    stems: list[str]
    forms: list[str]


def index_terms(title: str, text: str, language: str) -> IndexTerms:
    """Exactly what the units of title and text hold, by the normal form of `language`."""
    normal = normaliser(language)
    stems: dict[str, None] = {}
    forms: dict[str, None] = {}
    for field in (title, text):
        words = {(field[token.start : token.end], token.acronym): None for token in normal.tokens(field)}
        for written, acronym in words:
            for unit in normal.analyse(written, acronym=acronym).units:
                stems.update(dict.fromkeys(unit.stems))
                forms.update(dict.fromkeys(unit.forms))
    return IndexTerms(list(stems), list(forms))
