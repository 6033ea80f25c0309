"""How well copies are found and other reports kept apart, and how fast. `python -m eval.stories.score` shows the mistakes."""

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from eval.figure import Figure
from eval.stories.generate import SEED, Case, generated
from processors.stories.signature import signature
from processors.stories.stories import Sighting, Stories

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@dataclass
class Outcome:
    """What came of a set. Pairs: of articles of one story; by kind, over copies and what they were put beside."""

    cases: Sequence[Case]
    story_of: dict[str, str] = field(default_factory=dict[str, str])
    cpu_s: float = 0.0
    bytes_an_article: float = 0.0

    def recall(self, kind: str) -> tuple[float, int]:
        """The share of a kind's copies that are in their original's story."""
        copies = [case for case in self.cases if case.kind == kind]
        return sum(self.story_of[case.article_id] == case.report for case in copies) / len(copies), len(copies)

    def precision(self, kind: str) -> tuple[float, int]:
        """The share of a kind's articles, of those put into another article's story, that belong there."""
        put = [case for case in self.cases if case.kind == kind and self.story_of[case.article_id] != case.article_id]
        right = sum(self._report(self.story_of[case.article_id]) == case.report for case in put)
        return (right / len(put) if put else 1.0), len(put)

    def kept_apart(self, kind: str) -> tuple[float, int]:
        """The share of a kind's reports that are a story of their own."""
        others = [case for case in self.cases if case.kind == kind]
        return sum(self.story_of[case.article_id] == case.article_id for case in others) / len(others), len(others)

    def pairs(self) -> tuple[float, float]:
        """Precision and recall over all pairs of articles."""
        together = Counter((self.story_of[case.article_id], case.report) for case in self.cases)
        right = sum(_pairs(count) for count in together.values())
        stories, reports = Counter(self.story_of.values()), Counter(case.report for case in self.cases)
        return right / sum(map(_pairs, stories.values())), right / sum(map(_pairs, reports.values()))

    def _report(self, article_id: str) -> str:
        return next(case.report for case in self.cases if case.article_id == article_id)


def outcome(cases: Sequence[Case]) -> Outcome:
    """The stories of a set, by the code of the group role."""
    stories, found = Stories(), Outcome(cases)
    began = time.process_time()
    for case in cases:
        sighting = Sighting(case.article_id, signature(case.text, case.language), NOW)
        found.story_of[case.article_id] = stories.place(sighting, NOW).story_id
    found.cpu_s = time.process_time() - began
    found.bytes_an_article = stories.signature_bytes / len(cases)
    return found


def score() -> list[Figure]:
    """The figures of the generated set."""
    outcome(generated(0.05))  # word lists are loaded once, by whatever comes first
    found = outcome(generated())
    kinds: dict[str, None] = dict.fromkeys(case.kind for case in found.cases if case.kind != "original")
    figures: list[Figure] = []
    for kind in sorted(kinds):
        if kind.startswith("other"):
            apart, count = found.kept_apart(kind)
            figures.append(Figure(f"kept apart: {kind}", apart, n=count))
            continue
        precision, put = found.precision(kind)
        recall, count = found.recall(kind)
        figures.append(Figure(f"precision: {kind}", precision, bar=0.98, n=put))
        figures.append(Figure(f"recall: {kind}", recall, bar=0.95, n=count))
    others = [case for case in found.cases if case.kind.startswith("other")]
    apart = sum(found.story_of[case.article_id] == case.article_id for case in others) / len(others)
    figures.append(Figure("kept apart: all reports that are no copies", apart, bar=0.98, n=len(others)))
    precision, recall = found.pairs()
    count = len(found.cases)
    figures.append(Figure("precision over all pairs", precision, bar=0.98, n=count, note=f"generated, seed {SEED}"))
    figures.append(Figure("recall over all pairs", recall, bar=0.95, n=count))
    rate = count / found.cpu_s
    figures.append(Figure("speed", rate, "articles/s", bar=500, n=count, note="one core, normal forms included"))
    figures.append(
        Figure("memory of signatures", found.bytes_an_article, "bytes/article", bar=1200, n=count, at_most=True)
    )
    return figures


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _show(found: Outcome) -> None:
    wrong: dict[str, list[str]] = defaultdict(list)
    for case in found.cases:
        story = found.story_of[case.article_id]
        if story != case.report:
            wrong[case.kind].append(f"{case.article_id} of {case.report} is in {story}, {len(case.text.split())} words")
    for kind, lines in wrong.items():
        print(f"{kind}: {len(lines)}", *lines[:5], sep="\n  ")


if __name__ == "__main__":
    for figure in score():
        print(f"{figure.name}: {figure.value:.5g} {figure.unit} {figure.passed} (n {figure.n})")
    _show(outcome(generated()))
