"""Mentions of OR, NEAR, BEFORE and UNLESS, and which of them are beside which."""
# pyright: basic
# ruff: noqa: SIM109 - what reads worse here compiles to better code

from processors.matching.compiled.kernel import BOOL, INT, INT_TABLE, TWO, WORK, kernel
from processors.matching.compiled.layout import (
    ANY,
    BEFORE,
    COUNT,
    FIRST,
    FROM,
    KIND,
    LAST,
    LISTED,
    MENTIONS_USED,
    N_AT,
    N_COUNT,
    N_LISTED,
    NEAR,
    RANK_BITS,
    SLOP,
    STEPS,
    TO,
    UNLESS,
    A,
    B,
)
from processors.matching.compiled.leaves import list_leaf
from processors.matching.compiled.lists import add_mention, first_from, index_of, merge_same, same_points

AROUND, BEHIND, AHEAD, AROUND_OR_SAME = range(4)
"""Where a partner is looked for: on any side, after the mention, before it, on any side or the mention itself."""


@kernel(INT_TABLE, INT, INT, returns=INT)
def longest(mentions, at, end):
    """How many positions beyond its first the longest of mentions[at:end] reaches."""
    found = 0
    for number in range(at, end):
        found = max(found, (mentions[number, LAST] >> RANK_BITS) - (mentions[number, FIRST] >> RANK_BITS))
    return found


@kernel(INT_TABLE, INT, INT, INT, INT, returns=BOOL)
def is_partner(mentions, one, other, distance, side):
    """Whether `other` is on that side of `one` with at most `distance` words between."""
    gap = max(mentions[one, FIRST] >> RANK_BITS, mentions[other, FIRST] >> RANK_BITS) - min(
        mentions[one, LAST] >> RANK_BITS, mentions[other, LAST] >> RANK_BITS
    )
    if gap - 1 > distance:
        return False
    if side == AROUND_OR_SAME:
        return True
    if same_points(mentions, one, other):
        return False
    if side == BEHIND:
        return mentions[one, LAST] < mentions[other, FIRST]
    return side == AROUND or mentions[other, LAST] < mentions[one, FIRST]


@kernel(INT_TABLE, INT, INT, INT, INT, INT, INT, returns=TWO)
def window(mentions, one, at, end, reach, distance, side):
    """Where in mentions[at:end], whose longest reaches `reach` further, partners begin, and the last point they begin at."""
    position = mentions[one, FIRST] >> RANK_BITS
    lowest = (position - distance - 1 - reach) << RANK_BITS
    highest = ((mentions[one, LAST] >> RANK_BITS) + distance + 2) << RANK_BITS
    if side == BEHIND:
        lowest = mentions[one, LAST] + 1
    elif side == AHEAD:
        highest = mentions[one, FIRST]
    return first_from(mentions, at, end, lowest), highest


@kernel(WORK, INT, INT, INT, INT, INT, INT, returns=BOOL)
def has_partner(work, one, at, end, reach, distance, side):
    """Whether one of mentions[at:end] is a partner."""
    mentions = work.mentions
    other, highest = window(mentions, one, at, end, reach, distance, side)
    while other < end and mentions[other, FIRST] < highest:
        work.counters[STEPS] -= 1
        if is_partner(mentions, one, other, distance, side):
            return True
        if work.counters[STEPS] < 0:
            return False
        other += 1
    return False


@kernel(WORK, INT, INT, INT, INT, INT, INT, returns=INT)
def list_pairs(work, left, left_end, right, right_end, distance, side):
    """List the pairs of NEAR (AROUND) or BEFORE (BEHIND); returns where they begin."""
    mentions = work.mentions
    at = work.counters[MENTIONS_USED]
    reach = longest(mentions, right, right_end)
    for one in range(left, left_end):
        other, highest = window(mentions, one, right, right_end, reach, distance, side)
        while other < right_end and mentions[other, FIRST] < highest:
            work.counters[STEPS] -= 1
            if work.counters[STEPS] < 0:
                break
            if is_partner(mentions, one, other, distance, side):
                add_mention(
                    work,
                    min(mentions[one, FIRST], mentions[other, FIRST]),
                    max(mentions[one, LAST], mentions[other, LAST]),
                    min(mentions[one, FROM], mentions[other, FROM]),
                    max(mentions[one, TO], mentions[other, TO]),
                    0,
                )
            other += 1
    merge_same(work, at)
    return at


@kernel(WORK, INT)
def copy_mention(work, number):
    """A mention once more, behind the others."""
    held = work.mentions[number]
    add_mention(work, held[FIRST], held[LAST], held[FROM], held[TO], 0)


@kernel(WORK, INT, INT, INT, INT, INT, returns=INT)
def list_unless(work, left, left_end, right, right_end, distance):
    """List the left mentions that have no right one near; returns where they begin."""
    at = work.counters[MENTIONS_USED]
    reach = longest(work.mentions, right, right_end)
    for one in range(left, left_end):
        if not has_partner(work, one, right, right_end, reach, distance, AROUND_OR_SAME):
            copy_mention(work, one)
    return at


@kernel(WORK, INT, returns=BOOL)
def is_listed(work, node):
    """Whether a node's mentions are listed."""
    return work.node_state[node, N_LISTED] == work.counters[LISTED]


@kernel(WORK, INT, returns=TWO)
def listed_range(work, node):
    """Where a node's mentions begin and end; an empty list where they aren't listed (they weren't needed)."""
    if not is_listed(work, node):
        return 0, 0
    at = work.node_state[node, N_AT]
    return at, at + work.node_state[node, N_COUNT]


@kernel(WORK, INT, INT)
def set_listed(work, node, at):
    """The node's mentions are those from `at` on."""
    work.node_state[node, N_LISTED] = work.counters[LISTED]
    work.node_state[node, N_AT] = at
    work.node_state[node, N_COUNT] = work.counters[MENTIONS_USED] - at


@kernel(WORK, INT)
def list_node(work, root):
    """List the mentions of a node, and for that of the nodes it is made of."""
    nodes, stack = work.nodes, work.stack
    stack[0, 0] = root
    depth = 1
    while depth:
        node = stack[depth - 1, 0]
        kind = nodes[node, KIND]
        if is_listed(work, node):
            depth -= 1
        elif kind == ANY:
            waiting = False
            for place in range(nodes[node, A], nodes[node, A] + nodes[node, COUNT]):
                if not is_listed(work, work.args[place]):
                    stack[depth, 0] = work.args[place]
                    depth += 1
                    waiting = True
            if not waiting:
                at = work.counters[MENTIONS_USED]
                for place in range(nodes[node, A], nodes[node, A] + nodes[node, COUNT]):
                    one, end = listed_range(work, work.args[place])
                    for number in range(one, end):
                        copy_mention(work, number)
                merge_same(work, at)
                set_listed(work, node, at)
        elif kind == NEAR or kind == BEFORE or kind == UNLESS:
            left, right = nodes[node, A], nodes[node, B]
            if not is_listed(work, left):
                stack[depth, 0] = left
                depth += 1
            elif not is_listed(work, right) and work.node_state[left, N_COUNT] > 0:
                stack[depth, 0] = right
                depth += 1
            else:
                one, one_end = listed_range(work, left)
                other, other_end = listed_range(work, right)
                if kind == UNLESS:
                    at = list_unless(work, one, one_end, other, other_end, nodes[node, SLOP])
                else:
                    side = AROUND if kind == NEAR else BEHIND
                    at = list_pairs(work, one, one_end, other, other_end, nodes[node, SLOP], side)
                set_listed(work, node, at)
        else:
            list_leaf(work, node)


@kernel(WORK, INT, INT, INT, INT, INT, INT, returns=BOOL)
def mark_partners(work, one, one_end, other, other_end, distance, side):
    """Mark those of mentions[one:one_end] that have a partner among the others; returns whether there are any."""
    reach = longest(work.mentions, other, other_end)
    found = False
    for number in range(one, one_end):
        marked = has_partner(work, number, other, other_end, reach, distance, side)
        work.marks[number] = marked
        found |= marked
    return found


@kernel(WORK, INT, INT, INT, INT, INT, INT, INT, INT)
def mark_partners_within(work, one, one_end, other, other_end, distance, side, pair, pair_end):
    """As mark_partners, but only where the two together are one of the marked mentions[pair:pair_end]."""
    mentions = work.mentions
    reach = longest(mentions, other, other_end)
    for number in range(one, one_end):
        work.marks[number] = 0
        partner, highest = window(mentions, number, other, other_end, reach, distance, side)
        while partner < other_end and mentions[partner, FIRST] < highest:
            work.counters[STEPS] -= 1
            if work.counters[STEPS] < 0:
                return
            if is_partner(mentions, number, partner, distance, side):
                first = min(mentions[number, FIRST], mentions[partner, FIRST])
                last = max(mentions[number, LAST], mentions[partner, LAST])
                whole = index_of(mentions, pair, pair_end, first, last)
                if whole >= 0 and work.marks[whole]:
                    work.marks[number] = 1
                    break
            partner += 1


@kernel(WORK, INT, INT, INT, INT)
def mark_same(work, one, one_end, whole, whole_end):
    """Mark those of mentions[one:one_end] that are one of the marked mentions[whole:whole_end]."""
    mentions = work.mentions
    for number in range(one, one_end):
        same = index_of(mentions, whole, whole_end, mentions[number, FIRST], mentions[number, LAST])
        work.marks[number] = same >= 0 and work.marks[same]
