"""A query as it came, made fit to be read: bounded, without control characters, in NFC, with columns that still fit.

Invisible characters that articles lose when they are stored (soft hyphens, zero-width characters, byte order marks)
are dropped here too, or a word pasted from a web page would never be found.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from processors.matching.limits import MAX_CHARACTERS, refusal

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
# Nothing composes across these, so what stands between two of them can be put in NFC by itself.
_PIECE = re.compile(r'[\s()"“”„:\\]+|[^\s()"“”„:\\]+')


@dataclass(frozen=True, slots=True)
class Source:
    """`text` is what is parsed; `starts` pairs places in it with places in what was given, where they differ."""

    text: str
    starts: tuple[tuple[int, int], ...] = ()

    def column(self, position: int) -> int:
        """The column (code points from 1) in the query as given of a 0-based position in `text`."""
        if not self.starts:
            return position + 1
        here, given = self.starts[bisect_right(self.starts, (position, 1 << 62)) - 1]
        return given + position - here + 1


def source(query: str) -> Source:
    """The query as it will be parsed. Raises QueryError: too long, or with a control character."""
    if len(query) > MAX_CHARACTERS:
        raise refusal(
            "too_long",
            f"the query has {len(query):,} characters; at most {MAX_CHARACTERS:,} are taken",
            column=MAX_CHARACTERS + 1,
            suggestion="Split it into several subscriptions, or make a concept of its word lists",
        )
    if query.isascii() and query.isprintable():
        return Source(query)
    if control := _CONTROL.search(query):
        raise refusal(
            "control_character",
            f"the query holds the control character U+{ord(control[0]):04X}",
            column=control.start() + 1,
            suggestion="Take it out, or type the query anew",
        )
    if unicodedata.is_normalized("NFC", query) and not _INVISIBLE.search(query):
        return Source(query)
    return _cleaned(query)


def _cleaned(query: str) -> Source:
    pieces: list[str] = []
    starts: list[tuple[int, int]] = []
    length = 0
    for piece in _PIECE.finditer(query):
        clean = unicodedata.normalize("NFC", _INVISIBLE.sub("", piece[0]))
        starts.append((length, piece.start()))
        pieces.append(clean)
        length += len(clean)
    return Source("".join(pieces), tuple(starts) or ((0, 0),))
