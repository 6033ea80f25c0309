"""Bodies: international ones with their strong names; national ones only where the name says whose they are."""

import re
from collections import Counter

from gazetteer_build.facts import Build, Entry, OrdinaryWords, Row, cells, usable
from processors.names import folded, name_key, name_words

ORGANISATION_PRIOR = {"intergovernmental": 75, "un_body": 75, "eu_body": 75, "sports_body": 70}
NATIONAL_PRIOR = 50

WEAK_SYNONYM = re.compile(
    r"(?i)\b(?:act|akte|conf[eé]ren\w+|verdrag\w*|treat(?:y|ies)|trait[ée]s?|landen|countries|pays|leden|members?|protocol\w*|charter|handvest|statut\w*|programm?a?s?|staten van|summit|top)\b|[(),;/]|-landen"
)
OFFICE = re.compile(
    r"(?i)\b(?:president|presidency|member|commissioner|official|secretary[- ]general|vice-president|quaestor|high representative|committee|delegation|bureau of|institution|body|agency$|trio|class|staff|office or)\b"
)


def add_organisations(
    build: Build, facts: list[Row], ordinary: OrdinaryWords, geographic: set[str], others: set[str]
) -> None:
    """International bodies with their strong names; national ones only where the name says whose they are.

    others: keys of the names of places and of persons, which no body of one word may have.
    """
    seen = Counter(name_key(row["name_en"]) for row in facts)
    for row in facts:
        national = row["type"] not in ORGANISATION_PRIOR
        prior = NATIONAL_PRIOR if national else ORGANISATION_PRIOR[row["type"]]
        entry = Entry(row["qid"], "ORG", row["type"], row["countries"].split("|")[0], prior, row["name_en"])
        given = [row[c] for c in ("name_en", "name_nl", "name_de", "name_fr") if row[c]]
        for name in given + cells(row["aliases"]):
            reason = weak_organisation(name, national, name in given, ordinary, geographic)
            if not reason and national and name_key(name) in others:
                reason = "a place or a person has it"
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
