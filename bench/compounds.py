"""How well compounds are split, against a treebank whose lemmas mark their parts with `_` (`gezondheid_zorg`).

    python bench/compounds.py TREEBANK.conllu [--language nl] [--errors]

Marked words whose parts aren't in the word (a separable verb that came apart in its sentence) say nothing about splitting
and are left out, and counted. A split is right when there are as many parts as marked, in order, each with the marked
one among its normal forms; its parts are found when a query for each of them fits the word. Other words are those whose
lemma marks nothing; hyphenated ones are left out there, for their hyphen parts are no compound's.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from processors.matching.folding import folded
from processors.matching.normalise import normaliser
from processors.matching.words import Normaliser, Unit


@dataclass(frozen=True)
class Word:
    form: str
    lemma: str
    kind: str


@dataclass
class Figures:
    """Counts of types (different words); `other_tokens` are occurrences."""

    marked: int = 0
    right: int = 0
    found: int = 0
    left_out: int = 0
    other: int = 0
    other_split: int = 0
    other_tokens: int = 0
    other_tokens_split: int = 0

    def summary(self) -> dict[str, float | int]:
        return {
            **vars(self),
            "right_share": round(self.right / max(self.marked, 1), 4),
            "found_share": round(self.found / max(self.marked, 1), 4),
            "other_split_share": round(self.other_split / max(self.other, 1), 4),
            "other_tokens_split_share": round(self.other_tokens_split / max(self.other_tokens, 1), 4),
        }


def words(treebank: Path) -> Counter[Word]:
    rows = (line.rstrip("\n").split("\t") for line in treebank.read_text(encoding="utf-8").splitlines())
    return Counter(Word(row[1], row[2], row[3]) for row in rows if len(row) == 10 and row[0].isdigit())


def leaves(normal: Normaliser, form: str) -> list[Unit]:
    """The parts of a word that have no parts themselves, in order; none where it has no parts."""
    units = normal.analyse(form, acronym=False).units
    split = {unit.parent for unit in units}
    atoms: dict[tuple[int, int], Unit] = {}
    for index, unit in enumerate(units):
        if unit.parent >= 0 and index not in split:
            key = (unit.first, unit.rank)
            if key not in atoms or len(unit.forms[0]) < len(atoms[key].forms[0]):
                atoms[key] = unit
    return [atoms[key] for key in sorted(atoms)]


def is_attached(word: Word) -> bool:
    """Whether the marked parts are in the word, as far as their first letters can tell."""
    form, parts = folded(word.form), folded(word.lemma).split("_")
    if word.kind != "VERB":
        return True
    return form.startswith(parts[0]) and len(form) > len(parts[0]) + 2


def is_right(normal: Normaliser, word: Word) -> bool:
    parts, marked = leaves(normal, word.form), word.lemma.split("_")
    return len(parts) == len(marked) and all(
        folded(wanted) in unit.stems or not set(normal.query_word(wanted).stems).isdisjoint(unit.stems)
        for wanted, unit in zip(marked, parts, strict=True)
    )


def are_found(normal: Normaliser, word: Word) -> bool:
    units = normal.analyse(word.form, acronym=False).units
    stems = {stem for unit in units[1:] for stem in unit.stems}
    return all(not stems.isdisjoint(normal.query_word(part).stems) for part in word.lemma.split("_"))


def measured(counts: Counter[Word], normal: Normaliser) -> tuple[Figures, list[str]]:
    figures, errors = Figures(), list[str]()
    for word, times in counts.items():
        if "_" in word.lemma.strip("_") and any(map(str.isalpha, word.lemma)):
            if not is_attached(word):
                figures.left_out += 1
                continue
            figures.marked += 1
            figures.found += are_found(normal, word)
            if is_right(normal, word):
                figures.right += 1
            else:
                errors.append(f"{word.form} {word.lemma} {[unit.forms[0] for unit in leaves(normal, word.form)]}")
        elif word.form.isalpha():
            parts = leaves(normal, word.form)
            figures.other += 1
            figures.other_tokens += times
            if parts:
                figures.other_split += 1
                figures.other_tokens_split += times
                errors.append(f"{word.form} {word.lemma} {[unit.forms[0] for unit in parts]} (other)")
    return figures, errors


def lines(figures: Figures, errors: list[str], *, show: bool) -> Iterator[str]:
    yield json.dumps(figures.summary())
    if show:
        yield from errors


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("treebank", type=Path)
    arguments.add_argument("--language", default="nl")
    arguments.add_argument("--errors", action="store_true")
    given = arguments.parse_args()
    figures, errors = measured(words(given.treebank), normaliser(given.language))
    print("\n".join(lines(figures, errors, show=given.errors)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
