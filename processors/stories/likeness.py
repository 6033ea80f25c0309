"""Whether one text is a copy or an edit of another, told from their signatures. Pure.

The rules, in order:

1. Of the shorter text, a share of SHARED of the shingles is in the longer one (containment): 15 % of the words edited
   leave 0.61, two reports of the same day about the same thing share less than 0.35. Of very short texts nearly all.
2. And the two are alike (Jaccard's index) and have one's opening in common, or the shorter one has the longer one's
   opening: copies are cut from the end. A report that is one of the many in a digest is contained in it, too, and is no
   copy of it; nor is what shares the notice that a site puts below each article.
3. And they tell of the same thing: where the same words stand around a number or name in both, most of these are the
   same. A form that is filled in anew (the weather, markets, results) has others; a correction changes one, wherever it
   stands. What only one of them has (a tail, another paper's opening) says nothing here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processors.stories.signature import (
    FACT,
    FACT_SHIFT,
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
CUT_AT_LEAST = 0.05
"""A copy has at least this share of the original."""

OPENING_SHARED = 0.25
OPENING_LEFT = 0.15
"""Also of an edited copy. Articles that share no more than what their site puts below each of them have nothing of it."""

CORRECTED = 1
"""So many facts may be other ones without further question."""

SAME_FACTS = 0.5
"""Where a form is filled in anew, of the numbers or of the names less than this share is the same: 0.4 at most was seen.
Where 15 % of the words are edited, it is 0.65 and more."""

NUMBERS = 3
"""Where one number is another, and this many in either text are none of the other's, it is no correction."""

_END = np.uint64(1 << 32)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are, as far as their shingles tell: shares from 0 to 1, estimated.

    `containment`: of the shorter text in the longer one. `opening`: of the longer text's opening in the shorter one;
    `other_opening`: the other way round. `ratio`: of the lengths.
    """

    containment: float = 0.0
    jaccard: float = 0.0
    opening: float = 0.0
    other_opening: float = 0.0
    ratio: float = 0.0


def likeness(one: Signature, other: Signature) -> Likeness:
    """How alike two texts are."""
    samples = _samples((one.values, one.complete), (other.values, other.complete), KEY_SHIFT)
    shorter, longer = sorted(samples, key=len)
    if not len(shorter):
        return Likeness()
    found = _found(shorter, longer, KEY_SHIFT)
    shared = int(found.sum())
    opening = longer[(longer & IN_OPENING) != 0]
    other_opening = found[(shorter & IN_OPENING) != 0]
    return Likeness(
        containment=shared / len(shorter),
        jaccard=shared / (len(shorter) + len(longer) - shared),
        opening=float(_found(opening, shorter, KEY_SHIFT).mean()) if len(opening) else 0.0,
        other_opening=float(other_opening.mean()) if len(other_opening) else 0.0,
        ratio=len(shorter) / len(longer),
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
    if not (is_cut or is_alike) or _tells_other_things(one, other):
        return 0.0
    return max(like.containment, like.jaccard)


def _tells_other_things(one: Signature, other: Signature) -> bool:
    """Whether among the same words stand other numbers, other names, or both, more often than the same."""
    facts, others = _samples((one.facts, one.facts_complete), (other.facts, other.facts_complete), FACT_SHIFT)
    _, mine, theirs = np.intersect1d(facts >> FACT_SHIFT, others >> FACT_SHIFT, assume_unique=True, return_indices=True)
    # A number that is corrected wherever it stands is one correction.
    pairs = {(a & FACT, b & FACT, bool(a & b & IS_NUMBER)) for a, b in zip(facts[mine], others[theirs], strict=True)}
    numbers = [a == b for a, b, is_number in pairs if is_number]
    names = [a == b for a, b, is_number in pairs if not is_number]
    if not all(numbers) and _have_no_number_in_common(facts, others):
        return True
    return any(
        len(same) - sum(same) > CORRECTED and sum(same) < SAME_FACTS * len(same)
        for same in (numbers, names, numbers + names)
    )


def _have_no_number_in_common(facts: Values, others: Values) -> bool:
    """Whether both have some numbers, and none that the other one has, wherever it stands."""
    mine, theirs = ({int(each) & FACT for each in some if each & IS_NUMBER} for some in (facts, others))
    return min(len(mine), len(theirs)) >= NUMBERS and mine.isdisjoint(theirs)


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
