"""Dutch separable verbs written as one word, in any form: *opgebouwd*, *binnenvielen*, *vaststelt*."""

from collections.abc import Iterator, Sequence

from processors.matching.folding import folded
from processors.matching.lemmas import Lemmas
from processors.matching.word_lists import word_list

_VOWELS = frozenset("aeiou")
_ENDINGS = ("ten", "den", "te", "de", "t", "")
_PARTICIPLE_ENDINGS = ("te", "de", "t", "d")
_VOICED = {"f": "v", "s": "z"}


class SeparableVerbs:
    """The verbs of lexicon/words' nl-separable."""

    def __init__(self, lemmas: Lemmas) -> None:
        self._lemmas = lemmas
        self._verbs = {
            particle + verb: (particle, verb) for particle, verb in map(str.split, word_list("nl-separable"))
        }
        self._particles = frozenset(particle for particle, _ in self._verbs.values())
        self._longest = max(map(len, self._particles))

    def of(self, word: str, lemmas: Sequence[str]) -> tuple[str, str] | None:
        """Particle and verb of a folded word, whose folded `lemmas` are those that lists have; None for no such verb.

        A word that is listed by another lemma is one only where it looks like a participle (*voorgeschreven*).
        """
        for lemma in lemmas:
            if lemma in self._verbs:
                return self._verbs[lemma]
        for end in range(2, min(self._longest, len(word) - 2) + 1):
            if word[:end] not in self._particles or (lemmas and word[end : end + 2] != "ge"):
                continue
            for verb in self._verbs_of(word[end:]):
                if (found := self._verbs.get(word[:end] + verb)) is not None:
                    return found
        return None

    def _verbs_of(self, rest: str) -> Iterator[str]:
        yield from map(folded, self._lemmas.listed(rest))
        if rest.startswith("ge"):
            for ending in _PARTICIPLE_ENDINGS:
                if rest.endswith(ending):
                    yield from _infinitives(rest[2 : -len(ending)])
        for ending in _ENDINGS:
            if rest.endswith(ending):
                yield from _infinitives(rest.removesuffix(ending))


def _infinitives(stem: str) -> Iterator[str]:
    """What the infinitive of a regular verb may be: pas-t *passen*, maak-t *maken*, leef-t *leven*."""
    if len(stem) < 2:
        return
    last = stem[-1]
    for consonant in (last, _VOICED[last]) if last in _VOICED else (last,):
        yield f"{stem[:-1]}{consonant}en"
        if len(stem) > 2 and stem[-2] == stem[-3] and stem[-2] in _VOWELS:
            yield f"{stem[:-2]}{consonant}en"
    if last not in _VOWELS and stem[-2] in _VOWELS:
        yield f"{stem}{last}en"
