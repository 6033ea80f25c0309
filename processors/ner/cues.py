"""What lexicon/cues holds: classes of words that announce a name (a title, *bedrijf*), and names of organisations."""

import tomllib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "lexicon" / "cues"
LANGUAGES = ("nl", "en", "de", "fr")
CODES = {
    "title": "t", "kin": "k", "body": "b", "club": "c", "place": "p", "work": "w", "in": "i", "of": "f", "the": "d",
    "says": "s", "part": "n",
}  # fmt: skip
"""What the model sees of a class. In the order in which a word that two lists hold is decided."""

_COMPOUNDING = frozenset(["nl", "de"])
_COMPOUND_CLASSES = frozenset("tkbpw")
_MIN_HEAD = 5


@cache
def _codes(language: str) -> dict[str, str]:
    """The code of each word. The files are Belfry's own: a test reads them all."""
    if language not in LANGUAGES:
        return {}
    lists: dict[str, str] = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    codes: dict[str, str] = {}
    for kind, code in CODES.items():
        for word in lists[kind].split():
            codes.setdefault(word, code)
    return codes


@cache
def _parts() -> frozenset[str]:
    """Parts of bodies' names in any language: companies are called in English everywhere."""
    return frozenset(word for language in LANGUAGES for word, code in _codes(language).items() if code == CODES["part"])


def cue(word: str, language: str, *, capital: bool) -> str:
    """The code of a word's class, empty where it has none. `word` in small letters; capital: it is written with one."""
    code = _codes(language).get(word) or _of_compound(word, language)
    return code or (CODES["part"] if capital and language in LANGUAGES and word in _parts() else "")


def _of_compound(word: str, language: str) -> str:
    """The code of a Dutch or German compound's last part."""
    if language not in _COMPOUNDING:
        return ""
    codes = _codes(language)
    for start in range(1, len(word) - _MIN_HEAD + 1):
        code = codes.get(word[start:])
        if code is not None and code in _COMPOUND_CLASSES:
            return code
    return ""


@cache
def organisations() -> tuple[str, ...]:
    """Names of organisations as they are written; without ids, and some of them names of other things too."""
    lines = (FOLDER / "organisations.txt").read_text(encoding="utf-8").splitlines()
    return tuple(dict.fromkeys(name for line in lines if line and line[0] != "#" for name in line.split("|")))
