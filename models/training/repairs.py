"""The silver labels, mended where reading showed a pattern of mistakes; never word by word.

1. Inhabitants and adjectives of places (`Roemeen`, often LOC) are MISC: Belfry's own list of demonyms knows them.
2. Countries and other names that mean one thing only have that type.
3. An ordinary word that opens a sentence is no person.
4. `FC`, `SV` and the like belong to the club's name after them.
5. A month, a weekday, a word in small letters alone is no name.
6. A name that no list has is what the word before it or its last one says (`processors.ner.announced`): *firma Otten* and *minister
   De Block* were often something else.
"""

from models.training.corpora import Chunks, Labelled, spans
from processors.gazetteer import Gazetteer
from processors.names import name_key
from processors.ner.announced import announced_type, is_adjective
from processors.ner.marks import is_ordinary

_CLUB_WORDS = "AFC FC SV SC VV KV RKC KVC KSV KAA RSC VfB VfL"
_CLUBS = frozenset(_CLUB_WORDS.split())
_SURE_PRIOR = 80
_DAYS_AND_MONTHS = """
januari februari maart april mei juni juli augustus september oktober november december
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
"""
_CALENDAR = frozenset(_DAYS_AND_MONTHS.split())


def repaired(sentence: Labelled, gazetteer: Gazetteer) -> Labelled:
    """The sentence with better labels."""
    words = [text for text, _ in sentence.chunks]
    names: list[tuple[int, int, str]] = []
    for start, end, kind in spans([tag for _, tag in sentence.chunks]):
        shown = words[start:end]
        mended = _mended(shown, start, kind, sentence.language, gazetteer)
        if mended is not None:
            before = words[start - 1] if start else ""
            names.append((start, end, _announced(before, shown, mended, sentence.language, gazetteer) or mended))
    return Labelled(_tagged(words, _whole_clubs(words, names)), sentence.language, sentence.quality, sentence.source)


def _mended(shown: list[str], start: int, kind: str, language: str, gazetteer: Gazetteer) -> str | None:
    text = " ".join(shown)
    if len(shown) == 1 and (text.lower() in _CALENDAR or not any(letter.isupper() for letter in text)):
        return None
    readings = [one for one in gazetteer.readings(name_key(text)) if one.languages is None or language in one.languages]
    if readings and all(one.role == "demonym" for one in readings):
        return "MISC"
    sure = {
        gazetteer.entities[one.entity].type for one in readings if gazetteer.entities[one.entity].prior >= _SURE_PRIOR
    }
    if len(sure) == 1:
        return sure.pop()
    opens = start == 0 and len(shown) == 1 and kind == "PER"
    if opens and is_ordinary(text.lower(), language) and text.lower() not in gazetteer.given_names:
        return None
    return kind


def _announced(before: str, shown: list[str], kind: str, language: str, gazetteer: Gazetteer) -> str | None:
    if gazetteer.readings(name_key(" ".join(shown))) or (kind == "MISC" and is_adjective(shown)):
        return None
    full_name = len(shown) > 1 and (shown[0].lower() in gazetteer.given_names or shown[0].endswith("."))
    return announced_type(before, shown, language, full_name=full_name)


def _whole_clubs(words: list[str], names: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    whole: list[tuple[int, int, str]] = []
    for start, end, kind in names:
        if start and words[start - 1] in _CLUBS and kind in ("LOC", "ORG", "PER"):
            if whole and whole[-1][1] == start:
                whole.pop()
            whole.append((start - 1, end, "ORG"))
        elif words[start] in _CLUBS and end == start + 1 < len(words) and words[end].istitle():
            whole.append((start, end + 1, "ORG"))
        elif not whole or whole[-1][1] <= start:
            whole.append((start, end, kind))
    return whole


def _tagged(words: list[str], names: list[tuple[int, int, str]]) -> Chunks:
    tags = ["O"] * len(words)
    for start, end, kind in names:
        tags[start:end] = [f"B-{kind}", *[f"I-{kind}"] * (end - start - 1)]
    return list(zip(words, tags, strict=True))
