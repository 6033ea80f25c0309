"""The set: originals, copies of them, and reports on the same topics that are no copies, all from a seed."""

import random
from dataclasses import dataclass

from eval.stories.copies import KINDS, text_of
from eval.stories.events import pairs
from eval.stories.forms import forms
from eval.stories.material import Report, Reporters

COPIES = 2000
NO_COPIES = 1000
SEED = 7


@dataclass(frozen=True)
class Case:
    """An article, and the report that it is: articles of one `report` are one story. `kind`: original, a kind of copy, or of no copy."""

    article_id: str
    language: str
    text: str
    report: str
    kind: str


def generated(share: float = 1.0, seed: int = SEED) -> list[Case]:
    """The set, or a share of it, in the order of arrival: an original before its copies, all else mixed."""
    rng = random.Random(seed)
    copies, others = round(COPIES * share), round(NO_COPIES * share)
    reporters = Reporters(rng)
    events = pairs(rng, others // 10)
    filled_in = forms(rng, others * 3 // 10)
    written = [reporters.report() for _ in range(others - len(events) - len(filled_in))]
    no_copies = [
        *(("other report of the event", other) for _, other in events),
        *(("other form filled in", form) for form in filled_in),
        *(("other report of the theme", report) for report in written),
    ]
    # Forms and first reports of events are copied, too.
    count = copies // 4
    originals: list[Report] = [one for one, _ in events[: len(events) // 2]] + forms(rng, count // 8)
    originals += [reporters.report() for _ in range(count - len(originals))]
    first = [one for one, _ in events[len(events) // 2 :]]
    cases = [_case(f"o{index}", report, "original") for index, report in enumerate([*originals, *first])]
    cases += [_case(f"n{index}", report, kind) for index, (kind, report) in enumerate(no_copies)]
    arrivals = [(rng.random(), case) for case in cases]
    at = {case.report: moment for moment, case in arrivals}
    kinds = list(KINDS)
    for index in range(copies):
        report, kind = f"o{index % count}", kinds[(index + index // count) % len(kinds)]
        language, sentences = originals[index % count]
        text = KINDS[kind]((language, sentences), rng)
        arrivals.append((rng.uniform(at[report], 1), Case(f"c{index}", language, text, report, kind)))
    return [case for _, case in sorted(arrivals, key=lambda arrival: arrival[0])]


def _case(name: str, report: Report, kind: str) -> Case:
    return Case(name, report[0], text_of(report[1]), name, kind)
