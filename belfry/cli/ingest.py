"""`belfry ingest`: articles from files, folders and standard input into Belfry."""

import logging
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, BinaryIO, cast

import orjson
import typer

from belfry.cli.ingest_output import IngestOutput
from belfry.cli.interrupts import Interrupts
from belfry.settings import settings
from producers.articles import DEFAULT_SOURCE, ReadArticle, Rules
from producers.ingest import Tally
from producers.ingest import ingest as send_all
from producers.read import STDIN, read_articles
from schemas.errors import InputProblem, KafkaUnavailableError, UsageError
from schemas.text import cleaned_text, folded_space

if TYPE_CHECKING:
    from producers.sink import ArticleSink

MAX_SOURCE_CHARS = 100

OpenSink = Callable[[Callable[[float], None]], "AbstractContextManager[ArticleSink]"]
"""Opens a sink that tells its argument how long nothing has been confirmed."""


@dataclass(frozen=True)
class Tools:
    """What the command works with; tests give their own."""

    open_sink: OpenSink
    now: Callable[[], datetime]


def ingest(
    context: typer.Context,
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH…|-", help=".txt .json .jsonl, folders of these, or - for JSON lines on stdin"),
    ],
    source: Annotated[
        str, typer.Option("--source", metavar="NAME", help="the source of articles that name none")
    ] = DEFAULT_SOURCE,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="print the articles as JSON lines and send nothing; needs no Kafka")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="the account as one JSON object on stdout")] = False,
) -> None:
    """Send articles to Belfry. Each is confirmed by Kafka; what can't be read is named, and the rest goes on."""
    rules = _rules(context, source)
    open_sink = _printing if dry_run else _open_sink(context)
    tally = Tally()
    with IngestOutput(sys.stderr, paths) as output, Interrupts(output.stopping) as interrupts:
        read = read_articles(paths, rules, _stdin(paths), left_out=output.left_out, advance=output.advance)
        sent, lost = _send_all(interrupts.until_stopped(read), open_sink, output, tally)
    _tell(_Account(output, tally, sent, lost, interrupts.signal is not None), dry_run=dry_run, as_json=as_json)
    if interrupts.exit_code is not None:
        raise typer.Exit(interrupts.exit_code)
    if tally.refused or lost is not None:
        raise typer.Exit(1)


@dataclass(frozen=True)
class _Lost:
    """What stopped the sending, and what it left unconfirmed."""

    error: BaseException
    articles: Sequence[ReadArticle]


def _rules(context: typer.Context, source: str) -> Rules:
    name = folded_space(cleaned_text(source))
    if not 0 < len(name) <= MAX_SOURCE_CHARS:
        raise UsageError(f"--source takes a short name, of 1 to {MAX_SOURCE_CHARS} characters")
    given = cast("object", context.obj)
    now = given.now if isinstance(given, Tools) else lambda: datetime.now(UTC)
    return Rules(now, name, settings().max_article_bytes)


def _open_sink(context: typer.Context) -> OpenSink:
    given = cast("object", context.obj)
    if isinstance(given, Tools):
        return given.open_sink
    from belfry.addresses import kafka_bootstrap

    config = settings()
    bootstrap = kafka_bootstrap(config)

    @contextmanager
    def open_sink(waiting: Callable[[float], None]) -> "Generator[ArticleSink]":
        from belfry.stack.topics import create_topics
        from producers.kafka_sink import KafkaArticleSink

        # A broker that is away is said once, by us; the driver would say it several times a second.
        logging.getLogger("kafka").setLevel(logging.CRITICAL)
        with KafkaArticleSink(bootstrap, config.topics.raw, waiting=waiting) as sink:
            create_topics(bootstrap, config.topics.all())
            yield sink

    return open_sink


def _stdin(paths: Sequence[str]) -> "BinaryIO | None":
    if STDIN not in paths:
        return None
    if sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison] - it is, where a shell closed it (<&-)
        raise UsageError("standard input is closed: pipe JSON lines into it")
    if sys.stdin.isatty():
        typer.echo("reading JSON lines from the terminal; Ctrl-D ends it", err=True)
    return sys.stdin.buffer


class _PrintingSink:
    """Prints what would be sent; an article counts as confirmed when it is out."""

    def __init__(self) -> None:
        self.confirmed = 0
        self.unconfirmed: tuple[ReadArticle, ...] = ()

    def send(self, article: ReadArticle) -> list[InputProblem]:
        sys.stdout.buffer.write(article.raw.encode() + b"\n")
        sys.stdout.buffer.flush()
        self.confirmed += 1
        return []

    def settle(self) -> list[InputProblem]:
        return []


def _printing(waiting: Callable[[float], None]) -> "AbstractContextManager[ArticleSink]":  # noqa: ARG001 - see OpenSink
    return nullcontext(_PrintingSink())


def _send_all(
    read: Iterator[ReadArticle | InputProblem], open_sink: OpenSink, output: IngestOutput, tally: Tally
) -> tuple[int, _Lost | None]:
    """How many were confirmed, and what stopped the sending, if anything did."""
    with open_sink(output.waiting) as sink:
        try:
            send_all(read, sink, output, tally)
        except (KafkaUnavailableError, KeyboardInterrupt) as error:
            return sink.confirmed, _Lost(error, sink.unconfirmed)
        return sink.confirmed, None


@dataclass(frozen=True)
class _Account:
    output: IngestOutput
    tally: Tally
    sent: int
    lost: _Lost | None
    stopped: bool

    @property
    def unconfirmed(self) -> int:
        return 0 if self.lost is None else len(self.lost.articles)


def _tell(account: _Account, *, dry_run: bool, as_json: bool) -> None:
    """The account at the end: on stdout, but for a dry run, whose stdout holds articles, and beside `--json`."""
    if account.lost is not None:
        typer.echo(_loss(account.lost), err=True)
    sent = f"{'would send' if dry_run else 'sent'} {account.sent:,}"
    first = f"{'stopped: ' if account.stopped else ''}{sent}"
    if account.unconfirmed:
        first += f", unconfirmed {account.unconfirmed:,}"
    for line in account.output.account(account.tally, first):
        typer.echo(line, err=dry_run or as_json)
    if as_json and not dry_run:
        typer.echo(orjson.dumps(_as_object(account)).decode())


def _loss(lost: _Lost) -> str:
    said = "stopped before everything was confirmed" if isinstance(lost.error, KeyboardInterrupt) else str(lost.error)
    if not lost.articles:
        return f"belfry: {said}. Nothing was under way; what is counted as sent is safe"
    place = lost.articles[0].place
    where = place.path if place.line is None else f"{place.path}:{place.line}"
    return (
        f"belfry: {said}. What is counted as sent is safe; not confirmed is what comes from {where} on. "
        "Give the same input again when Kafka is back: what was sent before is counted as repeated, not doubled"
    )


def _as_object(account: _Account) -> dict[str, object]:
    tally = account.tally
    return {
        "sent": account.sent,
        "repeated": tally.repeated,
        "refused": tally.refused,
        "unconfirmed": account.unconfirmed,
        "dates_refused": tally.dates_refused,
        "left_out": dict(account.output.left_out_counts),
        "unread": dict(tally.unread),
        "stopped": account.stopped,
    }
