"""The desk's own table (`curated.tsv`), laid over the facts."""

import re
import sys
from collections.abc import Iterable

from gazetteer_build.facts import CURATED_PRIOR, Build, Entry, Row, cells
from gazetteer_build.people import SURNAME_LETTERS, surname
from processors.demonyms import LANGUAGES
from processors.names import folded, name_key, name_words


def apply_curated(build: Build, table: list[Row]) -> None:
    """Lay the desk's own table over the facts. Exits where an id can't be vouched for."""
    wrong: list[str] = []
    for number, row in enumerate(table, start=2):
        entry = build.entries.get(row["id"])
        if entry is None:
            if not re.fullmatch(r"x:[a-z0-9_-]+", row["id"]) or row["id"].startswith("x:eurovoc-"):
                wrong.append(f"curated.tsv:{number}: {row['id']} stands in no source")
                continue
            kind = (
                row.get("kind") or {"PER": "person", "LOC": "region", "ORG": "curated", "MISC": "curated"}[row["type"]]
            )
            country = row.get("country") or ""
            entry = build.entries[row["id"]] = Entry(row["id"], row["type"], kind, country, CURATED_PRIOR, row["name"])
            build.note(f"kept: curated without a known id ({row['type']})")
        elif not agrees(row, entry, build.source_names[entry.id]):
            wrong.append(f"curated.tsv:{number}: {row['id']} is {entry.name!r} in the source, not {row['name']!r}")
            continue
        entry.name, entry.type, entry.curated = row["name"], row["type"], True
        entry.prior = int(row.get("prior") or max(entry.prior, CURATED_PRIOR))
        add_curated_names(entry, row)
    if wrong:
        sys.exit("\n".join(wrong))
    take_over(build)


def take_over(build: Build) -> None:
    """What the desk calls an entity is no name of another body, person, or place of the same kind and country."""
    claimed = {
        (entry.type, f"{entry.kind} {entry.country}" if entry.type == "LOC" else "", name_key(name))
        for entry in build.entries.values()
        if entry.curated
        for name in entry.names
    }
    for other in build.entries.values():
        if other.curated:
            continue
        place = f"{other.kind} {other.country}" if other.type == "LOC" else ""
        for name in [name for name in other.names if (other.type, place, name_key(name)) in claimed]:
            del other.names[name]
            build.note("name dropped: the curated table gives it to another")


def agrees(row: Row, entry: Entry, more: Iterable[str]) -> bool:
    """Whether a curated name shares a word (or its beginning) with what the source calls the entity."""
    source = {folded(w)[:4] for name in (entry.name, *entry.names, *more) for w in name_words(name) if w[0].isalnum()}
    curated = " ".join((row["name"], row["nl"], row["en"], row["de"], row["fr"])).replace("|", " ")
    return any(folded(word)[:4] in source for word in name_words(curated) if word[0].isalnum())


_DECLINED = re.compile(r"([A-ZÄÖÜ][a-zäöüß]{3,}(?:isch|ial|iert|inigt|al))(es|er|e) ([A-ZÄÖÜ][\w-]+)(.*)")


def declined(name: str) -> tuple[str, ...]:
    """The other cases of a German name that begins with an adjective: *Internationales Komitee vom …*, *Internationalen Komitees vom …*."""
    match = _DECLINED.fullmatch(name)
    if match is None:
        return ()
    stem, ending, noun, rest = match.groups()
    forms = [f"{stem}e {noun}{rest}", f"{stem}en {noun}{rest}"]
    if ending != "e":  # feminine and plural nouns have no genitive -s
        forms += [f"{stem}en {noun}{more}{rest}" for more in ("s", "es") if not noun.endswith("s")]
    return tuple(form for form in forms if form != name)


def add_curated_names(entry: Entry, row: Row) -> None:
    """Short names count in their language only; longer ones everywhere."""
    for language in LANGUAGES:
        own = cells(row[language])
        if language == "de":
            own = list(dict.fromkeys([*own, *(form for name in own for form in declined(name))]))
        entry.called[language].update(own)
        for name in own:
            letters = sum(character.isalnum() for character in name)
            if letters <= 3 or (name.isupper() and letters <= 4 and entry.type == "ORG"):
                entry.limited[language, name] = None
            else:
                entry.names[name] = None
    for name in cells(row["any"]):
        entry.names[name] = None
        for language in LANGUAGES:
            entry.called[language].add(name)
    for name in cells(row["surnames"]):
        entry.bare[name] = None
        entry.surnames[name] = None
    if entry.type == "PER":
        called = [row["name"], *cells(row["any"]), *(name for language in LANGUAGES for name in cells(row[language]))]
        entry.surnames.update(dict.fromkeys(last for name in called if len(last := surname(name)) >= SURNAME_LETTERS))
    if entry.type != "PER" and len(row["name"]) > 3:
        entry.names.setdefault(row["name"])
        entry.called["en"].add(row["name"])
