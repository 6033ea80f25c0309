"""The presearcher: queries stand under their rarest required terms; those whose terms an article has are candidates."""
# pyright: basic

from processors.matching.compiled.kernel import BOOL, INT, INT_ARRAY, INT_TABLE, TWO, WORK, kernel, prefetch
from processors.matching.compiled.layout import (
    A_LACKS,
    A_LACKS_TOO,
    A_NEARNESS,
    A_ONE,
    A_OTHER,
    A_QUERY,
    A_SECOND,
    A_THIRD,
    ANCHOR_COLUMNS,
    ANCHORED,
    CANDIDATES,
    CHECK_COLUMNS,
    EITHER,
    ERA,
    Q_NEED_LENGTH,
    Q_NEEDS,
    Q_PROGRAM,
    T_ANCHOR_COUNT,
    T_ANCHOR_ROOM,
    T_ANCHORS,
    T_FREQUENCY,
    T_JOINED,
)
from processors.matching.compiled.nearness import may_be_close, may_have_pair
from processors.matching.compiled.occurrences import is_present, set_present


@kernel(WORK, INT, returns=BOOL)
def has_surely(work, term):
    """Whether the article mentions a word (-1: none): where it may have a spaced form, that isn't known yet."""
    return term >= 0 and is_present(work, term) and not work.terms[term, T_JOINED]


@kernel(WORK)
def find_candidates(work):
    """Fill work.candidates with the queries whose required terms are there, each once.

    A negative query is a concept: its term is present then, and the queries under that are looked at too.
    """
    era = work.counters[ERA]
    found = 0
    number = 0
    anchors = work.anchors
    while number < work.counters[ANCHORED]:
        term = work.anchored[number]
        number += 1
        first = work.terms[term, T_ANCHORS]
        for row in range(first, first + work.terms[term, T_ANCHOR_COUNT]):
            second = anchors[row, A_SECOND]
            if second >= 0 and not is_present(work, second):
                continue
            third = anchors[row, A_THIRD]
            if third >= 0 and not is_present(work, third):
                continue
            if has_surely(work, anchors[row, A_LACKS]) or has_surely(work, anchors[row, A_LACKS_TOO]):
                continue
            nearness = anchors[row, A_NEARNESS]
            if nearness == EITHER:
                if not is_present(work, anchors[row, A_ONE]) and not is_present(work, anchors[row, A_OTHER]):
                    continue
            elif nearness >= 0:
                one, other = anchors[row, A_ONE], anchors[row, A_OTHER]
                if not may_be_close(work, one, other, nearness) or not may_have_pair(work, one, other, nearness):
                    continue
            query = anchors[row, A_QUERY]
            if query < 0:
                if work.concept_terms[-1 - query] >= 0:
                    set_present(work, work.concept_terms[-1 - query])
            elif work.query_state[query] != era:
                work.query_state[query] = era
                prefetch(work.queries, query)
                work.candidates[found] = query
                found += 1
    for number in range(found):
        prefetch(work.programs, work.queries[work.candidates[number], Q_PROGRAM])
    work.counters[CANDIDATES] = found


@kernel(INT, returns=INT)
def term_in(need):
    """The term that a need's number stands for."""
    return need if need >= 0 else -1 - need


@kernel(INT_ARRAY, INT, INT, INT, INT_TABLE, returns=TWO)
def checks(args, at, length, chosen, terms):
    """The two rarest terms that must be there by themselves, but for the chosen set; -1 for none.

    Never a concept: whether it is there isn't known yet when terms before it are looked at.
    """
    second, third = -1, -1
    place = at
    while place < at + length:
        size = args[place]
        term = args[place + 1]
        if size == 1 and term >= 0 and place + 1 != chosen:
            if second < 0 or terms[term, T_FREQUENCY] < terms[second, T_FREQUENCY]:
                second, third = term, second
            elif third < 0 or terms[term, T_FREQUENCY] < terms[third, T_FREQUENCY]:
                third = term
        place += size + 1
    return second, third


@kernel(INT_TABLE, INT_TABLE, INT, INT, INT, INT, INT, INT_ARRAY, INT, returns=INT)
def add_anchor(terms, anchors, used, head, subject, second, third, args, at):
    """One row more under a term; the row's room must be there. Returns how much of `anchors` is used."""
    count = terms[head, T_ANCHOR_COUNT]
    if count == terms[head, T_ANCHOR_ROOM]:
        first = terms[head, T_ANCHORS]
        for row in range(count):
            for column in range(ANCHOR_COLUMNS):
                anchors[used + row, column] = anchors[first + row, column]
        terms[head, T_ANCHORS] = used
        terms[head, T_ANCHOR_ROOM] = max(2, 2 * count)
        used += terms[head, T_ANCHOR_ROOM]
    row = terms[head, T_ANCHORS] + count
    anchors[row, A_QUERY] = subject
    anchors[row, A_SECOND] = second
    anchors[row, A_THIRD] = third
    for column in range(CHECK_COLUMNS):
        anchors[row, A_ONE + column] = args[at + column]
    terms[head, T_ANCHOR_COUNT] = count + 1
    return used


@kernel(INT_ARRAY, INT, INT, INT, INT_TABLE, INT_TABLE, INT, returns=INT)
def anchor_one(args, at, length, subject, terms, anchors, used):
    """File a query (or concept) under the set of its needs that is rarest, with two rare single needs as checks.

    args[at:at+length] are its needs: sets of terms of which one must be there, each with its size before it; and, last, what
    must be near each other and what must not be there. Returns how much of `anchors` is used then, or -1 where there isn't
    room (nothing is filed then).
    """
    length -= CHECK_COLUMNS
    best, best_at, best_size = -1, at + 1, 0
    place = at
    while place < at + length:
        size = args[place]
        total = 0
        for need in range(place + 1, place + 1 + size):
            total += terms[term_in(args[need]), T_FREQUENCY] + 1
        if best < 0 or total < best:
            best, best_at, best_size = total, place + 1, size
        place += size + 1
    second, third = checks(args, at, length, best_at, terms)
    room = used
    for need in range(best_at, best_at + best_size):
        head = term_in(args[need])
        if terms[head, T_ANCHOR_COUNT] == terms[head, T_ANCHOR_ROOM]:
            room += max(2, 2 * terms[head, T_ANCHOR_ROOM])
    if room > len(anchors):
        return -1
    for need in range(best_at, best_at + best_size):
        used = add_anchor(terms, anchors, used, term_in(args[need]), subject, second, third, args, at + length)
    return used


@kernel(INT_ARRAY, INT_TABLE, INT_ARRAY, INT_TABLE, INT_TABLE, INT, INT, returns=TWO)
def anchor_queries(args, table, which, terms, anchors, used, done):
    """File the queries `which` of `table`; returns how many are, and how much of `anchors` is used."""
    for number in range(done, len(which)):
        query = which[number]
        after = anchor_one(args, table[query, Q_NEEDS], table[query, Q_NEED_LENGTH], query, terms, anchors, used)
        if after < 0:
            return number, used
        used = after
    return len(which), used
