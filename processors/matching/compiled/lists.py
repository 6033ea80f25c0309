"""Lists of mentions: records in one arena, sorted by first and last point, each once."""
# pyright: basic

import numpy as np

from processors.matching.compiled.kernel import BOOL, INT, INT_ARRAY, INT_TABLE, TWO, WORK, kernel
from processors.matching.compiled.layout import (
    CUT,
    FIRST,
    FROM,
    LAST,
    MAX_MENTIONS,
    MENTION_COLUMNS,
    MENTIONS_USED,
    MORE_MENTIONS,
    NEED,
    RANK_BITS,
    SKIPPED,
    STEPS,
    TEXT_AT,
    TO,
)

_FEW = 24


@kernel(WORK, INT, INT, INT, INT, INT)
def add_mention(work, first, last, start, end, skipped):
    """Write a mention down behind the others. Without room it says so, or at the limit of memory leaves it out."""
    used = work.counters[MENTIONS_USED]
    mentions = work.mentions
    if used == len(mentions):
        if used < MAX_MENTIONS:
            work.counters[NEED] = MORE_MENTIONS
        else:
            work.counters[CUT] = 1
        return
    mentions[used, FIRST] = first
    mentions[used, LAST] = last
    mentions[used, FROM] = start
    mentions[used, TO] = end
    mentions[used, SKIPPED] = skipped
    work.counters[MENTIONS_USED] = used + 1


@kernel(INT_TABLE, INT, INT, returns=BOOL)
def comes_after(mentions, a, b):
    """Whether a sorts after b."""
    for column in range(MENTION_COLUMNS):
        if mentions[a, column] != mentions[b, column]:
            return mentions[a, column] > mentions[b, column]
    return False


@kernel(INT_TABLE, INT, INT, returns=BOOL)
def same_points(mentions, a, b):
    """Whether they are the very same mention."""
    return mentions[a, FIRST] == mentions[b, FIRST] and mentions[a, LAST] == mentions[b, LAST]


@kernel(INT_TABLE, INT, INT, returns=BOOL)
def same_place(mentions, a, b):
    """Whether they are the same mention at the same characters."""
    return same_points(mentions, a, b) and mentions[a, FROM] == mentions[b, FROM] and mentions[a, TO] == mentions[b, TO]


@kernel(INT_TABLE, INT, INT_ARRAY, returns=BOOL)
def follows(mentions, a, held):
    """Whether a sorts after the mention `held`."""
    for column in range(MENTION_COLUMNS):
        if mentions[a, column] != held[column]:
            return mentions[a, column] > held[column]
    return False


@kernel(INT_TABLE, INT, INT)
def sort(mentions, at, end):
    """Sort mentions[at:end]."""
    sorted_already = True
    for number in range(at + 1, end):
        if comes_after(mentions, number - 1, number):
            sorted_already = False
            break
    if sorted_already:
        return
    if end - at > _FEW:
        keys = np.empty(end - at, np.int64)
        for number in range(at, end):
            keys[number - at] = np.int64(mentions[number, FIRST]) << 32 | np.int64(mentions[number, LAST])
        order = np.argsort(keys, kind="mergesort")
        copied = mentions[at:end].copy()
        for number in range(at, end):
            mentions[number] = copied[order[number - at]]
    held = np.empty(MENTION_COLUMNS, np.int32)
    for number in range(at + 1, end):
        place = number
        if not comes_after(mentions, place - 1, place):
            continue
        held[:] = mentions[number]
        while place > at and follows(mentions, place - 1, held):
            mentions[place] = mentions[place - 1]
            place -= 1
        mentions[place] = held


@kernel(WORK, INT)
def tidy(work, at):
    """Sort the mentions from `at` on; of those at the same points and characters keep the first."""
    mentions, end = work.mentions, work.counters[MENTIONS_USED]
    sort(mentions, at, end)
    kept = at
    for number in range(at, end):
        if kept > at and same_place(mentions, kept - 1, number):
            continue
        if kept != number:
            mentions[kept] = mentions[number]
        kept += 1
    work.counters[MENTIONS_USED] = kept


@kernel(WORK, INT)
def merge_same(work, at):
    """Sort the mentions from `at` on; those at the same points become one, from the first to the last character."""
    mentions, end = work.mentions, work.counters[MENTIONS_USED]
    sort(mentions, at, end)
    kept = at
    for number in range(at, end):
        if kept > at and same_points(mentions, kept - 1, number):
            mentions[kept - 1, FROM] = min(mentions[kept - 1, FROM], mentions[number, FROM])
            mentions[kept - 1, TO] = max(mentions[kept - 1, TO], mentions[number, TO])
            continue
        if kept != number:
            mentions[kept] = mentions[number]
        kept += 1
    work.counters[MENTIONS_USED] = kept


@kernel(INT_TABLE, INT, INT, INT, returns=INT)
def first_from(mentions, at, end, point):
    """The number of the first of mentions[at:end] whose first point is not before `point`."""
    while at < end:
        middle = (at + end) >> 1
        if mentions[middle, FIRST] < point:
            at = middle + 1
        else:
            end = middle
    return at


@kernel(INT_TABLE, INT, INT, INT, INT, returns=INT)
def index_of(mentions, at, end, first, last):
    """The number of the first of mentions[at:end] with these points; -1 where there is none."""
    beyond = end
    while at < end:
        middle = (at + end) >> 1
        here = mentions[middle, FIRST]
        if here < first or (here == first and mentions[middle, LAST] < last):
            at = middle + 1
        else:
            end = middle
    if at < beyond and mentions[at, FIRST] == first and mentions[at, LAST] == last:
        return at
    return -1


@kernel(INT_TABLE, INT, INT, INT, returns=TWO)
def in_fields(mentions, at, count, fields):
    """The part of a list that stands in the fields of the mask: where it begins, how many."""
    if fields == 3:
        return at, count
    text = first_from(mentions, at, at + count, TEXT_AT << RANK_BITS)
    return (at, text - at) if fields == 1 else (text, at + count - text)


@kernel(WORK, INT, INT, INT, INT, INT, returns=INT)
def joined_rows(work, rows, rows_end, steps, steps_end, slop):
    """The rows that go on with one of the steps, at most `slop` words skipped in all; returns where they begin.

    mentions[rows:rows_end] and [steps:steps_end] are sorted; so are the result, which reaches to MENTIONS_USED.
    """
    mentions = work.mentions
    at = work.counters[MENTIONS_USED]
    for row in range(rows, rows_end):
        after = (mentions[row, LAST] >> RANK_BITS) + 1
        left = slop - mentions[row, SKIPPED]
        step = first_from(mentions, steps, steps_end, after << RANK_BITS)
        while step < steps_end:
            skipped = (mentions[step, FIRST] >> RANK_BITS) - after
            work.counters[STEPS] -= 1
            if skipped > left or work.counters[STEPS] < 0:
                break
            add_mention(
                work,
                mentions[row, FIRST],
                mentions[step, LAST],
                mentions[row, FROM],
                mentions[step, TO],
                mentions[row, SKIPPED] + skipped,
            )
            step += 1
    tidy(work, at)
    return at
