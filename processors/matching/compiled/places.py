"""The places (spans) of a condition that holds: of each leaf, the mentions that take part in a way of holding it."""
# pyright: basic
# ruff: noqa: SIM109 - what reads worse here compiles to better code

import numpy as np

from processors.matching.compiled.algebra import (
    AHEAD,
    AROUND,
    BEHIND,
    list_node,
    listed_range,
    mark_partners,
    mark_partners_within,
    mark_same,
)
from processors.matching.compiled.kernel import BOOL, COUNT_ARRAY, INT, INT_TABLE, TWO, WORK, kernel
from processors.matching.compiled.layout import (
    ANY,
    ATLEAST,
    BEFORE,
    COUNT,
    CUT,
    FIRST,
    FROM,
    KIND,
    LAST,
    LISTED,
    MAX_PLACES,
    MORE_PLACES,
    N_PLACE_COUNT,
    N_PLACED,
    N_PLACES,
    NEAR,
    NEED,
    O_FROM,
    O_IN_TITLE,
    O_LEAF,
    O_TO,
    P_BASE,
    P_FROM,
    P_LEAF,
    P_TO,
    PLACE_COLUMNS,
    PLACES_USED,
    RANK_BITS,
    SLOP,
    TO,
    UNLESS,
    A,
    B,
)

_FEW = 24
_EVERY_PAIR = -1


@kernel(WORK, INT, INT, INT, INT)
def add_place(work, start, end, leaf, base):
    """Write a place down. Without room it says so, or at the limit of memory leaves it out."""
    used = work.counters[PLACES_USED]
    if used == len(work.places):
        if used < MAX_PLACES:
            work.counters[NEED] = MORE_PLACES
        else:
            work.counters[CUT] = 1
        return
    work.places[used, P_FROM] = start
    work.places[used, P_TO] = end
    work.places[used, P_LEAF] = leaf
    work.places[used, P_BASE] = base
    work.counters[PLACES_USED] = used + 1


@kernel(INT_TABLE, INT, INT, INT, INT, returns=BOOL)
def place_follows(places, a, start, end, leaf):
    """Whether the place a sorts after another."""
    if places[a, P_FROM] != start:
        return places[a, P_FROM] > start
    if places[a, P_TO] != end:
        return places[a, P_TO] > end
    return places[a, P_LEAF] > leaf


@kernel(WORK, INT)
def tidy_places(work, at):
    """Sort the places from `at` on by characters and leaf, each once."""
    places, end = work.places, work.counters[PLACES_USED]
    ordered = True
    for number in range(at + 1, end):
        before = places[number - 1]
        if not place_follows(places, number, before[P_FROM], before[P_TO], before[P_LEAF]):
            ordered = False
            break
    if ordered:
        return
    if end - at > _FEW:
        keys = np.empty(end - at, np.int64)
        for number in range(at, end):
            keys[number - at] = np.int64(places[number, P_FROM]) << 32 | np.int64(places[number, P_TO])
        order = np.argsort(keys, kind="mergesort")
        copied = places[at:end].copy()
        for number in range(at, end):
            places[number] = copied[order[number - at]]
    for number in range(at + 1, end):
        start, beyond, leaf = places[number, P_FROM], places[number, P_TO], places[number, P_LEAF]
        base = places[number, P_BASE]
        place = number
        while place > at and place_follows(places, place - 1, start, beyond, leaf):
            places[place] = places[place - 1]
            place -= 1
        places[place, P_FROM] = start
        places[place, P_TO] = beyond
        places[place, P_LEAF] = leaf
        places[place, P_BASE] = base
    kept = at
    for number in range(at, end):
        if kept > at and not place_follows(
            places, number, places[kept - 1, P_FROM], places[kept - 1, P_TO], places[kept - 1, P_LEAF]
        ):
            continue
        for column in range(PLACE_COLUMNS):
            places[kept, column] = places[number, column]
        kept += 1
    work.counters[PLACES_USED] = kept


@kernel(WORK, INT, INT, INT, INT, returns=INT)
def mark_side(work, node, stage, at, end):
    """Mark the mentions of a side (stage 0: left) that a pair of mentions[at:end], or any, is made of; returns the side."""
    nodes = work.nodes
    left, right, distance = nodes[node, A], nodes[node, B], nodes[node, SLOP]
    side = AROUND
    if nodes[node, KIND] == BEFORE:
        side = BEHIND if stage == 0 else AHEAD
    child, partner = (left, right) if stage == 0 else (right, left)
    one, one_end = listed_range(work, child)
    other, other_end = listed_range(work, partner)
    if at == _EVERY_PAIR:
        mark_partners(work, one, one_end, other, other_end, distance, side)
    else:
        mark_partners_within(work, one, one_end, other, other_end, distance, side, at, end)
    return child


@kernel(WORK, INT)
def collect(work, root):
    """Add the places of the marked mentions of a node: those of the leaves that they are made of."""
    nodes, stack = work.nodes, work.stack
    stack[0, 0] = root
    stack[0, 1] = 0
    depth = 1
    while depth:
        node, stage = stack[depth - 1, 0], stack[depth - 1, 1]
        kind = nodes[node, KIND]
        at, end = listed_range(work, node)
        child = -1
        if kind == ANY:
            if stage < nodes[node, COUNT]:
                child = work.args[nodes[node, A] + stage]
                one, one_end = listed_range(work, child)
                mark_same(work, one, one_end, at, end)
        elif kind == UNLESS:
            if stage == 0:
                child = nodes[node, A]
                one, one_end = listed_range(work, child)
                mark_same(work, one, one_end, at, end)
        elif kind == NEAR or kind == BEFORE:
            if stage < 2:
                child = mark_side(work, node, stage, at, end)
        else:
            for number in range(at, end):
                if work.marks[number]:
                    add_place(work, work.mentions[number, FROM], work.mentions[number, TO], node, -1)
        if child < 0:
            depth -= 1
        else:
            stack[depth - 1, 1] = stage + 1
            stack[depth, 0] = child
            stack[depth, 1] = 0
            depth += 1


@kernel(WORK, INT, INT, INT, returns=BOOL)
def mark_choosable(work, at, end, count):
    """Mark those of mentions[at:end] with which `count` can be chosen that don't overlap; returns whether there are any."""
    mentions = work.mentions
    size = end - at
    if size < count:
        return False
    lasts = np.empty(size, np.int32)
    firsts = np.empty(size, np.int32)
    for number in range(size):
        firsts[number] = mentions[at + number, FIRST] >> RANK_BITS
        lasts[number] = mentions[at + number, LAST] >> RANK_BITS
    by_last = np.argsort(lasts, kind="mergesort")
    # The most that can be chosen among those that end first, and among those that begin last, one more each time.
    until = np.empty(size, np.int32)
    until_count = 0
    reached = -1
    for rank in range(size):
        number = by_last[rank]
        if firsts[number] > reached:
            reached = lasts[number]
            until[until_count] = reached
            until_count += 1
    if until_count < count:
        return False
    since = np.empty(size, np.int32)
    since_count = 0
    reached = 2147483647
    for number in range(size - 1, -1, -1):
        if lasts[number] < reached:
            reached = firsts[number]
            since[since_count] = reached
            since_count += 1
    until = until[:until_count]
    backwards = -since[:since_count]
    found = False
    for number in range(size):
        before = np.searchsorted(until, firsts[number])
        after = np.searchsorted(backwards, -lasts[number])
        marked = 1 + before + after >= count
        work.marks[at + number] = marked
        found |= marked
    return found


@kernel(WORK, INT, returns=INT)
def place_node(work, root):
    """Find the places of a condition; returns how many, 0 where it doesn't hold."""
    state, nodes = work.node_state, work.nodes
    if state[root, N_PLACED] == work.counters[LISTED]:
        return state[root, N_PLACE_COUNT]
    kind = nodes[root, KIND]
    found = False
    used = work.counters[PLACES_USED]
    if kind == NEAR or kind == BEFORE:
        list_node(work, nodes[root, A])
        one, one_end = listed_range(work, nodes[root, A])
        if one_end > one:
            list_node(work, nodes[root, B])
            other, other_end = listed_range(work, nodes[root, B])
            side = AROUND if kind == NEAR else BEHIND
            found = mark_partners(work, one, one_end, other, other_end, nodes[root, SLOP], side)
            if found:
                collect(work, nodes[root, A])
                collect(work, mark_side(work, root, 1, _EVERY_PAIR, 0))
    else:
        node = nodes[root, A] if kind == ATLEAST else root
        list_node(work, node)
        at, end = listed_range(work, node)
        if kind == ATLEAST:
            found = mark_choosable(work, at, end, nodes[root, SLOP])
        else:
            found = end > at
            for number in range(at, end):
                work.marks[number] = 1
        if found:
            collect(work, node)
    tidy_places(work, used)
    for number in range(used, work.counters[PLACES_USED]):
        work.places[number, P_BASE] = number
    state[root, N_PLACED] = work.counters[LISTED]
    state[root, N_PLACES] = used
    state[root, N_PLACE_COUNT] = work.counters[PLACES_USED] - used
    return state[root, N_PLACE_COUNT]


@kernel(INT_TABLE, INT, INT_TABLE, COUNT_ARRAY, returns=TWO)
def own_places(places, title, own, numbers):
    """Copy the places that aren't copies of others to `own`, a column each; returns how many, and how many are in the title.

    `title` is its length: characters in the text are counted from its end on. `numbers`: where each place is in `own`.
    """
    count, in_title = 0, 0
    for place in range(len(places)):
        base = places[place, P_BASE]
        if base != place:
            numbers[place] = numbers[base]
            continue
        numbers[place] = count
        beyond = 0 if places[place, P_FROM] < title else title
        own[O_FROM, count] = places[place, P_FROM] - beyond
        own[O_TO, count] = places[place, P_TO] - beyond
        own[O_LEAF, count] = places[place, P_LEAF]
        own[O_IN_TITLE, count] = places[place, P_FROM] < title
        in_title += places[place, P_FROM] < title
        count += 1
    return count, in_title
