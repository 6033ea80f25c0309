"""Tokens to occurrences: which terms an article has, and at which of its words."""
# pyright: basic

from processors.matching.compiled.kernel import BOOL, INT, WORK, kernel
from processors.matching.compiled.layout import (
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
    T_LINKS,
    T_SEEN,
    TEXT_AT,
    WIDTH,
    WORD,
)


@kernel(WORK, INT, returns=BOOL)
def is_present(work, term):
    """Whether the article has a term."""
    return work.bits[term >> 5] >> (term & 31) & 1 != 0


@kernel(WORK, INT)
def set_present(work, term):
    """Say that the article has a term; it has no links yet."""
    era = work.counters[ERA]
    if work.term_state[term, T_SEEN] == era:
        return
    work.term_state[term, T_SEEN] = era
    work.term_state[term, T_LINKS] = -1
    work.bits[term >> 5] |= 1 << (term & 31)
    work.present[work.counters[PRESENT]] = term
    work.counters[PRESENT] += 1


@kernel(WORK)
def forget_present(work):
    """Make the table of present terms empty for the next article."""
    for number in range(work.counters[PRESENT]):
        work.bits[work.present[number] >> 5] = 0
    work.counters[PRESENT] = 0


@kernel(WORK, INT, INT, returns=INT)
def place_words(work, count, title):
    """Give each token its position, and gather the tokens of each distinct word; returns how many words there are."""
    era = work.counters[ERA]
    tokens, state, distinct = work.tokens, work.word_state, work.distinct
    position = 0
    words = 0
    for token in range(count):
        if token == title:
            position = TEXT_AT
        tokens[token, POSITION] = position
        word = tokens[token, WORD]
        position += work.words[word, WIDTH]
        if state[word, 0] != era:
            state[word, 0] = era
            state[word, 1] = words
            distinct[words, 0] = word
            distinct[words, 2] = 0
            words += 1
        distinct[state[word, 1], 2] += 1
    at = 0
    for number in range(words):
        distinct[number, 1] = at
        at += distinct[number, 2]
        distinct[number, 2] = 0
    for token in range(count):
        number = state[tokens[token, WORD], 1]
        work.where[distinct[number, 1] + distinct[number, 2]] = token
        distinct[number, 2] += 1
    return words


@kernel(WORK, INT, returns=INT)
def find_terms(work, words):
    """Link each term that the words have to them. Returns FITS or MORE_LINKS."""
    used = work.counters[LINKS_USED]
    for number in range(words):
        word = work.distinct[number, 0]
        first = work.words[word, ROWS]
        rows = work.words[word, ROW_COUNT]
        if used + rows > len(work.links):
            return MORE_LINKS
        for row in range(first, first + rows):
            term = work.rows[row, R_TERM]
            if term < 0:
                continue
            set_present(work, term)
            work.links[used, 0] = work.term_state[term, T_LINKS]
            work.links[used, 1] = number
            work.links[used, 2] = work.rows[row, R_UNIT]
            work.term_state[term, T_LINKS] = used
            used += 1
    work.counters[LINKS_USED] = used
    return FITS


@kernel(WORK)
def add_extras(work):
    """Terms that are no words of the text: filters that hold, entities with their places (sorted by term)."""
    for number in range(len(work.extras)):
        term = work.extras[number, E_TERM]
        if number == 0 or work.extras[number - 1, E_TERM] != term:
            set_present(work, term)
            work.term_state[term, T_LINKS] = number
