"""Letters of plain words, and the stems that their endings give to those that aren't listed: stems.py and simplemma's rules.

A test compares with these, which say what is right.
"""
# pyright: basic

import unicodedata

import numpy as np

from processors.matching.compiled.kernel import BOOL, COUNT_ARRAY, ENDING_ARRAY, INT, LETTER_ARRAY, kernel
from processors.matching.folding import folded

RULES = {"none": 0, "french": 1, "english": 2}

ITSELF = -1
SHORTER = -2
WITH_Y = -3
"""In place of the number of a stem: the folded word; without its last letter; with y for its last three."""

HAS_UPPER = 1
HAS_LOWER = 2

KNOWN = 0x250
"""Latin letters up to here may be plain."""
ACRONYM_LETTERS = (2, 5)


def _tables():
    """By code point: what a plain character folds to (0: it isn't plain), in small, as a capital, its case."""
    folds, lowers, uppers = (np.zeros(KNOWN, np.uint32) for _ in range(3))
    cases = np.zeros(KNOWN, np.uint8)
    for code in range(KNOWN):
        character = chr(code)
        fold, lower, upper = folded(character), character.lower(), character.upper()
        single = len(fold) == len(lower) == len(upper) == 1 and fold.isascii() and max(ord(lower), ord(upper)) < KNOWN
        if character.isalnum() and single and unicodedata.normalize("NFKC", character) == character:
            folds[code], lowers[code], uppers[code] = ord(fold), ord(lower), ord(upper)
            cases[code] = HAS_UPPER * character.isupper() + HAS_LOWER * character.islower()
    return folds, lowers, uppers, cases


FOLDS, LOWERS, UPPERS, CASES = _tables()


def _lined_up(endings):
    """Each ending as its length and its letters."""
    return np.array([number for ending in endings.split() for number in (len(ending), *map(ord, ending))], np.int32)


_S = _lined_up("s")
_NO_PLURAL = _lined_up("ss xs zs us")
_IS = _lined_up("is")
_IES = _lined_up("ies")
_CIES = _lined_up("cies")
_WITHOUT_LAST = _lined_up("doms isms ists ments nces ships tions ums ized erves")
_LONG = 8
"""Letters from which simplemma has -cies for a plural."""


@kernel(LETTER_ARRAY, INT, ENDING_ARRAY, returns=BOOL)
def ends_with(word, length, endings):
    """Whether a word has one of the endings."""
    at = 0
    while at < len(endings):
        size = np.int64(endings[at])
        if size <= length:
            same = True
            for place in range(size):
                if word[length - size + place] != endings[at + 1 + place]:
                    same = False
                    break
            if same:
                return True
        at += 1 + size
    return False


@kernel(LETTER_ARRAY, INT, returns=BOOL)
def are_acronym(word, length):
    """Whether letters are those of an acronym, as written.is_capitals has it."""
    letters = 0
    capitals = 0
    for place in range(length):
        if CASES[word[place]] & HAS_LOWER:
            return False
        capitals += CASES[word[place]] & HAS_UPPER
        letters += FOLDS[word[place]] > 57  # above the digits
    return capitals > 0 and ACRONYM_LETTERS[0] <= letters <= ACRONYM_LETTERS[1]


@kernel(LETTER_ARRAY, INT, INT, returns=INT)
def without_s(word, length, rules):
    """What a final s was added to (see Stems._without_s) in a word that no list knows: SHORTER or WITH_Y; 0 for nothing."""
    if length <= 3 or not ends_with(word, length, _S):
        return 0
    if are_acronym(word, length - 1):
        return SHORTER
    if ends_with(word, length, _NO_PLURAL) or (ends_with(word, length, _IS) and CASES[word[0]] & HAS_LOWER):
        return 0
    return WITH_Y if rules == 2 and ends_with(word, length, _IES) else SHORTER


@kernel(LETTER_ARRAY, INT, INT, returns=INT)
def guessed(word, length, rules):
    """What simplemma's rules make of a word."""
    if rules == 2:
        if length >= _LONG and ends_with(word, length, _CIES):
            return WITH_Y
        if ends_with(word, length, _WITHOUT_LAST):
            return SHORTER
    return ITSELF


@kernel(LETTER_ARRAY, INT, INT, COUNT_ARRAY, INT, returns=INT)
def ruled_stems(word, length, rules, found, count):
    """Write the stems of a word that no list knows behind the `count` ones in `found`; returns how many there are then."""
    base = without_s(word, length, rules) if rules else 0
    if base:
        found[count] = base
        count += 1
    found[count] = guessed(word, length, rules)
    return count + 1
