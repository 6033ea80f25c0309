"""Entities of an article, by the gazetteer: names of places, bodies and persons, and demonyms that point at their country.

Steps, in this order:
1. Title and text are cut into words by the pipeline's tokeniser, in pieces of bounded size.
2. Names are found, the longest first (`processors.mentions`): *NAVO-Ruslandraad* is no mention of NAVO.
3. What the article itself must vouch for is weighed: an ordinary word (*Essen*, *Bergen*) needs its capital in the middle
   of a sentence, a small place needs *in* or *near* before it or its country elsewhere, a place after a first name (*Jack
   London*) is a person, capitals among capitals (*TELL US*) are no acronym.
4. Namesakes are told apart (`processors.link`), or left without an id.
5. Surnames are taken for the person whose full name the article has.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock

from spacy.language import Language

from processors.gazetteer import Gazetteer, KnownEntity, Reading, default_gazetteer
from processors.link import Context, linked, mentioned_countries
from processors.mentions import Candidate, MentionFinder, Word, field_words, is_shouted, starts_sentence
from processors.names import folded_word, name_words
from processors.pipeline import blank_pipeline
from schemas.entities import Entity
from schemas.spans import Field

PIECE_CHARACTERS = 50_000
"""A longer field is read piece by piece, cut at a line end or white space, so that memory stays bounded."""
SMALL_PLACE_PRIOR = 50
"""Under 100,000 inhabitants, or unknown: the name alone is too weak."""
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
    capitalised: bool


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

    def __init__(self, gazetteer: Gazetteer, pipeline: Language) -> None:
        self._gazetteer = gazetteer
        self._finder = MentionFinder(gazetteer)
        self._pipeline = pipeline
        self._one_at_a_time = Lock()

    def recognise(self, title: str, text: str, language: str) -> tuple[Entity, ...]:
        """The entities of an article in reading order, not overlapping; `field[start:end] == text` for each.

        Never raises on any text; time is linear in its length.
        """
        # The zone frees the strings of this article: without it the vocabulary of a worker grows for ever.
        with self._one_at_a_time, self._pipeline.memory_zone():
            reads = [
                self._read(name, piece, offset, language)
                for name, value in (("title", title), ("text", text))
                for offset, piece in pieces(value)
                if piece
            ]
        return tuple(_Article(reads, language, self._gazetteer).entities())

    def recognise_batch(self, articles: Iterable[Fields]) -> list[tuple[Entity, ...]]:
        """`recognise` for each (title, text, language), in order."""
        return [self.recognise(*article) for article in articles]

    def _read(self, field: Field, piece: str, offset: int, language: str) -> _Read:
        doc = self._pipeline(piece)
        words = field_words((token.text, token.idx) for token in doc)
        letters = [word.text for word in words if len(word.text) > 3 and word.text.isalpha()]
        capitalised = field == "title" and len(letters) > 2 and _share_capitalised(letters) >= TITLE_CASE_SHARE
        return _Read(field, piece, offset, words, self._finder.candidates(words, language), capitalised)


def _share_capitalised(words: Sequence[str]) -> float:
    return sum(word[0].isupper() for word in words) / len(words)


class _Article:
    """The candidates of all fields of one article, weighed together."""

    def __init__(self, reads: Sequence[_Read], language: str, gazetteer: Gazetteer) -> None:
        self._reads = reads
        self._language = language
        self._gazetteer = gazetteer
        strong = (self._entity(c.readings) for r in reads for c in r.candidates if len(c.readings) == 1)
        self._context = Context(mentioned_countries(strong))

    def _entity(self, readings: Sequence[Reading]) -> KnownEntity:
        return self._gazetteer.entities[readings[0].entity]

    def entities(self) -> Iterator[Entity]:
        """The article's entities, in reading order."""
        resolved: list[list[tuple[int, int, Entity]]] = []
        persons: dict[int, None] = {}
        for read in self._reads:
            here: list[tuple[int, int, Entity]] = []
            for candidate in read.candidates:
                readings = self._vouched(read, candidate)
                if not readings:
                    continue
                entity = self._resolved(read, candidate, readings)
                here.append((candidate.first, candidate.last, entity))
                if entity.type == "PER" and entity.id is not None and readings[0].role == "name":
                    persons.update((reading.entity, None) for reading in readings if self._is(reading, entity.id))
            resolved.append(here)
        surnames = self._surname_index(persons)
        for read, here in zip(self._reads, resolved, strict=True):
            if surnames:
                here.extend(self._second_mentions(read, here, surnames))
                here.sort(key=lambda item: item[0])
            yield from (entity for _, _, entity in here)

    def _is(self, reading: Reading, entity_id: str) -> bool:
        return self._gazetteer.entities[reading.entity].id == entity_id

    def _resolved(self, read: _Read, candidate: Candidate, readings: Sequence[Reading]) -> Entity:
        known = {reading.entity: self._gazetteer.entities[reading.entity] for reading in readings}
        best, sure = linked(list(known.values()), self._context)
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

    def _vouched(self, read: _Read, candidate: Candidate) -> tuple[Reading, ...]:
        """The readings for which there is enough to go by at this place."""
        if candidate.readings[0].role == "demonym":
            return candidate.readings
        words, first, last = read.words, candidate.first, candidate.last
        before = words[first - 1] if first and words[first].gap < 2 else None
        single = first == last
        shown = words[first].text
        if candidate.readings[0].role == "bare" and self._is_another_person(words, first):
            return ()
        if single and shown.isupper() and len(shown) <= 3 and is_shouted(words, first, last):
            return ()
        joined = before is not None and before.text[-1] == "-" and words[first].gap == 0 and first >= 2
        hyphened = joined or (last + 1 < len(words) and words[last + 1].text[0] == "-" and words[last + 1].gap == 0)
        after_given = (
            single and before is not None and words[first].gap == 1 and before.text[0].isupper()
            and before.folded in self._gazetteer.given_names
        )  # fmt: skip
        return tuple(
            reading
            for reading in candidate.readings
            if self._gazetteer.entities[reading.entity].type != "LOC"
            or self._place_holds(read, candidate, reading, hyphened=hyphened and single, after_given=after_given)
        )

    def _place_holds(
        self, read: _Read, candidate: Candidate, reading: Reading, *, hyphened: bool, after_given: bool
    ) -> bool:
        """Whether a place's name is that place here, by what stands around it and elsewhere in the article."""
        place = self._gazetteer.entities[reading.entity]
        if place.kind in ("country", "continent") or place.prior >= 75:
            return not (after_given and self._may_be_given_name(read, candidate) and not candidate.locative)
        if after_given or (self._is_given_name_of(read, candidate) and not candidate.locative):
            return False
        if hyphened and place.prior < 57:
            return False
        ordinary = self._language in reading.common or (self._language == "und" and bool(reading.common))
        if ordinary and not candidate.locative:
            if self._language == "de" or read.capitalised or starts_sentence(read.words, candidate.first):
                return False
        elif ordinary and self._language == "de" and place.prior < SMALL_PLACE_PRIOR:
            return False
        if place.prior >= SMALL_PLACE_PRIOR:
            return True
        at_home = place.country in self._context.countries
        return at_home if candidate.first != candidate.last else (at_home and not ordinary) or candidate.locative

    def _may_be_given_name(self, read: _Read, candidate: Candidate) -> bool:
        return read.words[candidate.first].folded in self._gazetteer.given_names

    def _is_given_name_of(self, read: _Read, candidate: Candidate) -> bool:
        """*Paris Hilton*, *Sofia Larsen*: a first name before another capitalised word (but German capitalises all nouns)."""
        after = candidate.last + 1
        if self._language == "de" or after >= len(read.words) or not self._may_be_given_name(read, candidate):
            return False
        follows = read.words[after]
        return follows.gap == 1 and follows.text[0].isupper() and not follows.text.isupper()

    def _is_another_person(self, words: Sequence[Word], first: int) -> bool:
        """Whether a surname follows somebody else's first name, or is the second half of a double name."""
        if not first or words[first].gap == 2:
            return False
        before = words[first - 1]
        if words[first].gap == 0:
            return before.text == "-" and first >= 2 and words[first - 2].text[0].isupper()
        return before.text[0].isupper() and before.folded in self._gazetteer.given_names

    def _surname_index(self, persons: Iterable[int]) -> dict[str, list[tuple[tuple[str, ...], int]]]:
        """First word of each surname form of the article's persons -> (its words as written, person), longest first."""
        index: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for person in persons:
            for form in self._gazetteer.surnames(person):
                written = tuple(name_words(form))
                index.setdefault(folded_word(written[0]), []).append((written, person))
        for forms in index.values():
            forms.sort(key=lambda form: -len(form[0]))
        return index

    def _second_mentions(
        self,
        read: _Read,
        taken: Sequence[tuple[int, int, Entity]],
        surnames: dict[str, list[tuple[tuple[str, ...], int]]],
    ) -> list[tuple[int, int, Entity]]:
        """Surnames alone of persons whose full name stands elsewhere in the article, where no mention was found yet."""
        occupied = {place for first, last, _ in taken for place in range(first, last + 1)}
        found: list[tuple[int, int, Entity]] = []
        place = 0
        while place < len(read.words):
            match = self._surname_at(read.words, place, surnames, occupied)
            if match is None:
                place += 1
                continue
            count, persons = match
            last = place + count - 1
            start, end = read.words[place].start, read.words[last].end
            entity = self._person(read, start, end, persons)
            found.append((place, last, entity))
            place = last + 1
        return found

    def _surname_at(
        self,
        words: Sequence[Word],
        place: int,
        surnames: dict[str, list[tuple[tuple[str, ...], int]]],
        occupied: set[int],
    ) -> tuple[int, list[int]] | None:
        word = words[place]
        forms = surnames.get(word.folded) or (surnames.get(word.folded[:-1]) if word.folded.endswith("s") else None)
        if forms is None or self._is_another_person(words, place):
            return None
        for written, _ in forms:
            count = len(written)
            shown = words[place : place + count]
            if (
                len(shown) < count
                or not occupied.isdisjoint(range(place, place + count))
                or not shown[-1].text[0].isupper()
            ):
                continue
            if any(w.gap == 2 for w in shown[1:]) or not _same_surname(written, shown, self._language):
                continue
            same = [
                person for other, person in forms if len(other) == count and _same_surname(other, shown, self._language)
            ]
            return count, list(dict.fromkeys(same))
        return None

    def _person(self, read: _Read, start: int, end: int, persons: Sequence[int]) -> Entity:
        """The mention of a surname; without an id where two persons of the article have it."""
        shown = read.source[start:end]
        known = self._gazetteer.entities[persons[0]] if len(persons) == 1 else None
        return Entity(
            field=read.field,
            start=read.offset + start,
            end=read.offset + end,
            text=shown,
            type="PER",
            id=known.id if known else None,
            name=known.name if known else shown,
        )


def _same_surname(written: Sequence[str], shown: Sequence[Word], language: str) -> bool:
    """Whether words of a text are a surname, as it is or with a bare genitive -s where the language has one."""
    if any(folded_word(w) != s.folded for w, s in zip(written[:-1], shown[:-1], strict=True)):
        return False
    last, seen = folded_word(written[-1]), shown[-1].folded
    return seen == last or (language in ("nl", "de", "und") and seen == f"{last}s")


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
