"""What CLDR calls countries and territories in nl, en, de and fr, by Babel, joined to the places by ISO code."""

import re

from babel import Locale

from gazetteer_build.facts import Build, Entry, usable
from processors.demonyms import LANGUAGES
from processors.names import name_key

_SPECIAL_REGION = re.compile(r"^(.+) S\.?[AR]\.?R\.?(?: China)?$")


def add_territories(build: Build) -> None:
    """Lay CLDR's names over the countries and territories that are there; others aren't made, for want of an id."""
    names = {language: dict(Locale(language).territories) for language in LANGUAGES}
    by_code: dict[str, list[Entry]] = {}
    for entry in build.entries.values():
        if entry.kind in ("country", "territory") and entry.country:
            by_code.setdefault(entry.country, []).append(entry)
    for code in sorted(names["en"]):
        if not re.fullmatch(r"[A-Z]{2}", code):
            continue
        called = {language: _plain(names[language][code]) for language in LANGUAGES if code in names[language]}
        entry = _entry(by_code.get(code, []), called)
        if entry is None:
            build.note("CLDR territory dropped: no place of that code and name in the facts")
            continue
        build.note("CLDR territory: names of a place")
        for language, name in called.items():
            if usable(name):
                entry.names.setdefault(name)
                entry.called[language].add(name)


def _plain(name: str) -> str:
    """`Hong Kong SAR China` is called Hong Kong; `Congo - Brazzaville` is written without spaces."""
    plain = name.replace(" - ", "-").replace("’", "'")
    found = _SPECIAL_REGION.match(plain)
    return found.group(1) if found else plain


def _entry(found: list[Entry], called: dict[str, str]) -> Entry | None:
    """The place that is meant: the only country of the code, else the one that has one of the names."""
    countries = [entry for entry in found if entry.kind == "country"]
    if len(countries) == 1:
        return countries[0]
    keys = {name_key(name) for name in called.values()}
    same = [entry for entry in found if keys & {name_key(name) for name in entry.names}]
    return same[0] if len(same) == 1 else None
