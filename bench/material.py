"""Texts and queries for the benchmarks: the peer's where it is there, else made up."""

import hashlib
import json
import random
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

TEXTS = 300
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True)
class Queries:
    """The same queries for Belfry and, where there is a peer, for Lucene."""

    name: str
    belfry: list[str]
    lucene: list[str]


class Material:
    """`peer` is the folder of the Lucene Monitor's bench; None: made-up texts, no peer."""

    def __init__(self, peer: Path | None) -> None:
        self.peer = peer
        self.folder = Path(tempfile.gettempdir()) / "belfry-bench"
        self.folder.mkdir(exist_ok=True)
        if peer is None:
            self.texts = _made_up_texts(1000)
        else:
            lines = (peer / "docs.txt").read_text(encoding="utf-8").splitlines()
            self.texts = [_INVISIBLE.sub("", line) for line in lines]
        (self.folder / "docs.txt").write_text("\n".join(self.texts) + "\n", encoding="utf-8")

    @property
    def digest(self) -> str:
        """Of the texts."""
        return hashlib.sha256("\n".join(self.texts).encode()).hexdigest()[:16]

    def queries(self, name: str) -> Queries:
        """`luwak`, or how many made ones."""
        if self.peer is None:
            return Queries(name, _made_up_queries(self.texts, 2000 if name == "luwak" else int(name)), [])
        if name == "luwak":
            lucene = (self.peer / "luwak-queries.txt").read_text(encoding="utf-8").splitlines()
            return Queries(name, [line.replace("+", "") for line in lucene], lucene)
        made = self.folder / f"made-{name}"
        command = [sys.executable, str(self.peer / "make_queries.py"), name, str(self.peer / "docs.txt"), str(made)]
        subprocess.run([*command, "20261123"], check=True)
        belfry = made.with_name(made.name + ".belfry.jsonl").read_text(encoding="utf-8").splitlines()
        lucene = made.with_name(made.name + ".lucene.txt").read_text(encoding="utf-8").splitlines()
        return Queries(name, [json.loads(line)["query"] for line in belfry], lucene)


def _made_up_texts(count: int) -> list[str]:
    rng = random.Random(7)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "en", "er", "ist")]
    words = ["".join(rng.choices(syllables, k=rng.choice((1, 2, 2, 3)))) for _ in range(20_000)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    return [" ".join(rng.choices(words, weights, k=700)) for _ in range(count)]


def _made_up_queries(texts: list[str], count: int) -> list[str]:
    rng = random.Random(8)
    words = sorted({word for text in texts for word in text.split() if len(word) > 3})
    forms = ("{0} {1}", '"{0} {1}"', "{0} NEAR/5 {1}", "({0} OR {1}) {2} NOT {3}")
    return [rng.choice(forms).format(*rng.choices(words, k=4)) for _ in range(count)]
