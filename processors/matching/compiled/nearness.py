"""A quick look whether terms can be near each other, before their mentions are listed and paired.

The positions that a term covers are folded into 64 bits, position p into bit p mod 64. Where two terms stand together, so do
their bits; where the bits don't, nothing needs to be listed. Of 212 candidates that an article has among 100,000 queries,
190 are phrases or NEARs whose words are all there, far from each other.
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
    ERA,
    KIND,
    NEAR,
    PHRASE,
    POSITION,
    RANK_BITS,
    S_BITS,
    S_SEEN,
    SLOP,
    T_LINKS,
    TERM,
    U_FIRST,
    U_LAST,
    UNITS,
    A,
    B,
)
from processors.matching.compiled.occurrences import is_present

_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_NONE = np.uint64(0)
_ONE = np.uint64(1)
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
    """The positions that a term's units cover, whatever they are used for; all where that isn't known."""
    if not is_present(work, term):
        return _NONE
    if work.sequences[term, 1] != 0:
        return _ALL  # its spaced form is put together only when it is listed
    signatures = work.signatures
    era = np.uint64(work.counters[ERA])
    if signatures[term, S_SEEN] == era:
        return signatures[term, S_BITS]
    bits = _NONE
    link = work.term_state[term, T_LINKS]
    while link >= 0:
        number = work.links[link, 1]
        unit = work.words[work.distinct[number, 0], UNITS] + (work.links[link, 2] >> 2)
        first, last = work.units[unit, U_FIRST] >> RANK_BITS, work.units[unit, U_LAST] >> RANK_BITS
        for place in range(work.distinct[number, 1], work.distinct[number, 1] + work.distinct[number, 2]):
            position = work.tokens[work.where[place], POSITION]
            for covered in range(position + first, position + last + 1):
                bits |= _ONE << np.uint64(covered & 63)
        link = work.links[link, 0]
    signatures[term, S_SEEN] = era
    signatures[term, S_BITS] = bits
    return bits


@kernel(WORK, INT, returns=HASH)
def covered(work, node):
    """The positions that a node's mentions cover; all where that isn't known."""
    if work.nodes[node, KIND] == TERM:
        return covered_by_term(work, work.nodes[node, A])
    if work.nodes[node, KIND] != ANY:
        return _ALL
    bits = _NONE
    for place in range(work.nodes[node, A], work.nodes[node, A] + work.nodes[node, COUNT]):
        if work.nodes[work.args[place], KIND] != TERM:
            return _ALL
        bits |= covered_by_term(work, work.nodes[work.args[place], A])
    return bits


@kernel(WORK, INT, INT, INT, returns=BOOL)
def may_be_close(work, one, other, nearness):
    """False where two terms surely aren't near each other; `nearness` as in the columns of anchors."""
    bits = covered_by_term(work, one)
    if bits == _NONE:
        return False
    slop = nearness >> 1
    bits = around(bits, slop) if nearness & 1 else reach(turned(bits, 1), slop)
    return bits & covered_by_term(work, other) != _NONE


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
        return one != _NONE and around(one, slop) & covered(work, work.nodes[node, B]) != _NONE
    return True
