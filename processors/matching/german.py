"""German compounds, by simplemma's list of lemmas and a few words known by hand (lexicon/words/de.toml).

Its nouns are written with a capital, and every compound that is listed is listed whole beside its parts: *Waffenlieferung*
is `Waffen` and `Lieferung`. Only nouns are taken apart, by their lemma where they are listed.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from processors.matching.compounds import MAX_LETTERS, Part, compound_parts
from processors.matching.folding import folded
from processors.matching.lemma_lists import lemma_list
from processors.matching.lemmas import Lemmas
from processors.matching.segment import Element, Piece, segmentation
from processors.matching.umlauts import with_umlauts
from processors.matching.word_lists import hand_lists, word_list

_MIN_LETTERS = 6
_MIN_NESTED = 7
_CACHED = 1 << 16
_SURE, _INFLECTED, _PREFIX, _SHORT, _VERB = 10, 11, 12, 11, 15
"""Costs: a noun as it is listed; one in another form, or with a linking s or es; a prefix; three letters; the stem of a verb."""

_LONGEST_STEM = 10
_ADJECTIVE_ENDINGS = ("en", "er", "es", "em", "e")


class GermanCompounds:
    """See compounds.Compounds."""

    def __init__(self, lemmas: Lemmas) -> None:
        self._lemmas = lemmas
        words = hand_lists("de")
        self._prefixes, self._short = words["prefixes"], words["short_nouns"]
        self._no_modifiers, self._no_heads, self._closed = words["no_modifiers"], words["no_heads"], words["closed"]
        self._names = word_list("whole-names")
        self._list = lemma_list("de")
        self._modifier = lru_cache(_CACHED)(self._as_modifier)
        self._head = lru_cache(_CACHED)(self._as_head)

    def parts(self, exact: str) -> Sequence[Part]:
        """See compounds.Compounds."""
        if not _MIN_LETTERS <= len(exact) <= MAX_LETTERS or not exact[0].isupper():
            return ()
        word = exact.lower()
        lemma = self._noun(word)
        if lemma is None and (restored := with_umlauts(word)) != word:
            word = restored
        lemma = lemma or self._noun(word) or word
        pieces = self._pieces(lemma)
        if not pieces:
            return ()
        head_at = len(lemma) - len(pieces[-1].text)
        if word[:head_at] == lemma[:head_at]:
            pieces = (*pieces[:-1], Piece(word[head_at:], pieces[-1].base))
        return list(_capitals(compound_parts(pieces, self._nested, self._is_word)))

    def lemma(self, written: str) -> str | None:
        """See compounds.Compounds."""
        if not _MIN_LETTERS <= len(written) <= MAX_LETTERS or not written[0].isupper():
            return None
        word = written.lower()
        pieces = self._pieces(word)
        return word[: -len(pieces[-1].text)] + pieces[-1].base if pieces else None

    def lemmas_besides(self, written: str, listed: Sequence[str]) -> Iterator[str]:
        """See compounds.Compounds: *gelieferte* is listed as a noun only, and is a form of `geliefert`, that of `liefern`."""
        if written[:1].islower() and not (listed and listed[0][0].islower()):
            for ending in _ADJECTIVE_ENDINGS:
                base = written.removesuffix(ending)
                if base != written and base in self._list:
                    yield from self._lemmas.listed(base)
                    return

    def _pieces(self, word: str) -> Sequence[Piece] | None:
        if word in self._closed or folded(word) in self._names:
            return None
        pieces = segmentation(word, self._modifier, self._head)
        if pieces and pieces[-1].base == "ende" and pieces[-2].text[-1] not in "sn":
            return None  # a participle, *Streikende*, and not *Kriegsende*, *Wochenende*
        return pieces

    def _nested(self, base: str) -> Sequence[Piece] | None:
        return self._pieces(base) if len(base) >= _MIN_NESTED and base not in self._prefixes else None

    def _noun(self, piece: str) -> str | None:
        """The lemma, in small letters, of what is a noun when written with a capital."""
        lemma = self._list.get(piece[0].upper() + piece[1:])
        return lemma.lower() if lemma is not None and lemma[0].isupper() and lemma.isalpha() else None

    def _is_word(self, text: str) -> bool:
        return self._noun(text) is not None

    def _as_modifier(self, piece: str) -> Element | None:
        if piece in self._prefixes:
            return Element(_PREFIX, piece)
        if len(piece) < 3 or piece in self._no_modifiers:
            return None
        if (noun := self._noun(piece)) is not None:
            if len(piece) == 3:
                return Element(_SHORT, noun) if piece in self._short else None
            return Element(_SURE if noun == piece else _INFLECTED, noun)
        if piece[-1] == "s":
            for base in (piece[:-1], piece.removesuffix("es")):
                if len(base) > 3 and self._noun(base) == base and base not in self._no_modifiers:
                    return Element(_INFLECTED, base)
        return Element(_VERB, piece) if 3 < len(piece) < _LONGEST_STEM and self._is_verb_stem(piece) else None

    def _is_verb_stem(self, piece: str) -> bool:
        infinitives = (f"{piece}en", f"{piece}n") if piece[-1] in "lr" else (f"{piece}en",)
        return any(self._list.get(infinitive) == infinitive for infinitive in infinitives)

    def _as_head(self, piece: str) -> Element | None:
        if len(piece) < 3 or piece in self._no_heads or (len(piece) == 3 and piece not in self._short):
            return None
        noun = self._noun(piece)
        if noun is None or noun in self._no_heads:
            return None
        return Element(_SHORT if len(piece) == 3 else _SURE, noun)


def _capitals(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts with their words as nouns are written."""
    return (Part(part.form, tuple(map(str.capitalize, part.words)), part.rank) for part in parts)
