"""The gazetteer: every name that Belfry knows, and the entity that it may stand for.

It is read from `lexicon/entities/`: `gazetteer.tsv.gz` (built from the sources and from `curated.tsv` by
`tools/build_gazetteer.py`), `demonyms.tsv`, `contexts.tsv` and `given_names.txt`. A name is found by its words, folded; whether a
*reading* of it holds at one place in an article is for `processors.recognise` to say, and which of several entities is
meant for `processors.link`.
"""

import csv
import difflib
import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Literal, NamedTuple

from processors.demonyms import LANGUAGES, demonym_forms
from processors.names import name_key
from schemas.entities import EntityType

LEXICON = Path(__file__).resolve().parent.parent / "lexicon" / "entities"
COLUMNS = (
    "id",
    "type",
    "kind",
    "country",
    "prior",
    "name",
    "names",
    "limited",
    "common",
    "surnames",
    "bare",
    "foreign",
)
"""Of the built table.

prior: 0 to 100, how likely the entity is meant where only its name is known. names: `|` between. limited: `nl:VS`, a name
that counts in articles of that language only. common: `nl,de:Essen`, a name that is an ordinary word in these languages.
surnames: what stands for the person once the article has the full name. bare: surnames that need no full name. foreign:
`nl,de:Georgia`, a name that another place has, too, and that these languages call otherwise.
"""
MAX_SUGGESTIONS = 3
MAX_SUGGESTED_LENGTH = 60
_MAX_COMPARED = 1_500

Role = Literal["name", "demonym", "bare"]


@dataclass(frozen=True, slots=True)
class KnownEntity:
    """An entity of the table. `country` is an ISO 3166-1 code or empty; `kind` is finer than `type` (city, country, person …)."""

    id: str
    type: EntityType
    kind: str
    country: str
    prior: int
    name: str


class Reading(NamedTuple):
    """One way to read a name: the entity (its place in the table), as it is written, and where that holds.

    languages: only in articles of these, None for all. common: an ordinary word in these. role: `name`, `demonym`, or
    `bare` for a surname that stands for one person without the full name. foreign: languages that call it otherwise, where
    another place has this name, too. needs: folded beginnings of words of which the article must have one; empty for none.
    """

    entity: int
    written: str
    languages: tuple[str, ...] | None
    common: tuple[str, ...]
    role: Role
    foreign: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(slots=True)
class _Index:
    readings: dict[str, tuple[Reading, ...]] = field(default_factory=dict[str, tuple[Reading, ...]])
    longest: dict[str, int] = field(default_factory=dict[str, int])
    pairs: set[str] = field(default_factory=set[str])

    def add(self, reading: Reading) -> None:
        key = name_key(reading.written)
        if not key:
            return
        known = self.readings.get(key)
        if known is None:
            self.readings[key] = (reading,)
        elif reading not in known:
            self.readings[key] = (*known, reading)
        words = key.split(" ", 2)
        first, count = words[0], key.count(" ") + 1
        if count > 1:
            self.pairs.add(f"{first} {words[1]}")
        if count > self.longest.get(first, 0):
            self.longest[first] = count


def _cells(cell: str) -> Iterator[str]:
    return (value for value in cell.split("|") if value)


def _limited(cell: str) -> Iterator[tuple[tuple[str, ...], str]]:
    for value in _cells(cell):
        languages, _, name = value.partition(":")
        yield tuple(languages.split(",")), name


class Gazetteer:
    """Names to entities. Built once, never changed after: may be shared by threads."""

    def __init__(
        self,
        entities: tuple[KnownEntity, ...],
        readings: Iterable[Reading],
        surnames: dict[int, tuple[str, ...]],
        given_names: frozenset[str],
    ) -> None:
        self.entities = entities
        self.given_names = given_names
        """Folded first names, which tell a person from a place (*Jack London*)."""
        self._surnames = surnames
        self._place = {entity.id: place for place, entity in enumerate(entities)}
        index = _Index()
        for reading in readings:
            index.add(reading)
        self._readings = index.readings
        self._longest = index.longest
        self._pairs = index.pairs
        self._by_start: dict[str, list[str]] | None = None
        self._sorting = Lock()

    def __len__(self) -> int:
        return len(self.entities)

    @property
    def name_count(self) -> int:
        """How many different names (folded) it knows, demonyms included."""
        return len(self._readings)

    @property
    def beginnings(self) -> Mapping[str, int]:
        """The folded words with which names begin, and how many words the longest of these has."""
        return self._longest

    def longest(self, folded_word: str) -> int:
        """How many words the longest name has that begins with this folded word; 0 where none does."""
        return self._longest.get(folded_word, 0)

    def begins_with(self, first: str, second: str) -> bool:
        """Whether any name begins with these two folded words."""
        return f"{first} {second}" in self._pairs

    def readings(self, key: str) -> tuple[Reading, ...]:
        """The readings of a name given by its key (`processors.names.name_key`)."""
        return self._readings.get(key, ())

    def place(self, entity_id: str) -> int | None:
        """Where the entity of an id stands in `entities`, None where it isn't known."""
        return self._place.get(entity_id)

    def surnames(self, place: int) -> tuple[str, ...]:
        """The surname forms of the entity at this place of `entities`; empty for what is no person."""
        return self._surnames.get(place, ())

    def ids(self, name: str) -> tuple[str, ...]:
        """The ids that a name may stand for, likeliest first; an id that is known stands for itself; else empty.

        Demonyms don't count: `Russian` names no entity.
        """
        if name.strip() in self._place:
            return (name.strip(),)
        readings = self.readings(name_key(name))
        places = dict.fromkeys(reading.entity for reading in readings if reading.role != "demonym")
        return tuple(self.entities[place].id for place in sorted(places, key=lambda p: -self.entities[p].prior))

    def canonical_name(self, entity_id: str) -> str | None:
        """The canonical English name of an id, None where it isn't known."""
        place = self._place.get(entity_id)
        return None if place is None else self.entities[place].name

    def nearest(self, name: str) -> tuple[str, ...]:
        """Up to three known names that resemble an unknown one, best first. Time is bounded (about 20 ms)."""
        key = name_key(name[:MAX_SUGGESTED_LENGTH])
        if not key:
            return ()
        near = [k for k in self._sorted_names().get(key[:1], ()) if abs(len(k) - len(key)) <= 2]
        near.sort(key=lambda k: (k[:3] != key[:3], abs(len(k) - len(key)), k))
        found = difflib.get_close_matches(key, near[:_MAX_COMPARED], n=MAX_SUGGESTIONS, cutoff=0.75)
        return tuple(self._readings[k][0].written for k in found)

    def _sorted_names(self) -> dict[str, list[str]]:
        with self._sorting:
            if self._by_start is None:
                by_start: dict[str, list[str]] = {}
                for key, readings in self._readings.items():
                    if any(reading.role != "demonym" for reading in readings):
                        by_start.setdefault(key[:1], []).append(key)
                self._by_start = by_start
            return self._by_start


def _table(path: Path) -> Iterator[list[str]]:
    """The rows of a TSV file (gzipped or not) without its header. The table is Belfry's own and was checked when built."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = iter(content.decode("utf-8").rstrip("\n").split("\n"))
    next(lines)
    return (line.split("\t") for line in lines)


def _demonyms(path: Path, places: dict[str, int]) -> Iterator[Reading]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            for language in LANGUAGES:
                for form in demonym_forms(language, tuple(_cells(row[language]))):
                    yield Reading(places[row["id"]], form, (language,), (), "demonym")


def _contexts(path: Path, places: dict[str, int]) -> Iterator[Reading]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            needs = tuple(_cells(row["words"]))
            languages = tuple(_cells(row["languages"])) or None
            for name in _cells(row["names"]):
                yield Reading(places[row["id"]], name, languages, (), "name", (), needs)


def read_gazetteer(folder: Path = LEXICON) -> Gazetteer:
    """The gazetteer in a folder laid out as `lexicon/entities/`. Raises OSError where a file is missing."""
    entities: list[KnownEntity] = []
    readings: list[Reading] = []
    surnames: dict[int, tuple[str, ...]] = {}
    types: dict[str, EntityType] = {"PER": "PER", "ORG": "ORG", "LOC": "LOC", "MISC": "MISC"}
    for row in _table(folder / "gazetteer.tsv.gz"):
        entity_id, kind_of, kind, country, prior, name, names, limited, common, last, bare, foreign = row
        place = len(entities)
        entities.append(KnownEntity(entity_id, types[kind_of], kind, country, int(prior), name))
        ordinary = {written: languages for languages, written in _limited(common)}
        else_where = {written: languages for languages, written in _limited(foreign)}
        readings.extend(
            Reading(place, n, None, ordinary.get(n, ()), "name", else_where.get(n, ())) for n in _cells(names)
        )
        readings.extend(
            Reading(place, n, only, ordinary.get(n, ()), "name", else_where.get(n, ())) for only, n in _limited(limited)
        )
        readings.extend(Reading(place, n, None, (), "bare") for n in _cells(bare))
        if last:
            surnames[place] = tuple(_cells(last))
    places = {entity.id: place for place, entity in enumerate(entities)}
    readings.extend(_demonyms(folder / "demonyms.tsv", places))
    readings.extend(_contexts(folder / "contexts.tsv", places))
    given = frozenset((folder / "given_names.txt").read_text(encoding="utf-8").split())
    return Gazetteer(tuple(entities), readings, surnames, given)


_reading = Lock()


@cache
def _default() -> Gazetteer:
    return read_gazetteer()


def default_gazetteer() -> Gazetteer:
    """The gazetteer that Belfry ships, read once in a process; threads that come meanwhile wait for it."""
    with _reading:
        return _default()
