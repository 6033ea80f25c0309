"""What came, beside what was to come; percentiles. Pure. Moments in Unix seconds, results in milliseconds."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Bell = tuple[str, str]
"""(article id, subscription id)"""


@dataclass(frozen=True, slots=True)
class Spread:
    """Of some latencies, in milliseconds."""

    count: int
    median: float
    p90: float
    p99: float
    max: float


def spread(seconds: Iterable[float]) -> Spread:
    """Nearest-rank percentiles; zeros where there is nothing."""
    ordered = sorted(seconds)

    def at(share: float) -> float:
        return round(ordered[math.ceil(share * len(ordered)) - 1] * 1000, 1) if ordered else 0.0

    return Spread(len(ordered), at(0.5), at(0.9), at(0.99), at(1.0))


@dataclass(frozen=True, slots=True)
class Came:
    """`missing`, `strange` (nobody was to be told) and `again` must be 0."""

    expected: int
    missing: int
    strange: int
    again: int

    @property
    def wrong(self) -> bool:
        return bool(self.missing or self.strange or self.again)


def came(expected: Collection[Bell], arrived: Sequence[Bell]) -> Came:
    """The bells that arrived, in any order, beside those that were to."""
    due, got = set(expected), Counter(arrived)
    return Came(len(due), len(due - got.keys()), len(got.keys() - due), sum(count - 1 for count in got.values()))


def hops(stations: Sequence[tuple[str, Mapping[Bell, float]]], bells: Collection[Bell]) -> dict[str, Spread]:
    """From each station to the next: how long the bells took that are known at both."""
    return {
        name: spread(there[bell] - here[bell] for bell in bells if bell in here and bell in there)
        for (_, here), (name, there) in pairwise(stations)
    }
