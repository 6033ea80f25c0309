"""Build `lexicon/entities/gazetteer.tsv.gz` from the fact tables and the curated table: what is kept, dropped and why.

    python tools/build_gazetteer.py FACTS [--out lexicon/entities]

FACTS is the folder with places.tsv, organisations.tsv, eurovoc_organisations.tsv, people.tsv, people_former.tsv.gz. The
result depends on its inputs alone, byte for byte. A curated id that stands in no source, or whose curated name shares no
word with any name that the source gives it, is refused: an id comes from a source, never from memory.
"""

import argparse
import gzip
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from gazetteer_build.curated import apply_curated
from gazetteer_build.facts import Build, Entry, OrdinaryWords, cells, rows
from gazetteer_build.organisations import add_eurovoc, add_organisations
from gazetteer_build.people import add_people, first_name_counts, given_names, surname_keys
from gazetteer_build.places import add_places, country_codes, geographic_words
from gazetteer_build.territories import add_territories

from processors.demonyms import LANGUAGES, demonym_forms
from processors.gazetteer import COLUMNS
from processors.names import name_key


def demonym_keys(path: Path) -> set[str]:
    """Keys of every form in the table of demonyms."""
    return {
        name_key(form)
        for row in rows(path)
        for language in LANGUAGES
        for form in demonym_forms(language, tuple(cells(row[language])))
    }


def written(entries: Mapping[str, Entry], ordinary: OrdinaryWords, first_names: frozenset[str]) -> bytes:
    """The table, gzipped without name and time, so that the same facts give the same bytes."""
    seen = Counter(key for e in entries.values() if e.type == "LOC" for key in {name_key(name) for name in e.names})
    shared = {key for key, count in seen.items() if count > 1}
    lines = ["\t".join(COLUMNS), *(entry.line(ordinary, shared, first_names) for entry in entries.values())]
    return gzip.compress(("\n".join(lines) + "\n").encode("utf-8"), compresslevel=9, mtime=0)


WHY = (
    "Why it is kept: a place under what Dutch, English, German and French call it (sources, CLDR), and other names only where they",
    "are long, no ordinary word, no demonym, no first name, nobody else's own name, and the place is large; an international body under its",
    "names and those acronyms that the desk's table limits to a language; a national body only by a name that says whose it is; a",
    "person by full names, in the spellings of the sources and, for Cyrillic names, in those that Dutch, German and French papers",
    "make by rule, since a surname alone is too often somebody else's. Offices are those of 2022 and are not shown: they only say",
    "whose surname alone may be read where their country is mentioned. What the desk wrote goes before all else.",
)


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
            *WHY,
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
    people, former = rows(facts / "people.tsv"), rows(facts / "people_former.tsv.gz")
    more = (out / "more_given_names.txt").read_text(encoding="utf-8").split()
    first_names = frozenset(given_names(first_name_counts(people, former), more))
    add_places(build, places, ordinary, demonyms, first_names)
    add_territories(build)
    others = {name_key(name) for entry in build.entries.values() for name in entry.names} | surname_keys(people)
    add_organisations(build, rows(facts / "organisations.tsv"), ordinary, geographic_words(places, demonyms), others)
    add_eurovoc(build, rows(facts / "eurovoc_organisations.tsv"), {row["id"] for row in curated})
    taken = {name_key(name) for entry in build.entries.values() for name in entry.names}
    add_people(build, people, former, ordinary, taken, country_codes(places))
    apply_curated(build, curated)
    build.entries = {key: e for key, e in build.entries.items() if e.names or e.limited}
    content = written(build.entries, ordinary, first_names)
    (out / "gazetteer.tsv.gz").write_bytes(content)
    (out / "given_names.txt").write_text("\n".join(sorted(first_names)) + "\n", encoding="utf-8")
    text = report(build, len(content), len(first_names))
    (out / "REPORT.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
