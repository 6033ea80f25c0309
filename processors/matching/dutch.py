"""Dutch compounds and separable verbs, by OpenTaal's words (lexicon/words, tools/build_words.py).

A word that stands in no list is read as a compound where it can be; one that is listed, unless the lists say that it is
none (*minister*). A separable verb in one word has its particle and its verb for parts: `samen NEAR/3 trekken` finds
*samengetrokken*.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from processors.matching.compounds import MAX_LETTERS, Part, compound_parts
from processors.matching.dutch_verbs import DutchVerbs
from processors.matching.folding import folded
from processors.matching.lemmas import Lemmas
from processors.matching.segment import COST_OF_TWO, Piece, cheap_enough, cheapest
from processors.matching.word_lists import element_list, hand_lists, word_list

_KEPT = 256
_MAX_VERB = 2 * MAX_LETTERS
"""No list has a word for what is left of a longer one without its particle."""
_MIN_LETTERS = 5
_MIN_NESTED = 7
_MIN_NAME = 4
_SURE, _LIKELY = 10, 14
_ADJECTIVE_ENDINGS = ("isch", "ig", "lijk", "baar", "zaam", "loos", "matig", "aal", "eel", "iek", "ans", "ens", "ers")

_COST_BESIDE_NAMES = 26
"""What two parts may cost in a word with a capital that no list has: *Everton* is no `ever` and `ton`."""

_LIKE_ADJECTIVES = ("talig", "talige", "taligen")
"""What is written with a capital and no name: *Franstalig*."""


class DutchCompounds:
    """See compounds.Compounds."""

    def __init__(self, lemmas: Lemmas) -> None:
        self._lemmas = lemmas
        self._modifiers = element_list("nl-modifiers")
        self._heads = element_list("nl-heads")
        self._closed = word_list("nl-closed")
        self._never = hand_lists("nl")["closed"] | word_list("whole-names")
        self._names = word_list("nl-names")
        self._verbs = DutchVerbs(lemmas)
        self._infinitives = self._verbs.infinitives
        # A word is asked for as it is written and folded, its lemma and its parts: that is one look here.
        self._cheapest = lru_cache(_KEPT)(self._cheapest_pieces)
        self._kept_besides = lru_cache(_KEPT)(self._besides)

    def parts(self, exact: str) -> Sequence[Part]:
        """See compounds.Compounds."""
        word = folded(exact)
        if not _MIN_LETTERS <= len(word) <= MAX_LETTERS:
            return ()
        if word in self._never:
            return ()
        lemmas = [folded(lemma) for lemma in self._lemmas.listed(exact)]
        verb = self._verbs.separable(word, (*lemmas, word) if word in self._infinitives else lemmas)
        if verb is not None and (not self._is_noun(word) or word.startswith(f"{verb[0]}ge")):
            particle, base = verb
            return Part(particle, (particle,), 0), Part(base, (base,), 1)
        pieces = self._pieces(word, lemmas, capital=exact[0].isupper())
        return compound_parts(pieces, self._nested, self._is_word) if pieces else ()

    def lemma(self, written: str) -> str | None:
        """See compounds.Compounds."""
        word = folded(written)
        if not _MIN_LETTERS <= len(word) <= MAX_LETTERS:
            return None
        if not self._is_noun(word) and (verb := self._verbs.separable(word, ())) is not None:
            return "".join(verb)
        adjective = word.removesuffix("e")
        if adjective != word and self._lemmas.listed(adjective):
            return adjective
        if (infinitive := self._verbs.regular(word)) is not None:
            return infinitive
        pieces = self._pieces(word, (), capital=written[0].isupper())
        return word[: -len(pieces[-1].text)] + pieces[-1].base if pieces else None

    def lemmas_besides(self, written: str, listed: Sequence[str]) -> Iterable[str]:
        """See compounds.Compounds: `opbouwen` is listed as the plural of *opbouw*, and the infinitive of *opgebouwd*."""
        word = folded(written)
        return self._kept_besides(word, tuple(map(folded, listed))) if len(word) <= _MAX_VERB else ()

    def _besides(self, word: str, lemmas: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._each_besides(word, lemmas))

    def _each_besides(self, word: str, lemmas: tuple[str, ...]) -> Iterator[str]:
        if (noun := self._heads.get(word)) is not None:
            yield noun.base
        if word in self._infinitives:
            yield word
        elif (verb := self._verbs.separable(word, lemmas)) is not None and not self._is_noun(word):
            yield "".join(verb)
        yield from self._verbs.without_particle(word, lemmas)
        yield from self._by_ending(word)

    def _by_ending(self, word: str) -> Iterator[str]:
        """The adjective of *Belgische*, the verb of *slepende* and of *gecontroleerde*, whatever lists take them for."""
        base = word.removesuffix("e")
        if base != word and base.endswith(_ADJECTIVE_ENDINGS) and base in map(folded, self._lemmas.listed(base)):
            yield base
        if base.endswith("end") and base[:-1] in self._infinitives:
            yield base[:-1]
        if word.startswith("ge") and not self._is_noun(word) and (verb := self._verbs.regular(word)) is not None:
            yield verb

    def _is_noun(self, word: str) -> bool:
        return word in self._heads and word not in self._infinitives

    def _pieces(self, word: str, lemmas: Sequence[str], *, capital: bool) -> Sequence[Piece] | None:
        if word in self._closed or word in self._never or not self._closed.isdisjoint(lemmas):
            return None
        if word in self._names and not word.endswith(_LIKE_ADJECTIVES):
            return None
        if word not in self._heads and not self._infinitives.isdisjoint(lemmas):
            return None
        may_be_name = capital and not lemmas
        pieces = cheap_enough(self._cheapest(word), _COST_BESIDE_NAMES if may_be_name else COST_OF_TWO)
        if pieces is None and capital:
            pieces = self._name_and_rest(word)
        return self._new_word_and_head(word) if pieces is None and not lemmas else pieces

    def _cheapest_pieces(self, word: str) -> tuple[int, Sequence[Piece]] | None:
        return cheapest(word, self._modifiers.get, self._heads.get)

    def _nested(self, base: str) -> Sequence[Piece] | None:
        if len(base) < _MIN_NESTED or base in self._closed:
            return None
        return cheap_enough(self._cheapest(base), COST_OF_TWO)

    def _is_word(self, text: str) -> bool:
        return bool(self._lemmas.listed(text))

    def _name_and_rest(self, word: str) -> Sequence[Piece] | None:
        """A name before a word or compound that is written with it: *Ruslandraad*."""
        for end in range(len(word) - 3, _MIN_NAME - 1, -1):
            if word[:end] in self._names:
                rest = word[end:]
                head = self._heads.get(rest)
                if head is not None and head.cost <= _LIKELY:
                    return Piece(word[:end], word[:end]), Piece(rest, head.base)
                if inner := self._nested(rest):
                    return Piece(word[:end], word[:end]), *inner
        return None

    def _new_word_and_head(self, word: str) -> Sequence[Piece] | None:
        """A word of simplemma's list alone before a head that is sure: *desinformatiecampagne*."""
        for end in range(len(word) - _MIN_LETTERS, _MIN_LETTERS - 1, -1):
            head = self._heads.get(word[end:])
            if head is None or head.cost > _SURE:
                continue
            for first in (word[:end], word[:end].removesuffix("s")):
                if len(first) >= _MIN_LETTERS and first in self._lemmas.listed(first):
                    return Piece(word[:end], first), Piece(word[end:], head.base)
        return None
