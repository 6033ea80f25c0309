"""Share of articles whose language is read right, from their opening and from their headline alone.

The test set: `openings.tsv` and `headlines.tsv`, 200 lines each in fourteen languages, `language<TAB>text`, of which
Afrikaans and Frisian are traps beside Dutch; every third line of a language is held apart. `more.tsv`: further languages
that must be told from these. `short.tsv`: what can hardly be told, and the tuning has seen.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from eval.figure import Figure
from processors.language import decide_language

HERE = Path(__file__).parent
BARS = {"openings": 0.98, "headlines": 0.92}
HELD_APART_EVERY = 3


@dataclass(frozen=True)
class Case:
    """A line of the test set, and what was read in it."""

    language: str
    text: str
    read: str
    held_apart: bool

    @property
    def right(self) -> bool:
        """Whether the language was read right."""
        return self.read == self.language


def cases(kind: str) -> list[Case]:
    """The lines of a file, decided as an article's title (headlines) or text (all others), the language not stated."""
    found: list[Case] = []
    seen: Counter[str] = Counter()
    for line in (HERE / f"{kind}.tsv").read_text(encoding="utf-8").splitlines():
        language, text = line.split("\t")
        seen[language] += 1
        read, _ = decide_language(text, "", None) if kind in ("headlines", "short") else decide_language("", text, None)
        found.append(Case(language, text, read, held_apart=seen[language] % HELD_APART_EVERY == 0))
    return found


def score() -> list[Figure]:
    """Per kind: all, the third held apart, and each language."""
    found: list[Figure] = []
    for kind, bar in BARS.items():
        all_cases = cases(kind)
        found.append(_figure(kind, all_cases, bar))
        found.append(_figure(f"{kind}, the third held apart", [case for case in all_cases if case.held_apart], bar))
        found += [
            _figure(f"{kind}: {language}", [case for case in all_cases if case.language == language], None)
            for language in dict.fromkeys(case.language for case in all_cases)
        ]
    found.append(_figure("lines in further languages", cases("more"), 0.92))
    found.append(_figure("headlines of four words, mostly names", cases("short"), None))
    return found


def _figure(name: str, of: list[Case], bar: float | None) -> Figure:
    wrong = Counter(case.read for case in of if not case.right)
    note = (
        ""
        if not wrong or bar is not None
        else "read as " + ", ".join(f"{code} ({n})" for code, n in wrong.most_common())
    )
    return Figure(name, sum(case.right for case in of) / len(of), bar=bar, n=len(of), note=note)
