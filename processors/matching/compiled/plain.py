"""Plain words (see words.PlainWords) in kernels: which token is one, and which stems it has."""
# pyright: basic
# ruff: noqa: SIM102, SIM109 - what reads worse here compiles to better code

import numpy as np
from numba import types

from processors.matching.compiled.cut import hashed
from processors.matching.compiled.endings import (
    ACRONYM_LETTERS,
    CASES,
    FOLDS,
    HAS_LOWER,
    HAS_UPPER,
    ITSELF,
    KNOWN,
    LOWERS,
    UPPERS,
    ruled_stems,
)
from processors.matching.compiled.kernel import (
    BOOL,
    CODE_ARRAY,
    COUNT_ARRAY,
    INT,
    LETTER_ARRAY,
    TWO,
    WORK,
    kernel,
)
from processors.matching.compiled.layout import L_LENGTH, L_LETTERS, L_STEM_COUNT, L_STEMS

MAX_PLAIN = 64
"""Longer ones are left to the definition: no list has them."""
MAX_STEMS = 16

IS_SHORT = 4
"""Of as many letters as an acronym has."""
BESIDE_LOWER = 8
"""What was dropped before or behind it has small letters."""
IS_DOTTED = 16
"""An abbreviation with dots, which are dropped."""

_QUOTE, _CURLY, _DOT, _COMMA, _ZERO, _SMALL_S, _CAPITAL_S = (ord(c) for c in "'’.,0sS")


@kernel(CODE_ARRAY, INT, INT, WORK, returns=BOOL)
def is_elided(codes, start, end, work):
    """Whether codes[start:end] is one of what is dropped before an apostrophe."""
    elided = work.elided
    at = 0
    while at < len(elided):
        length = elided[at]
        if length == end - start:
            same = True
            for place in range(length):
                code = codes[start + place]
                if code >= KNOWN or LOWERS[code] != elided[at + 1 + place]:
                    same = False
                    break
            if same:
                return True
        at += 1 + length
    return False


@kernel(CODE_ARRAY, INT, INT, WORK, BOOL, returns=types.UniTuple(INT, 3))
def undecorated(codes, start, end, work, possessive):
    """What is left of codes[start:end] without elision and 's: from where to where; and whether small letters were dropped."""
    quote = start
    while quote < end and codes[quote] != _QUOTE and codes[quote] != _CURLY:
        quote += 1
    if quote == end:
        return start, end, 0
    last, before = codes[end - 1], codes[end - 2]
    if possessive and end - start > 2 and (before == _QUOTE or before == _CURLY):
        if last == _SMALL_S or last == _CAPITAL_S:
            return start, end - 2, BESIDE_LOWER if last == _SMALL_S else 0
    case = 0
    if is_elided(codes, start, quote, work):
        for place in range(start, quote):
            case |= BESIDE_LOWER if CASES[codes[place]] & HAS_LOWER else 0
        start = quote + 1
    return start, end, case


@kernel(CODE_ARRAY, INT, INT, LETTER_ARRAY, LETTER_ARRAY, returns=INT)
def read_dotted(codes, start, end, exact, form):
    """Read a dotted abbreviation; returns how many letters it has, 0 where it is none."""
    for place in range(start, end):
        code = codes[place]
        if (place - start) & 1:
            if code != _DOT:
                return 0
        elif code >= KNOWN or FOLDS[code] <= 57:  # a digit, or not plain
            return 0
        else:
            exact[(place - start) // 2] = code
            form[(place - start) // 2] = FOLDS[code]
    return (end - start + 1) // 2


@kernel(CODE_ARRAY, INT, INT, WORK, BOOL, LETTER_ARRAY, LETTER_ARRAY, returns=TWO)
def read_plain(codes, start, end, work, possessive, exact, form):
    """Write codes[start:end] into `exact` as `=` compares it, and folded into `form`; returns its length and its case.

    The length is 0 where it isn't plain, or may not be. Plain are here, too, a number with one separator, a dotted abbreviation,
    and a word with apostrophes in it.
    """
    if end - start > MAX_PLAIN:
        return 0, 0
    start, end, case = undecorated(codes, start, end, work, possessive)
    if end - start > 1 and codes[start + 1] == _DOT:
        length = read_dotted(codes, start, end, exact, form)
        if length > 0:
            for place in range(length):
                case |= CASES[exact[place]]
            return length, case | IS_DOTTED
    separator, letters, quotes = -1, 0, 0
    for place in range(start, end):
        code = codes[place]
        if code == _CURLY:
            code = np.uint32(_QUOTE)
        if code >= KNOWN:
            return 0, 0
        fold = FOLDS[code]
        if code == _QUOTE:
            quotes += 1
            fold = np.uint32(code)
        elif fold == 0:
            if separator >= 0 or not (code == _DOT or code == _COMMA):
                return 0, 0
            separator = place - start
            fold = np.uint32(code)
        elif fold > 57:  # above the digits
            letters += 1
        case |= CASES[code]
        exact[place - start] = code
        form[place - start] = fold
    length = end - start
    if quotes > 0 and letters + quotes < length:
        return 0, 0
    if separator >= 0:
        if letters > 0 or separator == 0 or separator == length - 1:
            return 0, 0
        if length - separator == 4 and separator < 4 and exact[0] != _ZERO:
            for place in range(separator, length - 1):
                exact[place] = exact[place + 1]
                form[place] = form[place + 1]
            length -= 1
    if ACRONYM_LETTERS[0] <= letters <= ACRONYM_LETTERS[1]:
        case |= IS_SHORT
    return length, case


@kernel(WORK, LETTER_ARRAY, INT, returns=INT)
def find_listed(work, word, length):
    """The row of a listed word; -1 where it isn't listed."""
    mask = np.int64(len(work.listed_table) - 1)
    slot = np.int64(hashed(word, 0, length) & np.uint64(mask))
    while work.listed_table[slot] >= 0:
        row = work.listed_table[slot]
        if work.listed[row, L_LENGTH] == length:
            at = work.listed[row, L_LETTERS]
            same = True
            for place in range(length):
                if word[place] != work.listed_letters[at + place]:
                    same = False
                    break
            if same:
                return row
        slot = (slot + 1) & mask
    return -1


@kernel(WORK, LETTER_ARRAY, INT, COUNT_ARRAY, INT, returns=INT)
def listed_stems(work, word, length, found, count):
    """Write the stems of a listed word behind `count` ones; returns how many there are then, 0 where it isn't listed, -1: too many."""
    row = find_listed(work, word, length)
    if row < 0:
        return 0
    more = np.int64(work.listed[row, L_STEM_COUNT])
    if count + more > MAX_STEMS:
        return -1
    for number in range(more):
        found[count + number] = work.listed_stems[work.listed[row, L_STEMS] + number]
    return count + more


@kernel(WORK, LETTER_ARRAY, LETTER_ARRAY, INT, INT, BOOL, LETTER_ARRAY, COUNT_ARRAY, returns=INT)
def plain_stems(work, exact, form, length, case, acronym, other, found):
    """Write the numbers of a plain word's stems, or what endings.py has, into `found`; how many, 0 where the definition must say.

    `other` is for use within.
    """
    capitals = case & HAS_UPPER and not case & HAS_LOWER
    short = capitals and case & IS_SHORT
    if case & IS_DOTTED or (short and acronym):
        found[0] = ITSELF
        return 1
    if short:  # an acronym or a word: rare, for it stands among capitals only
        return 0
    same, usual = True, True
    for place in range(length):
        code = exact[place]
        other[place] = LOWERS[code] if capitals and place and FOLDS[code] else code
        same &= other[place] == form[place]
        usual &= other[place] == form[place] or (place == 0 and LOWERS[code] == form[0])
    count = listed_stems(work, other, length, found, 0)
    if count != 0:
        return max(count, 0)
    count = ruled_stems(other, length, work.rules[0], found, 0)
    if usual:  # each listed word is there in small letters, too, and with a capital: nothing is known of this one
        return count if same else ruled_stems(form, length, work.rules[0], found, count)
    other[0] = LOWERS[exact[0]] if CASES[exact[0]] & HAS_UPPER else UPPERS[exact[0]]
    for place in range(1, length):
        if FOLDS[exact[place]]:
            other[place] = LOWERS[exact[place]]
    if find_listed(work, other, length) >= 0:
        return 0
    with_folded = listed_stems(work, form, length, found, count)
    return max(with_folded, 0) if with_folded != 0 else ruled_stems(form, length, work.rules[0], found, count)


def may_be_looked_up(word: str) -> bool:
    """Whether a word may be among those for which kernels look."""
    return all(ord(character) < KNOWN and (FOLDS[ord(character)] or character in ".,'") for character in word)
