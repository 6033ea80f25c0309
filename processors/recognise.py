"""Entities of an article, by the gazetteer: names of places, bodies and persons, and demonyms that point at their country.

Steps, in this order:
1. Title and text are cut into words by the pipeline's tokeniser, in pieces of bounded size.
2. Names are found, the longest first (`processors.mentions`): *NAVO-Ruslandraad* is no mention of NAVO.
3. What the words around and the article must vouch for is weighed (`processors.evidence`).
4. Namesakes are told apart (`processors.link`), or left without an id.
5. Surnames are taken for the person whose full name the article has (`processors.surnames`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from threading import Lock

from processors.evidence import Evidence, Surroundings
from processors.gazetteer import Gazetteer, KnownEntity, Reading, default_gazetteer
from processors.link import Context, joined_ids, linked, mentioned_countries
from processors.mentions import Candidate, MentionFinder, Word, field_words
from processors.pipeline import Pipeline, blank_pipeline
from processors.surnames import SecondMention, SurnameFinder
from schemas.entities import Entity
from schemas.spans import Field

PIECE_CHARACTERS = 50_000
"""A longer field is read piece by piece, cut at a line end or white space, so that memory stays bounded."""
TITLE_CASE_SHARE = 0.6

Fields = tuple[str, str, str]
"""Title, text, language."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A field, or a piece of one, with what was found in it. offset: where the piece starts in the field."""

    field: Field
    source: str
    offset: int
    words: list[Word]
    candidates: list[Candidate]
    title_case: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """A mention: words `first` to `last` of its field. bare_place: the folded word, where it is one and no *in* vouches for it."""

    first: int
    last: int
    entity: Entity
    bare_place: str = ""


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
    """Finds entities with one gazetteer and one pipeline. Safe to share: a lock lets one thread in at a time."""

    def __init__(self, gazetteer: Gazetteer, pipeline: Pipeline) -> None:
        self._gazetteer = gazetteer
        self._finder = MentionFinder(gazetteer)
        self._evidence = Evidence(gazetteer)
        self._pipeline = pipeline
        self._one_at_a_time = Lock()

    def recognise(self, title: str, text: str, language: str) -> tuple[Entity, ...]:
        """The entities of an article in reading order, not overlapping; `field[start:end] == text` for each.

        Never raises on any text; time is linear in its length.
        """
        fields: tuple[tuple[Field, str], ...] = (("title", title), ("text", text))
        with self._one_at_a_time:
            reads = [
                self._read(name, piece, offset, language)
                for name, value in fields
                for offset, piece in pieces(value)
                if piece
            ]
        return tuple(_Article(reads, language, self._gazetteer, self._evidence).entities())

    def recognise_batch(self, articles: Iterable[Fields]) -> list[tuple[Entity, ...]]:
        """`recognise` for each (title, text, language), in order."""
        return [self.recognise(*article) for article in articles]

    def _read(self, field: Field, piece: str, offset: int, language: str) -> _Read:
        words = field_words(self._pipeline.tokens(piece))
        letters = [word.text for word in words if len(word.text) > 3 and word.text.isalpha()]
        title_case = field == "title" and len(letters) > 2 and _share_capitalised(letters) >= TITLE_CASE_SHARE
        return _Read(field, piece, offset, words, self._finder.candidates(words, language), title_case)


def _share_capitalised(words: Sequence[str]) -> float:
    return sum(word[0].isupper() for word in words) / len(words)


class _Article:
    """The candidates of all fields of one article, weighed together."""

    def __init__(self, reads: Sequence[_Read], language: str, gazetteer: Gazetteer, evidence: Evidence) -> None:
        self._reads = reads
        self._language = language
        self._gazetteer = gazetteer
        self._evidence = evidence
        self._name_ends: set[str] = set()
        self._context = Context(mentioned_countries(self._sure()))

    def _sure(self) -> Iterator[KnownEntity]:
        """What is meant by the names that need no context."""
        for read in self._reads:
            for candidate in read.candidates:
                best, sure = linked(self._known(candidate.readings), Context())
                if sure:
                    yield best

    def _known(self, readings: Sequence[Reading]) -> list[KnownEntity]:
        """The entities of readings, each once."""
        return [self._gazetteer.entities[place] for place in dict.fromkeys(reading.entity for reading in readings)]

    def entities(self) -> Iterator[Entity]:
        """The article's entities, in reading order."""
        found = [self._first_mentions(read) for read in self._reads]
        # After Eddie Jordan and Ned Price, Jordan and Price alone are they, not a country and a town.
        found = [[one for one in here if one.bare_place not in self._name_ends] for here in found]
        persons = self._persons(one.entity for here in found for one in here)
        surnames = SurnameFinder(persons, self._gazetteer, self._evidence, self._language)
        for read, here in zip(self._reads, found, strict=True):
            second = surnames.mentions(read.words, [(one.first, one.last) for one in here])
            here.extend(_Found(one.first, one.last, self._person(read, one)) for one in second)
            here.sort(key=lambda one: one.first)
            yield from (one.entity for one in here)

    def _persons(self, entities: Iterable[Entity]) -> Iterable[int]:
        """The persons of the article who are known by id, as places in the gazetteer."""
        ids = dict.fromkeys(one.id for one in entities if one.type == "PER" and one.id is not None)
        return [place for one in ids if (place := self._gazetteer.place(one)) is not None]

    def _first_mentions(self, read: _Read) -> list[_Found]:
        ends: set[int] = set()
        at = Surroundings(read.words, self._language, self._context.countries, read.title_case, ends)
        found: list[_Found] = []
        joined = self._joined(read)
        for candidate in read.candidates:
            readings = self._evidence.holding(candidate, at)
            word = read.words[candidate.first].folded if candidate.is_single and not candidate.locative else ""
            if readings:
                entity = self._resolved(read, candidate, readings, joined)
                found.append(_Found(candidate.first, candidate.last, entity, word if entity.type == "LOC" else ""))
                ends.add(candidate.last)
            elif word and self._evidence.ends_longer_name(candidate, at):
                self._name_ends.add(word)
        return found

    def _joined(self, read: _Read) -> dict[int, frozenset[str]]:
        """By first word: the ids that a comma joins to the candidate before or behind (*Atlanta, Georgia*)."""
        joined: dict[int, frozenset[str]] = {}
        for one, other in pairwise(read.candidates):
            if other.first != one.last + 2 or read.words[one.last + 1].text != ",":
                continue
            ids = joined_ids(self._known(one.readings), self._known(other.readings))
            joined[one.first] = joined.get(one.first, frozenset()) | ids
            joined[other.first] = ids
        return joined

    def _resolved(
        self, read: _Read, candidate: Candidate, readings: Sequence[Reading], joined: Mapping[int, frozenset[str]]
    ) -> Entity:
        ids = joined.get(candidate.first, frozenset())
        best, _ = linked(self._known(readings), self._context, ids)
        # Also those for which there is too little to go by here are in the way of certainty.
        likeliest, sure = linked(self._known(candidate.readings), self._context, ids)
        sure = sure and likeliest is best
        shown = read.source[candidate.start : candidate.end]
        demonym = readings[0].role == "demonym"
        return Entity(
            field=read.field,
            start=read.offset + candidate.start,
            end=read.offset + candidate.end,
            text=shown,
            type="MISC" if demonym else best.type,
            id=best.id if sure else None,
            name=best.name if sure else shown,
            link="demonym" if demonym else "name",
        )

    def _person(self, read: _Read, mention: SecondMention) -> Entity:
        """The mention of a surname; without an id where two persons of the article have it."""
        start, end = read.words[mention.first].start, read.words[mention.last].end
        shown = read.source[start:end]
        known = self._gazetteer.entities[mention.persons[0]] if len(mention.persons) == 1 else None
        return Entity(
            field=read.field,
            start=read.offset + start,
            end=read.offset + end,
            text=shown,
            type="PER",
            id=known.id if known else None,
            name=known.name if known else shown,
        )


_making = Lock()


@cache
def _default() -> Recogniser:
    return Recogniser(default_gazetteer(), blank_pipeline())


def default_recogniser() -> Recogniser:
    """The recogniser with the gazetteer that Belfry ships, made once in a process."""
    with _making:
        return _default()


def recognise(title: str, text: str, language: str) -> tuple[Entity, ...]:
    """The entities of an article; see `Recogniser.recognise`. The first call loads the gazetteer (about a second)."""
    return default_recogniser().recognise(title, text, language)


def recognise_batch(articles: Iterable[Fields]) -> list[tuple[Entity, ...]]:
    """`recognise` for each (title, text, language), in order."""
    return default_recogniser().recognise_batch(articles)
