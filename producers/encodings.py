"""From bytes to text: UTF-8 with or without its mark, else the reason why not. Pure.

What isn't UTF-8 is told apart, so that the remedy fits: UTF-16 and UTF-32 (what some editors and shells write), binary
files (a NUL, the first bytes of a known format, or many control characters), and texts in an older encoding.
"""

import codecs

from producers.articles import Place
from schemas.errors import InputProblem

_WIDE = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_BINARY_STARTS = (b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"{\\rtf")
_LOOKED_AT_BYTES = 4096
_MAX_CONTROL_SHARE = 0.1
_CONTROLS = bytes(sorted({*range(32), 127} - set(b"\t\n\r\f\x1b")))


def decoded(data: bytes, place: Place) -> str | InputProblem:
    """The text of `data`, without a byte order mark. `place` is where `data` begins."""
    wide = next((name for mark, name in _WIDE if data.startswith(mark)), None) or _unmarked_utf16(data)
    if wide is not None:
        return place.problem(
            "wrong_encoding", f"{wide} instead of UTF-8", f"Convert it: iconv -f {wide} -t UTF-8 FILE."
        )
    binary = binary_at(data)
    if binary is not None:
        return _below(place, data, binary).problem(
            "binary", "binary data where text should be", "Give the article as text or JSON."
        )
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        start = error.start + (len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
        column = start - data.rfind(b"\n", 0, start)
        return _below(place, data, start).problem(
            "wrong_encoding",
            f"not UTF-8: byte 0x{data[start]:02X} at column {column:,}",
            "Convert it: iconv -f WINDOWS-1252 -t UTF-8 FILE (or whatever its encoding is).",
        )


def is_of_another_kind(opening: bytes) -> bool:
    """Whether a file that begins so holds no line of text in UTF-8 at all."""
    return opening.startswith((*(mark for mark, _ in _WIDE), *_BINARY_STARTS)) or _unmarked_utf16(opening) is not None


def binary_at(data: bytes) -> int | None:
    """Where `data` shows that it is no text in any encoding of one-byte units, or None."""
    if data.startswith(_BINARY_STARTS):
        return 0
    nul = data.find(b"\0")
    if nul >= 0:
        return nul
    opening = data[:_LOOKED_AT_BYTES]
    controls = len(opening) - len(opening.translate(None, _CONTROLS))
    return 0 if controls > _MAX_CONTROL_SHARE * len(opening) else None


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Western text is a NUL, and the others are none."""
    opening = data[: _LOOKED_AT_BYTES // 8 * 2]
    if len(opening) < 8:
        return None
    even, odd = opening[::2], opening[1::2]
    for zeros, letters, name in ((odd, even, "UTF-16LE"), (even, odd, "UTF-16BE")):
        if zeros.count(0) > 0.9 * len(zeros) and not letters.count(0) and letters.isascii():
            return name
    return None


def _below(place: Place, data: bytes, offset: int) -> Place:
    return Place(place.path, (place.line or 1) + data.count(b"\n", 0, offset))
