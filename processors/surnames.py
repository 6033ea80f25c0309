"""Second mentions: surnames alone, of persons whose full name stands in the article (*Annalena Baerbock* … *Baerbock*).

Persons whom the gazetteer knows have surname forms of their own (spellings of other languages among them); of the others
the surname is what follows the first name.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from processors.evidence import Evidence
from processors.gazetteer import Gazetteer
from processors.mentions import GENITIVE_LANGUAGES, Word, starts_sentence
from processors.names import folded_word, name_words
from processors.proposals import PARTICLES

Person = int | str
"""A place in `Gazetteer.entities`, or the full name of somebody whom it doesn't know."""
_LITTLE_WORDS_FILE = Path(__file__).resolve().parents[1] / "lexicon" / "words" / "little.toml"
MIN_SURNAME = 3
MAX_NAME_WORDS = 12


class SecondMention(NamedTuple):
    """Words `first` to `last` (inclusive) of a field, and the persons who have that surname."""

    first: int
    last: int
    persons: tuple[Person, ...]


class _Form(NamedTuple):
    folded: tuple[str, ...]
    person: Person


@cache
def _little_words() -> dict[str, frozenset[str]]:
    with _LITTLE_WORDS_FILE.open("rb") as file:
        lists: dict[str, str] = tomllib.load(file)
    return {language: frozenset(words.split()) for language, words in lists.items()}


def surnames_of(full_name: str) -> tuple[tuple[str, ...], ...]:
    """The folded words of what may stand for somebody of this name; empty where there is no surname of some length.

    That is all behind the first name, and the last name with its particles (*Anna Maria van der Berg*: *maria van der berg*,
    *van der berg*).
    """
    words = list(name_words(full_name))[:MAX_NAME_WORDS]
    begin = _after_first_name(words)
    rest = tuple(folded_word(word) for word in words[begin:])
    if not rest or len(rest[-1]) < MIN_SURNAME:
        return ()
    last = len(rest) - 1
    while last and (rest[last - 1] in PARTICLES or not rest[last - 1].isalpha() or rest[last - 1] in ("d", "o")):
        last -= 1
    return (rest, rest[last:]) if last else (rest,)


def _after_first_name(words: Sequence[str]) -> int:
    """Where the words behind the first name begin, joined names and initials being parts of that."""
    begin = 1
    while begin < len(words):
        initial = len(words[begin]) == 1 and words[begin + 1 : begin + 2] == ["."]
        if words[begin][0].isalpha() and words[begin - 1] != "-" and not initial:
            break
        begin += 1
    return begin


class SurnameFinder:
    """Finds the surnames of one article's persons."""

    def __init__(
        self,
        persons: Iterable[Person],
        gazetteer: Gazetteer,
        evidence: Evidence,
        language: str,
        shown: Mapping[int, Iterable[str]] = MappingProxyType({}),
    ) -> None:
        """shown: how the article writes the full names of persons whom the gazetteer knows (*Abdel Fattah Al-Bourhane*)."""
        self._evidence = evidence
        self._genitive = language in GENITIVE_LANGUAGES
        self._little = _little_words().get(language, frozenset[str]())
        self._forms: dict[str, list[_Form]] = {}
        for person in persons:
            forms = _forms_of(person, gazetteer, shown.get(person, ()) if isinstance(person, int) else ())
            for words in dict.fromkeys(forms):
                self._forms.setdefault(words[0], []).append(_Form(words, person))
        for same_start in self._forms.values():
            same_start.sort(key=lambda form: -len(form.folded))

    def is_surname(self, words: Sequence[Word], known: bool = False) -> bool:
        """Whether these words are what may stand for one of the persons, with or without a possessive *'s*.

        known: of those alone whom the gazetteer knows.
        """
        folded = [word.folded for word in words]
        if len(folded) > 2 and folded[-2:] == ["'", "s"]:
            del folded[-2:]
        forms = self._forms.get(folded[0], ())
        return any(list(form.folded) == folded and (not known or isinstance(form.person, int)) for form in forms)

    def mentions(self, words: Sequence[Word], taken: Iterable[tuple[int, int]]) -> Iterator[SecondMention]:
        """Surnames among `words`, longest first from the left, none of them in what is `taken` (first and last words)."""
        if not self._forms:
            return
        occupied = {place for first, last in taken for place in range(first, last + 1)}
        begun = 0
        for place, word in enumerate(words):
            key = word.folded
            forms = self._forms.get(key)
            if forms is None and self._genitive and key[-1:] == "s":
                forms = self._forms.get(key[:-1])
            # Most words begin no surname: the look-up is all that they cost.
            if forms is None or place < begun:
                continue
            found = self._at(words, place, occupied, forms)
            if found is not None:
                yield found
                begun = found.last + 1

    def _at(
        self, words: Sequence[Word], place: int, occupied: set[int], forms: Sequence[_Form]
    ) -> SecondMention | None:
        if self._evidence.is_another_person(words, place) or self._is_little_word(words, place):
            return None
        for form in forms:
            last = place + len(form.folded) - 1
            if last >= len(words) or not occupied.isdisjoint(range(place, last + 1)):
                continue
            if self._stands(form, words[place : last + 1]):
                same = [other.person for other in forms if other.folded == form.folded]
                return SecondMention(place, last, tuple(dict.fromkeys(same)))
        return None

    def _is_little_word(self, words: Sequence[Word], place: int) -> bool:
        """Whether a sentence begins with this word and goes on as with a conjunction or the like (*Weil das Wasser …*, *May the …*)."""
        if words[place].folded not in self._little or not starts_sentence(words, place):
            return False
        return place + 1 < len(words) and words[place + 1].folded in self._little

    def _stands(self, form: _Form, shown: Sequence[Word]) -> bool:
        """Whether these words are the surname, as it is or with a bare genitive -s where the language has one."""
        if not shown[-1].text[0].isupper() or any(word.gap == 2 for word in shown[1:]):
            return False
        if any(wanted != word.folded for wanted, word in zip(form.folded[:-1], shown[:-1], strict=True)):
            return False
        seen = shown[-1].folded
        return seen == form.folded[-1] or (self._genitive and seen == f"{form.folded[-1]}s")


def _forms_of(person: Person, gazetteer: Gazetteer, shown: Iterable[str]) -> Iterator[tuple[str, ...]]:
    if isinstance(person, str):
        yield from surnames_of(person)
        return
    for form in gazetteer.surnames(person):
        yield tuple(folded_word(word) for word in name_words(form))
    for name in shown:
        yield from surnames_of(name)
