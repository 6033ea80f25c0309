"""Sentences of Belfry's own corpus by theme, without their marks: what originals are put together from."""

import random
import re
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "models" / "corpus"
_MARK = re.compile(r"\[([^\]|]*)\|[A-Z]+\]")
_NUMBER = re.compile(r"\d")

Report = tuple[str, tuple[str, ...]]
"""A language and sentences in order."""


def themes() -> dict[str, tuple[str, list[str]]]:
    """By theme, its language and its sentences of more than five words."""
    found: dict[str, tuple[str, list[str]]] = {}
    for path in sorted([*CORPUS.glob("train/*.txt"), *CORPUS.glob("test/*.txt")]):
        language = path.stem if path.stem in {"nl", "en", "de", "fr"} else "nl"
        lines = [_MARK.sub(r"\1", line) for line in path.read_text(encoding="utf-8").splitlines()]
        sentences = list(dict.fromkeys(line for line in lines if len(line.split()) > 5))
        if len(sentences) >= 60:
            found[path.stem] = (language, sentences)
    return found


class Reporters:
    """Write reports on themes; no two have more than a quarter of their sentences in common (quotations, background)."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._themes = list(themes().values())
        self._written: dict[int, list[set[str]]] = {index: [] for index in range(len(self._themes))}

    def report(self) -> Report:
        """A report of 6 to 28 sentences of some theme, with a number in one of them."""
        while True:
            theme = self._rng.randrange(len(self._themes))
            language, sentences = self._themes[theme]
            chosen = self._rng.sample(sentences, self._rng.randint(6, max(7, min(28, len(sentences) // 5))))
            if any(map(_NUMBER.search, chosen)) and self._is_new(theme, set(chosen)):
                return language, tuple(chosen)

    def _is_new(self, theme: int, chosen: set[str]) -> bool:
        if any(len(chosen & other) > min(len(chosen), len(other)) // 4 for other in self._written[theme]):
            return False
        self._written[theme].append(chosen)
        return True
