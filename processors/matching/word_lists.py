"""The word lists of lexicon/words: small, loaded at first use and kept."""

import gzip
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from processors.matching.segment import Element

_FOLDER = Path(__file__).resolve().parents[2] / "lexicon" / "words"


def _lines(name: str) -> list[str]:
    return gzip.decompress((_FOLDER / f"{name}.txt.gz").read_bytes()).decode().splitlines()


@cache
def word_list(name: str) -> frozenset[str]:
    """The lines of lexicon/words/{name}.txt.gz. Raises OSError where there is no such list."""
    return frozenset(_lines(name))


@cache
def element_list(name: str) -> Mapping[str, Element]:
    """The parts of compounds of a list, by what they look like there: `surface cost`, and the base where it differs."""
    elements: dict[str, Element] = {}
    bases: dict[str, str] = {}
    for line in _lines(name):
        surface, cost, *base = line.split(" ")
        word = base[0] if base else surface
        elements[surface] = Element(int(cost), bases.setdefault(word, word))
    return elements


@cache
def hand_lists(name: str) -> Mapping[str, frozenset[str]]:
    """The words of each table of lexicon/words/{name}.toml. Raises OSError where there is no such file."""
    tables = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return {table: frozenset(words.split()) for table, words in tables.items()}
