"""Forms of Dutch verbs that no list has: of separable ones written as one word (*binnenvielen*), of regular ones."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from processors.matching.folding import folded
from processors.matching.lemmas import Lemmas
from processors.matching.word_lists import word_list

_VOWELS = frozenset("aeiou")
_ENDINGS = {"n": ("ten", "den"), "e": ("te", "de"), "t": ("t",)}
"""By their last letters, and none besides."""

_PARTICIPLE_ENDINGS = ("te", "de", "t", "d")
_VOICED = {"f": "v", "s": "z"}
_KEPT = 256


def separable_verbs() -> Sequence[tuple[str, str]]:
    """Particle and verb of each separable verb.

    `om vervallen` and `omver vallen` are one word: the longer particle is meant, so it comes last, in every process.
    """
    pairs = ((particle, verb) for particle, verb in map(str.split, word_list("nl-separable")))
    return sorted(pairs, key=lambda pair: (len(pair[0]), pair))


class DutchVerbs:
    """The verbs of lexicon/words' nl-infinitives and nl-separable."""

    def __init__(self, lemmas: Lemmas) -> None:
        self._lemmas = lemmas
        self.infinitives = word_list("nl-infinitives")
        self._verbs = {particle + verb: (particle, verb) for particle, verb in separable_verbs()}
        self._particles = frozenset(particle for particle, _ in self._verbs.values())
        self._longest = max(map(len, self._particles))
        self._beginnings = frozenset(particle[:2] for particle in self._particles)
        # A word is asked for as it is written and folded, by itself and for its parts: that is one look here.
        self._kept_regular = lru_cache(_KEPT)(self._regular)
        self._kept_separable = lru_cache(_KEPT)(self._separable)

    def regular(self, word: str) -> str | None:
        """The infinitive of a folded form of a regular verb that comes from no list: *gestationeerde*; None for none."""
        return self._kept_regular(word)

    def _regular(self, word: str) -> str | None:
        # Most words have neither ending, and are looked at once.
        for bare in dict.fromkeys((word.removesuffix("e"), word.removesuffix("en"), word)):
            for infinitive in _of_regular(bare):
                if infinitive in self.infinitives:
                    return infinitive
        return None

    def without_particle(self, word: str, lemmas: Sequence[str]) -> Iterator[str]:
        """The verbs of lemmas whose particle isn't in the word: *gewezen* is listed by `afwijzen`, where it came apart."""
        for lemma in lemmas:
            if (found := self._verbs.get(lemma)) is not None and not word.startswith(found[0]):
                yield found[1]

    def separable(self, word: str, lemmas: Sequence[str]) -> tuple[str, str] | None:
        """Particle and verb of a folded word, whose folded `lemmas` are those that lists have; None for no such verb.

        A word that is listed by another lemma is one only where it looks like a participle (*voorgeschreven*).
        """
        return self._kept_separable(word, tuple(lemmas))

    def _separable(self, word: str, lemmas: tuple[str, ...]) -> tuple[str, str] | None:
        for lemma in lemmas:
            if (found := self._verbs.get(lemma)) is not None and word.startswith(found[0]):
                return found
        if word[:2] not in self._beginnings:
            return None
        for end in range(2, min(self._longest, len(word) - 2) + 1):
            if word[:end] not in self._particles or (lemmas and word[end : end + 2] != "ge"):
                continue
            for verb in self._verbs_of(word[end:]):
                if (found := self._verbs.get(word[:end] + verb)) is not None:
                    return found
        return None

    def _verbs_of(self, rest: str) -> Iterator[str]:
        yield from map(folded, self._lemmas.listed(rest))
        yield from _of_regular(rest)


def _of_regular(word: str) -> list[str]:
    """What the infinitive of a regular verb's participle, past or present may be."""
    found: list[str] = []
    if word.startswith("ge"):
        for ending in _PARTICIPLE_ENDINGS:
            if word.endswith(ending):
                found += _infinitives(word[2 : -len(ending)])
    for ending in _ENDINGS.get(word[-1:], ()):
        if word.endswith(ending):
            found += _infinitives(word[: -len(ending)])
    return found + _infinitives(word)


def _infinitives(stem: str) -> list[str]:
    """What the infinitive of a regular verb may be: pas-t *passen*, maak-t *maken*, leef-t *leven*, wandel-t *wandelen*."""
    if len(stem) < 2:
        return []
    last, before = stem[-1], stem[-2]
    found: list[str] = []
    if last not in _VOWELS and before in _VOWELS and (len(stem) == 2 or stem[-3] not in _VOWELS):
        found.append(f"{stem}{last}en")
        if _VOWELS.isdisjoint(stem[:-2]):
            return found
    for consonant in (last, _VOICED[last]) if last in _VOICED else (last,):
        found.append(f"{stem[:-1]}{consonant}en")
        if len(stem) > 2 and before == stem[-3] and before in _VOWELS:
            found.append(f"{stem[:-2]}{consonant}en")
    return found
