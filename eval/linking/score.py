"""Precision and recall of linking, per language, and over the third that was held apart.

A given id is right where a marked mention that it touches has that id, and where it points at a country by a demonym just
where a demonym is marked. Precision: right ones among all ids given, anywhere in the texts. Recall: marked mentions with an
id that got it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from eval.figure import Figure
from eval.linking.mentions import Expected, Sample, samples
from processors.recognise import recognise
from schemas.entities import Entity

PRECISION_BAR = 0.97
RECALL_BAR = 0.85
LANGUAGES = {"nl": "Dutch", "en": "English", "de": "German", "fr": "French"}


@dataclass(frozen=True)
class Judged:
    """What was given in one text: right mentions, wrong ids, and marked mentions that didn't get theirs."""

    sample: Sample
    right: tuple[Expected, ...]
    wrong: tuple[Entity, ...]
    missed: tuple[Expected, ...]


def _is_right(given: Entity, expected: Expected) -> bool:
    touches = given.start < expected.end and expected.start < given.end
    return touches and given.id == expected.id and (given.link == "demonym") == (expected.kind == "d")


def judged(one: Sample) -> Judged:
    """How a text was linked."""
    given = [entity for entity in recognise("", one.text, one.language) if entity.id is not None]
    wanted = [expected for expected in one.expected if expected.id]
    right = [expected for expected in wanted if any(_is_right(entity, expected) for entity in given)]
    wrong = [entity for entity in given if not any(_is_right(entity, expected) for expected in wanted)]
    return Judged(one, tuple(right), tuple(wrong), tuple(expected for expected in wanted if expected not in right))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _figures(name: str, results: Iterable[Judged], note: str = "") -> list[Figure]:
    kept = list(results)
    right = sum(len(one.right) for one in kept)
    given = right + sum(len(one.wrong) for one in kept)
    wanted = right + sum(len(one.missed) for one in kept)
    return [
        Figure(f"{name}, precision", _share(right, given), bar=PRECISION_BAR, n=given, note=note),
        Figure(f"{name}, recall", _share(right, wanted), bar=RECALL_BAR, n=wanted, note=note),
    ]


def _hard(results: Iterable[Judged], kinds: str) -> tuple[int, int]:
    """How many mentions of these kinds were dealt with rightly (an id where there is one, none where not), of how many."""
    good = total = 0
    for one in results:
        for expected in one.sample.expected:
            if expected.kind not in kinds:
                continue
            total += 1
            if expected.id:
                good += expected in one.right
            else:
                good += not any(w.start < expected.end and expected.start < w.end for w in one.wrong)
    return good, total


def score() -> list[Figure]:
    """The figures of linking."""
    results = [judged(one) for one in samples()]
    figures: list[Figure] = []
    for language, name in LANGUAGES.items():
        figures.extend(_figures(name, (one for one in results if one.sample.language == language)))
    held = [one for one in results if one.sample.part == "held"]
    figures.extend(
        _figures(
            "Held apart, all languages",
            held,
            "not looked at while linking was tuned; 0.976 and 0.965 when it was read, see eval/linking/README.md",
        )
    )
    for language, name in LANGUAGES.items():
        here = (one for one in held if one.sample.language == language)
        figures.extend(_figures(f"Held apart, {name}", here))
    for name, kinds in {"Ambiguous names": "a", "Inflected and joined names": "i", "Demonyms": "d"}.items():
        good, total = _hard(results, kinds)
        figures.append(Figure(name, _share(good, total), n=total, note="the right id, or rightly none"))
    return figures
