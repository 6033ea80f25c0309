"""`belfry match`: subscriptions against articles, without broker or index, by the very code of the match worker."""

import gc
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from belfry.cli.streaming import PromptOutput, awaited, until_reader_goes
from belfry.forked import Forked
from belfry.settings import settings
from belfry.subscriptions.queries import GivenQuery, given_queries
from processors.garbage import collect_seldom
from producers.articles import Place, ReadArticle, Rules
from producers.read import STDIN, read_articles
from schemas.errors import EnrichError, InputProblem, QueryError, UsageError

if TYPE_CHECKING:
    from processors.matching.json_lines import JsonLines

SHOWN_PROBLEMS = 20
FORKED_AFTER = 200
"""Articles without a pause: a few tenths of a second, so that small files are spared the copies."""
MOST_COPIES = 8
TOGETHER = 4
"""Articles handed to a copy at once: some milliseconds of work, so that the lines are out well within 50 ms."""
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
    run = _Run(_loaded(subscriptions), PromptOutput(sys.stdout.buffer))
    rules = Rules(now=lambda: datetime.now(UTC), max_article_bytes=settings().max_article_bytes)
    stdin = awaited(sys.stdin.buffer, run.settle) if STDIN in articles else None
    try:
        with until_reader_goes():
            for read in read_articles(articles, rules, stdin):
                run.take(read)
            run.settle()
    finally:
        run.close()
    if run.held:
        typer.echo(f"belfry: {run.held} withheld or canceled: not matched", err=True)
    if run.refused:
        raise typer.Exit(1)


Outcome = tuple[bytes, InputProblem | None] | None
"""An article's lines, and what is wrong with it; None where it is held."""


class _Run:
    """Matches what it takes, and writes lines and refusals in that order.

    One process does it, until so many articles have come without a pause that it pays to match on every processor.
    """

    def __init__(self, matching: "_Matching", output: PromptOutput) -> None:
        self.held = self.refused = 0
        self._matching = matching
        self._output = output
        self._processors = _processors()
        self._without_pause = 0
        self._taken: list[ReadArticle | InputProblem] = []
        self._forked: Forked[list[ReadArticle | InputProblem], list[Outcome]] | None = None

    def take(self, read: ReadArticle | InputProblem) -> None:
        """Match an article, now or very soon."""
        if self._forked is not None:
            self._taken.append(read)
            if len(self._taken) >= TOGETHER:
                self._hand_over(self._forked)
        else:
            if isinstance(read, ReadArticle) and len(read.raw.body or read.raw.html or "") > LARGE_CHARS:
                self._output.flush()
            self._show([self._matching.outcome(read)])
            self._without_pause += 1
            if self._without_pause > FORKED_AFTER and self._processors > 1:
                self._output.flush()  # or each copy would have what isn't written yet
                self._forked = Forked(
                    self._matching.outcomes, min(self._processors, MOST_COPIES), before_waiting=self._output.flush
                )

    def settle(self) -> None:
        """Have everything that was taken matched and written: no more input is at hand."""
        self._without_pause = 0
        if self._forked is not None:
            if self._taken:
                self._hand_over(self._forked)
            for outcomes in self._forked.rest():
                self._show(outcomes)
        self._output.flush()

    def close(self) -> None:
        """End what was started."""
        if self._forked is not None:
            self._forked.close()

    def _hand_over(self, forked: "Forked[list[ReadArticle | InputProblem], list[Outcome]]") -> None:
        taken, self._taken = self._taken, []
        for outcomes in forked.put(taken):
            self._show(outcomes)

    def _show(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            if outcome is None:
                self.held += 1
                continue
            lines, problem = outcome
            if lines:
                self._output.write(lines)
            if problem is not None:
                self.refused += 1
                typer.echo(f"belfry: {problem}", err=True)
        self._output.flush_if_due()


@dataclass
class _Matching:
    """Subscriptions, and what is done with each article."""

    subscriptions: "JsonLines"
    with_entities: bool

    def outcomes(self, taken: Sequence[ReadArticle | InputProblem]) -> list[Outcome]:
        """What becomes of each."""
        return [self.outcome(read) for read in taken]

    def outcome(self, read: ReadArticle | InputProblem) -> Outcome:
        """The article's lines, in the order of the subscriptions; why not, where nothing can be got out of it."""
        from belfry.offline import raw_article_to_match

        if isinstance(read, InputProblem):
            return b"", read
        if read.raw.status != "usable":
            return None
        try:
            article = raw_article_to_match(read.raw, with_entities=self.with_entities)
        except EnrichError as error:
            remedy = "Give its text as `body`, or a page that has one."
            return b"", read.place.problem(error.code, str(error), remedy)
        lines = self.subscriptions.lines(read.name, article)
        return lines, _cut_short(read.place) if self.subscriptions.cut_short else None


def _processors() -> int:
    """How many this process may use; 1 on systems that don't say, where copies of a running process aren't safe either."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _cut_short(place: Place) -> InputProblem:
    return place.problem(
        "cut_short",
        "more mentions to pair than are looked at, so lines of this article may be missing",
        "Put fewer frequent words into one query's NEAR, BEFORE, UNLESS or phrase with ~, or split the text.",
    )


def _loaded(path: str) -> _Matching:
    """The compiled subscriptions of a file. Raises UsageError that names every line (up to 20) that can't be used."""
    from belfry.offline import needs_entities
    from processors.matching.concepts import shipped_lexicon
    from processors.matching.json_lines import JsonLines
    from processors.matching.matcher import shipped_matcher
    from processors.matching.parse import parse

    subscriptions = JsonLines(shipped_matcher())
    asking: list[str] = []
    problems: list[str] = []
    with _without_collection():
        for given in given_queries(_read(path), path):
            if isinstance(given, GivenQuery):
                try:
                    subscriptions.put(given.id, given.query)
                except QueryError as error:
                    problems.append(f"{path}:{given.line}: {given.id}: query, {error}")
                else:
                    if "entity:" in given.query or "concept:" in given.query:
                        asking.append(given.query)
            else:
                problems.append(str(given))
        _refuse(path, problems)
        with_entities = bool(asking) and needs_entities((parse(query) for query in asking), shipped_lexicon())
    return _Matching(subscriptions, with_entities)


@contextmanager
def _without_collection() -> Generator[None]:
    """Nothing made while loading is garbage before the end: looking for some, over and over, takes half of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
    collect_seldom()


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
