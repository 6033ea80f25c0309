"""Whether one text is a copy or an edit of another, told from their signatures. Pure.

The rules, in order:

1. Of the shorter text, a share of SHARED of the shingles is in the longer one (containment): 15 % of the words edited
   leave 0.61, two reports of the same day about the same thing share less than 0.35. Of very short texts nearly all.
2. And the two are alike (Jaccard's index) and have one's opening in common, or the shorter one has the longer one's
   opening: copies are cut from the end. A report that is one of the many in a digest is contained in it, too, and is no
   copy of it; nor is what shares the notice that a site puts below each article.
3. And they tell of the same thing: the shorter text's numbers and names are in the longer one as often as its other
   words. A form that is filled in anew (the weather, markets, results) has others; a correction changes one.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processors.stories.signature import (
    FACT_SHIFT,
    HAS_FACT,
    IN_OPENING,
    IS_NUMBER,
    KEY_SHIFT,
    Signature,
    Values,
)

WORDS_AT_LEAST = 12
"""What has fewer words says too little to be anybody's copy: "more soon", "read on"."""

VERY_SHORT_WORDS, SHORT_WORDS = 30, 60
SHARED, SHARED_IF_CUT, SHARED_IF_VERY_SHORT = 0.5, 0.6, 0.75
CUT = 0.6
"""A text of less than this share of the other one's length is cut, rather than edited."""

ALIKE = 0.27
CUT_AT_LEAST = 0.1
"""A copy has at least this share of the original."""

OPENING_SHARED = 0.3
OPENING_LEFT = 0.15
"""Also of an edited copy. Articles that share no more than what their site puts below each of them have nothing of it."""


CORRECTED = 1
"""So many facts may be other ones without further question."""

UNLIKELY = 0.01
"""Where so few facts are the same in no more than this share of edited copies, it is none."""

FILLED_IN = 0.5
"""Where a form is filled in anew, less than this share of the shingles with facts is the same, compared with the others."""

_NEVER_SURER = 0.95
_END = np.uint64(1 << 32)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are, as far as their shingles tell: shares from 0 to 1, estimated.

    `containment`: of the shorter text in the longer one; `plain`: the same of shingles without facts (1 where there are
    none). `opening`: of the longer text's opening in the shorter one; `other_opening`: the other way round. `ratio`: of
    the lengths. `factual`: how many shingles with facts the shorter text has, and how many of them are in the longer one.
    """

    containment: float = 0.0
    jaccard: float = 0.0
    plain: float = 0.0
    opening: float = 0.0
    other_opening: float = 0.0
    ratio: float = 0.0
    factual: tuple[int, int] = (0, 0)


def likeness(one: Signature, other: Signature) -> Likeness:
    """How alike two texts are."""
    samples = _samples((one.values, one.complete), (other.values, other.complete), KEY_SHIFT)
    shorter, longer = sorted(samples, key=len)
    if not len(shorter):
        return Likeness()
    found = _found(shorter, longer, KEY_SHIFT)
    shared = int(found.sum())
    has_fact = (shorter & HAS_FACT) != 0
    plain = found[~has_fact]
    opening = longer[(longer & IN_OPENING) != 0]
    other_opening = found[(shorter & IN_OPENING) != 0]
    return Likeness(
        containment=shared / len(shorter),
        jaccard=shared / (len(shorter) + len(longer) - shared),
        plain=float(plain.mean()) if len(plain) else 1.0,
        opening=float(_found(opening, shorter, KEY_SHIFT).mean()) if len(opening) else 0.0,
        other_opening=float(other_opening.mean()) if len(other_opening) else 0.0,
        ratio=len(shorter) / len(longer),
        factual=(int(has_fact.sum()), int(found[has_fact].sum())),
    )


def copy_score(one: Signature, other: Signature) -> float:
    """How sure it is that one is a copy or an edit of the other, above 0 and up to 1; 0 where it is none."""
    words = min(one.words, other.words)
    if words < WORDS_AT_LEAST:
        return 0.0
    like = likeness(one, other)
    shared = SHARED_IF_VERY_SHORT if words < VERY_SHORT_WORDS else SHARED_IF_CUT if like.ratio < CUT else SHARED
    if like.containment < shared:
        return 0.0
    if words < SHORT_WORDS and min(like.opening, like.other_opening) < OPENING_SHARED:
        return 0.0
    is_cut = like.opening >= OPENING_SHARED and like.ratio >= CUT_AT_LEAST
    is_alike = like.jaccard >= ALIKE and max(like.opening, like.other_opening) >= OPENING_LEFT
    if not (is_cut or is_alike) or _tells_other_things(one, other, like):
        return 0.0
    return max(like.containment, like.jaccard)


def _tells_other_things(one: Signature, other: Signature, like: Likeness) -> bool:
    """Whether far fewer of the shorter text's numbers, names, or both are in the longer one than of its other words."""
    shorter, longer = (one, other) if one.words <= other.words else (other, one)
    facts, others = _samples((shorter.facts, shorter.facts_complete), (longer.facts, longer.facts_complete), FACT_SHIFT)
    found = _found(facts, others, FACT_SHIFT)
    if len(found) - int(found.sum()) <= CORRECTED:
        return False
    is_number = (facts & IS_NUMBER) != 0
    # Three words make a shingle: if each is the same with this probability, that share of the shingles is.
    same_word = like.plain ** (1 / 3)
    # A word that is changed changes three: half as many are independent, more or less.
    total, same = like.factual
    if same < FILLED_IN * like.plain * total and _is_too_few(same // 2, total // 2, like.plain):
        return True
    kinds = (found[is_number], found[~is_number], found)
    return any(_is_too_few(int(some.sum()), len(some), same_word) for some in kinds)


def _is_too_few(same: int, total: int, share: float) -> bool:
    """Whether so few or fewer of `total` are the same by chance in less than UNLIKELY, where that `share` is expected."""
    share = min(share, _NEVER_SURER)
    if same >= total * share:
        return False
    ways = (math.comb(total, each) * share**each * (1 - share) ** (total - each) for each in range(same + 1))
    return sum(ways) < UNLIKELY


def _samples(one: tuple[Values, bool], other: tuple[Values, bool], shift: int) -> tuple[Values, Values]:
    """What both texts have by the same rule, of values and whether they are complete."""
    limit = min(_limit(*one, shift), _limit(*other, shift))
    return _up_to(one[0], limit), _up_to(other[0], limit)


def _limit(values: Values, complete: bool, shift: int) -> np.uint64:
    """Below this value all that the text has is among its values."""
    return _END if complete else (np.uint64(values[-1] >> shift) + np.uint64(1)) << np.uint64(shift)


def _up_to(values: Values, limit: np.uint64) -> Values:
    return values if limit >= _END else values[: int(np.searchsorted(values, np.uint32(limit)))]


def _found(some: Values, others: Values, shift: int) -> NDArray[np.bool_]:
    """For each value of `some` whether the same is among the `others`, flags aside; both ascending."""
    if not len(others):
        return np.zeros(len(some), dtype=np.bool_)
    keys, among = some >> shift, others >> shift
    places = np.minimum(np.searchsorted(among, keys), len(among) - 1)
    return among[places] == keys
