"""What new words are entered by: rows of terms, the index that finds words for new terms, forms, units.

The same as vocabulary.py makes of an analysis. Without room counts[V_FULL] becomes 1, and the caller takes it all back.
"""
# pyright: basic
# ruff: noqa: SIM102, SIM110 - what reads worse here compiles to better code

import numpy as np

from processors.matching.compiled.cut import ALL_CAPITALS, hashed, same_letters
from processors.matching.compiled.kernel import (
    BOOL,
    CODE_ARRAY,
    COUNT_ARRAY,
    HASH,
    HASH_ARRAY,
    INT,
    INT_ARRAY,
    INT_TABLE,
    LETTER_ARRAY,
    WORK,
    kernel,
)
from processors.matching.compiled.layout import (
    AS_MENTION,
    AS_STEP,
    BEGINS,
    CAPITALS,
    END,
    ENDS,
    K_COUNT,
    K_ENTRIES,
    K_LENGTH,
    K_LETTERS,
    LENGTH,
    LETTERS,
    PLAIN,
    R_TERM,
    R_UNIT,
    RANK_BITS,
    ROW_COUNT,
    ROW_ROOM,
    ROWS,
    START,
    U_END,
    U_FIRST,
    U_LAST,
    U_START,
    UNIT_COUNT,
    UNITS,
    V_FORM_COUNT,
    V_FORMS,
    V_FULL,
    V_INDEX,
    V_LETTERS,
    V_ROWS,
    V_UNITS,
    V_WORDS,
    WIDTH,
    WORD,
)

UNIT_ROWS, WHOLE_AT, WHOLE_END, UNIT, KEYS_USED = range(5)
"""Of the unit that is being entered: its first row; from where to where the rows of the whole that it is part of stand; its
number. And how many keys all units of the word have."""
UNIT_STATE = 5
MAX_KEYS = 256

_EXACT, _PREFIX, _SUFFIX, _WITHIN, _ANYWHERE = (ord(c) for c in "=^$~*")
"""What stands before the letters of a key that is no stem (see term_keys.py)."""
_LINE_END = np.uint8(10)


@kernel(INT_ARRAY, HASH_ARRAY, INT_TABLE, LETTER_ARRAY, INT, INT)
def enter_keys(table, hashes, keys, letters, first, last):
    """Enter the keys first..last into the open-addressed table, which must have room, in place of former ones."""
    mask = np.int64(len(table) - 1)
    for number in range(first, last):
        at, length = keys[number, K_LETTERS], keys[number, K_LENGTH]
        value = hashed(letters, at, at + length)
        hashes[number] = value
        slot = np.int64(value & np.uint64(mask))
        while table[slot] >= 0:
            other = table[slot]
            if hashes[other] == value and keys[other, K_LENGTH] == length:
                if same_letters(letters, at, letters, keys[other, K_LETTERS], length):
                    break
            slot = (slot + 1) & mask
        table[slot] = number


@kernel(WORK, LETTER_ARRAY, INT, HASH, returns=INT)
def find_key(work, key, length, value):
    """The number of a key of terms, whose hash is `value`; -1 where no term has it."""
    mask = np.int64(len(work.key_table) - 1)
    slot = np.int64(value & np.uint64(mask))
    while work.key_table[slot] >= 0:
        number = work.key_table[slot]
        if work.key_hashes[number] == value and work.keys[number, K_LENGTH] == length:
            if same_letters(key, 0, work.key_letters, work.keys[number, K_LETTERS], length):
                return number
        slot = (slot + 1) & mask
    return -1


@kernel(WORK, LETTER_ARRAY, INT, LETTER_ARRAY, INT, INT, returns=INT)
def marked_key(work, key, mark, letters, at, length):
    """The number of the key that is a mark and letters[at:at+length]; -1 where no term has it. `key` is for use within."""
    key[0] = mark
    for place in range(length):
        key[place + 1] = letters[at + place]
    return find_key(work, key, length + 1, hashed(key, 0, length + 1))


@kernel(WORK, COUNT_ARRAY, INT)
def add_term(work, unit, term):
    """Add a term that the unit fits, once; where the whole fits it too, that is the mention."""
    counts = work.vocabulary
    used = counts[V_ROWS]
    for row in range(unit[UNIT_ROWS], used):
        if work.rows[row, R_TERM] == term:
            return
    if used == len(work.rows):
        counts[V_FULL] = 1
        return
    use = AS_MENTION | AS_STEP
    for row in range(unit[WHOLE_AT], unit[WHOLE_END]):
        if work.rows[row, R_TERM] == term:
            use = AS_STEP
    work.rows[used, R_TERM] = term
    work.rows[used, R_UNIT] = unit[UNIT] << 2 | use
    counts[V_ROWS] = used + 1


@kernel(WORK, COUNT_ARRAY, COUNT_ARRAY, INT)
def add_hints(work, unit, keys, first):
    """Add the terms that the word's keys only hint at. Its rows begin at `first`."""
    counts = work.vocabulary
    for number in range(unit[KEYS_USED]):
        at = work.keys[keys[number], K_ENTRIES]
        for place in range(at, at + work.keys[keys[number], K_COUNT]):
            entry = work.key_entries[place]
            known = entry & 1 == 0
            for row in range(first, counts[V_ROWS]):
                known |= work.rows[row, R_TERM] == entry >> 1
            if not known:
                if counts[V_ROWS] == len(work.rows):
                    counts[V_FULL] = 1
                    return
                work.rows[counts[V_ROWS], R_TERM] = entry >> 1
                work.rows[counts[V_ROWS], R_UNIT] = 0
                counts[V_ROWS] += 1


@kernel(WORK, HASH)
def add_to_index(work, value):
    """Let the word be found by the hash of a stem or exact form."""
    counts = work.vocabulary
    used = counts[V_INDEX]
    if used == len(work.index_hashes):
        counts[V_FULL] = 1
        return
    work.index_hashes[used] = value
    work.index_words[used] = counts[V_WORDS]
    counts[V_INDEX] = used + 1


@kernel(WORK, COUNT_ARRAY, INT)
def add_terms(work, unit, key):
    """Add the terms of a key of stems or exact forms, but for those that it only hints at."""
    at = work.keys[key, K_ENTRIES]
    for place in range(at, at + work.keys[key, K_COUNT]):
        entry = work.key_entries[place]
        if entry & 1 == 0:
            add_term(work, unit, entry >> 1)


@kernel(WORK, COUNT_ARRAY, COUNT_ARRAY, LETTER_ARRAY, INT, HASH)
def add_stem(work, unit, keys, stem, length, value):
    """Add the terms of a stem, whose hash is `value`, and its key to `keys`."""
    add_to_index(work, value)
    key = find_key(work, stem, length, value)
    if key >= 0 and unit[KEYS_USED] < MAX_KEYS:
        keys[unit[KEYS_USED]] = key
        unit[KEYS_USED] += 1
        add_terms(work, unit, key)


@kernel(WORK, COUNT_ARRAY, LETTER_ARRAY, LETTER_ARRAY, INT)
def add_exact(work, unit, key, exact, length):
    """Add the terms of an exact form. `key` is for use within."""
    found = marked_key(work, key, _EXACT, exact, 0, length)
    add_to_index(work, hashed(key, 0, length + 1))
    if found >= 0:
        add_terms(work, unit, found)


@kernel(WORK, COUNT_ARRAY, INT, LETTER_ARRAY, INT, BOOL)
def add_patterns(work, unit, key, form, length, behind):
    """Add the terms of the patterns of a key that the form begins or (behind) ends with."""
    at = work.keys[key, K_ENTRIES]
    for place in range(at, at + work.keys[key, K_COUNT], 3):
        letters, size, term = work.key_entries[place], work.key_entries[place + 1], work.key_entries[place + 2]
        if size <= length:
            if same_letters(form, length - size if behind else 0, work.key_letters, letters, size):
                add_term(work, unit, term)


@kernel(WORK, LETTER_ARRAY, INT, LETTER_ARRAY, returns=BOOL)
def may_fit_within(work, form, length, key):
    """Whether a wildcard that is neither a prefix nor a suffix may fit. `key` is for use within."""
    if marked_key(work, key, _ANYWHERE, form, 0, 0) >= 0:
        return True
    if marked_key(work, key, _WITHIN, form, 0, 0) < 0:
        return False
    for place in range(length - 2):
        if marked_key(work, key, _WITHIN, form, place, 3) >= 0:
            return True
    return False


@kernel(WORK, COUNT_ARRAY, LETTER_ARRAY, LETTER_ARRAY, INT, returns=BOOL)
def add_form(work, unit, key, form, length):
    """Add the terms of wildcards that a form fits, and write it down for those to come. `key` is for use within.

    False where a wildcard may fit that is neither a prefix nor a suffix.
    """
    if may_fit_within(work, form, length, key):
        return False
    if length >= 3:
        prefix = marked_key(work, key, _PREFIX, form, 0, 3)
        if prefix >= 0:
            add_patterns(work, unit, prefix, form, length, False)
        suffix = marked_key(work, key, _SUFFIX, form, length - 3, 3)
        if suffix >= 0:
            add_patterns(work, unit, suffix, form, length, True)
    counts = work.vocabulary
    used, number = counts[V_FORMS], counts[V_FORM_COUNT]
    if used + length >= len(work.forms) or number == len(work.form_starts) or number == len(work.form_words):
        counts[V_FULL] = 1
        return True
    for place in range(length):
        work.forms[used + place] = form[place]
    work.forms[used + length] = _LINE_END
    work.form_starts[number] = used
    work.form_words[number] = counts[V_WORDS]
    counts[V_FORMS] = used + length + 1
    counts[V_FORM_COUNT] = number + 1
    return True


@kernel(WORK, INT, INT, INT, INT)
def add_unit(work, first, last, start, end):
    """Write down a unit: its positions and characters in the word."""
    counts = work.vocabulary
    unit = counts[V_UNITS]
    if unit == len(work.units):
        counts[V_FULL] = 1
        return
    work.units[unit, U_FIRST] = (first << RANK_BITS) + BEGINS
    work.units[unit, U_LAST] = (last << RANK_BITS) + ENDS
    work.units[unit, U_START] = start
    work.units[unit, U_END] = end
    work.units[unit, PLAIN] = first == last
    counts[V_UNITS] = unit + 1


@kernel(CODE_ARRAY, WORK, INT, INT, INT, INT)
def add_word(codes, work, token, unit, row, width):
    """Enter a token's word, whose units and rows (from these on) are there already."""
    counts, tokens, words = work.vocabulary, work.tokens, work.words
    word, at = counts[V_WORDS], counts[V_LETTERS]
    start = tokens[token, START]
    length = tokens[token, END] - start
    if word == len(words) or word == len(work.word_hashes) or at + length > len(work.letters):
        counts[V_FULL] = 1
        return
    for place in range(length):
        work.letters[at + place] = codes[start + place]
    words[word, UNITS] = unit
    words[word, UNIT_COUNT] = counts[V_UNITS] - unit
    words[word, ROWS] = row
    words[word, ROW_COUNT] = words[word, ROW_ROOM] = counts[V_ROWS] - row
    words[word, WIDTH] = width
    words[word, LETTERS] = at
    words[word, LENGTH] = length << 1 | (tokens[token, CAPITALS] & ALL_CAPITALS)
    value = work.token_hashes[token]
    work.word_hashes[word] = value
    mask = np.int64(len(work.word_table) - 1)
    slot = np.int64(value & np.uint64(mask))
    while work.word_table[slot] >= 0:
        slot = (slot + 1) & mask
    work.word_table[slot] = word
    tokens[token, WORD] = word
    counts[V_WORDS] = word + 1
    counts[V_LETTERS] = at + length
