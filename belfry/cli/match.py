"""`belfry match`: subscriptions against articles, without broker or index, by the very code of the match worker."""

import gc
import os
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from belfry.cli.streaming import PromptOutput, awaited
from belfry.settings import settings
from belfry.subscriptions.queries import GivenQuery, given_queries
from producers.articles import ReadArticle, Rules
from producers.read import STDIN, read_articles
from schemas.errors import EnrichError, InputProblem, QueryError, UsageError

if TYPE_CHECKING:
    from processors.matching.matcher import Match, Matcher

SHOWN_PROBLEMS = 20
COLLECTED_AFTER = 50_000
"""New objects: an article makes some hundreds and no cycles, and looking for cycles took a twelfth of the time."""
LARGE_CHARS = 50_000
"""Matching an article of this size may take longer than the lines of the one before may wait."""


def match(
    subscriptions: Annotated[str, typer.Option("--subscriptions", metavar="FILE", help="JSON lines with id and query")],
    articles: Annotated[
        list[str],
        typer.Option("--articles", metavar="FILE|-", help="whatever `belfry ingest` takes; - for JSON lines on stdin"),
    ],
) -> None:
    """Print a JSON line for each article and subscription that match, with the spans that say why, in input order.

    From standard input it streams: an article's lines are out before the next one is waited for.
    """
    matching = _loaded(subscriptions)
    output = PromptOutput(sys.stdout.buffer)
    rules = Rules(now=lambda: datetime.now(UTC), max_article_bytes=settings().max_article_bytes)
    stdin = awaited(sys.stdin.buffer, output.flush) if STDIN in articles else None
    try:
        refused = _print_all(read_articles(articles, rules, stdin), matching, output)
    except BrokenPipeError:  # the reader has gone: not an error, and the command line's own handler makes it one
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    if matching.held:
        typer.echo(f"belfry: {matching.held} withheld or canceled: not matched", err=True)
    if refused:
        raise typer.Exit(1)


def _print_all(articles: Iterable[ReadArticle | InputProblem], matching: "_Matching", output: PromptOutput) -> int:
    """Match the articles one by one; how many were refused."""
    refused = 0
    for read in articles:
        result = read if isinstance(read, InputProblem) else matching.lines(read, output)
        if isinstance(result, InputProblem):
            refused += 1
            typer.echo(f"belfry: {result}", err=True)
        elif result:
            output.write(result)
        output.flush_if_due()
    output.flush()
    return refused


@dataclass
class _Matching:
    """Subscriptions, and what is done with each article."""

    matcher: "Matcher"
    heads: dict[str, bytes]
    with_entities: bool
    held: int = 0

    def lines(self, read: ReadArticle, output: PromptOutput) -> bytes | InputProblem:
        """The article's lines, in the order of the subscriptions; why not, where nothing can be got out of it."""
        from belfry.offline import raw_article_to_match

        if read.raw.status != "usable":
            self.held += 1
            return b""
        if len(read.raw.body or read.raw.html or "") > LARGE_CHARS:
            output.flush()
        try:
            article = raw_article_to_match(read.raw, with_entities=self.with_entities)
        except EnrichError as error:
            return read.place.problem(error.code, str(error), "Give its text as `body`, or a page that has one.")
        matches = self.matcher.match(article)
        return _lines(read.name, matches, self.heads) if matches else b""


def _lines(article_id: str, matches: Sequence["Match"], heads: dict[str, bytes]) -> bytes:
    """A line for each match, put together from what they share: a span may explain hundreds of them."""
    start = b'{"article_id":' + orjson.dumps(article_id)
    written: dict[int, bytes] = {}
    lines: list[bytes] = []
    for found in matches:
        spans = found.light_spans
        numbers = list(map(id, spans))
        try:
            json = [written[number] for number in numbers]
        except KeyError:
            for number, span in zip(numbers, spans, strict=True):
                if number not in written:
                    fields = {"field": span.field, "start": span.start, "end": span.end, "text": span.text}
                    written[number] = orjson.dumps(fields)
            json = [written[number] for number in numbers]
        lines += (start, heads[found.subscription_id], b",".join(json), b"]}\n")
    return b"".join(lines)


def _head(subscription_id: str) -> bytes:
    return b',"subscription_id":' + orjson.dumps(subscription_id) + b',"spans":['


def _loaded(path: str) -> _Matching:
    """The compiled subscriptions of a file. Raises UsageError that names every line (up to 20) that can't be used."""
    from belfry.offline import needs_entities
    from processors.matching.concepts import shipped_lexicon
    from processors.matching.matcher import shipped_matcher
    from processors.matching.parse import parse

    matcher = shipped_matcher()
    heads: dict[str, bytes] = {}
    asking: list[str] = []
    problems: list[str] = []
    with _without_collection():
        for given in given_queries(_read(path), path):
            if isinstance(given, GivenQuery):
                try:
                    matcher.put(given.id, given.query)
                except QueryError as error:
                    problems.append(f"{path}:{given.line}: {given.id}: query, {error}")
                else:
                    heads[given.id] = _head(given.id)
                    if "entity:" in given.query or "concept:" in given.query:
                        asking.append(given.query)
            else:
                problems.append(str(given))
        _refuse(path, problems)
        with_entities = bool(asking) and needs_entities((parse(query) for query in asking), shipped_lexicon())
    return _Matching(matcher, heads, with_entities)


@contextmanager
def _without_collection() -> Generator[None]:
    """Nothing made while loading is garbage before the end: looking for some, over and over, takes half of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER, 20, 20)


def _refuse(path: str, problems: Sequence[str]) -> None:
    if problems:
        more = len(problems) - SHOWN_PROBLEMS
        shown = [*problems[:SHOWN_PROBLEMS], *([f"… and {more} more"] if more > 0 else [])]
        raise UsageError(f"nothing was matched, for {path} can't be used:\n" + "\n".join(shown))


def _read(path: str) -> bytes:
    if path == STDIN:
        raise UsageError("--subscriptions takes a file; standard input is for --articles -")
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror or error}") from error
