"""What a word of a query finds in a text, straight from the units: for tests of the normal form."""

from processors.matching.normalise import normaliser
from processors.matching.words import Unit


def units(language: str, text: str) -> list[tuple[int, Unit, str]]:
    """All units of a text: position of the token's first word, unit, and the characters that it covers."""
    found: list[tuple[int, Unit, str]] = []
    position = 0
    normal = normaliser(language)
    for token in normal.tokens(text):
        analysis = normal.analyse(text[token.start : token.end], acronym=token.acronym)
        found += [(position, unit, text[token.start + unit.start : token.start + unit.end]) for unit in analysis.units]
        position += analysis.width
    return found


def finds(language: str, query: str, text: str) -> bool:
    """Whether a word of a query fits a unit of the text, or its spaced form stands there."""
    word = normaliser(language).query_word(query)
    here = units(language, text)
    if any(not set(word.stems).isdisjoint(unit.stems) for _, unit, _ in here):
        return True
    starts = {0} if word.sequence else set[int]()
    starts |= {position for position, _, _ in here} if word.sequence else set[int]()
    places = [
        {position + unit.first for position, unit, _ in here if not set(stems).isdisjoint(unit.stems)}
        for stems in word.sequence
    ]
    return bool(places) and any(all(at + step in place for step, place in enumerate(places)) for at in places[0])


def finds_exactly(language: str, query: str, text: str) -> bool:
    """Whether `=query` fits a unit of the text."""
    exact = normaliser(language).exact_form(query)
    return any(unit.exact == exact for _, unit, _ in units(language, text))


def forms(language: str, text: str) -> set[str]:
    """The folded written forms in a text, which wildcards are tested against."""
    return {form for _, unit, _ in units(language, text) for form in unit.forms}


def stems(language: str, word: str, *, acronym: bool = False) -> tuple[str, ...]:
    """The normal forms of a word by itself."""
    return normaliser(language).analyse(word, acronym=acronym).units[0].stems


def parts(language: str, word: str) -> list[str]:
    """The folded forms of the parts of a compound, those that have parts themselves left out, in order."""
    found = normaliser(language).analyse(word, acronym=False).units
    return [unit.forms[0] for unit in found if unit.kind == "compound"]


def words(language: str, text: str) -> list[str]:
    """How a text is cut."""
    return [text[token.start : token.end] for token in normaliser(language).tokens(text)]
