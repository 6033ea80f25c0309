"""Tokens to occurrences: which terms an article has, and at which of its words.

Each step asks for the memory that the next one reads: with many subscriptions most of the time went by waiting for it.
"""
# pyright: basic

import numpy as np

from processors.matching.compiled.kernel import BOOL, INT, WORK, kernel, prefetch
from processors.matching.compiled.layout import (
    ANCHORED,
    E_TERM,
    ERA,
    FITS,
    LINKS_USED,
    MORE_LINKS,
    POSITION,
    PRESENT,
    R_TERM,
    R_UNIT,
    ROW_COUNT,
    ROWS,
    T_ANCHOR_COUNT,
    T_ANCHORS,
    T_BITS,
    T_FREQUENCY,
    T_JOINED,
    T_LINKS,
    TEXT_AT,
    WIDTH,
    WORD,
)

ALL_POSITIONS = np.uint64(0xFFFFFFFFFFFFFFFF)
NO_POSITIONS = np.uint64(0)
_ONE = np.uint64(1)


@kernel(WORK, INT, returns=BOOL)
def is_present(work, term):
    """Whether the article has a term."""
    return work.bits[term >> 5] >> (term & 31) & 1 != 0


@kernel(WORK, INT)
def set_present(work, term):
    """Say that the article has a term, once; count its articles. It has no links yet."""
    if is_present(work, term):
        return
    work.bits[term >> 5] |= 1 << (term & 31)
    work.present[work.counters[PRESENT]] = term
    work.counters[PRESENT] += 1
    terms = work.terms
    terms[term, T_FREQUENCY] += 1
    terms[term, T_LINKS] = -1
    # A spaced form is put together only when it is listed.
    work.term_bits[term, T_BITS] = ALL_POSITIONS if terms[term, T_JOINED] else NO_POSITIONS
    if terms[term, T_ANCHOR_COUNT]:
        prefetch(work.anchors, terms[term, T_ANCHORS])
        work.anchored[work.counters[ANCHORED]] = term
        work.counters[ANCHORED] += 1


@kernel(WORK)
def forget_present(work):
    """Make the table of present terms empty for the next article."""
    for number in range(work.counters[PRESENT]):
        work.bits[work.present[number] >> 5] = 0
    work.counters[PRESENT] = 0
    work.counters[ANCHORED] = 0


@kernel(WORK, INT, INT, returns=INT)
def place_words(work, count, title):
    """Give each token its position, and gather the tokens of each distinct word; returns how many words there are."""
    era = work.counters[ERA]
    tokens, state, distinct = work.tokens, work.word_state, work.distinct
    known, rows, covers, where = work.words, work.rows, work.covers, work.where
    position = 0
    words = 0
    for token in range(count):
        if token == title:
            position = TEXT_AT
        tokens[token, POSITION] = position
        word = tokens[token, WORD]
        bits = _ONE << np.uint64(position & 63)
        width = known[word, WIDTH]
        for further in range(position + 1, position + width):
            bits |= _ONE << np.uint64(further & 63)
        if state[word, 0] == era:
            number = state[word, 1]
            distinct[number, 2] += 1
            covers[number] |= bits
        else:
            prefetch(rows, known[word, ROWS])
            state[word, 0] = era
            state[word, 1] = words
            distinct[words, 0] = word
            distinct[words, 2] = 1
            covers[words] = bits
            words += 1
        position += width
    at = 0
    for number in range(words):
        distinct[number, 1] = at
        at += distinct[number, 2]
        distinct[number, 2] = 0
    for token in range(count):
        number = state[tokens[token, WORD], 1]
        where[distinct[number, 1] + distinct[number, 2]] = token
        distinct[number, 2] += 1
    return words


@kernel(WORK, INT, returns=INT)
def find_terms(work, words):
    """Link each term that the words have to them. Returns FITS or MORE_LINKS."""
    used = work.counters[LINKS_USED]
    links, rows, terms, term_bits, covers = work.links, work.rows, work.terms, work.term_bits, work.covers
    distinct, known = work.distinct, work.words
    for number in range(words):
        word = distinct[number, 0]
        first = known[word, ROWS]
        count = known[word, ROW_COUNT]
        if used + count > len(links):
            return MORE_LINKS
        for row in range(first, first + count):
            term = rows[row, R_TERM]
            if term >= 0:
                prefetch(terms, term)
                links[used, 0] = term
                links[used, 1] = number
                links[used, 2] = rows[row, R_UNIT]
                used += 1
    for link in range(work.counters[LINKS_USED], used):
        term = links[link, 0]
        set_present(work, term)
        term_bits[term, T_BITS] |= covers[links[link, 1]]
        links[link, 0] = terms[term, T_LINKS]
        terms[term, T_LINKS] = link
    work.counters[LINKS_USED] = used
    return FITS


@kernel(WORK)
def add_extras(work):
    """Terms that are no words of the text: filters that hold, entities with their places (sorted by term)."""
    for number in range(len(work.extras)):
        term = work.extras[number, E_TERM]
        if number == 0 or work.extras[number - 1, E_TERM] != term:
            set_present(work, term)
            work.terms[term, T_LINKS] = number
