"""From what was read to a sink: what was sent already isn't sent twice, and everything is accounted for."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from producers.articles import ReadArticle
from producers.sink import ArticleSink
from schemas.articles import RawArticle
from schemas.errors import InputProblem
from schemas.text import folded_space

REMEMBERED = 200_000
"""So many articles of a run are known again (some 30 MB). One that isn't is sent, and counted as repeated by enrich."""


class Teller(Protocol):
    """Is told what people should hear of at once."""

    def refused(self, problem: InputProblem) -> None:
        """Something was refused."""
        ...

    def date_refused(self, article: ReadArticle) -> None:
        """An article was taken without a date that it gave."""
        ...

    def went_on(self, tally: "Tally", confirmed: int) -> None:
        """Another article or refusal was dealt with."""
        ...


@dataclass(slots=True)
class Tally:
    """What became of everything that was read: `read` = sent (or refused by the sink later) + `repeated`.

    `refused` counts what was no article and what the sink refused; `dates_refused` articles that were taken without a
    date of theirs; `unread` articles by each name of a field that Belfry doesn't know.
    """

    read: int = 0
    repeated: int = 0
    refused: int = 0
    dates_refused: int = 0
    unread: Counter[str] = field(default_factory=Counter[str])


class Repeats:
    """Knows the last `remembered` articles of a run again."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._seen: dict[str, int] = {}

    def is_repeat(self, raw: RawArticle) -> bool:
        """Whether the last article of this id had the same content, status and embargo: what enrich calls a repeat."""
        content = _content(raw)
        if self._seen.pop(raw.article_id, None) == content:
            self._seen[raw.article_id] = content
            return True
        self._seen[raw.article_id] = content
        if len(self._seen) > self._remembered:
            del self._seen[next(iter(self._seen))]
        return False


def ingest(read: Iterable[ReadArticle | InputProblem], sink: ArticleSink, teller: Teller, tally: Tally) -> None:
    """Send every article once, and wait until each is confirmed; `tally` is up to date at any moment.

    Raises what `sink` raises; what it had confirmed by then stays so.
    """
    repeats = Repeats()
    for one in read:
        if isinstance(one, InputProblem):
            _refuse([one], teller, tally)
        else:
            _note(one, teller, tally)
            if repeats.is_repeat(one.raw):
                tally.repeated += 1
            else:
                _refuse(sink.send(one), teller, tally)
        teller.went_on(tally, sink.confirmed)
    _refuse(sink.settle(), teller, tally)
    teller.went_on(tally, sink.confirmed)


def _note(article: ReadArticle, teller: Teller, tally: Tally) -> None:
    tally.read += 1
    tally.unread.update(article.unread)
    if article.date_refused:
        tally.dates_refused += 1
        teller.date_refused(article)


def _refuse(problems: list[InputProblem], teller: Teller, tally: Tally) -> None:
    for problem in problems:
        tally.refused += 1
        teller.refused(problem)


def _content(raw: RawArticle) -> int:
    """What tells versions of an article apart: of two that differ, one in 2^64 is taken for the other.

    Python's own hash and no digest: a digest lets the driver's thread in for each article, which halves the speed.
    """
    text = raw.html if raw.html is not None else raw.body or ""
    return hash((folded_space(raw.title), folded_space(text), raw.html is None, raw.status, raw.embargoed_until))
