"""The stems of all words that a language has in its lists, worked out once by the definition and kept for kernels to read.

That takes some seconds and is done by `make setup`, or for whoever needs it first; then the arrays are mapped from disk,
which takes no time, and memory only once for all processes.
"""

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from processors.matching.compiled.cache import cache_folder, usual_folder
from processors.matching.compiled.cut import hash_all, remember
from processors.matching.compiled.endings import RULES
from processors.matching.compiled.layout import LISTED_WORDS
from processors.matching.compiled.plain import MAX_PLAIN, may_be_looked_up
from processors.matching.words import Normaliser, PlainWords

_MATCHING: Final = Path(__file__).resolve().parents[1]
_WORDS: Final = _MATCHING.parents[1] / "lexicon" / "words"
SOURCES: Final = (
    *(
        "stems",
        "lemmas",
        "lemma_lists",
        "irregular",
        "word_forms",
        "word_lists",
        "folding",
        "umlauts",
        "written",
        "compounds",
    ),
    *("segment", "words", "compiled/listed", "compiled/endings", "compiled/plain", "compiled/cut", "compiled/layout"),
)
"""Modules that the stems depend on; a test looks for others."""

Arrays = dict[str, NDArray[Any]]


@cache
def no_plain_words() -> Arrays:
    """Of a language that has none."""
    return _arrays([], [])


def listed_words(normaliser: Normaliser) -> Arrays:
    """The arrays of layout.LISTED_WORDS for a language: from disk where they were made before, else made and kept there."""
    plain = normaliser.plain
    if plain is None:
        return no_plain_words()
    return _listed_words(normaliser.language, plain) | _rules_of(plain)


def _rules_of(plain: PlainWords) -> Arrays:
    return {"elided": _lined_up(plain.elided), "rules": np.array([RULES[plain.rules]], np.int32)}


def _listed_words(language: str, plain: PlainWords) -> Arrays:
    kept = _read(usual_folder("words", _state()) / language)
    if kept is not None:
        return kept
    folder = cache_folder("words", _state()) / language
    kept = _read(folder)
    if kept is not None:
        return kept
    made = worked_out(plain)
    _keep(made, folder)
    return _read(folder) or made


def _read(folder: Path) -> Arrays | None:
    try:
        return {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _KEPT}
    except (OSError, ValueError):
        return None


def worked_out(plain: PlainWords) -> Arrays:
    """The arrays, from the definition."""
    words = list(dict.fromkeys(_ways_to_write(plain)))
    return _arrays(words, list(map(plain.stems, words)))


def _ways_to_write(plain: PlainWords) -> Iterator[str]:
    for word in plain.listed():
        if len(word) <= MAX_PLAIN:
            yield from filter(may_be_looked_up, (word, word.lower(), word.capitalize()))


def _arrays(words: list[str], stems_of_words: list[tuple[str, ...]]) -> Arrays:
    numbers: dict[str, int] = {}
    places: dict[tuple[str, ...], int] = {}
    lists: list[int] = []
    for stems in stems_of_words:
        if stems not in places:
            places[stems] = len(lists)
            lists += (numbers.setdefault(stem, len(numbers)) for stem in stems)
    letters, starts = _letters(words)
    hashes = np.zeros(len(words), np.uint64)
    hash_all(letters, starts, hashes)
    table = np.full(1 << (4 * len(words)).bit_length(), -1, np.int32)
    remember(table, hashes, 0, len(words))
    stem_letters, stem_starts = _letters(list(numbers))
    stem_hashes = np.zeros(len(numbers), np.uint64)
    hash_all(stem_letters, stem_starts, stem_hashes)
    at = [places[stems] for stems in stems_of_words]
    return {
        "listed_table": table,
        "listed": _table(starts[:-1], np.diff(starts), at, list(map(len, stems_of_words))),
        "listed_letters": letters.astype(np.uint16),
        "listed_stems": np.array(lists, np.int32),
        "stems": _table(stem_starts[:-1], np.diff(stem_starts)),
        "stem_hashes": stem_hashes,
        "stem_letters": stem_letters,
        "elided": _lined_up(()),
        "rules": _lined_up(()),
    }


_KEPT: Final = tuple(field.name for field in LISTED_WORDS if field.name not in ("elided", "rules"))


def _letters(words: list[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The letters of words, and where each word begins; behind them, the end."""
    letters = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32)
    return letters, np.cumsum([0, *map(len, words)])


def _table(*columns: Any) -> NDArray[np.int32]:
    return np.ascontiguousarray(np.stack([np.asarray(column, np.int32) for column in columns], axis=1))


def _lined_up(words: tuple[str, ...]) -> NDArray[np.int32]:
    """Each word as its length and its letters."""
    return np.array([number for word in words for number in (len(word), *map(ord, word))], np.int32)


@cache
def _state() -> str:
    digest = hashlib.sha256(f"{version('simplemma')} {sys.version} {np.__version__}".encode())
    files = (*(_MATCHING / f"{name}.py" for name in SOURCES), _WORDS / "names.toml", _WORDS / "irregular.txt")
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _keep(arrays: Arrays, folder: Path) -> None:
    """Let the next process have the arrays; all of them or, where there is no room, none."""
    try:
        beside = Path(tempfile.mkdtemp(dir=folder.parent))
    except OSError:
        return
    try:
        for name in _KEPT:
            np.save(beside / f"{name}.npy", arrays[name])
        beside.chmod(0o755)  # an image is built by one user and run by another
        shutil.rmtree(folder, ignore_errors=True)  # not what it should be
        beside.rename(folder)
    except OSError:  # another process has put them there at the same time
        shutil.rmtree(beside, ignore_errors=True)
