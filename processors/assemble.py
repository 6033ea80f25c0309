"""The mentions of one article, weighed together: gazetteer, proposals and surnames become its entities.

Steps, in this order:
1. What the words around and the article must vouch for is weighed (`processors.evidence`), and namesakes are told apart
   (`processors.link`) or left without an id.
2. Proposals of names that the gazetteer doesn't have join them (`processors.merge`).
3. Surnames are taken for the person whose full name the article has, known or not (`processors.surnames`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from processors.beside import what_stands_beside
from processors.evidence import Evidence, Surroundings
from processors.gazetteer import Gazetteer, KnownEntity, Reading
from processors.link import (
    HOME,
    JOINED,
    NOTHING,
    Beside,
    Context,
    countries_of_cities,
    countries_within,
    linked,
    mentioned_countries,
)
from processors.mentions import STRONG_PRIOR, Candidate, Word
from processors.merge import Mention, merged
from processors.names import folded
from processors.proposals import Proposal
from processors.surnames import Person, SecondMention, SurnameFinder, surnames_of
from schemas.entities import Entity
from schemas.spans import Field


@dataclass(frozen=True, slots=True)
class FieldRead:
    """A field, or a piece of one, with what was found in it. offset: where the piece starts in the field."""

    field: Field
    source: str
    offset: int
    words: list[Word]
    candidates: list[Candidate]
    title_case: bool
    proposals: Sequence[Proposal] = ()


class Article:
    """The fields of one article. Made for one pass over it."""

    def __init__(self, reads: Sequence[FieldRead], language: str, gazetteer: Gazetteer, evidence: Evidence) -> None:
        self._reads = reads
        self._language = language
        self._gazetteer = gazetteer
        self._evidence = evidence
        self._name_ends: set[str] = set()
        self._surnames: set[str] = set()
        self._first_names: set[str] = set()
        self._full_names: dict[int, set[str]] = {}
        self._words = ""
        sure = list(self._sure())
        self._context = Context(
            countries=mentioned_countries(sure),
            cities=countries_of_cities(sure),
            within=countries_within(sure),
            home=HOME.get(language, frozenset[str]()),
        )

    def entities(self) -> Iterator[Entity]:
        """The article's entities, in reading order, not overlapping."""
        found = [merged(self._known_mentions(read), read.proposals, read.words, self._language) for read in self._reads]
        persons = list(self._persons(found))
        # After Eddie Jordan and Ned Price, Jordan and Price alone are they, not a country and a town.
        found = [[self._doubted(one) for one in here if not self._is_somebody(one)] for here in found]
        surnames = SurnameFinder(persons, self._gazetteer, self._evidence, self._language, self._full_names)
        for read, here in zip(self._reads, found, strict=True):
            yield from (self._entity(read, one) for one in self._with_surnames(read, here, surnames))

    def _is_somebody(self, one: Mention) -> bool:
        """Whether a place that nothing vouches for is a name of somebody in the article; capitals aren't by that alone."""
        lesser = one.prior < STRONG_PRIOR and one.bare_place in self._surnames | self._first_names
        return bool(one.bare_place) and (lesser or one.bare_place in self._name_ends)

    def _doubted(self, one: Mention) -> Mention:
        """Washington, where the article has George Washington, too, may be either: no id."""
        return replace(one, entity=None) if one.bare_place and one.bare_place in self._surnames else one

    def _with_surnames(self, read: FieldRead, here: Sequence[Mention], surnames: SurnameFinder) -> list[Mention]:
        """The mentions of a field with the surnames that stand for somebody; a surname that was only proposed gives way.

        So does a body of that name (*Al-Burhan* …), where the person is known: a model tells the two badly.
        """
        loose = {
            one
            for one in here
            if (_is_unknown_person(one) or _is_unknown_body(one))
            and surnames.is_surname(read.words[one.first : one.last + 1], known=one.type == "ORG")
        }
        fixed = [one for one in here if one not in loose]
        second = [_person(one) for one in surnames.mentions(read.words, [(o.first, o.last) for o in fixed])]
        taken = {place for one in second for place in range(one.first, one.last + 1)}
        left = [one for one in loose if taken.isdisjoint(range(one.first, one.last + 1))]
        return sorted([*fixed, *second, *left], key=lambda one: one.first)

    def _sure(self) -> Iterator[KnownEntity]:
        """What is meant by the names that need no context."""
        for read in self._reads:
            for candidate in read.candidates:
                if any(self._language in reading.common for reading in candidate.readings):
                    continue
                best, sure = linked(self._entities_of(candidate.readings), Context())
                if sure and not self._may_be_somebody(read, candidate, best):
                    yield best

    def _article_words(self) -> str:
        """All folded words, each behind a space; made once, and only where a name needs it."""
        if not self._words:
            self._words = "".join(f" {word.folded}" for read in self._reads for word in read.words)
        return self._words

    def _may_be_somebody(self, read: FieldRead, candidate: Candidate, entity: KnownEntity) -> bool:
        """Whether a region or a town that is a first name, too, says nothing of what the article is about (*Victoria*)."""
        first_name = candidate.is_single and read.words[candidate.first].folded in self._gazetteer.given_names
        return first_name and entity.kind != "country"

    def _entities_of(self, readings: Sequence[Reading]) -> list[KnownEntity]:
        """The entities of readings, each once."""
        return [self._gazetteer.entities[place] for place in dict.fromkeys(reading.entity for reading in readings)]

    def _persons(self, found: Sequence[Sequence[Mention]]) -> Iterator[Person]:
        """The persons of the article whose full names it has."""
        known = {one.entity: None for here in found for one in here if one.type == "PER" and one.entity is not None}
        for read, here in zip(self._reads, found, strict=True):
            for one in here:
                if one.type == "PER" and one.entity is not None and one.first < one.last:
                    self._full_names.setdefault(one.entity, set()).add(_shown(read, one))
        for person in known:
            self._surnames.update(folded(name) for name in self._gazetteer.surnames(person))
            yield person
        unknown: dict[str, tuple[str, ...]] = {}
        for read, here in zip(self._reads, found, strict=True):
            for one in here:
                if _is_unknown_person(one) and one.first < one.last:
                    unknown[_shown(read, one)] = tuple(word.folded for word in read.words[one.first : one.last + 1])
        surnames = {form for name in unknown for form in surnames_of(name)}
        for name, words in unknown.items():
            if words not in surnames:  # Van Acker, behind a title, is Jan Van Acker, not another
                self._name_ends.add(words[-1])
                self._first_names.add(words[0])
                yield name

    def _known_mentions(self, read: FieldRead) -> list[Mention]:
        ends: set[int] = set()
        at = Surroundings(
            read.words, self._language, self._context.countries, read.title_case, ends, article=self._article_words
        )
        found: list[Mention] = []
        beside = what_stands_beside(read.words, read.candidates, self._language, self._entities_of)
        for candidate in read.candidates:
            readings = self._evidence.holding(candidate, at)
            if readings:
                found.append(self._resolved(read, candidate, readings, beside.get(candidate.first, NOTHING)))
                ends.add(candidate.last)
            elif self._evidence.is_relative(candidate, at) or (
                candidate.is_single and not candidate.locative and self._evidence.ends_longer_name(candidate, at)
            ):
                self._name_ends.add(read.words[candidate.first].folded)
        return found

    def _resolved(self, read: FieldRead, candidate: Candidate, readings: Sequence[Reading], beside: Beside) -> Mention:
        best, _ = linked(self._entities_of(readings), self._context, beside)
        # Also those for which there is too little to go by here are in the way of certainty.
        likeliest, sure = linked(self._entities_of(candidate.readings), self._context, beside)
        sure = sure and likeliest is best
        demonym = readings[0].role == "demonym"
        vouched = (candidate.locative and not _has_possessive(read.words, candidate.last)) or beside.points.get(
            best.id, 0
        ) >= JOINED
        bare = best.type == "LOC" and not demonym and candidate.is_single and not vouched
        return Mention(
            first=candidate.first,
            last=candidate.last,
            type="MISC" if demonym else best.type,
            entity=self._gazetteer.place(best.id) if sure else None,
            demonym=demonym,
            bare_place=read.words[candidate.first].folded if bare else "",
            prior=best.prior,
            genitive=not folded(readings[0].written).endswith(read.words[candidate.last].folded),
        )

    def _entity(self, read: FieldRead, mention: Mention) -> Entity:
        """A mention as it travels."""
        shown = _shown(read, mention)
        known = None if mention.entity is None else self._gazetteer.entities[mention.entity]
        start = read.offset + read.words[mention.first].start
        return Entity(
            field=read.field,
            start=start,
            end=start + len(shown),
            text=shown,
            type=mention.type,
            id=known.id if known else None,
            name=known.name if known else mention.name or shown,
            link="demonym" if mention.demonym else "name",
        )


def _person(second: SecondMention) -> Mention:
    """The mention of a surname; without an id where two persons of the article have it."""
    one = second.persons[0] if len(second.persons) == 1 else None
    entity = one if isinstance(one, int) else None
    return Mention(second.first, second.last, "PER", entity=entity, name=one if isinstance(one, str) else "")


def _has_possessive(words: Sequence[Word], last: int) -> bool:
    """Whether *'s* follows: *in Jordan's kitchen* says less of a place than *in Jordan*."""
    return last + 1 < len(words) and words[last + 1].gap == 0 and words[last + 1].folded in ("'s", "'")


def _shown(read: FieldRead, mention: Mention) -> str:
    return read.source[read.words[mention.first].start : read.words[mention.last].end]


def _is_unknown_person(mention: Mention) -> bool:
    return mention.type == "PER" and mention.entity is None


def _is_unknown_body(mention: Mention) -> bool:
    return mention.type == "ORG" and mention.entity is None
