"""A text in 650 bytes, from which it can be told how much of it is in another text: a bottom-k MinHash.

Every three consecutive words, in their normal forms, make a shingle; the KEPT lowest hash values of the shingles are the
signature. Lowest values are a sample of both texts by the same rule, so that both Jaccard's index and containment can be
estimated from them, whatever the texts' lengths; the usual 128 permutations estimate Jaccard only. A text of fewer
shingles than KEPT is kept whole, and compared exactly. Each value also says whether the shingle stands in the text's
opening.

Facts are numbers, and names: words with a capital inside a sentence (in German all nouns, which does as well). Of each a
hash is kept beside that of its place, which is the plain words around it: a form that is filled in anew has the places of
the last one, and other facts in them, while a tail or a rewritten passage has places of its own. What is written all in
capitals has no names, and the normal forms of small letters.

The title is no part of it: copies come under new ones. Hash values depend on nothing but language and words: they are the
same in every process and on every machine. A change of normal forms makes signatures of before and after less alike; one
of this module must change VERSION.
"""

import hashlib
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from processors.matching.normalise import normaliser
from processors.matching.tokenise import word_pattern

VERSION = 2
KEPT = 128
"""Shingles of a signature: enough to tell 0.61 (15 % of the words edited) from 0.5 in 99 cases of 100."""

FACTS_KEPT = 32
SHOUTED = 4
WORDS_AT_MOST = 5_000
CHARS_AT_MOST = 60_000
"""Of a longer text the beginning is looked at."""

KEY_SHIFT = 1
"""A shingle's value: 31 bits of its hash, IN_OPENING."""

IN_OPENING = 1
FACT_SHIFT = 12
"""A fact's value: 20 bits of the hash of its place, 11 of its own (FACT), IS_NUMBER."""

FACT, IS_NUMBER = 0xFFE, 1
_FACT_BITS = 11

_PLAIN, _NAME, _NUMBER = 0, 1, 2
_SENTENCE_ENDS = re.compile("\n\n|[.!?:…\"“”„«»‘']")
_OPENING_WORDS = 15
_OPENING_SHARE = 0.2
_LEAD_WORDS, _LEAD_SHARE = 60, 0.05
_HEAD = struct.Struct("<BBHI")
_COMPLETE, _FACTS_COMPLETE = 1, 2
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)

Values = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """`values`: of shingles, ascending, at most KEPT. `facts`: likewise, at most FACTS_KEPT. `words`: of the text.

    `complete`, `facts_complete`: every one of the text is here.
    """

    values: Values
    facts: Values
    words: int
    complete: bool
    facts_complete: bool

    def encode(self) -> bytes:
        """As bytes: at most 8 + 4 * (KEPT + FACTS_KEPT)."""
        flags = _COMPLETE * self.complete | _FACTS_COMPLETE * self.facts_complete
        head = _HEAD.pack(VERSION, flags, min(self.words, 0xFFFF), len(self.values))
        return head + self.values.astype("<u4").tobytes() + self.facts.astype("<u4").tobytes()

    @staticmethod
    def decode(data: bytes) -> "Signature":
        """What `encode` made. Raises ValueError where it is of another version, or no signature."""
        try:
            version, flags, words, count = _HEAD.unpack_from(data)
        except struct.error as error:
            raise ValueError("too short for a signature") from error
        both, odd = divmod(len(data) - _HEAD.size, 4)
        if version != VERSION or odd or count > KEPT or not 0 <= both - count <= FACTS_KEPT:
            raise ValueError(f"not a signature of version {VERSION}")
        values = np.frombuffer(data, dtype="<u4", offset=_HEAD.size).astype(np.uint32)
        complete, facts_complete = bool(flags & _COMPLETE), bool(flags & _FACTS_COMPLETE)
        return Signature(values[:count], values[count:], words, complete, facts_complete)

    def is_same(self, other: "Signature") -> bool:
        """Whether it is of the same text, as far as signatures tell."""
        return self.encode() == other.encode()


def signature(text: str, language: str) -> Signature:
    """The signature of a cleaned text (without its title) in a language (ISO 639-1, or `und`: folding only).

    Takes time linear in the text, and none beyond its first CHARS_AT_MOST characters.
    """
    words, kinds, begins = _words(text[:CHARS_AT_MOST], language)
    in_language = np.array(words, dtype=np.uint64) ^ np.uint64(_word_hash(language))
    values, complete = _shingle_values(in_language)
    facts, facts_complete = _fact_values(in_language, np.array(kinds, dtype=np.uint8), np.array(begins, dtype=np.bool_))
    return Signature(values, facts, len(words), complete, facts_complete)


def _shingle_values(words: NDArray[np.uint64]) -> tuple[Values, bool]:
    # The same words may stand in the opening and later: the first place counts.
    keys, first = np.unique(_mixed(_threes(words), KEY_SHIFT), return_index=True)
    complete = len(keys) <= KEPT
    keys, first = keys[:KEPT], first[:KEPT]
    in_opening = first < _opening_words(len(words))
    return (keys << np.uint32(KEY_SHIFT)) | in_opening.astype(np.uint32), complete


def _opening_words(words: int) -> int:
    """How long the opening of a text is: a fifth of it; of a long one no more than a lead, unless too few were kept of that."""
    fifth = max(_OPENING_WORDS, int(_OPENING_SHARE * words))
    return min(fifth, max(_LEAD_WORDS, int(_LEAD_SHARE * words)))


def _fact_values(words: NDArray[np.uint64], kind: NDArray[np.uint8], begins: NDArray[np.bool_]) -> tuple[Values, bool]:
    """Of each number and each row of names ("Van der Poel"): itself, and its place, two plain words before it and one after."""
    is_fact, is_number = kind != _PLAIN, kind == _NUMBER
    goes_on = np.concatenate(([False], is_fact[:-1] & ~(is_number[:-1] & is_number[1:])))
    rows = np.flatnonzero(is_fact & (begins | ~goes_on))
    if not len(rows):
        return np.empty(0, dtype=np.uint32), True
    # The place is within a sentence, so that it's the same wherever the sentence stands. Bounds count plain words; two
    # before the first and one behind the last are there to be looked at, and count for nothing.
    plain = np.concatenate((np.zeros(2, dtype=np.uint64), words[~is_fact], np.zeros(1, dtype=np.uint64)))
    rank = np.cumsum(~is_fact) - ~is_fact
    bounds = np.append(rank[begins], len(plain) - 3)
    sentence, after = np.cumsum(begins)[rows] - 1, rank[rows]
    first, end = bounds[sentence], bounds[sentence + 1]
    around = [
        np.where((place >= first) & (place < end), plain[place + 2], np.uint64(0))
        for place in (after - 2, after - 1, after)
    ]
    # Of several between the same words (the numbers that were drawn) each has a place.
    which = np.asarray(np.arange(len(rows)) - np.searchsorted(after, after), dtype=np.uint64)
    places = _mixed(_combined(*around) + which, FACT_SHIFT)
    facts = _mixed(np.add.reduceat(np.where(is_fact, words, np.uint64(0)), rows), 32 - _FACT_BITS) << np.uint32(1)
    has_number = np.maximum.reduceat(kind, rows) == _NUMBER
    keys, where = np.unique(places, return_index=True)
    complete = len(keys) <= FACTS_KEPT
    return ((keys << FACT_SHIFT) | facts[where] | (has_number[where] * np.uint32(IS_NUMBER)))[:FACTS_KEPT], complete


def _words(text: str, language: str) -> tuple[list[int], list[int], list[bool]]:
    """The hash of each word's normal form, the kind of each word, and whether it begins a sentence."""
    places = [found.span() for found in islice(word_pattern(text).finditer(text), WORDS_AT_MOST)]
    written = [text[start:end] for start, end in places]
    for number in _shouted(written):
        written[number] = written[number].lower()
    # A line may be wrapped anywhere. Between most words is one space, and this is run for each.
    begins = [True] * (len(places) > 0) + [
        (start != end + 1 or text[end] != " ") and _SENTENCE_ENDS.search(text, end, start) is not None
        for (_, end), (start, _) in pairwise(places)
    ]
    words = list(map(_word_of(language), written))
    kinds = [_PLAIN if begin and kind == _NAME else kind for begin, (_, kind) in zip(begins, words, strict=True)]
    return [hashed for hashed, _ in words], kinds, begins


def _shouted(words: Sequence[str]) -> Iterator[int]:
    """Which words stand in a row of SHOUTED and more that are all in capitals, as some wires write all, and papers a beginning."""
    capital = [number for number, written in enumerate(words) if written.isupper()]
    if len(capital) < SHOUTED:
        return
    row: list[int] = []
    for number in capital:
        # Numbers between them don't matter.
        if row and any(any(map(str.isalpha, between)) for between in words[row[-1] + 1 : number]):
            if len(row) >= SHOUTED:
                yield from row
            row = []
        row.append(number)
    if len(row) >= SHOUTED:
        yield from row


@cache
def _word_of(language: str) -> Callable[[str], tuple[int, int]]:
    """What tells hash and kind of a word of the language, as it is written."""
    analyse = normaliser(language).analyse

    @lru_cache(1 << 15)
    def hashed(written: str) -> tuple[int, int]:
        if any(map(str.isdigit, written)):
            return _word_hash(written), _NUMBER
        return _word_hash(analyse(written, acronym=True).units[0].stems[0]), _NAME if written[0].isupper() else _PLAIN

    return hashed


def _word_hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _threes(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A number for every three consecutive words, which tells their order."""
    return words[:0] if len(words) < 3 else _combined(words[:-2], words[1:-1], words[2:])


def _combined(*words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    first, second, third = ((some ^ factor) * factor for some, factor in zip(words, _FACTORS, strict=True))
    return first + second + third


def _mixed(numbers: NDArray[np.uint64], shift: int) -> Values:
    """Each number as 32 - `shift` bits, evenly spread (the finaliser of splitmix64)."""
    mixed = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(32 + shift)).astype(np.uint32)
