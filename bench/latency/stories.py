"""Articles of some 3 KB, each a story of its own: sentences of Belfry's corpus with other names and numbers in them.

A half of an article's sentences is of one theme, the rest of all. Each mention of a person, place, or organisation
is another's of the same kind, and each third person marries into a name that nobody has heard before, so that texts
hold new words as news does. Every fourth article is cut from `others` (English texts, one a line), where there are any.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "models" / "corpus" / "train"
CHARS = 3_000
_MARK = re.compile(r"\[([^\]|]*)\|([A-Z]+)\]")
_NUMBER = re.compile(r"(?<![\d.,])\d{2,3}(?![\d.,])")
_OTHERS_EVERY = 4


@dataclass(frozen=True, slots=True)
class Text:
    """A title and a text, not yet sent."""

    title: str
    body: str
    language: str


def stories(count: int, seed: int, others: Sequence[str] = ()) -> list[Text]:
    """So many texts; the same for the same seed. No two are one story."""
    writer = _Writer(random.Random(seed))
    english = iter([text for text in others if len(text) >= CHARS])
    made: list[Text] = []
    for number in range(count):
        other = next(english, None) if number % _OTHERS_EVERY == 0 else None
        made.append(writer.dutch() if other is None else _cut(other))
    return made


class _Writer:
    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        marked = [_sentences(path) for path in sorted(CORPUS.glob("*.txt"))]
        self._themes = [theme for theme in marked if len(theme) >= 40]
        self._all = [sentence for theme in marked for sentence in theme]
        found = [mark for sentence in self._all for mark in _MARK.findall(sentence)]
        self._names = {
            kind: sorted({name for name, of in found if of == kind and name[:1].isupper()})
            for kind in ("PER", "LOC", "ORG")
        }
        self._surnames = [name.split()[-1] for name in self._names["PER"] if " " in name]

    def dutch(self) -> Text:
        rng, theme = self._rng, self._rng.choice(self._themes)
        title = self._told_anew(rng.choice(theme))
        lines: list[str] = []
        size = 0
        while size < CHARS:
            line = self._told_anew(rng.choice(theme if len(lines) % 2 == 0 else self._all))
            if line in lines:
                continue
            lines.append(line)
            size += len(line) + 1
        paragraphs = [" ".join(lines[start : start + 3]) for start in range(0, len(lines), 3)]
        return Text(title[:120], "\n\n".join(paragraphs), "nl")

    def _told_anew(self, sentence: str) -> str:
        named = _MARK.sub(lambda mark: self._another(mark[1], mark[2]), sentence)
        return _NUMBER.sub(
            lambda number: str(self._rng.randint(10 ** (len(number[0]) - 1), 10 ** len(number[0]) - 1)), named
        )

    def _another(self, name: str, kind: str) -> str:
        names = self._names.get(kind)
        if not names:
            return name
        other = self._rng.choice(names)
        return f"{other}-{self._rng.choice(self._surnames)}" if kind == "PER" and self._rng.random() < 1 / 3 else other


def _sentences(path: Path) -> list[str]:
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in dict.fromkeys(lines) if not line.startswith("#") and len(line.split()) > 5]


def _cut(text: str) -> Text:
    """Its first sentences, some 3 KB."""
    end = text.rfind(". ", 0, CHARS) + 1
    body = text[: end if end > CHARS // 2 else CHARS]
    return Text(body[:80].rsplit(" ", 1)[0], body, "en")
