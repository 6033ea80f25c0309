"""Persons: by full name; a surname alone only for leaders whose surname nobody else in the sources has."""

import re
from collections import Counter
from collections.abc import Iterable

from gazetteer_build.facts import Build, Entry, OrdinaryWords, Row, cells, usable
from gazetteer_build.transcription import COUNTRIES, TARGETS, transcribed
from processors.names import folded, name_key

BARE_LETTERS = 6  # shorter surnames are too often somebody else's
SURNAME_LETTERS = 3
FAMILY_NAME_FIRST = frozenset(["CN", "TW", "KP", "KR", "VN", "ET", "ER"])
"""Also where the first name is the one that is used: Abiy Ahmed is Abiy, Ahmed being his father."""
NO_GIVEN_NAME_WORDS = """
per park will won line sun moon song art age fan pan par ante rand tone tea urban sir sheikh mate gen job april may june august
dawn joy grant german noor finn scot ville constant odd val sim rein king lord
"""
"""First words of names in the sources that begin sentences, too; or titles."""
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


def transcriptions(row: Row, country: str) -> list[str]:
    """The full name as Dutch, German and French papers write it, for persons whose name is Cyrillic."""
    if country not in COUNTRIES or len(row["name_en"].split()) < 2:
        return []
    return [name for language in TARGETS for name in transcribed(row["name_en"], language)]


PARTICLE_WORDS = "de der den van von la le di da del al el bin ibn ten ter du dos al- ben abu ould san st"
PARTICLES = frozenset(PARTICLE_WORDS.split())


def surname(name: str) -> str:
    """The surname of a full name, with its particles: `von der Leyen`, `De Croo`, `al-Assad`; empty for `X of Y`."""
    words = name.split()
    if len(words) < 2 or {"of", "I", "II", "III", "Jr.", "Sr."} & set(words):
        return ""
    if re.fullmatch(r"[A-Z]\w*-[a-z]\w*", words[-1]):
        return words[0]  # Yoon Suk-yeol, Tsai Ing-wen
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in PARTICLES:
        start -= 1
    return " ".join(words[start:])


def surname_keys(people: list[Row]) -> set[str]:
    """Keys of the surnames in the sources."""
    return {name_key(last) for row in people if (last := surname(row["name_en"]))}


def _everyone(people: list[Row], former: list[Row]) -> list[tuple[Row, bool]]:
    """Each person once, and whether only the table of earlier office holders has them."""
    known = {row["qid"] for row in people}
    return [(row, False) for row in people] + [(row, True) for row in former if row["qid"] not in known]


def first_name_counts(people: list[Row], former: list[Row]) -> Counter[str]:
    """How often each first name (folded) occurs."""
    names = (row["name_en"].split() for row, _ in _everyone(people, former))
    return Counter(folded(words[0]) for words in names if len(words) > 1)


def add_people(
    build: Build,
    people: list[Row],
    former: list[Row],
    ordinary: OrdinaryWords,
    taken: set[str],
    countries: dict[str, str],
) -> None:
    """Persons by full name; a surname alone only for leaders whose surname nobody else in the sources has.

    countries: their ISO codes by the keys of their names.
    """
    everyone = _everyone(people, former)
    given = first_name_counts(people, former)
    shared = Counter(name_key(s) for row, _ in everyone if (s := surname(row["name_en"])))
    for row, old in everyone:
        country = countries.get(name_key(row["country"]), "")
        entry = Entry(row["qid"], "PER", "person", country, person_prior(row, old), row["name_en"])
        for name in (*full_names(row), *transcriptions(row, country)):
            if name_key(name) in taken:
                build.note("person's name dropped: a place or a body has it")
            else:
                entry.names[name] = None
        if not entry.names:
            build.note("person dropped: no full name in Latin script")
            continue
        last = row["name_en"].split()[0] if country in FAMILY_NAME_FIRST else surname(row["name_en"])
        if len(last) >= SURNAME_LETTERS:
            made = [one for language in TARGETS if country in COUNTRIES for one in transcribed(last, language)]
            for form in (last, *cells(row["surname_variants"]), *made):
                if usable(form):
                    entry.surnames[form] = None
            key = name_key(last)
            alone = shared[key] == 1 and key not in taken and folded(last) not in given and not ordinary.languages(last)
            if leads(row) and alone and len(last) >= BARE_LETTERS:
                entry.bare[last] = None
        build.note("kept: former office holder" if old else "kept: person")
        build.entries[entry.id] = entry


def given_names(counts: Counter[str], more: Iterable[str]) -> list[str]:
    """First names, folded, in order: those that occur twice or more, and the desk's own list."""
    found = {name for name, count in counts.items() if count >= 2 and len(name) > 2 and name.isalpha()}
    return sorted((found | set(more)) - set(NO_GIVEN_NAME_WORDS.split()))
