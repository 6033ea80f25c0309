"""One article: which queries are candidates, which of them hold, and the places that say why."""
# pyright: basic
# ruff: noqa: SIM109, SIM110 - what reads worse here compiles to better code

from numba import types

from processors.matching.compiled.algebra import list_node, listed_range
from processors.matching.compiled.kernel import (
    BOOL,
    INT,
    INT_TABLE,
    WORK,
    kernel,
)
from processors.matching.compiled.layout import (
    ALL_OF,
    ANY,
    ANY_OF,
    ATLEAST,
    BEFORE,
    C_BOTH,
    C_NUMBER,
    C_TITLE,
    C_WHERE,
    C_WHERE_LENGTH,
    CANDIDATES,
    COUNT,
    CUT,
    FIELDS,
    FLAG,
    HAS,
    KIND,
    LACKS,
    LINKS_USED,
    LISTED,
    MATCHES,
    MAX_MENTIONS,
    MAX_STEPS,
    MENTIONS_USED,
    MORE_MATCHES,
    N_PLACE_COUNT,
    N_PLACES,
    NEAR,
    NEED,
    P_BASE,
    P_FROM,
    P_LEAF,
    P_TO,
    PHRASE,
    PLACE_COLUMNS,
    PLACES_USED,
    Q_ALIVE,
    Q_LEAF_COUNT,
    Q_LEAVES,
    Q_LENGTH,
    Q_PROGRAM,
    STEPS,
    TERM,
    TOKENS,
    A,
)
from processors.matching.compiled.nearness import may_be_near
from processors.matching.compiled.occurrences import (
    add_extras,
    find_terms,
    forget_present,
    is_present,
    place_words,
)
from processors.matching.compiled.places import add_place, place_node, tidy_places
from processors.matching.compiled.presearch import find_candidates


@kernel(WORK, INT, returns=INT)
def surely(work, node):
    """What presence alone says of a condition: 1 it holds, 0 it doesn't, -1 positions must tell."""
    kind = work.nodes[node, KIND]
    first = work.nodes[node, A]
    if kind == TERM:
        if not is_present(work, first):
            return 0
        return 1 if work.nodes[node, FIELDS] == 3 and work.sequences[first, 1] == 0 else -1
    if kind == PHRASE:
        for place in range(first, first + work.nodes[node, COUNT]):
            if not is_present(work, work.args[place]):
                return 0
    return -1 if may_be_near(work, node) else 0


@kernel(WORK, INT, returns=BOOL)
def holds(work, node):
    """Whether a condition holds: a mention that there is, or an ATLEAST."""
    known = surely(work, node)
    if known >= 0:
        return known == 1
    kind = work.nodes[node, KIND]
    if kind == ANY:
        for place in range(work.nodes[node, A], work.nodes[node, A] + work.nodes[node, COUNT]):
            if surely(work, work.args[place]) == 1:
                return True
    if kind == NEAR or kind == BEFORE or kind == ATLEAST:
        return place_node(work, node) > 0
    list_node(work, node)
    at, end = listed_range(work, node)
    return end > at


@kernel(WORK, INT, INT, returns=types.Tuple((BOOL, INT)))
def decide(work, at, length):
    """Run a program. Returns whether it accepts, and how many nodes of `part` take part in that.

    A negative length: all of its operations must hold. Else it is in postfix order; `opened` and `values` are its stack.
    """
    parts = 0
    programs, part, opened, values = work.programs, work.part, work.opened, work.values
    if length < 0:
        for place in range(at, at - length):
            op, operand = programs[place, 0], programs[place, 1]
            if op == FLAG:
                if not is_present(work, operand):
                    return False, 0
            elif holds(work, operand) != (op == HAS):
                return False, 0
            elif op == HAS:
                part[parts] = operand
                parts += 1
        return True, parts
    depth = 0
    for place in range(at, at + length):
        op, operand = programs[place, 0], programs[place, 1]
        if op == HAS or op == LACKS or op == FLAG:
            opened[depth] = parts
            value = is_present(work, operand) if op == FLAG else holds(work, operand)
            if op == HAS and value:
                part[parts] = operand
                parts += 1
            values[depth] = value != (op == LACKS)
            depth += 1
            continue
        count = operand if op == ALL_OF or op == ANY_OF else 1
        held = 0
        for number in range(depth - count, depth):
            held += values[number]
        depth -= count - 1
        if op == ALL_OF:
            values[depth - 1] = held == count
        elif op == ANY_OF:
            values[depth - 1] = held > 0
        else:
            values[depth - 1] = held == 0
            parts = opened[depth - 1]
        if not values[depth - 1]:
            parts = opened[depth - 1]
    return values[0] != 0, parts


@kernel(WORK)
def list_concepts(work):
    """List the mentions of the concepts that there may be, each after those that it uses."""
    for row in range(len(work.concepts)):
        concept = work.concepts[row, C_NUMBER]
        if not is_present(work, work.concept_terms[concept]):
            continue
        work.counters[STEPS] = MAX_STEPS
        if work.concepts[row, C_WHERE_LENGTH] != 0:
            accepted, _ = decide(
                work,
                work.concepts[row, C_WHERE],
                work.concepts[row, C_WHERE_LENGTH],
            )
            if not accepted:
                continue
        for fields in range(C_TITLE, C_BOTH + 1):
            node = work.concepts[row, fields]
            work.concept_state[concept, fields] = node
            if node >= 0:
                list_node(work, node)
        if work.counters[STEPS] < 0:
            work.counters[CUT] = 1
        work.concept_state[concept, 0] = work.counters[LISTED]


@kernel(WORK, INT, INT, INT, returns=INT)
def earlier_leaf(work, query, one, other):
    """Which of two leaves comes first in the query."""
    at = work.queries[query, Q_LEAVES]
    for place in range(at, at + work.queries[query, Q_LEAF_COUNT]):
        if work.args[place] == one or work.args[place] == other:
            return work.args[place]
    return one


@kernel(INT_TABLE, INT, INT, returns=BOOL)
def same_characters(places, one, other):
    """Whether two places are at the same characters."""
    return places[one, P_FROM] == places[other, P_FROM] and places[one, P_TO] == places[other, P_TO]


@kernel(WORK, INT, INT)
def one_leaf_each(work, query, at):
    """Of several places at the same characters, from `at` on, keep the one whose leaf comes first in the query."""
    places = work.places
    kept = at
    for number in range(at, work.counters[PLACES_USED]):
        target = kept
        if kept > at and same_characters(places, kept - 1, number):
            leaf = places[kept - 1, P_LEAF]
            if earlier_leaf(work, query, leaf, places[number, P_LEAF]) == leaf:
                continue
            target = kept - 1
        else:
            kept += 1
        if target != number:
            for column in range(PLACE_COLUMNS):
                places[target, column] = places[number, column]
    work.counters[PLACES_USED] = kept


@kernel(INT_TABLE, INT, INT, returns=BOOL)
def is_plain(places, at, count):
    """Whether no two of places[at:at+count] are at the same characters."""
    for number in range(at + 1, at + count):
        if same_characters(places, number, number - 1):
            return False
    return True


@kernel(WORK, INT, INT, INT, INT, INT)
def merge_two(work, query, one, one_count, other, other_count):
    """Add the places of two sorted lists, sorted, of several at the same characters one; there must be room."""
    places = work.places
    at = used = work.counters[PLACES_USED]
    one_end, other_end = one + one_count, other + other_count
    while one < one_end or other < other_end:
        first = other == other_end or (
            one < one_end
            and (
                places[one, P_FROM] < places[other, P_FROM]
                or (places[one, P_FROM] == places[other, P_FROM] and places[one, P_TO] <= places[other, P_TO])
            )
        )
        taken = one if first else other
        one += first
        other += not first
        # As in one_leaf_each, in the same pass: one kernel for both took a fifth longer over all of `answer`.
        if used > at and same_characters(places, used - 1, taken):
            leaf = places[used - 1, P_LEAF]
            if earlier_leaf(work, query, leaf, places[taken, P_LEAF]) == leaf:
                continue
            used -= 1
        for column in range(PLACE_COLUMNS):
            places[used, column] = places[taken, column]
        used += 1
    work.counters[PLACES_USED] = used


@kernel(WORK, INT, INT)
def add_match(work, query, parts):
    """Write a match down with its places."""
    part = work.part
    for number in range(parts):
        place_node(work, part[number])
    state, matches = work.node_state, work.counters[MATCHES]
    if matches == len(work.matches):
        work.counters[NEED] = MORE_MATCHES
        return
    at, count = 0, 0
    if parts == 1 and is_plain(work.places, state[part[0], N_PLACES], state[part[0], N_PLACE_COUNT]):
        at, count = state[part[0], N_PLACES], state[part[0], N_PLACE_COUNT]
    elif parts > 0:
        at = work.counters[PLACES_USED]
        one, other = part[0], part[1]
        if parts == 2 and at + state[one, N_PLACE_COUNT] + state[other, N_PLACE_COUNT] <= len(work.places):
            merge_two(
                work,
                query,
                state[one, N_PLACES],
                state[one, N_PLACE_COUNT],
                state[other, N_PLACES],
                state[other, N_PLACE_COUNT],
            )
        else:
            for number in range(parts):
                node = part[number]
                for place in range(state[node, N_PLACES], state[node, N_PLACES] + state[node, N_PLACE_COUNT]):
                    copied = work.places[place]
                    add_place(work, copied[P_FROM], copied[P_TO], copied[P_LEAF], copied[P_BASE])
            tidy_places(work, at)
            one_leaf_each(work, query, at)
        count = work.counters[PLACES_USED] - at
    work.matches[matches, 0] = query
    work.matches[matches, 1] = at
    work.matches[matches, 2] = count
    work.counters[MATCHES] = matches + 1


@kernel(WORK, INT)
def answer(work, title):
    """Fill work.matches and work.places for the article whose tokens are in work.tokens.

    Where something has not enough room, counters[NEED] says what, and all must be done again with more of it.
    """
    counters = work.counters
    forget_present(work)
    counters[LINKS_USED] = counters[MENTIONS_USED] = counters[PLACES_USED] = counters[MATCHES] = counters[NEED] = 0
    counters[CUT] = 0
    words = place_words(work, counters[TOKENS], title)
    counters[NEED] = find_terms(work, words)
    if counters[NEED] != 0:
        return
    add_extras(work)
    find_candidates(work)
    list_concepts(work)
    for number in range(counters[CANDIDATES]):
        query = work.candidates[number]
        if not work.queries[query, Q_ALIVE]:
            continue
        counters[STEPS] = MAX_STEPS
        accepted, parts = decide(
            work,
            work.queries[query, Q_PROGRAM],
            work.queries[query, Q_LENGTH],
        )
        if accepted:
            add_match(work, query, parts)
        if counters[STEPS] < 0:
            counters[CUT] = 1
        if counters[NEED] != 0:
            return
        if counters[MENTIONS_USED] > MAX_MENTIONS >> 1:
            counters[LISTED] += 1  # forget the lists, so that the next query has room again
            counters[MENTIONS_USED] = 0
            list_concepts(work)
