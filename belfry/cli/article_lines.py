"""Commands that print something for each article of files: their options, and the way from files to lines."""

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import typer

from belfry.cli.streaming import PromptOutput, awaited, until_reader_goes
from belfry.settings import settings
from producers.articles import ReadArticle, Rules
from producers.read import STDIN, read_articles
from schemas.errors import InputProblem

Result = TypeVar("Result")

Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE…|-", help="whatever `belfry ingest` takes; - for JSON lines on stdin"),
]
Source = Annotated[str, typer.Option("--source", metavar="NAME", help="the source of articles that name none")]


def print_results(
    files: list[str],
    source: str,
    work: Callable[[Iterable[ReadArticle | InputProblem]], Iterable[Result | InputProblem]],
    written: Callable[[Result], bytes],
) -> int:
    """Print what `work` makes of the articles, in its order; returns how many were refused, which are named on stderr.

    From standard input it streams: a result is out before the next article is waited for.
    """
    output = PromptOutput(sys.stdout.buffer)
    rules = Rules(lambda: datetime.now(UTC), source, settings().max_article_bytes)
    stdin = awaited(sys.stdin.buffer, output.flush) if STDIN in files else None
    refused = 0
    with until_reader_goes():
        for result in work(read_articles(files, rules, stdin)):
            if isinstance(result, InputProblem):
                refused += 1
                typer.echo(f"belfry: {result}", err=True)
            else:
                output.write(written(result))
            output.flush_if_due()
        output.flush()
    return refused
