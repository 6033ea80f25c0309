"""JSON lines as a stream: a line at a time, each bounded, each refused or taken for itself."""

import codecs
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from producers.articles import Place, ReadArticle, Rules, too_large
from producers.encodings import decoded, is_of_another_kind
from producers.json_values import json_value
from producers.records import article_of
from schemas.errors import InputProblem

_SKIPPED_AT_ONCE = 64 * 1024


def json_line_articles(stream: BinaryIO, path: str, rules: Rules) -> Iterator[ReadArticle | InputProblem]:
    """What each line that isn't blank holds, handed on as soon as the line has been read.

    A line over `rules.max_json_bytes` is skipped to its end without being held. Raises what reading `stream` raises.
    """
    limit = rules.max_json_bytes
    number = 0
    while data := stream.readline(limit + 1):
        number += 1
        if number == 1 and is_of_another_kind(data):
            yield article_of_json(data, Place(path, 1), rules)
            return
        if len(data) > limit and not data.endswith(b"\n"):
            yield too_large(Place(path, number), rules)
            while (rest := stream.readline(_SKIPPED_AT_ONCE)) and not rest.endswith(b"\n"):
                pass
        elif not data.isspace():
            yield article_of_json(data, Place(path, number), rules)


def article_of_json(data: bytes, place: Place, rules: Rules) -> ReadArticle | InputProblem:
    """The article that JSON in UTF-8 describes, or why it describes none. `place` is where `data` begins."""
    data = data.removeprefix(codecs.BOM_UTF8)  # also in the middle: files are joined by `cat`
    try:
        text: str | InputProblem = data.decode()
    except UnicodeDecodeError:
        text = decoded(data, place)
    if isinstance(text, InputProblem):
        return text
    value = json_value(text)
    if not isinstance(value, InputProblem):
        return article_of(value, place, rules, len(data))
    text = decoded(data, place)
    if isinstance(text, InputProblem):
        return text  # binary, or UTF-16 of plain letters: valid UTF-8 too, and with a remedy of its own
    return replace(value, path=place.path, line=(place.line or 1) + (value.line or 1) - 1)
