"""What `belfry ingest` shows: refusals as they happen, a bar on a terminal, an account at the end. All on stderr."""

import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from producers.articles import ReadArticle
from producers.files import WhyLeftOut, found_files
from producers.ingest import Tally
from schemas.errors import InputProblem

SHOWN_DATES = 20
"""Of so many dates that no article can have, each is shown; the rest is counted only: a feed may have thousands."""

_REDRAWN_S = 0.2
_PATIENCE_S = 3.0
_MAX_SIZED_FILES = 100_000
_WHY_LEFT_OUT: dict[WhyLeftOut, str] = {"hidden": "hidden", "other_kind": "of another kind"}


class IngestOutput:
    """A Teller for people; shows a bar where `stream` is a terminal. Enter it around the run."""

    def __init__(self, stream: TextIO, paths: Sequence[str]) -> None:
        self._console = Console(file=stream, highlight=False, soft_wrap=True, emoji=False, markup=False)
        self._bar = _bar(self._console) if stream.isatty() else None
        self._paths = paths
        self._task: Any = None
        self._read_bytes = 0
        self._drawn = 0.0
        self._dates_shown = 0
        self._waited_s = 0.0
        self.left_out_counts: Counter[str] = Counter()
        self._left_out_endings: Counter[str] = Counter()

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._task = self._bar.add_task("reading", total=total_bytes(self._paths), said="")
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def say(self, line: str) -> None:
        """A line, above the bar."""
        self._console.print(line, markup=False)

    def refused(self, problem: InputProblem) -> None:
        """See Teller."""
        self.say(f"refused {problem}")

    def date_refused(self, article: ReadArticle) -> None:
        """See Teller."""
        self._dates_shown += 1
        if self._dates_shown <= SHOWN_DATES:
            self.say(f"date refused {date_problem(article)}")
        elif self._dates_shown == SHOWN_DATES + 1:
            self.say("further refused dates are only counted")

    def waiting(self, seconds: float) -> None:
        """Say that Kafka has confirmed nothing for so long: after three seconds, and each time it is twice as long."""
        if seconds < self._waited_s / 2:
            self._waited_s = 0.0  # it went on in between
        if seconds >= max(_PATIENCE_S, 2 * self._waited_s):
            self._waited_s = seconds
            self.say(f"Kafka has confirmed nothing for {seconds:.0f} s; waiting for it")

    def stopping(self) -> None:
        """Say what Ctrl-C has begun."""
        self.say("stopping when what was sent is confirmed; Ctrl-C again doesn't wait")

    def left_out(self, path: str, why: WhyLeftOut) -> None:
        """Count a file in a folder that isn't read."""
        self.left_out_counts[why] += 1
        if why == "other_kind":
            self._left_out_endings[Path(path).suffix.lower()[:12] or "without an ending"] += 1

    def advance(self, count: int) -> None:
        """Count bytes that were read."""
        self._read_bytes += count

    def went_on(self, tally: Tally, confirmed: int) -> None:
        """See Teller."""
        if self._bar is None or time.monotonic() - self._drawn < _REDRAWN_S:
            return
        self._drawn = time.monotonic()
        said = f"{confirmed:,} sent" + (f", {tally.refused:,} refused" if tally.refused else "")
        self._bar.update(self._task, completed=self._read_bytes, said=said)

    def account(self, tally: Tally, said_first: str) -> Iterator[str]:
        """The lines at the end."""
        yield f"{said_first}, repeated {tally.repeated:,}, refused {tally.refused:,}"
        if tally.dates_refused:
            yield (
                f"dates refused {tally.dates_refused:,}: each is kept in meta, and the time of reading counts as "
                "publication"
            )
        if self.left_out_counts:
            reasons = ", ".join(f"{n:,} {_WHY_LEFT_OUT[why]}" for why, n in self.left_out_counts.items())  # pyright: ignore[reportArgumentType]
            endings = ", ".join(ending for ending, _ in self._left_out_endings.most_common(5))
            yield f"left out in folders: {reasons}" + (f" ({endings})" if endings else "")
        if tally.unread:
            names = ", ".join(f"{name} ({n:,})" for name, n in tally.unread.most_common(10))
            yield f"fields that Belfry doesn't know, in so many articles: {names}"


def date_problem(article: ReadArticle) -> InputProblem:
    """What is wrong with the dates of an article that was taken without them."""
    meta = article.raw.meta
    names = [name for name in ("published", "updated") if f"{name}_refused" in meta]
    written = " and ".join(f"{name}_at {meta[f'{name}_refused']!r}" for name in names)
    return article.place.problem(
        "date",
        f"{written} is no date that an article can have, so the article is taken without it",
        "Write it as 2022-01-31 or 2022-01-31T09:30:00+01:00, or leave it out.",
    )


def total_bytes(paths: Sequence[str]) -> int | None:
    """How much there is to read, as it lies on the disk; None where that can't be known beforehand."""
    total = 0
    if "-" in paths:
        return None
    for number, found in enumerate(found_files(paths, lambda path, why: None)):  # noqa: ARG005 - the type's names
        if number > _MAX_SIZED_FILES:
            return None
        if not isinstance(found, InputProblem):
            try:
                total += os.stat(found.path).st_size  # noqa: PTH116 - the path stays as it was given
            except OSError:
                continue
    return total


def _bar(console: Console) -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, transient=True)
