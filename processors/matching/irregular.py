"""Lemmas of irregular forms that no list has right: *schoten* is of schieten, *wives* of wife, *élus* of élire."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parents[2] / "lexicon" / "words" / "irregular.txt"


@cache
def irregular_lemmas(language: str) -> Mapping[str, tuple[str, ...]]:
    """Form -> lemmas, besides those that lists have; as they are written, in small letters."""
    found: dict[str, tuple[str, ...]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        code, *words = line.split()
        if code == language:
            lemma, *forms = words
            for form in forms:
                found[form] = (*found.get(form, ()), lemma)
    return found
