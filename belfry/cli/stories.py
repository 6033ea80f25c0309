"""`belfry stories`: which articles are copies or edits of one report, without broker or index, by the very code of the role."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import orjson
import typer

from belfry.cli.article_lines import Files, Source, print_results
from belfry.settings import settings
from processors.extract import completed, content
from processors.language import decide_language
from processors.stories.signature import signature
from processors.stories.stories import Sighting, Stories
from producers.articles import DEFAULT_SOURCE, ReadArticle
from schemas.errors import EnrichError, InputProblem


def stories(files: Files, source: Source = DEFAULT_SOURCE) -> None:
    """Print the story of each article as a JSON line {article_id, story_id}, in input order; the first article names it.

    Copies with a new headline, cuts, edits and corrections of one report are one story; other reports on the same topic,
    and forms filled in anew (the weather, markets, results), are not. What can't be read is named, and the rest goes on.
    """
    config = settings()
    known = Stories(timedelta(days=config.story_days), config.story_articles)
    if print_results(files, source, lambda articles: _placed(articles, known), lambda line: line):
        raise typer.Exit(1)


def _placed(articles: Iterable[ReadArticle | InputProblem], known: Stories) -> Iterator[bytes | InputProblem]:
    """Each article's line, or why it has none."""
    names = _Names()
    for read in articles:
        if isinstance(read, InputProblem):
            yield read
            continue
        try:
            sighting = _sighting(read)
        except EnrichError as error:
            yield read.place.problem(error.code, str(error), "Give its text as `body`, or a page that has one.")
            continue
        story_id = known.place(sighting, read.raw.fetched_at).story_id
        names.add(read)
        yield orjson.dumps({"article_id": read.name, "story_id": names.of(story_id)}) + b"\n"
        for article_id in known.outdated(read.raw.fetched_at):
            known.forget(article_id)


def _sighting(read: ReadArticle) -> Sighting:
    found = content(read.raw)
    title = "" if found.title_from_text else found.title
    language, _ = decide_language(title, found.text, read.raw.language)
    # A page may say itself when it was published.
    return Sighting(read.raw.article_id, signature(found.text, language), completed(read.raw, found).published_at)


class _Names:
    """What stories are called on stdout: by the id that their first article was given, unless another one has it too."""

    def __init__(self) -> None:
        self._name_of: dict[str, str] = {}
        self._taken: set[str] = set()

    def add(self, read: ReadArticle) -> None:
        if read.raw.article_id not in self._name_of:
            name = read.raw.article_id if read.name in self._taken else read.name
            self._name_of[read.raw.article_id] = name
            self._taken.add(name)

    def of(self, story_id: str) -> str:
        return self._name_of[story_id]
