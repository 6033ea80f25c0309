"""What the words of a dictionary may be in compounds, and which words only look like compounds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from processors.matching.folding import folded
from processors.matching.segment import Element, segmentation
from word_build.opentaal import Dictionary, Word

SURE, LIKELY, WITH_LINK, PREFIX, SHORT = 10, 14, 16, 12, 5
"""Costs of parts: marked by the dictionary; any other noun; one with an s that isn't marked; a prefix. Of three letters: so
much more."""

_ADJECTIVE_ENDINGS = ("", "e", "en", "s")
_OPEN = {"dimensionaal": ("dimensionale",)}


@dataclass(frozen=True, slots=True)
class Hand:
    """What the lists don't say (lexicon/words/nl.toml), each as folded words."""

    prefixes: frozenset[str]
    nouns: frozenset[str]
    plurals: frozenset[str]
    adjective_heads: frozenset[str]
    no_modifiers: frozenset[str]
    no_heads: frozenset[str]
    transparent_heads: frozenset[str]
    closed: frozenset[str]
    inseparable: frozenset[str]
    separable: frozenset[str]

    @classmethod
    def read(cls, tables: Mapping[str, str]) -> "Hand":
        """The tables of a file. Raises TypeError where one is missing or unknown."""
        return cls(**{name: frozenset(map(folded, words.split())) for name, words in tables.items()})


@dataclass(slots=True)
class Parts:
    """Surface -> what it may be, for first and last parts; words that are no compounds, by surface."""

    modifiers: dict[str, Element] = field(default_factory=dict[str, Element])
    heads: dict[str, Element] = field(default_factory=dict[str, Element])
    closed: set[str] = field(default_factory=set[str])
    names: set[str] = field(default_factory=set[str])


def _put(table: dict[str, Element], surface: str, cost: int, base: str) -> None:
    if surface not in table or cost < table[surface].cost:
        table[surface] = Element(cost, base)


def parts(dictionary: Dictionary, surfaces: Iterable[str], hand: Hand) -> Parts:
    """The parts by a dictionary and what is known by hand; closed are those of `surfaces` that are no compounds."""
    found = _elements(dictionary, hand)
    closing = _Closing(dictionary, found, hand)
    found.closed = {surface for surface in surfaces if closing.closes(surface)} | hand.closed
    found.names = closing.names()
    compounds = closing.compounds()
    for table in (found.modifiers, found.heads):
        for surface in [surface for surface, element in table.items() if element.base in compounds]:
            del table[surface]
    return found


def _elements(dictionary: Dictionary, hand: Hand) -> Parts:
    found = Parts()
    for word in dictionary.words:
        if word.is_name or len(word.text) < 2:
            continue
        base = folded(word.text)
        is_noun = word.is_noun or base in hand.nouns
        short = SHORT if len(base) < 4 else 0
        plurals = list(map(folded, dictionary.plurals(word))) if is_noun else []
        if (is_noun and len(base) > 2) or base in hand.nouns:
            _add_head(found.heads, base, plurals, map(folded, dictionary.diminutives(word)), word, hand)
        if len(base) < 3 and base not in hand.nouns:
            continue
        if word.is_first or is_noun:
            _put(found.modifiers, base, (SURE if word.is_first else LIKELY) + short, base)
        if word.is_first_with_s or (is_noun and len(base) > 3):
            _put(found.modifiers, f"{base}s", SURE if word.is_first_with_s else WITH_LINK, base)
        for plural in plurals:
            if plural.endswith("en"):
                _put(found.modifiers, plural, SURE if word.is_part else LIKELY, base)
    for pair in hand.plurals:
        plural, _, singular = pair.partition(":")
        found.heads[plural] = Element(SURE, singular)
        found.modifiers[plural] = Element(SURE, singular)
    for prefix in hand.prefixes:
        _put(found.modifiers, prefix, PREFIX, prefix)
    for base in hand.adjective_heads:
        for surface in (*(base + ending for ending in _ADJECTIVE_ENDINGS), *_OPEN.get(base, ())):
            found.heads[surface] = Element(SURE, base)
    for surface in hand.no_modifiers & found.modifiers.keys():
        del found.modifiers[surface]
    for surface in hand.no_heads & found.heads.keys():
        del found.heads[surface]
    return found


def _add_head(
    heads: dict[str, Element], base: str, plurals: Iterable[str], diminutives: Iterable[str], word: Word, hand: Hand
) -> None:
    cost = (SURE if word.is_last or base in hand.nouns else LIKELY) + (SHORT if len(base) < 4 else 0)
    if base in hand.no_heads:
        return
    for surface in (base, *plurals):
        _put(heads, surface, cost, base)
    for surface in diminutives:
        _put(heads, surface, cost + 1, base)


class _Closing:
    """Decides which words are no compounds although they can be read so."""

    def __init__(self, dictionary: Dictionary, found: Parts, hand: Hand) -> None:
        self._found = found
        self._hand = hand
        common = [word for word in dictionary.words if not word.is_name]
        self._part_words = {folded(word.text) for word in common if word.is_part}
        self._nouns = {folded(word.text) for word in common if word.is_noun} | hand.nouns
        self._others = {folded(word.text) for word in common if word.is_adjective}
        self._others |= set(map(folded, dictionary.infinitives()))
        self._common = {folded(word.text) for word in common}
        self._names = {folded(word.text) for word in dictionary.words if word.is_name}

    def closes(self, surface: str) -> bool:
        """Whether a word that can be read as a compound is none."""
        if not self._can_be_read(surface) or self._has_adjective_head(surface):
            return False
        head = self._found.heads.get(surface)
        return self._is_no_compound(head.base if head else surface)

    def compounds(self) -> set[str]:
        """Nouns that needn't be among the parts, because they are read as compounds of them."""
        return {noun for noun in self._nouns if self._can_be_read(noun) and not self.closes(noun)}

    def names(self) -> set[str]:
        """Words with a capital that are no compounds of ordinary words, as *Kamerlid* is."""
        return {
            name
            for name in self._names
            if 3 < len(name) < 20 and not (self._can_be_read(name) and self._is_transparent(name))
        }

    def _can_be_read(self, surface: str) -> bool:
        return segmentation(surface, self._found.modifiers.get, self._found.heads.get) is not None

    def _has_adjective_head(self, surface: str) -> bool:
        return any(surface.endswith((head, f"{head}e", f"{head}en", f"{head}s")) for head in self._hand.adjective_heads)

    def _is_no_compound(self, word: str) -> bool:
        if word in self._hand.closed or word in self._hand.prefixes:
            return True
        if word in self._part_words:
            return not self._is_transparent(word)
        if word in self._nouns:
            return False
        if word in self._names and word not in self._common:
            return not self._is_transparent(word)
        return word in self._others

    def _is_transparent(self, word: str) -> bool:
        heads = (self._found.heads.get(word[start:]) for start in range(2, len(word) - 1))
        return any(head is not None and head.base in self._hand.transparent_heads for head in heads)
