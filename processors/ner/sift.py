"""What the network found, without what can't be a name.

Rules, in this order, for each name:
1. An elided article (*L’*) and a form of address (*M.*, *Mme*) before it aren't part of it, nor are small words at its end, nor the
   article before what a list has without one (*La France*).
2. Days and months are no names, nor is what has neither a capital nor a digit.
3. An ordinary word that opens its sentence (*Il y*) is none, where no list has it (unless the article has it elsewhere,
   which `processors.ner.consistency` sees to).
4. What no list has is what the words beside it or in it say (`processors.ner.announced`): *weekblad Rappler* is a body.
5. So is what the network took for no name, with capitals right behind a word for a body: in Belfry's own corpus 43 of 44 are one.
"""

from collections.abc import Iterator, Sequence

from processors.ner.announced import announced_type, is_adjective
from processors.ner.consistency import Found, Sentence
from processors.ner.cues import CODES
from processors.ner.marks import NOTHING
from processors.proposals import PARTICLES
from schemas.entities import EntityType

_ADDRESSES = {
    "fr": frozenset(["M.", "MM.", "Mme", "Mmes", "Mlle", "Me", "M"]),
    "en": frozenset(["Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Miss", "Sir", "Lady", "Dr", "Dr.", "Prof", "Prof."]),
    "de": frozenset(["Herr", "Herrn", "Frau", "Dr", "Dr.", "Prof", "Prof."]),
    "nl": frozenset(["Dr", "Dr.", "Prof", "Prof.", "Mevrouw", "Meneer", "Mijnheer", "Mr", "Mr."]),
}
_ARTICLES = frozenset(["de", "het", "the", "la", "le", "les", "der", "die", "das"])
_CALENDAR_WORDS = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october
november december maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart mei juni juli augustus
oktober montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz mai dezember
lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril juin juillet août septembre octobre novembre décembre
"""
_CALENDAR = frozenset(_CALENDAR_WORDS.split())


def sifted(
    sentence: Sentence, words: Sequence[str], names: Sequence[str], found: Sequence[Found], language: str
) -> list[Found]:
    """The names of a sentence that may be some. words, names: the features of its tokens."""
    kept: list[Found] = []
    for one in found:
        trimmed = _without_article(sentence, names, _trimmed(sentence, one, language))
        if trimmed is not None and not _is_no_name(sentence, words, names, trimmed):
            kind = _announced_type(sentence, words, names, trimmed, language)
            kept.append(trimmed._replace(type=kind or trimmed.type))
    return sorted([*kept, *_announced(sentence, words, names, kept, language)])


def _announced(
    sentence: Sentence, words: Sequence[str], names: Sequence[str], found: Sequence[Found], language: str
) -> Iterator[Found]:
    taken = {place for one in found for place in range(one.first, one.end)}
    for place, mark in enumerate(words[:-1]):
        if mark != CODES["body"] or announced_type(sentence[place].text, [sentence[place + 1].text], language) != "ORG":
            continue
        end = place + 1
        while end < len(sentence) and sentence[end].text[0].isupper() and names[end] == NOTHING and end not in taken:
            end += 1
        if end > place + 1 and len(sentence[place + 1].text) > 1:
            yield Found(place + 1, end, "ORG")


def _announced_type(
    sentence: Sentence, words: Sequence[str], names: Sequence[str], one: Found, language: str
) -> EntityType | None:
    shown = [token.text for token in sentence[one.first : one.end]]
    if names[one.first] != NOTHING or (one.type == "MISC" and is_adjective(shown)):
        return None
    full_name = len(shown) > 1 and ("G" in words[one.first] or shown[0][-1] == ".")
    return announced_type(sentence[one.first - 1].text if one.first else "", shown, language, full_name=full_name)


def _trimmed(sentence: Sentence, one: Found, language: str) -> Found | None:
    first, end = one.first, one.end
    addresses = _ADDRESSES.get(language, frozenset[str]())
    while first < end and (
        sentence[first].text[-1] in "'’" or (one.type == "PER" and sentence[first].text in addresses)
    ):
        first += 1
    while end > first and one.type == "PER" and sentence[end - 1].text.islower():
        end -= 1
    return one._replace(first=first, end=end) if first < end else None


def _without_article(sentence: Sentence, names: Sequence[str], one: Found | None) -> Found | None:
    if one is None or one.end - one.first < 2 or one.type == "PER" or sentence[one.first].text.lower() not in _ARTICLES:
        return one
    article, begins, *rest = [name[0] for name in names[one.first : one.end]]
    is_listed_without = article == NOTHING and begins == "B" and all(name == "I" for name in rest)
    return one._replace(first=one.first + 1) if is_listed_without else one


def _is_no_name(sentence: Sentence, words: Sequence[str], names: Sequence[str], one: Found) -> bool:
    shown = [token.text for token in sentence[one.first : one.end]]
    if all(text.lower() in _CALENDAR or text.lower() in PARTICLES for text in shown):
        return True
    if not any(text[0].isdigit() or any(letter.isupper() for letter in text) for text in shown):
        return one.type != "MISC"
    mark = words[one.first]
    weak = "O" in mark and "G" not in mark and "S" not in mark and names[one.first] == NOTHING
    short = len(shown) == 1 or (len(shown) == 2 and shown[1].islower())
    return short and weak and not shown[0].isupper() and _opens(sentence, one.first)


def _opens(sentence: Sentence, place: int) -> bool:
    """Whether a token is the first of its sentence that isn't a sign."""
    return not any(token.text[0].isalnum() for token in sentence[:place])
