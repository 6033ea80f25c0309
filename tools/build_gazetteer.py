"""Build `lexicon/entities/gazetteer.tsv.gz` from the fact tables and the curated table: what is kept, dropped and why.

    python tools/build_gazetteer.py FACTS [--out lexicon/entities]

FACTS is the folder with places.tsv, organisations.tsv, eurovoc_organisations.tsv, people.tsv, people_former.tsv.gz. The
result depends on its inputs alone, byte for byte. A curated id that stands in no source, or whose curated name shares no
word with any name that the source gives it, is refused: an id comes from a source, never from memory.
"""

import argparse
import csv
import gzip
import io
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from processors.demonyms import LANGUAGES, demonym_forms
from processors.gazetteer import COLUMNS
from processors.names import folded, name_key, name_words

Row = dict[str, str]

PRIOR = {"country": 95, "continent": 85, "territory": 75, "sea": 60, "region": 56, "city": 30}
CURATED_PRIOR = 80
STATE_PRIOR = 66  # first-level units of the large countries: Texas is in the news, a district isn't
LARGEST_CITY_PRIOR = 72  # below a territory, so that Luxembourg is the country
ORGANISATION_PRIOR = {"intergovernmental": 75, "un_body": 75, "eu_body": 75, "sports_body": 70}
NATIONAL_PRIOR = 50
ALIAS_POPULATION = 300_000  # smaller cities' aliases are mostly endonyms without accents and historical names
BARE_LETTERS = 6  # shorter surnames are too often somebody else's
VARIANTS_MOST = 40  # spellings made from given name x surname, for one person

LEADING = re.compile(
    r"^(?:President|Prime Minister|Federal Chancellor|Chancellor of (?:Germany|Austria)|King|Queen|Emperor|Supreme Leader|"
    r"Secretary of State(?: \[|$)|Taoiseach|Secretary-General of|Minister (?:of|for) (?:Foreign|Europe and Foreign|European and Foreign)|"
    r"(?:Federal )?Minister for Foreign|(?:Minister|Secretary) of Defen[cs]e|Secretary of State for (?:Foreign|Defence)|High Representative of the Union|Monarch)"
)
ONCE = re.compile(r"\[(?:\d{4})?-(\d{4})?\]")
MINOR = re.compile(
    r"(?i)\b(?:senate|chamber|house|parliament|province|region|bundestag|court|congress|council|assembly|deput|vice|attorney|"
    r"acting|tribunal|party|bank|university|canton|community|commission|state minister|bureau)"
)
WEAK_SYNONYM = re.compile(
    r"(?i)\b(?:act|akte|conf[eé]ren\w+|verdrag\w*|treat(?:y|ies)|trait[ée]s?|landen|countries|pays|leden|members?|protocol\w*|charter|handvest|statut\w*|programm?a?s?|staten van|summit|top)\b|[(),;/]|-landen"
)
OFFICE = re.compile(
    r"(?i)\b(?:president|presidency|member|commissioner|official|secretary general|vice-president|quaestor|high representative|committee|delegation|bureau of|institution|body|agency$|trio|class|staff|office or)\b"
)
PLAIN_LATIN = re.compile(r"^[A-Za-z\u00c0-\u024f\u1e00-\u1eff0-9 .,'’ʼ\-–&/()ʻ]+$")


def rows(path: Path) -> list[Row]:
    """A fact table as its README describes it."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = io.StringIO(raw.decode("utf-8"), newline="")
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def cells(value: str | None) -> list[str]:
    """The values of a list cell."""
    return [part.strip() for part in (value or "").split("|") if part.strip()]


class OrdinaryWords:
    """Whether a name is an ordinary word of a language when written small, by simplemma's word lists."""

    def __init__(self) -> None:
        factory = DefaultDictionaryFactory()
        self._words = {language: factory.get_dictionary(language) for language in LANGUAGES}

    def languages(self, name: str) -> tuple[str, ...]:
        """The languages in which this one word, in small letters, is in the word list."""
        if len(list(name_words(name))) != 1:
            return ()
        return tuple(language for language in LANGUAGES if name.casefold() in self._words[language])


@dataclass
class Entry:
    """One entity as it will stand in the table. Names keep the order in which they were given."""

    id: str
    type: str
    kind: str
    country: str
    prior: int
    name: str
    names: dict[str, None] = field(default_factory=dict[str, None])
    limited: dict[tuple[str, str], None] = field(default_factory=dict[tuple[str, str], None])
    surnames: dict[str, None] = field(default_factory=dict[str, None])
    bare: dict[str, None] = field(default_factory=dict[str, None])
    curated: bool = False

    def line(self, ordinary: OrdinaryWords) -> str:
        """The entity's line, columns as in `processors.gazetteer.COLUMNS`."""
        doubted = self.names if self.type == "LOC" and self.prior < CURATED_PRIOR else ()
        common = [f"{','.join(languages)}:{name}" for name in doubted if (languages := ordinary.languages(name))]
        values = (
            self.id, self.type, self.kind, self.country, str(self.prior), self.name, "|".join(self.names),
            "|".join(f"{languages}:{name}" for languages, name in self.limited), "|".join(common),
            "|".join(self.surnames), "|".join(self.bare),
        )  # fmt: skip
        return "\t".join(values)


class Build:
    """The table while it grows, and the counts of what was kept and dropped."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.counts: Counter[str] = Counter()
        self.source_names: dict[str, set[str]] = defaultdict(set)

    def note(self, what: str, count: int = 1) -> None:
        """Count a decision for the report."""
        self.counts[what] += count

    def primary_keys(self) -> set[str]:
        """Keys of the canonical names so far."""
        return {name_key(entry.name) for entry in self.entries.values()}


def usable(name: str) -> bool:
    """Latin script, no list separators of the table, not too long, with a letter."""
    return (
        bool(PLAIN_LATIN.match(name))
        and 1 < len(name) <= 80
        and len(name.split()) <= 9
        and any(c.isalpha() for c in name)
    )


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


def add_places(build: Build, facts: list[Row], ordinary: OrdinaryWords, demonyms: set[str]) -> None:
    """Places: the names in four languages, and aliases only where they can hardly be anything else."""
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
            entry.names[name] = None
        small = row["type"] == "city" and int(row["population"] or 0) < ALIAS_POPULATION
        for alias in cells(row["aliases"]):
            reason = weak_alias(alias, primary, ordinary, demonyms) or ("of a small city" if small else "")
            if reason:
                build.note(f"place alias dropped: {reason}")
            else:
                entry.names[alias] = None
        if not entry.names:
            build.note("place dropped: no usable name")
            continue
        build.note(f"kept: {row['type']}")
        build.entries[entry.id] = entry


def weak_alias(alias: str, primary: set[str], ordinary: OrdinaryWords, demonyms: set[str]) -> str:
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
    if (
        re.search(r"(?i)\b(?:of|the|city|ville|stad|stadt|capital|province|provincie|provinz)\b", alias)
        and "Republic" not in alias
    ):
        return "a nickname or description"
    return ""


def add_organisations(build: Build, facts: list[Row], ordinary: OrdinaryWords, geographic: set[str]) -> None:
    """International bodies with their strong names; national ones only where the name says whose they are."""
    seen = Counter(name_key(row["name_en"]) for row in facts)
    for row in facts:
        national = row["type"] not in ORGANISATION_PRIOR
        prior = NATIONAL_PRIOR if national else ORGANISATION_PRIOR[row["type"]]
        entry = Entry(row["qid"], "ORG", row["type"], row["countries"].split("|")[0], prior, row["name_en"])
        given = [row[c] for c in ("name_en", "name_nl", "name_de", "name_fr") if row[c]]
        for name in given + cells(row["aliases"]):
            reason = weak_organisation(name, national, name in given, ordinary, geographic)
            if not reason and national and seen[name_key(name)] > 1:
                reason = "several bodies share it"
            if reason:
                build.note(f"organisation name dropped: {reason}")
            else:
                entry.names[name] = None
        if not entry.names:
            build.note("organisation dropped: no name that says whose it is")
            build.source_names[entry.id].update(given)
            build.entries[entry.id] = entry  # kept for the curated table, removed at the end where still nameless
            continue
        build.note(f"kept: {row['type']}")
        build.entries[entry.id] = entry


def weak_organisation(name: str, national: bool, own: bool, ordinary: OrdinaryWords, geographic: set[str]) -> str:
    """Why a name of a body isn't taken; empty where it is."""
    if not usable(name):
        return "not in Latin script"
    words = [word for word in name_words(name) if word[0].isalnum()]
    if len(words) == 1:
        word = words[0]
        if len(word) < 4:
            return "short acronym (the curated table has those that count, by language)"
        if ordinary.languages(name) and not word.isupper():
            return "an ordinary word"
        if national and not (own and len(word) >= 6):
            return "acronym of a national body"
        return ""
    if not any(word[0].isupper() for word in words):
        return "written small"
    if national:
        return "" if any(folded(word) in geographic for word in words) else "it doesn't say whose it is"
    if not own and (WEAK_SYNONYM.search(name) or sum(word[0].isupper() for word in words) < 2):
        return "a related thing rather than a name"
    return ""


def add_eurovoc(build: Build, facts: list[Row], curated_ids: set[str]) -> None:
    """EuroVoc's bodies without a Wikidata id get one of Belfry's own, `x:eurovoc-NUMBER`."""
    known = {name_key(name) for entry in build.entries.values() for name in (*entry.names, entry.name)}
    for row in facts:
        own_id = f"x:eurovoc-{row['eurovoc_id']}"
        names = [row[c] for c in ("name_en", "name_nl", "name_fr")]
        spelled = row["name_en"].replace("isation", "ization")
        if row["qid"] or (own_id not in curated_ids and {name_key(n) for n in (*names, spelled)} & known):
            build.note("EuroVoc body: known by its Wikidata id")
            continue
        english = row["name_en"]
        capitals = sum(word[0].isupper() for word in name_words(english))
        if own_id not in curated_ids and (
            (capitals < 2 and not english.isupper()) or OFFICE.search(english) or WEAK_SYNONYM.search(english)
        ):
            build.note("EuroVoc concept dropped: an office or a kind of body, not a body")
            continue
        entry = Entry(own_id, "ORG", "eurovoc", "", ORGANISATION_PRIOR["intergovernmental"] - 5, english)
        for name in names:
            words = [word for word in name_words(name) if word[0].isalnum()]
            if usable(name) and (len(words) > 1 or len(name) >= 4) and words and words[0][0].isupper():
                entry.names[name] = None
        if entry.names:
            build.note("kept: EuroVoc body")
            build.entries[own_id] = entry


def offices(row: Row) -> list[str]:
    """A person's offices, at most four."""
    return [office.strip() for office in row["role"].split(";") if office.strip()]


def leads(row: Row) -> bool:
    """Whether the person leads a state, its government, its foreign affairs or its defence, now or in the source's last years."""
    for office in offices(row):
        ended = ONCE.search(office)
        recent = ended is None or ended.group(1) is None or int(ended.group(1)) >= 2021
        if recent and LEADING.match(office) and not MINOR.search(office):
            return True
    return False


def person_prior(row: Row, former: bool) -> int:
    """The prior of a person among namesakes."""
    if leads(row):
        return 72
    if former:
        return 35
    return 55 if re.search(r"(?i)minister|president|secretary|chief|ambassador", row["role"]) else 45


def full_names(row: Row) -> list[str]:
    """The person's full names: as given, aliases of two words or more, and given name x surname in their variants."""
    found: dict[str, None] = {}
    for name in (row["name_en"], *cells(row["aliases"])):
        if usable(name) and len(name.split()) >= 2 and "," not in name and "(" not in name:
            found[name] = None
    words = row["name_en"].split()
    given, last = cells(row["given_variants"]), cells(row["surname_variants"])
    if len(words) == 2 and (given or last):
        for first in (words[0], *given):
            for surname in (words[1], *last):
                if len(found) < VARIANTS_MOST and usable(f"{first} {surname}"):
                    found[f"{first} {surname}"] = None
    return list(found)


PARTICLES = frozenset(
    [
        "de",
        "der",
        "den",
        "van",
        "von",
        "la",
        "le",
        "di",
        "da",
        "del",
        "al",
        "el",
        "bin",
        "ibn",
        "ten",
        "ter",
        "du",
        "dos",
        "al-",
        "ben",
        "abu",
        "ould",
        "san",
        "st",
    ]
)


def surname(name: str) -> str:
    """The surname of a full name, with its particles: `von der Leyen`, `De Croo`, `al-Assad`; empty for `X of Y`."""
    words = name.split()
    if len(words) < 2 or {"of", "I", "II", "III", "Jr.", "Sr."} & set(words):
        return ""
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in PARTICLES:
        start -= 1
    return " ".join(words[start:])


def add_people(
    build: Build, people: list[Row], former: list[Row], ordinary: OrdinaryWords, taken: set[str]
) -> Counter[str]:
    """Persons by full name; a surname alone only for leaders whose surname nobody else in the sources has.

    Returns how often each first name occurs.
    """
    known = {row["qid"] for row in people}
    everyone = [(row, False) for row in people] + [(row, True) for row in former if row["qid"] not in known]
    given: Counter[str] = Counter(
        folded(row["name_en"].split()[0]) for row, _ in everyone if len(row["name_en"].split()) > 1
    )
    shared = Counter(name_key(s) for row, _ in everyone if (s := surname(row["name_en"])))
    for row, old in everyone:
        entry = Entry(row["qid"], "PER", "person", "", person_prior(row, old), row["name_en"])
        for name in full_names(row):
            if name_key(name) in taken:
                build.note("person's name dropped: a place or a body has it")
            else:
                entry.names[name] = None
        if not entry.names:
            build.note("person dropped: no full name in Latin script")
            continue
        last = surname(row["name_en"])
        if len(last) >= 3:
            for form in (last, *cells(row["surname_variants"])):
                if usable(form):
                    entry.surnames[form] = None
            key = name_key(last)
            alone = shared[key] == 1 and key not in taken and folded(last) not in given and not ordinary.languages(last)
            if leads(row) and alone and len(last) >= BARE_LETTERS:
                entry.bare[last] = None
        build.note("kept: former office holder" if old else "kept: person")
        build.entries[entry.id] = entry
    return given


def apply_curated(build: Build, table: list[Row]) -> None:
    """Lay the desk's own table over the facts. Exits where an id can't be vouched for."""
    wrong: list[str] = []
    for number, row in enumerate(table, start=2):
        entry = build.entries.get(row["id"])
        if entry is None:
            if not re.fullmatch(r"x:[a-z0-9_-]+", row["id"]) or row["id"].startswith("x:eurovoc-"):
                wrong.append(f"curated.tsv:{number}: {row['id']} stands in no source")
                continue
            kind = {"PER": "person", "LOC": "region", "ORG": "curated", "MISC": "curated"}[row["type"]]
            entry = build.entries[row["id"]] = Entry(row["id"], row["type"], kind, "", CURATED_PRIOR, row["name"])
            build.note(f"kept: curated without a known id ({row['type']})")
        elif not agrees(row, entry, build.source_names[entry.id]):
            wrong.append(f"curated.tsv:{number}: {row['id']} is {entry.name!r} in the source, not {row['name']!r}")
            continue
        entry.name, entry.type, entry.curated = row["name"], row["type"], True
        entry.prior = max(entry.prior, CURATED_PRIOR)
        add_curated_names(entry, row)
    if wrong:
        sys.exit("\n".join(wrong))
    for entry in list(build.entries.values()):
        if entry.curated:
            take_over(build, entry)


def take_over(build: Build, entry: Entry) -> None:
    """What the desk calls an entity is no name of another body, person, or place of the same country (Donetsk, its oblast)."""
    mine = {name_key(name) for name in entry.names}
    for other in build.entries.values():
        if other.curated or other.type != entry.type or (entry.type == "LOC" and other.country != entry.country):
            continue
        for name in [name for name in other.names if name_key(name) in mine]:
            del other.names[name]
            build.note("name dropped: the curated table gives it to another")


def agrees(row: Row, entry: Entry, more: Iterable[str]) -> bool:
    """Whether a curated name shares a word (or its beginning) with what the source calls the entity."""
    source = {folded(w)[:4] for name in (entry.name, *entry.names, *more) for w in name_words(name) if w[0].isalnum()}
    curated = " ".join((row["name"], row["nl"], row["en"], row["de"], row["fr"])).replace("|", " ")
    return any(folded(word)[:4] in source for word in name_words(curated) if word[0].isalnum())


def add_curated_names(entry: Entry, row: Row) -> None:
    """Short names count in their language only; longer ones everywhere."""
    for language in LANGUAGES:
        for name in cells(row[language]):
            letters = sum(character.isalnum() for character in name)
            if letters <= 3 or (name.isupper() and letters <= 4 and entry.type == "ORG"):
                entry.limited[language, name] = None
            else:
                entry.names[name] = None
    for name in cells(row["any"]):
        entry.names[name] = None
    for name in cells(row["surnames"]):
        entry.bare[name] = None
        entry.surnames[name] = None
    if entry.type != "PER":
        entry.names.setdefault(row["name"]) if len(row["name"]) > 3 else None


def geographic_words(places: list[Row], demonyms: set[str]) -> set[str]:
    """Words that say whose a national body is: names of countries, regions and larger cities, demonyms."""
    words = set(demonyms)
    for row in places:
        if row["type"] in ("country", "territory", "region") or int(row["population"] or 0) >= ALIAS_POPULATION:
            words.update(folded(word) for word in name_words(row["name_en"]) if len(word) > 3 and word[0].isupper())
    return words - {
        "state",
        "city",
        "saint",
        "north",
        "south",
        "east",
        "west",
        "western",
        "central",
        "united",
        "states",
        "republic",
        "national",
        "islands",
        "district",
        "capital",
    }


def demonym_keys(path: Path) -> set[str]:
    """Keys of every form in the table of demonyms."""
    return {
        name_key(form)
        for row in rows(path)
        for language in LANGUAGES
        for form in demonym_forms(language, tuple(cells(row[language])))
    }


def written(entries: Mapping[str, Entry], ordinary: OrdinaryWords) -> bytes:
    """The table, gzipped without name and time, so that the same facts give the same bytes."""
    lines = ["\t".join(COLUMNS), *(entry.line(ordinary) for entry in entries.values())]
    return gzip.compress(("\n".join(lines) + "\n").encode("utf-8"), compresslevel=9, mtime=0)


def report(build: Build, size_bytes: int, given: int) -> str:
    """What is in the table and what isn't, for people."""
    entries = build.entries.values()
    names = sum(len(e.names) + len(e.limited) + len(e.bare) for e in entries)
    kept = sorted((what, n) for what, n in build.counts.items() if what.startswith("kept"))
    dropped = sorted((what, n) for what, n in build.counts.items() if not what.startswith("kept"))
    table = [f"| {what} | {n:,} |" for what, n in (*kept, *dropped)]
    return "\n".join(
        [
            "# What the build kept and dropped",
            "",
            "Written by `tools/build_gazetteer.py`; don't edit.",
            "",
            (
                f"{len(build.entries):,} entities with {names:,} names, {size_bytes:,} bytes; "
                f"{sum(e.curated for e in entries):,} of them from `curated.tsv`; {sum(bool(e.bare) for e in entries):,} persons are "
                f"known by surname alone; {given:,} first names."
            ),
            "",
            "| decision | count |",
            "|---|---:|",
            *table,
            "",
        ]
    )


def main() -> None:
    """Read the facts, write table, first names and report."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("facts", type=Path)
    options.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent / "lexicon" / "entities")
    chosen = options.parse_args()
    facts, out = chosen.facts, chosen.out
    ordinary, build = OrdinaryWords(), Build()
    demonyms = demonym_keys(out / "demonyms.tsv")
    places, curated = rows(facts / "places.tsv"), rows(out / "curated.tsv")
    add_places(build, places, ordinary, demonyms)
    add_organisations(build, rows(facts / "organisations.tsv"), ordinary, geographic_words(places, demonyms))
    add_eurovoc(build, rows(facts / "eurovoc_organisations.tsv"), {row["id"] for row in curated})
    taken = {name_key(name) for entry in build.entries.values() for name in entry.names}
    people, former = rows(facts / "people.tsv"), rows(facts / "people_former.tsv.gz")
    given = add_people(build, people, former, ordinary, taken)
    apply_curated(build, curated)
    build.entries = {key: e for key, e in build.entries.items() if e.names or e.limited}
    content = written(build.entries, ordinary)
    (out / "gazetteer.tsv.gz").write_bytes(content)
    first = sorted(name for name, count in given.items() if count >= 2 and len(name) > 2 and name.isalpha())
    (out / "given_names.txt").write_text("\n".join(first) + "\n", encoding="utf-8")
    text = report(build, len(content), len(first))
    (out / "REPORT.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
