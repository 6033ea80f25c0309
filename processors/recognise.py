"""Entities of an article: names of places, bodies and persons, and demonyms that point at their country.

Steps, in this order:
1. Title and text are cut into words, in pieces of bounded size.
2. Names of the gazetteer are found, the longest first (`processors.mentions`): *NAVO-Ruslandraad* is no mention of NAVO.
3. Other names are proposed by rules and, where there is one, by a trained pipeline, as far as `NEW_NAMES_CHARACTERS` into a field
   (`processors.proposals`).
4. All fields of the article are weighed together (`processors.assemble`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from threading import Lock

from processors.assemble import Article, FieldRead
from processors.evidence import Evidence
from processors.gazetteer import Gazetteer, default_gazetteer
from processors.mentions import MentionFinder, field_words
from processors.merge import united
from processors.ner.choice import SHIPPED, NameModels
from processors.ner.proposer import proposer
from processors.proposals import NEW_NAMES_CHARACTERS, FieldSeen, Proposal, Proposer, Rules
from schemas.entities import Entity
from schemas.spans import Field

PIECE_CHARACTERS = 50_000
"""A longer field is read piece by piece, cut at a line end or white space, so that memory stays bounded."""
TITLE_CASE_SHARE = 0.6

Fields = tuple[str, str, str]
"""Title, text, language."""


def pieces(text: str, size: int = PIECE_CHARACTERS) -> Iterator[tuple[int, str]]:
    """A text in pieces of at most `size` characters with their offsets, cut after a line end or white space where there is one."""
    start = 0
    while len(text) - start > size:
        end = start + size
        cut = text.rfind("\n", start + size // 2, end) + 1 or text.rfind(" ", start + size // 2, end) + 1 or end
        yield start, text[start:cut]
        start = cut
    yield start, text[start:]


class Recogniser:
    """Finds entities with one gazetteer, and what `proposer` proposes besides where one is given.

    Safe to share: a lock lets one thread in at a time.
    """

    def __init__(self, gazetteer: Gazetteer, proposer: Proposer | None = None) -> None:
        self._gazetteer = gazetteer
        self._finder = MentionFinder(gazetteer)
        self._evidence = Evidence(gazetteer)
        self._rules = Rules(gazetteer.given_names)
        self._proposer = proposer
        self._one_at_a_time = Lock()

    def recognise(self, title: str, text: str, language: str) -> tuple[Entity, ...]:
        """The entities of an article in reading order, not overlapping; `field[start:end] == text` for each.

        Never raises on any text; time is linear in its length.
        """
        (found,) = self.recognise_batch([(title, text, language)])
        return found

    def recognise_batch(self, articles: Iterable[Fields]) -> list[tuple[Entity, ...]]:
        """`recognise` for each (title, text, language), in order; the proposer is asked once for all of them."""
        asked = list(articles)
        with self._one_at_a_time:
            reads = [self._reads(*article) for article in asked]
            if self._proposer is not None:
                reads = self._with_proposals(self._proposer, reads, [language for _, _, language in asked])
        return [
            tuple(Article(here, language, self._gazetteer, self._evidence).entities())
            for here, (_, _, language) in zip(reads, asked, strict=True)
        ]

    def _reads(self, title: str, text: str, language: str) -> list[FieldRead]:
        fields: tuple[tuple[Field, str], ...] = (("title", title), ("text", text))
        return [
            self._read(name, piece, offset, language)
            for name, value in fields
            for offset, piece in pieces(value)
            if piece
        ]

    def _read(self, field: Field, piece: str, offset: int, language: str) -> FieldRead:
        words = field_words(piece)
        letters = [word.text for word in words if len(word.text) > 3 and word.text.isalpha()]
        title_case = field == "title" and len(letters) > 2 and _share_capitalised(letters) >= TITLE_CASE_SHARE
        candidates = self._finder.candidates(words, language)
        proposals = [] if title_case else self._rules.proposals(words, candidates, language)
        return FieldRead(field, piece, offset, words, candidates, title_case, proposals)

    @staticmethod
    def _with_proposals(
        proposer: Proposer, reads: Sequence[Sequence[FieldRead]], languages: Sequence[str]
    ) -> list[list[FieldRead]]:
        """The fields with the proposer's proposals, which go before those of the rules."""
        seen = [
            [FieldSeen(read.words, read.candidates, read.source) for read in here if _is_asked(read)] for here in reads
        ]
        fields = proposer.proposals(seen, languages)
        return [list(_united(here, iter(proposed))) for here, proposed in zip(reads, fields, strict=True)]


def _is_asked(read: FieldRead) -> bool:
    return read.offset < NEW_NAMES_CHARACTERS


def _united(reads: Sequence[FieldRead], proposed: Iterator[Sequence[Proposal]]) -> Iterator[FieldRead]:
    for read in reads:
        yield replace(read, proposals=united(next(proposed), read.proposals)) if _is_asked(read) else read


def _share_capitalised(words: Sequence[str]) -> float:
    return sum(word[0].isupper() for word in words) / len(words)


_making = Lock()


@cache
def _made(models: NameModels) -> Recogniser:
    gazetteer = default_gazetteer()
    return Recogniser(gazetteer, proposer(models, gazetteer))


def shipped_recogniser(models: NameModels = SHIPPED) -> Recogniser:
    """The recogniser with the gazetteer that Belfry ships and these models, made once in a process.

    Raises SettingsError for a model that can't be loaded.
    """
    with _making:
        return _made(models)


def recognise(title: str, text: str, language: str, models: NameModels = SHIPPED) -> tuple[Entity, ...]:
    """The entities of an article; see `Recogniser.recognise`. The first call loads gazetteer and models (about two seconds)."""
    return shipped_recogniser(models).recognise(title, text, language)


def recognise_batch(articles: Iterable[Fields], models: NameModels = SHIPPED) -> list[tuple[Entity, ...]]:
    """`recognise` for each (title, text, language), in order."""
    return shipped_recogniser(models).recognise_batch(articles)
