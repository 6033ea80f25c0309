"""New words of a text that are plain (see plain.py), or such words with hyphens between: entered in the vocabulary at once.

What comes out is what vocabulary.py makes of the word's analysis; what isn't plain is left to it.
"""
# pyright: basic

import numpy as np

from processors.matching.compiled.cut import ALL_CAPITALS, find_word, hashed
from processors.matching.compiled.endings import HAS_LOWER, HAS_UPPER, SHORTER, WITH_Y
from processors.matching.compiled.enter import (
    KEYS_USED,
    MAX_KEYS,
    UNIT,
    UNIT_ROWS,
    UNIT_STATE,
    WHOLE_AT,
    WHOLE_END,
    add_exact,
    add_form,
    add_hints,
    add_stem,
    add_unit,
    add_word,
)
from processors.matching.compiled.kernel import (
    BOOL,
    CODE_ARRAY,
    COUNT_ARRAY,
    COUNT_TABLE,
    INT,
    LETTER_ARRAY,
    LETTER_TABLE,
    WORK,
    kernel,
)
from processors.matching.compiled.layout import CAPITALS, END, START, V_FULL, V_ROWS, V_UNITS, WORD
from processors.matching.compiled.plain import (
    BESIDE_LOWER,
    MAX_PLAIN,
    MAX_STEMS,
    plain_stems,
    read_plain,
)

EXACT, FORM, OTHER, KEY, LINE = range(5)
"""Buffers of letters."""
BUFFERS = 5
_ROOM = 2 * MAX_PLAIN + 2

PIECE_AT, PIECE_LENGTH, PIECE_CASE, PIECE_START, PIECE_END = range(5)
"""Of a piece between hyphens: where it is in the buffers and how long, its case, its characters in the word."""
PIECE_COLUMNS = 5
MAX_PIECES = 8
_HYPHEN = ord("-")
_SMALL_T, _SMALL_Y = ord("t"), ord("y")


@kernel(WORK, INT, LETTER_ARRAY, INT, LETTER_ARRAY, INT, returns=INT)
def write_stem(work, stem, form, length, line, at):
    """Write the letters of a stem, as plain_stems gives it for a folded word, into `line` from `at` on; returns how many."""
    if stem >= 0:
        first, size = work.stems[stem, 0], np.int64(work.stems[stem, 1])
        for place in range(size):
            line[at + place] = work.stem_letters[first + place]
        return size
    size = length - 1 if stem == SHORTER else length - 3 if stem == WITH_Y else length
    for place in range(size):
        line[at + place] = form[place]
    if stem == WITH_Y:
        line[at + size] = _SMALL_Y
        size += 1
    return size


@kernel(WORK, COUNT_ARRAY, COUNT_ARRAY, LETTER_TABLE, INT, INT, COUNT_ARRAY, INT)
def add_stems(work, unit, keys, letters, at, length, stems, count):
    """Add the terms of the stems, as plain_stems gives them, of the word in the buffers from `at` on."""
    line = letters[LINE]
    for number in range(count):
        size = write_stem(work, stems[number], letters[FORM, at:], length, line, 0)
        value = work.stem_hashes[stems[number]] if stems[number] >= 0 else hashed(line, 0, size)
        add_stem(work, unit, keys, line, size, value)


@kernel(WORK, COUNT_ARRAY, COUNT_ARRAY, LETTER_TABLE, INT, INT, COUNT_ARRAY, INT, returns=BOOL)
def add_plain(work, unit, keys, letters, at, length, stems, count):
    """Add the terms of a unit that is a plain word, in the buffers from `at` on; False where the definition must say."""
    exact, form = letters[EXACT, at:], letters[FORM, at:]
    unit[UNIT_ROWS] = work.vocabulary[V_ROWS]
    add_stems(work, unit, keys, letters, at, length, stems, count)
    add_exact(work, unit, letters[KEY], exact, length)
    return add_form(work, unit, letters[KEY], form, length)


@kernel(CODE_ARRAY, INT, INT, WORK, BOOL, LETTER_TABLE, COUNT_TABLE, returns=INT)
def read_pieces(codes, start, end, work, possessive, letters, pieces):
    """Read the pieces between the hyphens of codes[start:end]; returns how many, 0 where one isn't plain or there are too many."""
    count = 0
    at = 0
    first = start
    for place in range(start, end + 1):
        if place < end and codes[place] != _HYPHEN and codes[place] != 0x2010 and codes[place] != 0x2011:
            continue
        if count == MAX_PIECES:
            return 0
        length, case = read_plain(codes, first, place, work, possessive, letters[EXACT, at:], letters[FORM, at:])
        if length == 0:
            return 0
        pieces[count, PIECE_AT] = at
        pieces[count, PIECE_LENGTH] = length
        pieces[count, PIECE_CASE] = case
        pieces[count, PIECE_START] = first - start
        pieces[count, PIECE_END] = place - start
        at += length
        count += 1
        first = place + 1
    return count


@kernel(LETTER_TABLE, INT, COUNT_TABLE, INT, BOOL, returns=INT)
def line_up(letters, source, pieces, count, hyphens):
    """Write the first pieces of a buffer into LINE, a hyphen or nothing behind each; returns how many letters that are."""
    line = letters[LINE]
    used = 0
    for piece in range(count):
        at = pieces[piece, PIECE_AT]
        for place in range(at, at + pieces[piece, PIECE_LENGTH]):
            line[used] = letters[source, place]
            used += 1
        if hyphens:
            line[used] = _HYPHEN
            used += 1
    return used


@kernel(WORK, COUNT_ARRAY, COUNT_ARRAY, LETTER_TABLE, COUNT_TABLE, INT, COUNT_ARRAY, INT, BOOL)
def add_joined_stems(work, unit, keys, letters, pieces, count, stems, stem_count, hyphens):
    """Add the stems of a hyphenated word that end in those of its last piece, hyphenated or joined."""
    line = letters[LINE]
    before = line_up(letters, FORM, pieces, count - 1, hyphens)
    at, length = pieces[count - 1, PIECE_AT], pieces[count - 1, PIECE_LENGTH]
    for number in range(stem_count):
        size = before + write_stem(work, stems[number], letters[FORM, at:], length, line, before)
        add_stem(work, unit, keys, line, size, hashed(line, 0, size))


@kernel(COUNT_TABLE, LETTER_TABLE, INT, returns=INT)
def pieces_wide(pieces, letters, count):
    """How many positions so many pieces take: one where one of them is a single letter; 0 where the definition must say."""
    width = count
    for piece in range(count):
        first = letters[FORM, pieces[piece, PIECE_AT]]
        if pieces[piece, PIECE_LENGTH] == 1 and first > 57:
            if first == _SMALL_T and piece == count - 2 and count > 2:
                return 0  # French, a-t-il
            width = 1
    return width


@kernel(WORK, COUNT_ARRAY, COUNT_ARRAY, LETTER_TABLE, COUNT_TABLE, INT, BOOL, COUNT_ARRAY, returns=BOOL)
def add_whole(work, unit, keys, letters, pieces, count, acronyms, stems):
    """Add the terms of a hyphenated word as a whole; False where the definition must say."""
    last = count - 1
    at, length = pieces[last, PIECE_AT], pieces[last, PIECE_LENGTH]
    joined = at + length
    exact, form, other, key, line = letters[EXACT], letters[FORM], letters[OTHER], letters[KEY], letters[LINE]
    unit[UNIT_ROWS] = work.vocabulary[V_ROWS]
    of_last = plain_stems(work, exact[at:], form[at:], length, pieces[last, PIECE_CASE], acronyms, other, stems)
    if of_last == 0:
        return False
    add_joined_stems(work, unit, keys, letters, pieces, count, stems, of_last, False)
    add_joined_stems(work, unit, keys, letters, pieces, count, stems, of_last, True)
    case = 0
    for piece in range(count):
        case |= pieces[piece, PIECE_CASE] & (HAS_UPPER | HAS_LOWER)
    of_joined = plain_stems(work, exact, form, joined, case, False, other, stems)
    if of_joined == 0:
        return False
    add_stems(work, unit, keys, letters, 0, joined, stems, of_joined)
    hyphenated = line_up(letters, EXACT, pieces, count, True) - 1
    add_exact(work, unit, key, line, hyphenated)
    line_up(letters, FORM, pieces, count, True)
    return add_form(work, unit, key, line, hyphenated) and add_form(work, unit, key, form, joined)


@kernel(WORK, COUNT_ARRAY, COUNT_ARRAY, LETTER_TABLE, COUNT_TABLE, INT, INT, BOOL, COUNT_ARRAY, returns=INT)
def add_hyphenated(work, unit, keys, letters, pieces, count, length, acronym, stems):
    """Add the units of a hyphenated word of so many pieces and letters; returns its width, 0 where the definition must say."""
    width = pieces_wide(pieces, letters, count)
    if width == 0:
        return 0
    acronyms = acronym
    for piece in range(count):
        acronyms |= pieces[piece, PIECE_CASE] & (HAS_LOWER | BESIDE_LOWER) != 0
    if not add_whole(work, unit, keys, letters, pieces, count, acronyms, stems):
        return 0
    add_unit(work, 0, width - 1, 0, length)
    unit[WHOLE_AT] = unit[UNIT_ROWS]
    unit[WHOLE_END] = work.vocabulary[V_ROWS]
    for piece in range(count if width > 1 else 0):
        at, size, case = pieces[piece, PIECE_AT], pieces[piece, PIECE_LENGTH], pieces[piece, PIECE_CASE]
        found = plain_stems(work, letters[EXACT, at:], letters[FORM, at:], size, case, acronyms, letters[OTHER], stems)
        unit[UNIT] = piece + 1
        if found == 0 or not add_plain(work, unit, keys, letters, at, size, stems, found):
            return 0
        add_unit(work, piece, piece, pieces[piece, PIECE_START], pieces[piece, PIECE_END])
    return width


@kernel(CODE_ARRAY, WORK, INT, BOOL, COUNT_ARRAY, COUNT_ARRAY, LETTER_TABLE, COUNT_TABLE, COUNT_ARRAY, returns=INT)
def add_units(codes, work, token, possessive, unit, keys, letters, pieces, stems):
    """Add the units of a token's word; returns its width, 0 where the definition must say."""
    start, end = work.tokens[token, START], work.tokens[token, END]
    if end - start > MAX_PLAIN:
        return 0
    acronym = work.tokens[token, CAPITALS] & ALL_CAPITALS != 0
    unit[:] = 0
    count = read_pieces(codes, start, end, work, possessive, letters, pieces)
    if count > 1:
        return add_hyphenated(work, unit, keys, letters, pieces, count, end - start, acronym, stems)
    if count == 0:
        return 0
    length, case = pieces[0, PIECE_LENGTH], pieces[0, PIECE_CASE]
    acronym |= case & BESIDE_LOWER != 0
    found = plain_stems(work, letters[EXACT], letters[FORM], length, case, acronym, letters[OTHER], stems)
    if found == 0 or not add_plain(work, unit, keys, letters, 0, length, stems, found):
        return 0
    add_unit(work, 0, 0, 0, end - start)
    return 1


@kernel(CODE_ARRAY, WORK, INT, BOOL, returns=INT)
def learn_plain(codes, work, count, possessive):
    """Enter the words of tokens that have none yet, as far as they are plain; returns how many tokens are left.

    counts[V_FULL] becomes 1 where it stopped for want of room: nothing is entered by halves. The table has room for all.
    """
    counts, tokens = work.vocabulary, work.tokens
    letters = np.empty((BUFFERS, _ROOM), np.uint32)
    pieces = np.empty((MAX_PIECES, PIECE_COLUMNS), np.int64)
    stems = np.empty(MAX_STEMS, np.int64)
    keys = np.empty(MAX_KEYS, np.int64)
    unit = np.empty(UNIT_STATE, np.int64)
    before = np.empty(len(counts), np.int64)
    left = 0
    for token in range(count):
        if tokens[token, WORD] >= 0:
            continue
        tokens[token, WORD] = find_word(codes, work, token)
        if tokens[token, WORD] >= 0:
            continue
        before[:] = counts
        width = add_units(codes, work, token, possessive, unit, keys, letters, pieces, stems)
        if width > 0 and unit[KEYS_USED] < MAX_KEYS:
            add_hints(work, unit, keys, before[V_ROWS])
            if not counts[V_FULL]:
                add_word(codes, work, token, before[V_UNITS], before[V_ROWS], width)
        if counts[V_FULL]:
            counts[:] = before
            counts[V_FULL] = 1
            return left
        if tokens[token, WORD] < 0:
            counts[:] = before
            left += 1
    return left
