"""The matches of an article as lines of JSON in UTF-8, put together from what they share.

A span may explain hundreds of matches: it is written once, and copied from there.
"""
# pyright: basic

from typing import Final

import numpy as np

from processors.matching.compiled.kernel import (
    CODE_ARRAY,
    INT,
    INT_TABLE,
    LONG_TABLE,
    MARK_ARRAY,
    TEXT_ARRAY,
    kernel,
)
from processors.matching.compiled.layout import P_BASE, P_FROM, P_TO

MOST_BYTES_A_CHARACTER: Final = 6
"""In JSON: a control character is `\\u001b`."""
_IN_TEXT: Final = np.frombuffer(b'{"field":"text","start":', np.uint8)
_IN_TITLE: Final = np.frombuffer(b'{"field":"title","start":', np.uint8)
_END: Final = np.frombuffer(b',"end":', np.uint8)
_TEXT: Final = np.frombuffer(b',"text":"', np.uint8)
_CLOSE: Final = np.frombuffer(b'"}', np.uint8)
_LAST: Final = np.frombuffer(b"]}\n", np.uint8)
_COMMA: Final = 44
_SPAN_BYTES: Final = 80
"""At least what a span takes beside its text, with a comma: names, signs, two numbers of ten digits."""


@kernel(MARK_ARRAY, INT, INT, returns=INT)
def put_number(out, at, number):
    """Write a number that isn't negative; returns where it ends."""
    digits = 1
    rest = number // 10
    while rest > 0:
        digits += 1
        rest //= 10
    for place in range(at + digits - 1, at - 1, -1):
        out[place] = 48 + number % 10
        number //= 10
    return at + digits


@kernel(MARK_ARRAY, INT, INT, returns=INT)
def put_escaped(out, at, code):
    """Write the code as an escape of four hexadecimal digits."""
    out[at], out[at + 1] = 92, 117
    for digit in range(4):
        value = (code >> (12 - 4 * digit)) & 15
        out[at + 2 + digit] = 48 + value if value < 10 else 87 + value
    return at + 6


@kernel(MARK_ARRAY, INT, INT, returns=INT)
def put_character(out, at, code):
    """Write a character as a JSON string has it."""
    if code == 34 or code == 92:
        out[at], out[at + 1] = 92, code
        return at + 2
    if code < 32:
        if code == 8 or code == 9 or code == 10 or code == 12 or code == 13:
            # \b \t \n, and \f \r
            out[at] = 92
            out[at + 1] = 98 if code == 8 else 116 if code == 9 else 110 if code == 10 else 102 if code == 12 else 114
            return at + 2
        return put_escaped(out, at, code)
    if code < 0x80:
        out[at] = code
        return at + 1
    if code < 0x800:
        out[at], out[at + 1] = 0xC0 | code >> 6, 0x80 | code & 63
        return at + 2
    if 0xD800 <= code < 0xE000:
        return put_escaped(out, at, code)  # half a pair, which UTF-8 hasn't
    if code < 0x10000:
        out[at], out[at + 1], out[at + 2] = 0xE0 | code >> 12, 0x80 | code >> 6 & 63, 0x80 | code & 63
        return at + 3
    out[at], out[at + 1] = 0xF0 | code >> 18, 0x80 | code >> 12 & 63
    out[at + 2], out[at + 3] = 0x80 | code >> 6 & 63, 0x80 | code & 63
    return at + 4


@kernel(MARK_ARRAY, INT, TEXT_ARRAY, INT, INT, returns=INT)
def put_bytes(out, at, source, first, count):
    """Copy source[first:first+count]; returns where the copy ends."""
    for place in range(count):
        out[at + place] = source[first + place]
    return at + count


@kernel(MARK_ARRAY, INT, CODE_ARRAY, INT, INT, INT, returns=INT)
def put_span(out, at, codes, first, last, title):
    """Write codes[first:last] as a span, the text beginning at `title`; returns where it ends."""
    if first >= title:
        at = put_bytes(out, at, _IN_TEXT, 0, len(_IN_TEXT))
        at = put_number(out, at, first - title)
        at = put_bytes(out, at, _END, 0, len(_END))
        at = put_number(out, at, last - title)
    else:
        at = put_bytes(out, at, _IN_TITLE, 0, len(_IN_TITLE))
        at = put_number(out, at, first)
        at = put_bytes(out, at, _END, 0, len(_END))
        at = put_number(out, at, last)
    at = put_bytes(out, at, _TEXT, 0, len(_TEXT))
    for place in range(first, last):
        at = put_character(out, at, codes[place])
    return put_bytes(out, at, _CLOSE, 0, len(_CLOSE))


@kernel(INT_TABLE, INT_TABLE, CODE_ARRAY, INT, TEXT_ARRAY, TEXT_ARRAY, LONG_TABLE, LONG_TABLE, MARK_ARRAY, returns=INT)
def write_lines(matches, places, codes, title, start, heads, head_places, written, out):
    """Write a line for each match: `start`, the query's head, its spans, an end. Returns how many bytes there are.

    `head_places`: where in `heads` a query's stands, and how long it is. `written` has a row of two for each place. -1 where
    `out` has not enough room.
    """
    written[: len(places)] = -1
    at = 0
    for number in range(len(matches)):
        query, place, count = matches[number]
        if at + len(start) + head_places[query, 1] + len(_LAST) > len(out):
            return -1
        at = put_bytes(out, at, start, 0, len(start))
        at = put_bytes(out, at, heads, head_places[query, 0], head_places[query, 1])
        for span in range(place, place + count):
            base = places[span, P_BASE]
            first, last = places[base, P_FROM], places[base, P_TO]
            if at + _SPAN_BYTES + MOST_BYTES_A_CHARACTER * (last - first) + len(_LAST) > len(out):
                return -1
            if span > place:
                out[at] = _COMMA
                at += 1
            if written[base, 0] < 0:
                written[base, 0] = at
                at = put_span(out, at, codes, first, last, title)
                written[base, 1] = at
            else:
                for byte in range(written[base, 0], written[base, 1]):
                    out[at] = out[byte]
                    at += 1
        at = put_bytes(out, at, _LAST, 0, len(_LAST))
    return at
