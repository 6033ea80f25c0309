"""A quick look whether terms can be near each other, before their mentions are listed and paired.

The positions that a term covers are folded into 64 bits, position p into bit p mod 64. Where two terms stand together, so do
their bits; where the bits don't, nothing needs to be listed. Of 212 candidates that an article has among 100,000 queries,
190 are phrases or NEARs whose words are all there, far from each other; of the 30 that the bits leave, the positions of the
words themselves leave none.
"""
# pyright: basic
# ruff: noqa: SIM109 - what reads worse here compiles to better code

from typing import Final

import numpy as np

from processors.matching.compiled.kernel import BOOL, HASH, INT, WORK, kernel
from processors.matching.compiled.layout import (
    ANY,
    BEFORE,
    COUNT,
    KIND,
    NEAR,
    PHRASE,
    POSITION,
    SLOP,
    T_BITS,
    T_JOINED,
    T_LINKS,
    TERM,
    WIDTH,
    A,
    B,
)
from processors.matching.compiled.occurrences import ALL_POSITIONS, NO_POSITIONS, is_present

_MOST_PAIRS = 256
"""Of words: no news has more of two terms, and as many cost as much as listing them."""
MOST_SLOP: Final = 30
"""Words between: with as many to either side nearly all bits are set."""


@kernel(HASH, INT, returns=HASH)
def turned(bits, by):
    """The bits `by` positions further on; 0 < by < 64."""
    return bits << np.uint64(by) | bits >> np.uint64(64 - by)


@kernel(HASH, INT, returns=HASH)
def reach(bits, far):
    """The bits and all up to `far` positions behind each."""
    width = 0
    while width < far:
        step = min(width + 1, far - width)
        bits |= turned(bits, step)
        width += step
    return bits


@kernel(HASH, INT, returns=HASH)
def around(bits, slop):
    """The bits and all that have `slop` words or fewer between: from slop + 1 positions before to slop + 1 behind."""
    return reach(turned(bits, 63 - slop), 2 * (slop + 1))


@kernel(WORK, INT, returns=HASH)
def covered_by_term(work, term):
    """The positions that the words with a term cover; all where that isn't known."""
    return work.term_bits[term, T_BITS] if is_present(work, term) else NO_POSITIONS


@kernel(WORK, INT, returns=HASH)
def covered(work, node):
    """The positions that a node's mentions cover; all where that isn't known."""
    if work.nodes[node, KIND] == TERM:
        return covered_by_term(work, work.nodes[node, A])
    if work.nodes[node, KIND] != ANY:
        return ALL_POSITIONS
    bits = NO_POSITIONS
    for place in range(work.nodes[node, A], work.nodes[node, A] + work.nodes[node, COUNT]):
        if work.nodes[work.args[place], KIND] != TERM:
            return ALL_POSITIONS
        bits |= covered_by_term(work, work.nodes[work.args[place], A])
    return bits


@kernel(WORK, INT, INT, INT, returns=BOOL)
def may_be_close(work, one, other, nearness):
    """False where two terms surely aren't near each other; `nearness` as in the columns of anchors."""
    bits = covered_by_term(work, one)
    if bits == NO_POSITIONS:
        return False
    slop = nearness >> 1
    bits = around(bits, slop) if nearness & 1 else reach(turned(bits, 1), slop)
    return bits & covered_by_term(work, other) != NO_POSITIONS


@kernel(WORK, INT, INT, INT, returns=BOOL)
def may_have_pair(work, one, other, nearness):
    """The same as may_be_close by the positions themselves, where there are few pairs of words; else True."""
    if work.terms[one, T_JOINED] or work.terms[other, T_JOINED]:
        return True
    links, distinct, where, tokens, known = work.links, work.distinct, work.where, work.tokens, work.words
    both, farthest = nearness & 1, (nearness >> 1) + 1
    pairs = 0
    left = work.terms[one, T_LINKS]
    while left >= 0:
        number = links[left, 1]
        width = known[distinct[number, 0], WIDTH]
        for place in range(distinct[number, 1], distinct[number, 1] + distinct[number, 2]):
            first = tokens[where[place], POSITION]
            last = first + width - 1
            right = work.terms[other, T_LINKS]
            while right >= 0:
                partner = links[right, 1]
                more = known[distinct[partner, 0], WIDTH] - 1
                pairs += distinct[partner, 2]
                if pairs > _MOST_PAIRS:
                    return True
                for beside in range(distinct[partner, 1], distinct[partner, 1] + distinct[partner, 2]):
                    begins = tokens[where[beside], POSITION]
                    after = begins - last <= farthest and begins + more > first
                    if after or (both and first - begins - more <= farthest and begins <= last):
                        return True
                right = links[right, 0]
        left = links[left, 0]
    return False


@kernel(WORK, INT, returns=BOOL)
def may_be_near(work, node):
    """False where a phrase, NEAR or BEFORE surely has no mention: its sides aren't near each other."""
    kind, slop = work.nodes[node, KIND], work.nodes[node, SLOP]
    if slop > MOST_SLOP:
        return True
    if kind == PHRASE:
        first = work.nodes[node, A]
        for place in range(first + 1, first + work.nodes[node, COUNT]):
            if not may_be_close(work, work.args[place - 1], work.args[place], slop << 1):
                return False
        return True
    if kind == NEAR or kind == BEFORE:
        one = covered(work, work.nodes[node, A])
        return one != NO_POSITIONS and around(one, slop) & covered(work, work.nodes[node, B]) != NO_POSITIONS
    return True
