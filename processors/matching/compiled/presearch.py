"""The presearcher: queries stand under their rarest required terms; those whose terms an article has are candidates."""
# pyright: basic

from processors.matching.compiled.kernel import INT, INT_ARRAY, INT_TABLE, TWO, WORK, kernel
from processors.matching.compiled.layout import (
    A_NEARNESS,
    A_ONE,
    A_OTHER,
    A_QUERY,
    A_SECOND,
    A_THIRD,
    ANCHOR_COLUMNS,
    CANDIDATES,
    ERA,
    H_AT,
    H_COUNT,
    H_ROOM,
    NEARNESS_COLUMNS,
    PRESENT,
    Q_NEED_LENGTH,
    Q_NEEDS,
)
from processors.matching.compiled.nearness import may_be_close
from processors.matching.compiled.occurrences import is_present, set_present


@kernel(WORK)
def find_candidates(work):
    """Fill work.candidates with the queries whose required terms are there, each once; count the terms' articles.

    A negative query is a concept: its term is present then, and the queries under that are looked at too.
    """
    era = work.counters[ERA]
    found = 0
    number = 0
    while number < work.counters[PRESENT]:
        term = work.present[number]
        number += 1
        work.frequencies[term] += 1
        first = work.anchor_heads[term, H_AT]
        for row in range(first, first + work.anchor_heads[term, H_COUNT]):
            second = work.anchors[row, A_SECOND]
            if second >= 0 and not is_present(work, second):
                continue
            third = work.anchors[row, A_THIRD]
            if third >= 0 and not is_present(work, third):
                continue
            nearness = work.anchors[row, A_NEARNESS]
            if nearness >= 0 and not may_be_close(work, work.anchors[row, A_ONE], work.anchors[row, A_OTHER], nearness):
                continue
            query = work.anchors[row, A_QUERY]
            if query < 0:
                if work.concept_terms[-1 - query] >= 0:
                    set_present(work, work.concept_terms[-1 - query])
            elif work.query_state[query] != era:
                work.query_state[query] = era
                work.candidates[found] = query
                found += 1
    work.counters[CANDIDATES] = found


@kernel(INT, returns=INT)
def term_in(need):
    """The term that a need's number stands for."""
    return need if need >= 0 else -1 - need


@kernel(INT_ARRAY, INT, INT, INT, INT_ARRAY, returns=TWO)
def checks(args, at, length, chosen, frequencies):
    """The two rarest terms that must be there by themselves, but for the chosen set; -1 for none.

    Never a concept: whether it is there isn't known yet when terms before it are looked at.
    """
    second, third = -1, -1
    place = at
    while place < at + length:
        size = args[place]
        term = args[place + 1]
        if size == 1 and term >= 0 and place + 1 != chosen:
            if second < 0 or frequencies[term] < frequencies[second]:
                second, third = term, second
            elif third < 0 or frequencies[term] < frequencies[third]:
                third = term
        place += size + 1
    return second, third


@kernel(INT_TABLE, INT_TABLE, INT, INT, INT, INT, INT, INT_ARRAY, INT, returns=INT)
def add_anchor(anchor_heads, anchors, used, head, subject, second, third, args, near):
    """One row more under a term; the row's room must be there. Returns how much of `anchors` is used."""
    count = anchor_heads[head, H_COUNT]
    if count == anchor_heads[head, H_ROOM]:
        first = anchor_heads[head, H_AT]
        for row in range(count):
            for column in range(ANCHOR_COLUMNS):
                anchors[used + row, column] = anchors[first + row, column]
        anchor_heads[head, H_AT] = used
        anchor_heads[head, H_ROOM] = max(2, 2 * count)
        used += anchor_heads[head, H_ROOM]
    row = anchor_heads[head, H_AT] + count
    anchors[row, A_QUERY] = subject
    anchors[row, A_SECOND] = second
    anchors[row, A_THIRD] = third
    for column in range(NEARNESS_COLUMNS):
        anchors[row, A_ONE + column] = args[near + column]
    anchor_heads[head, H_COUNT] = count + 1
    return used


@kernel(INT_ARRAY, INT, INT, INT, INT_ARRAY, INT_TABLE, INT_TABLE, INT, returns=INT)
def anchor_one(args, at, length, subject, frequencies, anchor_heads, anchors, used):
    """File a query (or concept) under the set of its needs that is rarest, with two rare single needs as checks.

    args[at:at+length] are its needs: sets of terms of which one must be there, each with its size before it; and, last, what
    must be near each other. Returns how much of `anchors` is used then, or -1 where there isn't room (nothing is filed then).
    """
    length -= NEARNESS_COLUMNS
    best, best_at, best_size = -1, at + 1, 0
    place = at
    while place < at + length:
        size = args[place]
        total = 0
        for term in range(place + 1, place + 1 + size):
            total += frequencies[term_in(args[term])] + 1
        if best < 0 or total < best:
            best, best_at, best_size = total, place + 1, size
        place += size + 1
    second, third = checks(args, at, length, best_at, frequencies)
    room = used
    for term in range(best_at, best_at + best_size):
        head = term_in(args[term])
        if anchor_heads[head, H_COUNT] == anchor_heads[head, H_ROOM]:
            room += max(2, 2 * anchor_heads[head, H_ROOM])
    if room > len(anchors):
        return -1
    for term in range(best_at, best_at + best_size):
        used = add_anchor(anchor_heads, anchors, used, term_in(args[term]), subject, second, third, args, at + length)
    return used


@kernel(INT_ARRAY, INT_TABLE, INT_ARRAY, INT_ARRAY, INT_TABLE, INT_TABLE, INT, INT, returns=TWO)
def anchor_queries(args, table, which, frequencies, anchor_heads, anchors, used, done):
    """File the queries `which` of `table`; returns how many are, and how much of `anchors` is used."""
    for number in range(done, len(which)):
        query = which[number]
        after = anchor_one(
            args, table[query, Q_NEEDS], table[query, Q_NEED_LENGTH], query, frequencies, anchor_heads, anchors, used
        )
        if after < 0:
            return number, used
        used = after
    return len(which), used
