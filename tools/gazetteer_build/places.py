"""Places: the names in four languages, and aliases only where they can hardly be anything else."""

import math
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from gazetteer_build.facts import Build, Entry, OrdinaryWords, Row, cells, usable
from gazetteer_build.transcription import COUNTRIES, TARGETS, transcribed
from processors.names import folded, name_key, name_words

PRIOR = {"country": 95, "continent": 85, "territory": 75, "sea": 60, "region": 56, "city": 30}
STATE_PRIOR = 66  # first-level units of the large countries: Texas is in the news, a district isn't
LARGEST_CITY_PRIOR = 72  # below a territory, so that Luxembourg is the country
ALIAS_POPULATION = 300_000  # smaller cities' aliases are mostly endonyms without accents and historical names
VAGUE_WORDS = """
state city saint north south east west western central united states republic national islands district capital
"""
"""Of the names of countries and regions, what doesn't say whose a body is."""


def place_prior(row: Row) -> int:
    """The prior of a place: its kind, for cities their size (10 for each factor of ten)."""
    if row["type"] == "city":
        population = int(row["population"] or 0)
        return (
            min(LARGEST_CITY_PRIOR, max(PRIOR["city"], round(10 * math.log10(population))))
            if population
            else PRIOR["city"]
        )
    if row["type"] == "region" and "NE-admin1" in row["source"]:
        return STATE_PRIOR
    return PRIOR[row["type"]]


OBLAST = re.compile(r"^(?:Oblast (?:de |d')?)?([\w'-]+?)(?: Oblast)?$")
NO_COUNTRY = "IP"  # of Cyberspace
_VAGUE_NAMES = "central northern southern eastern western north south east west centrum noord zuid oost zentralbezirk"
VAGUE_PLACES = frozenset(_VAGUE_NAMES.split())


def add_places(
    build: Build, facts: list[Row], ordinary: OrdinaryWords, demonyms: set[str], first_names: AbstractSet[str]
) -> None:
    """Places: the names in four languages, and aliases only where they can hardly be anything else.

    demonyms, first_names: keys that no alias may have.
    """
    primary = {name_key(row[c]) for row in facts for c in ("name_en", "name_nl", "name_de", "name_fr") if row[c]}
    for row in facts:
        entry = Entry(row["qid"], "LOC", row["type"], row["country_iso"], place_prior(row), row["name_en"])
        for column in ("name_en", "name_nl", "name_de", "name_fr"):
            name = row[column].strip()
            if not name:
                continue
            if not usable(name) or len(name) < 3:
                build.note("place name dropped: under three letters, or not in Latin script")
                continue
            if folded(name) in VAGUE_PLACES or row["country_iso"] == NO_COUNTRY:
                build.note("place name dropped: a part of any country, or no place")
                continue
            entry.names[name] = None
            entry.called[column.removeprefix("name_")].add(name)
        entry.names.update(dict.fromkeys(oblast_names(row)))
        made = transcriptions(row)
        entry.names.update(
            dict.fromkeys(n for n in made if not weak_alias(n, primary, ordinary, demonyms, first_names))
        )
        small = row["type"] == "city" and int(row["population"] or 0) < ALIAS_POPULATION
        for alias in cells(row["aliases"]):
            reason = weak_alias(alias, primary, ordinary, demonyms, first_names) or ("of a small city" if small else "")
            if reason:
                build.note(f"place alias dropped: {reason}")
            else:
                entry.names[alias] = None
        if not entry.names:
            build.note("place dropped: no usable name")
            continue
        build.note(f"kept: {row['type']}")
        build.entries[entry.id] = entry


def transcriptions(row: Row) -> list[str]:
    """A city's name as Dutch, German and French papers write it, where it is Cyrillic."""
    if row["type"] != "city" or row["country_iso"] not in COUNTRIES:
        return []
    return [name for language in TARGETS for name in transcribed(row["name_en"], language)]


def oblast_names(row: Row) -> Iterator[str]:
    """What papers call an oblast, which the sources call *Oblast Donetsk* only."""
    for column, before, after in (
        ("name_nl", ("regio", "provincie", "oblast"), ()),
        ("name_de", ("Region", "Gebiet", "Provinz", "Oblast"), ()),
        ("name_fr", ("région de", "province de", "oblast de"), ()),
        ("name_en", (), ("Oblast", "oblast", "Region", "region", "province")),
    ):
        found = OBLAST.match(row[column]) if row["type"] == "region" else None
        if found and row["name_nl"].startswith("Oblast "):
            name = found.group(1)
            yield from (f"{word} {name}" for word in before)
            yield from (f"{name} {word}" for word in after)


def weak_alias(
    alias: str, primary: set[str], ordinary: OrdinaryWords, demonyms: set[str], first_names: AbstractSet[str]
) -> str:
    """Why an alias of a place isn't taken; empty where it is."""
    key = name_key(alias)
    if not usable(alias):
        return "not in Latin script"
    if len(alias) < 5:
        return "under five letters"
    if not alias[0].isupper():
        return "written small"
    if key in primary:
        return "a place's own name"
    if key in demonyms:
        return "a demonym"
    if ordinary.languages(alias):
        return "an ordinary word"
    if key in first_names:
        return "a first name"
    if (
        re.search(r"(?i)\b(?:of|the|city|ville|stad|stadt|capital|province|provincie|provinz)\b", alias)
        and "Republic" not in alias
    ):
        return "a nickname or description"
    return ""


def country_codes(places: list[Row]) -> dict[str, str]:
    """ISO codes of countries and territories by the keys of their English names and aliases; an own name goes before an alias."""
    found: dict[str, str] = {}
    known = [row for row in places if row["type"] in ("country", "territory") and row["country_iso"]]
    for row in known:
        found.setdefault(name_key(row["name_en"]), row["country_iso"])
    for row in known:
        for alias in cells(row["aliases"]):
            found.setdefault(name_key(alias), row["country_iso"])
    return found


def geographic_words(places: list[Row], demonyms: set[str]) -> set[str]:
    """Words that say whose a national body is: names of countries, regions and larger cities, demonyms."""
    words = set(demonyms)
    for row in places:
        if row["type"] in ("country", "territory", "region") or int(row["population"] or 0) >= ALIAS_POPULATION:
            words.update(folded(word) for word in name_words(row["name_en"]) if len(word) > 3 and word[0].isupper())
    return words - set(VAGUE_WORDS.split())
