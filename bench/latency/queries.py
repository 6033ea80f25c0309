"""Subscriptions as people write them, about what stands in given texts, and which of them ring how often."""

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.latency.stories import Text
from processors.gazetteer import default_gazetteer

BELLS_AN_ARTICLE = 1.0
"""So 50 articles a second ring 180,000 bells an hour: more than a thousand people could read."""
MOST_SHARE = 0.02
"""Of the articles that one subscription rings for: whoever is told more often writes another query."""

_CONCEPTS = Path(__file__).resolve().parents[2] / "lexicon" / "concepts"
_WORD = re.compile(r"[^\W\d_]{4,}")
_NAME = re.compile(r"[A-Z][^\W\d_]{3,}")
_COMMON_SHARE = 0.1


def candidates(texts: Sequence[Text], count: int, seed: int) -> list[str]:
    """So many queries, no two alike; each is about one of the texts, which it need not match."""
    maker = _Maker(texts, random.Random(seed))
    made: dict[str, None] = {}
    while len(made) < count:
        made.setdefault(maker.query())
    return list(made)


def chosen(counts: Mapping[str, int], names: Sequence[str], count: int, articles: int, each: float) -> list[str]:
    """`count` of the names, so that `each` bells are rung for an article on average, as far as `counts` gives them.

    `counts`: for how many of the articles each rings. The rest of those chosen ring for none, as most do on most days.
    """
    ringing: list[str] = []
    total = 0
    for name in names:
        bells = counts.get(name, 0)
        if 0 < bells <= max(1, MOST_SHARE * articles) and total + bells <= each * articles:
            ringing.append(name)
            total += bells
    silent = [name for name in names if name not in counts]
    return [*ringing[:count], *silent][:count]


class _Maker:
    def __init__(self, texts: Sequence[Text], rng: random.Random) -> None:
        self._rng = rng
        self._words = [_WORD.findall(text.body) for text in texts]
        seen = Counter(word.lower() for words in self._words for word in {word.lower() for word in words})
        self._common = {word for word, often in seen.items() if often > _COMMON_SHARE * len(texts)}
        gazetteer = default_gazetteer()
        names = Counter(name for text in texts for name in _NAME.findall(text.body))
        self._entities = [name for name in sorted(names) if gazetteer.ids(name)]
        self._concepts = sorted(path.stem for path in _CONCEPTS.glob("*.yaml"))
        self._all = sorted(seen.keys() - self._common)
        self._forms: list[tuple[int, Callable[[list[str]], str]]] = [
            (30, lambda words: " ".join(self._some(words, self._rng.choice((2, 2, 3))))),
            (15, self._phrase),
            (15, lambda words: "{} NEAR/{n} {}".format(*self._some(words, 2), n=self._rng.choice((3, 5, 10)))),
            (10, lambda words: "{}* {}".format(*self._stub(words), *self._some(words, 1))),
            (8, lambda words: "({} OR {}) {} NOT {}".format(*self._some(words, 3), self._rng.choice(self._all))),
            (5, lambda words: "{}* UNLESS/4 {}".format(*self._stub(words), *self._some(words, 1))),
            (5, lambda words: "ATLEAST/2 ({} OR {})".format(*self._some(words, 2))),
            (7, lambda words: f'entity:"{self._rng.choice(self._entities)}" {self._some(words, 1)[0]}'),
            (3, lambda words: f"concept:{self._rng.choice(self._concepts)} {self._some(words, 1)[0]}"),
            (2, lambda words: f"title:{self._some(words, 1)[0]} lang:nl"),
        ]

    def query(self) -> str:
        """One more."""
        [form] = self._rng.choices([make for _, make in self._forms], [weight for weight, _ in self._forms])
        return form(self._rng.choice(self._words))

    def _some(self, words: Sequence[str], count: int) -> list[str]:
        """Words of a text, seldom ones; every fifth is one of another text's."""
        seldom = [word.lower() for word in words if word.lower() not in self._common]
        return [self._rng.choice(seldom if self._rng.random() < 0.8 else self._all) for _ in range(count)]

    def _stub(self, words: Sequence[str]) -> list[str]:
        [word] = self._some(words, 1)
        return [word[: max(4, len(word) - 2)]]

    def _phrase(self, words: Sequence[str]) -> str:
        start = self._rng.randrange(len(words) - 1)
        return f'"{words[start].lower()} {words[start + 1].lower()}"'
