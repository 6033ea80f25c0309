"""`.json` files: one article, a list of articles, or articles one after the other."""

from collections.abc import Iterator
from typing import BinaryIO

from producers.articles import Place, ReadArticle, Rules, too_large
from producers.json_lines import article_of_json
from producers.json_stream import JsonPieces
from schemas.errors import InputProblem

_NOT_READABLE = frozenset({"not_json", "truncated", "wrong_encoding", "binary"})
"""Refusals that say nothing certain about where the value ends."""


def json_file_articles(stream: BinaryIO, path: str, rules: Rules) -> Iterator[ReadArticle | InputProblem]:
    """What each value of the file holds, in its order. Raises what reading `stream` raises."""
    pieces = JsonPieces(stream, rules.max_json_bytes)
    for piece in pieces:
        place = Place(path, piece.line)
        if piece.kind == "too_large":
            yield too_large(place, rules)
        elif piece.kind == "broken_off" and not piece.data:
            yield place.problem("truncated", "a list that isn't closed", "Fetch or write the file again, whole.")
        else:
            read = article_of_json(piece.data, place, rules)
            yield read
            if isinstance(read, InputProblem) and read.code in _NOT_READABLE:
                pieces.go_on_after(piece)


def is_json_over_lines(opening: bytes) -> bool:
    """Whether a file that is named like JSON lines begins like a list, or like an object over several lines."""
    first = opening.lstrip().split(b"\n", 1)
    return first[0].startswith(b"[") or (len(first) > 1 and first[0].strip() == b"{")
