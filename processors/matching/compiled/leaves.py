"""Mentions of what a query's leaves look for: words, phrases, entities, concepts."""
# pyright: basic

from processors.matching.compiled.kernel import INT, INT_TABLE, TWO, WORK, kernel
from processors.matching.compiled.layout import (
    AS_MENTION,
    AS_STEP,
    BEGINS,
    CONCEPT,
    COUNT,
    E_FROM,
    E_TERM,
    E_TO,
    END,
    ENDS,
    FIELDS,
    KIND,
    LISTED,
    MENTIONS_USED,
    N_AT,
    N_COUNT,
    N_LISTED,
    PHRASE,
    PLAIN,
    POSITION,
    RANK_BITS,
    SLOP,
    START,
    T_LINKS,
    T_MENTION_COUNT,
    T_MENTIONS,
    T_MENTIONS_AT,
    T_STEP_COUNT,
    T_STEPS,
    T_STEPS_AT,
    TERM,
    TOKENS,
    U_END,
    U_FIRST,
    U_LAST,
    U_START,
    UNIT_COUNT,
    UNITS,
    WORD,
    A,
)
from processors.matching.compiled.lists import add_mention, in_fields, joined_rows, tidy
from processors.matching.compiled.occurrences import is_present

_ANY_USE = 0


@kernel(WORK, INT, INT, returns=INT)
def list_links(work, term, use):
    """List the units that a term is linked to for `use`, sorted; returns where they begin (they reach to MENTIONS_USED)."""
    at = work.counters[MENTIONS_USED]
    link = work.terms[term, T_LINKS] if is_present(work, term) else -1
    words = 0
    while link >= 0:
        about = work.links[link, 2]
        if use == _ANY_USE or about & use:
            number = work.links[link, 1]
            unit = work.words[work.distinct[number, 0], UNITS] + (about >> 2)
            for place in range(work.distinct[number, 1], work.distinct[number, 1] + work.distinct[number, 2]):
                token = work.where[place]
                point = work.tokens[token, POSITION] << RANK_BITS
                start = work.tokens[token, START]
                add_mention(
                    work,
                    point + work.units[unit, U_FIRST],
                    point + work.units[unit, U_LAST],
                    start + work.units[unit, U_START],
                    start + work.units[unit, U_END],
                    0,
                )
            words += 1
        link = work.links[link, 0]
    if words > 1:
        tidy(work, at)
    return at


@kernel(WORK, INT, INT)
def list_term(work, term, use):
    """List a term's mentions, or the steps it may be in a phrase, with the spaced form of a hyphenated word."""
    state = work.term_state
    stamp, where, many = T_MENTIONS_AT, T_MENTIONS, T_MENTION_COUNT
    if use == AS_STEP:
        stamp, where, many = T_STEPS_AT, T_STEPS, T_STEP_COUNT
    if state[term, stamp] == work.counters[LISTED]:
        return
    parts = work.sequences[term, 1]
    rows = rows_end = 0
    if parts:
        first = work.sequences[term, 0]
        rows = list_links(work, work.sequence_terms[first], _ANY_USE)
        rows_end = work.counters[MENTIONS_USED]
        for part in range(first + 1, first + parts):
            steps = list_links(work, work.sequence_terms[part], _ANY_USE)
            steps_end = work.counters[MENTIONS_USED]
            rows = joined_rows(work, rows, rows_end, steps, steps_end, 0)
            rows_end = work.counters[MENTIONS_USED]
    at = list_links(work, term, use)
    if parts:
        mentions = work.mentions
        for row in range(rows, rows_end):
            add_mention(work, mentions[row, 0], mentions[row, 1], mentions[row, 2], mentions[row, 3], 0)
        tidy(work, at)
    state[term, stamp] = work.counters[LISTED]
    state[term, where] = at
    state[term, many] = work.counters[MENTIONS_USED] - at


@kernel(WORK, INT, returns=TWO)
def list_phrase(work, node):
    """List a phrase's mentions; returns where they begin and how many."""
    args, slop = work.args, work.nodes[node, SLOP]
    first, count = work.nodes[node, A], work.nodes[node, COUNT]
    for place in range(first, first + count):
        if not is_present(work, args[place]):
            return 0, 0
    list_term(work, args[first], AS_STEP)
    rows = work.term_state[args[first], T_STEPS]
    many = work.term_state[args[first], T_STEP_COUNT]
    for place in range(first + 1, first + count):
        if many == 0:
            break
        list_term(work, args[place], AS_STEP)
        steps = work.term_state[args[place], T_STEPS]
        steps_end = steps + work.term_state[args[place], T_STEP_COUNT]
        rows = joined_rows(work, rows, rows + many, steps, steps_end, slop)
        many = work.counters[MENTIONS_USED] - rows
    return rows, many


@kernel(INT_TABLE, INT, INT, returns=INT)
def first_token_beyond(tokens, count, character):
    """The number of the first token that ends behind a character."""
    at, end = 0, count
    while at < end:
        middle = (at + end) >> 1
        if tokens[middle, END] <= character:
            at = middle + 1
        else:
            end = middle
    return at


@kernel(WORK, INT, returns=INT)
def list_entity(work, term):
    """List an entity's mentions; returns where they begin."""
    at = work.counters[MENTIONS_USED]
    number = work.terms[term, T_LINKS] if is_present(work, term) else len(work.extras)
    while number < len(work.extras) and work.extras[number, E_TERM] == term:
        start, end = work.extras[number, E_FROM], work.extras[number, E_TO]
        first = last = -1
        token = first_token_beyond(work.tokens, work.counters[TOKENS], start)
        while token < work.counters[TOKENS] and work.tokens[token, START] < end:
            word = work.tokens[token, WORD]
            for unit in range(work.words[word, UNITS], work.words[word, UNITS] + work.words[word, UNIT_COUNT]):
                begins = work.tokens[token, START] + work.units[unit, U_START]
                ends = work.tokens[token, START] + work.units[unit, U_END]
                if work.units[unit, PLAIN] and begins < end and start < ends:
                    point = (work.tokens[token, POSITION] << RANK_BITS) + work.units[unit, U_FIRST]
                    first = point if first < 0 else first
                    last = point - BEGINS + ENDS
            token += 1
        if first >= 0:
            add_mention(work, first, last, start, end, 0)
        number += 1
    tidy(work, at)
    return at


@kernel(WORK, INT)
def list_leaf(work, node):
    """List the mentions of a leaf of the query in its fields."""
    kind, subject = work.nodes[node, KIND], work.nodes[node, A]
    at, count = 0, 0
    if kind == TERM:
        if is_present(work, subject):
            list_term(work, subject, AS_MENTION)
            at, count = work.term_state[subject, T_MENTIONS], work.term_state[subject, T_MENTION_COUNT]
    elif kind == PHRASE:
        at, count = list_phrase(work, node)
    elif kind == CONCEPT:
        same = work.concept_state[subject, work.nodes[node, FIELDS]]
        if work.concept_state[subject, 0] == work.counters[LISTED] and same >= 0:
            at, count = work.node_state[same, N_AT], work.node_state[same, N_COUNT]
    else:
        at = list_entity(work, subject)
        count = work.counters[MENTIONS_USED] - at
    if kind != CONCEPT:
        at, count = in_fields(work.mentions, at, count, work.nodes[node, FIELDS])
    work.node_state[node, N_LISTED] = work.counters[LISTED]
    work.node_state[node, N_AT] = at
    work.node_state[node, N_COUNT] = count
