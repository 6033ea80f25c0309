"""Precision and recall of the concepts, over the examples of their files and over the texts beside this module.

Over the examples, a pair is (example, its own concept). Over the texts, a pair is (text, one of the ten concepts that the
texts are about): a text about sanctions that rings the bell of the hostages is a false one. `held-out.yaml` is measured by
itself; its header says how it came about. `python -m eval.concepts.score` prints every pair that is wrong, the held-out
ones only by number.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from eval.figure import Figure
from processors.matching.articles import MatchArticle
from processors.matching.concept_book import shipped_concepts
from processors.matching.concepts import LEXICON, read_lexicon
from processors.recognise import recognise

HERE = Path(__file__).resolve().parent
HELD_OUT = HERE / "held-out.yaml"
PRECISION, RECALL = 0.95, 0.90
LANGUAGES = ("nl", "en", "de", "fr")
TEN = (
    "airspace-violation", "arms-delivery", "ceasefire", "cyber-attack", "embassy-evacuation",
    "energy-cutoff", "hostages", "mobilisation", "sanctions", "troop-buildup",
)  # fmt: skip
"""The concepts that the texts are about."""


@dataclass(frozen=True, slots=True)
class Case:
    """A text whose concepts a person has said: `wanted` of those that are `asked`."""

    id: str
    language: str
    text: str
    wanted: frozenset[str]
    asked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many pairs of case and concept came out how."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 1 where nothing was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of what is there that was found; 1 where nothing is."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


@dataclass(frozen=True, slots=True)
class Mistake:
    """A pair that came out wrong: found although it isn't there, or missed; with the words that were found."""

    case: Case
    concept: str
    found: tuple[str, ...]

    def __str__(self) -> str:
        what = f"found: {' | '.join(self.found)}" if self.found else "missed"
        return f"{self.case.id} ({self.case.language}) {self.concept} {what}"


def read_texts(path: Path) -> list[Case]:
    """The texts of a file. Raises ValueError for a concept that isn't one of the ten."""
    content: dict[str, list[dict[str, Any]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    cases = [
        Case(text["id"], text["language"], text["text"], frozenset(text["concepts"]), frozenset(TEN))
        for text in content["texts"]
    ]
    if unknown := {concept for case in cases for concept in case.wanted} - set(TEN):
        raise ValueError(f"{path}: no concepts of the texts: {', '.join(sorted(unknown))}")
    return cases


def example_cases() -> list[Case]:
    """The examples in the files of the concepts, as cases."""
    return [
        Case(f"{concept_id} “{text}”", language, text, own if kind == "match" else frozenset(), own)
        for concept_id, definition in sorted(read_lexicon(LEXICON).definitions.items())
        for own in (frozenset((concept_id,)),)
        for language, queries in definition.languages.items()
        for kind in ("match", "no_match")
        for text in getattr(queries.examples, kind)
    ]


def tally(cases: Iterable[Case]) -> tuple[Tally, list[Mistake]]:
    """How the matcher's concepts compare with what a person has said."""
    right = 0
    mistakes: list[Mistake] = []
    for case in cases:
        found = dict(_found(case))
        right += len(case.wanted & found.keys())
        mistakes += [
            Mistake(case, concept, found.get(concept, ()))
            for concept in sorted((case.wanted ^ found.keys()) & case.asked)
        ]
    wrong = sum(bool(mistake.found) for mistake in mistakes)
    return Tally(right, wrong, len(mistakes) - wrong), mistakes


def score() -> list[Figure]:
    """The figures of this part: precision and recall of each set, then of the read texts by language."""
    open_cases = [case for path in _open_files() for case in read_texts(path)]
    sets = (
        ("examples", example_cases(), "the examples in all concepts' files"),
        ("texts", open_cases, "texts of 50 to 120 words, half of them look-alikes; read while the patterns were made"),
        (
            "held-out texts",
            read_texts(HELD_OUT),
            "written before the patterns were seen; first measured unread: precision 0.947, recall 0.923; then mended by kinds",
        ),
    )
    figures: list[Figure] = []
    for name, cases, note in sets:
        figures += _figures(name, cases, note, PRECISION, RECALL)
    for language in LANGUAGES:
        of_language = [case for case in open_cases if case.language == language]
        figures += _figures(f"texts, {language}", of_language, "", None, None)
    return figures


def _figures(
    name: str, cases: Sequence[Case], note: str, precision: float | None, recall: float | None
) -> list[Figure]:
    counts, _ = tally(cases)
    return [
        Figure(f"{name}: precision", counts.precision, bar=precision, n=len(cases), note=note),
        Figure(f"{name}: recall", counts.recall, bar=recall, n=len(cases), note=note),
    ]


def _found(case: Case) -> Iterator[tuple[str, tuple[str, ...]]]:
    article = MatchArticle(
        "", case.text, case.language, "eval", datetime(2026, 1, 1, tzinfo=UTC),
        entities=recognise("", case.text, case.language),
    )  # fmt: skip
    for concept in shipped_concepts().mentions(article):
        yield concept.id, tuple(span.text for span in concept.spans)


def _open_files() -> list[Path]:
    return sorted((HERE / "texts").glob("*.yaml"))


def main(names: Sequence[str]) -> None:
    """Print what came out wrong: of the examples, and of the files of `texts/` that are named, or all."""
    files = [path for path in _open_files() if not names or path.stem in names]
    for title, cases in (("examples", example_cases()), *((path.stem, read_texts(path)) for path in files)):
        counts, mistakes = tally(cases)
        print(f"{title}: precision {counts.precision:.3f} recall {counts.recall:.3f} of {len(cases)}")
        for mistake in mistakes:
            print(f"  {mistake}")


if __name__ == "__main__":
    main(sys.argv[1:])
