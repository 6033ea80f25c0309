"""Text to tokens, and tokens to the words known already.

Cuts exactly as processors.matching.tokenise does: what is letters and digits alone is cut here; a stretch with joiners in
it (`l'OTAN`, `build-up`, `3.5`) is looked up among those that the rule itself has cut before.
"""
# pyright: basic
# ruff: noqa: SIM102, SIM110 - what reads worse here compiles to better code

import numpy as np
from numba import types

from processors.matching.compiled.characters import (
    CASED,
    CHAR,
    COMMA,
    DIGIT,
    DOT,
    MARK,
    ODD,
    SINGLE,
    SMALL,
    TIE,
    UNDERSCORE,
    UPPER,
)
from processors.matching.compiled.kernel import (
    BOOL,
    CODE_ARRAY,
    COUNT_ARRAY,
    HASH,
    HASH_ARRAY,
    INT,
    INT_ARRAY,
    INT_TABLE,
    KIND,
    KIND_ARRAY,
    LETTER_ARRAY,
    TWO,
    WORK,
    kernel,
)
from processors.matching.compiled.layout import CAPITALS, END, LENGTH, LETTERS, START, WORD
from processors.matching.tokenise import MAX_JOINED

_SEED = np.uint64(0x9E3779B97F4A7C15)
_PRIME = np.uint64(0x100000001B3)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_ACRONYM = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT = np.uint64(32)

_COMMA = ord(",")

ALL_CAPITALS = 1
"""In tokens[:, CAPITALS]: two or more letters, all capitals; once the neighbours are known, that it is an acronym."""
HAS_SMALL = 2
NEIGHBOURS = 3
"""How many words to each side may show that it isn't all capitals around; a test compares with the rule."""


@kernel(HASH, returns=HASH)
def mixed(value):
    """The hash with its high bits worked into the low ones, which choose the slot."""
    value ^= value >> _SHIFT
    value *= _MIX
    return value ^ (value >> _SHIFT)


@kernel(CODE_ARRAY, INT, INT, returns=HASH)
def hashed(codes, start, end):
    """The hash of codes[start:end]."""
    value = _SEED
    for place in range(start, end):
        value = (value ^ np.uint64(codes[place])) * _PRIME
    return mixed(value)


@kernel(CODE_ARRAY, INT, LETTER_ARRAY, INT, INT, returns=BOOL)
def same_letters(codes, start, letters, at, length):
    """Whether codes[start:start+length] is letters[at:at+length]."""
    for place in range(length):
        if codes[start + place] != letters[at + place]:
            return False
    return True


@kernel(INT_ARRAY, HASH_ARRAY, INT, INT)
def remember(table, hashes, first, last):
    """Enter the entries first..last of `hashes` into the open-addressed table, which must have room."""
    mask = np.uint64(len(table) - 1)
    for entry in range(first, last):
        slot = np.int64(hashes[entry] & mask)
        while table[slot] >= 0:
            slot = (slot + 1) & np.int64(mask)
        table[slot] = entry


@kernel(CODE_ARRAY, COUNT_ARRAY, HASH_ARRAY)
def hash_all(codes, starts, hashes):
    """The hash of each of the words of which `codes` is made, and which begin at `starts`; behind them, the end."""
    for number in range(len(hashes)):
        hashes[number] = hashed(codes, starts[number], starts[number + 1])


@kernel(CODE_ARRAY, INT, INT, KIND_ARRAY, returns=types.Tuple((INT, BOOL)))
def stretch_end(codes, start, end, kinds):
    """Where the stretch that begins at `start` ends, and whether the rule itself must cut it.

    It needn't where it surely is one word: with hyphens and apostrophes for its only joiners, or a number with one dot or comma.
    """
    joined = kinds[codes[start]] & ODD != 0
    dotted = False
    ties = 0
    separators = 0
    digits_alone = kinds[codes[start]] & DIGIT != 0
    # Characters since the last joiner, or what may be one: an abbreviation's initial stands alone.
    piece = 0 if joined else 1
    place = start + 1
    while place < end:
        kind = kinds[codes[place]]
        if kind & CHAR:
            piece += 1
            digits_alone &= kind & DIGIT != 0
            if kind & ODD:
                joined = True
                piece = 0
            place += 1
            continue
        if kind & MARK:
            digits_alone = False
            place += 1
            continue
        following = kinds[codes[place + 1]] if place + 1 < end else np.uint16(0)
        before = kinds[codes[place - 1]]
        if kind & DOT:
            if following & CHAR:
                if piece > 1 and not (before & DIGIT and following & DIGIT):
                    break
                dotted = True
                separators += 1
            elif dotted:
                joined = True
                place += 1  # the last dot of U.S.
                if place + 1 >= end or not kinds[codes[place]] & TIE or not kinds[codes[place + 1]] & CHAR:
                    break
            else:
                break
        elif kind & COMMA:
            if not (before & DIGIT and following & DIGIT):
                break
            separators += 1
            joined |= codes[place] != _COMMA
        elif kind & TIE:
            if not following & CHAR:
                break
            ties += 1
        elif kind & UNDERSCORE:
            after = place
            while after < end and kinds[codes[after]] & UNDERSCORE:
                after += 1
            if after >= end or not kinds[codes[after]] & CHAR:
                break
            place = after - 1
            joined = True
        else:
            break
        piece = 0
        place += 1
    if separators:
        joined |= separators > 1 or ties > 0 or not digits_alone
    return place, joined or ties >= MAX_JOINED


@kernel(CODE_ARRAY, INT, INT, WORK, returns=INT)
def find_stretch(codes, start, end, work):
    """The known stretch that is codes[start:end]; -1 where there is none."""
    value = hashed(codes, start, end)
    mask = np.int64(len(work.cut_table) - 1)
    slot = np.int64(value & np.uint64(mask))
    while work.cut_table[slot] >= 0:
        stretch = work.cut_table[slot]
        if work.cut_hashes[stretch] == value and work.cut_heads[stretch, 3] == end - start:
            if same_letters(codes, start, work.cut_letters, work.cut_heads[stretch, 2], end - start):
                return stretch
        slot = (slot + 1) & mask
    return -1


@kernel(INT_TABLE, INT, INT, INT, KIND, KIND)
def write_token(tokens, count, start, end, first, together):
    """Write a token down by the kinds of its first character and of all; its WORD is unknown yet."""
    tokens[count, WORD] = -1
    tokens[count, START] = start
    tokens[count, END] = end
    capitals = HAS_SMALL if together & SMALL else 0
    if end - start > 1 and first & UPPER and not together & CASED:
        capitals |= ALL_CAPITALS
    tokens[count, CAPITALS] = capitals


@kernel(INT_TABLE, INT, CODE_ARRAY, INT, INT, KIND_ARRAY, HASH_ARRAY)
def add_token(tokens, count, codes, start, end, kinds, hashes):
    """Write the token codes[start:end] down, and its hash."""
    together = np.uint16(0)
    value = _SEED
    for place in range(start, end):
        code = codes[place]
        together |= kinds[code]
        value = (value ^ np.uint64(code)) * _PRIME
    hashes[count] = mixed(value)
    write_token(tokens, count, start, end, kinds[codes[start]], together)


@kernel(CODE_ARRAY, INT, INT, KIND_ARRAY, returns=BOOL)
def ends_there(codes, place, end, kinds):
    """Whether a word that is letters and digits alone as far as codes[place], the first other character, surely ends there."""
    if place == end:
        return True
    kind = kinds[codes[place]]
    if kind & (DOT | TIE):
        return place + 1 == end or not kinds[codes[place + 1]] & CHAR
    return not kind & (CHAR | MARK | COMMA | UNDERSCORE)


@kernel(CODE_ARRAY, INT, INT, KIND_ARRAY, WORK, INT, INT, returns=TWO)
def cut(codes, start, end, kinds, work, count, missing):
    """Cut codes[start:end], a field, into tokens from number `count` on.

    Returns how many tokens there are then, and how many stretches the rule must cut first: their ends are in `unknown`, of which
    `missing` are there before.
    """
    tokens, hashes, unknown = work.tokens, work.token_hashes, work.unknown
    place = start
    while place < end:
        kind = kinds[codes[place]]
        if kind & SINGLE:
            begin = place
            place += 1
            while place < end and kinds[codes[place]] & MARK:
                place += 1
            add_token(tokens, count, codes, begin, place, kinds, hashes)
            count += 1
        elif kind & CHAR:
            begin = place
            together = np.uint16(0)
            value = _SEED
            following = kind
            while following & (CHAR | ODD) == CHAR:
                together |= following
                value = (value ^ np.uint64(codes[place])) * _PRIME
                place += 1
                following = kinds[codes[place]] if place < end else np.uint16(0)
            if place > begin and ends_there(codes, place, end, kinds):
                write_token(tokens, count, begin, place, kind, together)
                hashes[count] = mixed(value)
                count += 1
                continue
            place, joined = stretch_end(codes, begin, end, kinds)
            if not joined:
                add_token(tokens, count, codes, begin, place, kinds, hashes)
                count += 1
                continue
            stretch = find_stretch(codes, begin, place, work)
            if stretch < 0:
                unknown[missing, 0] = begin
                unknown[missing, 1] = place
                missing += 1
                continue
            for piece in range(work.cut_heads[stretch, 0], work.cut_heads[stretch, 0] + work.cut_heads[stretch, 1]):
                first, last = begin + work.cuts[piece, 0], begin + work.cuts[piece, 1]
                add_token(tokens, count, codes, first, last, kinds, hashes)
                count += 1
        else:
            place += 1
    return count, missing


@kernel(INT_TABLE, HASH_ARRAY, INT, INT)
def mark_acronyms(tokens, hashes, first, last):
    """In a field's tokens, let ALL_CAPITALS say that it is an acronym, and its hash differ from the plain word's."""
    small = -1 - NEIGHBOURS  # the last token that has small letters, of those up to NEIGHBOURS ahead
    ahead = first
    for token in range(first, last):
        while ahead < last and ahead <= token + NEIGHBOURS:
            if tokens[ahead, CAPITALS] & HAS_SMALL:
                small = ahead
            ahead += 1
        if tokens[token, CAPITALS] & ALL_CAPITALS:
            if small >= token - NEIGHBOURS and small >= first:
                hashes[token] = mixed(hashes[token] ^ _ACRONYM)
            else:
                tokens[token, CAPITALS] &= ~ALL_CAPITALS


@kernel(CODE_ARRAY, WORK, INT, INT, returns=BOOL)
def is_word(codes, work, token, word):
    """Whether a token is this word."""
    tokens, words = work.tokens, work.words
    start = tokens[token, START]
    length = tokens[token, END] - start
    return (
        work.word_hashes[word] == work.token_hashes[token]
        and words[word, LENGTH] == length << 1 | (tokens[token, CAPITALS] & ALL_CAPITALS)
        and same_letters(codes, start, work.letters, words[word, LETTERS], length)
    )


@kernel(CODE_ARRAY, WORK, INT, returns=INT)
def find_word(codes, work, token):
    """The known word that a token is; -1 where there is none."""
    table = work.word_table
    mask = np.int64(len(table) - 1)
    slot = np.int64(work.token_hashes[token] & np.uint64(mask))
    while table[slot] >= 0:
        if is_word(codes, work, token, table[slot]):
            return table[slot]
        slot = (slot + 1) & mask
    return -1


@kernel(CODE_ARRAY, WORK, INT, returns=INT)
def identify(codes, work, count):
    """Give the tokens their known words; returns how many tokens' words are unknown."""
    tokens, table, hashes, where = work.tokens, work.word_table, work.token_hashes, work.where
    mask = np.uint64(len(table) - 1)
    # Most words stand in the first slot. Looked up apart, they are waited for together: memory is what this costs.
    for token in range(count):
        where[token] = table[np.int64(hashes[token] & mask)]
    unknown = 0
    for token in range(count):
        if tokens[token, WORD] >= 0:
            continue
        word = where[token]
        if word >= 0 and not is_word(codes, work, token, word):
            word = find_word(codes, work, token)
        tokens[token, WORD] = word
        unknown += word < 0
    return unknown


@kernel(CODE_ARRAY, INT, KIND_ARRAY, WORK, COUNT_ARRAY)
def read(codes, title_length, kinds, work, sizes):
    """Cut both fields and identify their words.

    `sizes` becomes: tokens, tokens of the title, unknown stretches (then the rest isn't done), tokens of unknown words.
    """
    title, missing = cut(codes, 0, title_length, kinds, work, 0, 0)
    count, missing = cut(codes, title_length, len(codes), kinds, work, title, missing)
    sizes[0] = count
    sizes[1] = title
    sizes[2] = missing
    sizes[3] = 0
    if missing == 0:
        mark_acronyms(work.tokens, work.token_hashes, 0, title)
        mark_acronyms(work.tokens, work.token_hashes, title, count)
        sizes[3] = identify(codes, work, count)
