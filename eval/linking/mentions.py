"""The test set: texts whose mentions carry the id that is right, or none.

`mentions.tsv` has a text a line: its part (`open`, or `held`: not looked at while linking was tuned), its language, and the
text with its mentions as `[as written|id|kind]`; an empty id says that none may be given. Kinds: a ambiguous (namesakes,
ordinary words), i inflected or joined to other words, d demonym, s surname of somebody named before, v another spelling or
language's name, n a name that the tables don't have, p plain.

Every mention that has an id is marked, so that an id given anywhere else is a fault. The ids were looked up in the fact
tables (and, for `x:`, in `lexicon/entities/curated.tsv`), none written from memory. The texts are original (CC0).
"""

import re
from dataclasses import dataclass
from pathlib import Path

TEXTS = Path(__file__).with_name("mentions.tsv")
_MARK = re.compile(r"\[([^|\]]+)\|([^|\]]*)\|([aidsvnp])\]")


@dataclass(frozen=True)
class Expected:
    """A marked mention: where it stands in the plain text, the id that is right (empty: none may be given), its kind."""

    start: int
    end: int
    id: str
    kind: str


@dataclass(frozen=True)
class Sample:
    """A text and what is expected in it. part: `open` or `held`."""

    part: str
    language: str
    text: str
    expected: tuple[Expected, ...]


def sample(line: str) -> Sample:
    """A line of the test set. Raises ValueError where a mark is left that can't be read."""
    part, language, marked = line.split("\t")
    plain, expected, end = "", list[Expected](), 0
    for found in _MARK.finditer(marked):
        written, entity_id, kind = found.groups()
        plain += marked[end : found.start()]
        expected.append(Expected(len(plain), len(plain) + len(written), entity_id, kind))
        plain += written
        end = found.end()
    plain += marked[end:]
    if set(plain) & set("[]|"):
        raise ValueError(f"a mark that can't be read in {marked!r}")
    return Sample(part, language, plain, tuple(expected))


def samples(path: Path = TEXTS) -> list[Sample]:
    """All texts of the test set."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return [sample(line) for line in lines]
