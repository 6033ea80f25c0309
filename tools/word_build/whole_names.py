"""Names of people and places that read like compounds and are none: *Taliban*, *Annalena*, *Suriname*."""

import csv
import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from processors.matching.folding import folded
from processors.matching.normalise import normaliser

_WORD = re.compile(r"[^\W\d_]{5,}")
_PART_OF = re.compile("(?:nord|ost|sud|west|zentral|latein|noord|oost|zuid|midden)+(.+)")


def whole_names(gazetteer: Path) -> set[str]:
    """Folded words of the gazetteer's names that Dutch or German would take apart: of people each, of places single words.

    Not parts of what has a name itself: who looks for *Afrika* is served with *Westafrika*, as with *West-Afrika*.
    """
    names = {word for word in _name_words(gazetteer) if word[0].isupper() and not word.isupper()}
    known = set(map(folded, names))
    return {
        whole
        for name in names
        if not ((part := _PART_OF.fullmatch(whole := folded(name))) and part[1] in known)
        for language in ("nl", "de")
        if any(unit.kind == "compound" for unit in normaliser(language).analyse(name, acronym=False).units)
    }


def _name_words(gazetteer: Path) -> Iterator[str]:
    lines = gzip.decompress(gazetteer.read_bytes()).decode().rstrip("\n").split("\n")
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        of_languages = (part.partition(":")[2] for part in row["limited"].split("|"))
        for written in (row["name"], *row["names"].split("|"), *of_languages, *row["surnames"].split("|")):
            if row["type"] == "PER":
                yield from _WORD.findall(written)
            elif row["type"] == "LOC" and _WORD.fullmatch(written):
                yield written
