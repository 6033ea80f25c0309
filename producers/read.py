"""Whatever `belfry ingest` takes, as a stream of articles and of reasons why not.

Files are read as they are come to and nothing is held but the article at hand, so that what is read has no limit; what
is wrong with one article, file or folder doesn't touch the rest.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from producers.articles import Place, ReadArticle, Rules
from producers.files import (
    READ_ERRORS,
    TAKEN,
    Advance,
    FoundFile,
    LeftOut,
    found_files,
    opened,
    read_problem,
)
from producers.json_file import is_json_over_lines, json_file_articles
from producers.json_lines import json_line_articles
from producers.text_format import article_of_text
from schemas.errors import InputError, InputProblem

STDIN = "-"


def read_articles(
    paths: Sequence[str],
    rules: Rules,
    stdin: BinaryIO | None = None,
    *,
    left_out: LeftOut = lambda path, why: None,  # noqa: ARG005 - the names of the type
    advance: Advance = lambda count: None,  # noqa: ARG005
) -> Iterator[ReadArticle | InputProblem]:
    """The articles in files, folders and standard input (`-`, JSON lines), in the order of `paths`, and every refusal.

    A line of `stdin` is handed on as soon as it has been read. `left_out` is told of each file in a folder that is
    hidden or of another kind, `advance` of each read of a file, in bytes. Raises nothing for what the input holds.
    """
    for path in paths:
        if path == STDIN:
            yield from _of_stdin(stdin or sys.stdin.buffer, rules)
        elif "://" in path:
            yield Place(path, None).problem("url", "addresses are not taken yet", f"Taken are {TAKEN}.")
        else:
            for found in found_files([path], left_out):
                if isinstance(found, InputProblem):
                    yield found
                else:
                    yield from _of_file(found, rules, advance)


def _of_stdin(stdin: BinaryIO, rules: Rules) -> Iterator[ReadArticle | InputProblem]:
    try:
        yield from json_line_articles(stdin, STDIN, rules)
    except OSError as error:
        yield read_problem(error, STDIN, 1)


def _of_file(found: FoundFile, rules: Rules, advance: Advance) -> Iterator[ReadArticle | InputProblem]:
    line = 1
    try:
        with opened(found, advance) as stream:
            if found.kind == "text":
                data = stream.read(rules.max_article_bytes + 1)
                yield article_of_text(data, Place(found.shown, 1), rules)
                return
            empty = True
            in_lines = found.kind == "json_lines" and not is_json_over_lines(stream.peek())
            read = json_line_articles if in_lines else json_file_articles
            for one in read(stream, found.shown, rules):
                empty = False
                line = (one.place.line if isinstance(one, ReadArticle) else one.line) or line
                yield one
            if empty:
                yield Place(found.shown, 1).problem(
                    "empty", "nothing is in it", "Leave it out, or give one JSON object an article."
                )
    except InputError as error:
        yield error.problem
    except READ_ERRORS as error:
        yield read_problem(error, found.shown, line + 1)
