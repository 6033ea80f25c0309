"""Names of people and places that read like compounds and are none: *Taliban*, *Annalena*, *Suriname*."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from processors.matching.folding import folded
from processors.matching.normalise import normaliser

_WORD = re.compile(r"[^\W\d_]{5,}")


def whole_names(gazetteer: Path) -> set[str]:
    """Folded words of the gazetteer's names that Dutch or German would take apart: of people each, of places single words."""
    names = {word for word in _name_words(gazetteer) if word[0].isupper() and not word.isupper()}
    return {
        folded(name)
        for name in names
        for language in ("nl", "de")
        if any(unit.kind == "compound" for unit in normaliser(language).analyse(name, acronym=False).units)
    }


def _name_words(gazetteer: Path) -> Iterator[str]:
    for line in gzip.decompress(gazetteer.read_bytes()).decode().splitlines()[1:]:
        _, kind, _, _, _, name, names, limited, _, surnames, _ = line.split("\t")
        of_languages = (part.partition(":")[2] for part in limited.split("|"))
        for written in (name, *names.split("|"), *of_languages, *surnames.split("|")):
            if kind == "PER":
                yield from _WORD.findall(written)
            elif kind == "LOC" and _WORD.fullmatch(written):
                yield written
