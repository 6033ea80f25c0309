"""Whether one part of a query implies another: every article that the first accepts, the second accepts too.

Sound but not complete: True is a proof from the shape of the two parts, False only means that no proof was found.
"""

import unicodedata

from processors.matching.checks import is_mention
from processors.matching.tree import (
    And,
    AtLeast,
    Before,
    Exact,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Published,
    Scoped,
    Unless,
    Wildcard,
    Word,
)


class Prover:
    """Proves from the shapes of two parts, within a bounded number of steps: a hostile query must not hold anybody up."""

    def __init__(self, steps: int = 20_000) -> None:
        self._steps = steps

    def implies(self, premise: Node, conclusion: Node) -> bool:
        """Whether every article with `premise` surely has `conclusion`."""
        self._steps -= 1
        if self._steps < 0:
            return False
        if premise == conclusion:
            return True
        match premise, conclusion:
            case Or(), _:
                return all(self.implies(operand, conclusion) for operand in premise.operands)
            case _, And():
                return all(self.implies(premise, operand) for operand in conclusion.operands)
            case _, Or() if any(self.implies(premise, operand) for operand in conclusion.operands):
                return True
            case And(), _:
                return any(self.implies(operand, conclusion) for operand in premise.operands)
            case Not(), Not():
                return self.implies(conclusion.operand, premise.operand)
            case _, Published():
                return _spans_all(premise, conclusion)
            case _:
                return self._mention_implies(premise, conclusion)

    def always_beside(self, left: Node, right: Node) -> bool:
        """Whether each mention of `left` surely is, or is a part of, one of `right`, so that UNLESS leaves nothing."""
        self._steps -= 1
        if self._steps < 0:
            return False
        if left == right:
            return True
        match left, right:
            case Or(), _:
                return all(self.always_beside(operand, right) for operand in left.operands)
            case Unless(), _:
                return self.always_beside(left.left, right)
            case Scoped(), Scoped():
                return left.scope == right.scope and self.always_beside(left.operand, right.operand)
            case Scoped(), _:
                return self.always_beside(left.operand, right)
            case _, Or():
                return any(self.always_beside(left, operand) for operand in right.operands)
            case _:
                return _word_implies(left, right)

    def _mention_implies(self, premise: Node, conclusion: Node) -> bool:
        match premise, conclusion:
            case Scoped(), Scoped():
                return premise.scope == conclusion.scope and self.implies(premise.operand, conclusion.operand)
            case Scoped(), _:
                return is_mention(premise.operand) and self.implies(premise.operand, conclusion)
            case AtLeast(), AtLeast() if premise.operand == conclusion.operand:
                return premise.count >= conclusion.count
            case (AtLeast(), _):
                return self.implies(premise.operand, conclusion)
            case Near(), Near() | Before():
                return isinstance(conclusion, Near) and _same_sides(premise, conclusion)
            case Before(), Near() | Before():
                return _same_sides(premise, conclusion)
            case ((Near() | Before()), _):
                return self.implies(premise.left, conclusion) or self.implies(premise.right, conclusion)
            case Unless(), _:
                return self.implies(premise.left, conclusion)
            case Phrase(), _:
                return self._phrase_implies(premise, conclusion)
            case _:
                return _word_implies(premise, conclusion)

    def _phrase_implies(self, premise: Phrase, conclusion: Node) -> bool:
        if isinstance(conclusion, Phrase):
            count = len(conclusion.terms)
            if premise.slop > conclusion.slop:
                return False
            starts = range(len(premise.terms) - count + 1)
            return any(premise.terms[start : start + count] == conclusion.terms for start in starts)
        return any(self.implies(term, conclusion) for term in premise.terms)


def covers(wide: str, narrow: str) -> bool:
    """Whether every form that the pattern (or word) `narrow` fits also fits the pattern `wide`."""
    # A * of `narrow` is a character that only a * of `wide` matches: "tro*" covers "troep*", "*ops" doesn't.
    form = _folded(narrow)
    first, *between = _folded(wide).split("*")
    if not between:
        return form == first
    last = between.pop()
    position, end = len(first), len(form) - len(last)
    if not form.startswith(first) or not form.endswith(last) or position > end:
        return False
    for piece in between:  # the leftmost place is always the best one, so nothing is tried twice
        found = form.find(piece, position, end)
        if found < 0:
            return False
        position = found + len(piece)
    return True


def _same_sides(premise: Near | Before, conclusion: Near | Before) -> bool:
    sides = (conclusion.left, conclusion.right)
    same = (premise.left, premise.right) == sides
    turned = isinstance(conclusion, Near) and (premise.right, premise.left) == sides
    return (same or turned) and premise.distance <= conclusion.distance


def _word_implies(premise: Node, conclusion: Node) -> bool:
    match premise, conclusion:
        case Wildcard(), Wildcard():
            return covers(conclusion.pattern, premise.pattern)
        case Exact(), Wildcard():
            # Of `qu'il` and `130.000` a wildcard sees less than what is written.
            return premise.text.replace("-", "").isalnum() and covers(conclusion.pattern, premise.text)
        case Exact(), Word():
            # Capitals are an acronym in a query, but not always in a text.
            return premise.text == conclusion.text and not premise.text.isupper()
        case _:
            return False


def _spans_all(premise: Node, conclusion: Published) -> bool:
    if isinstance(premise, Published):
        begins = conclusion.since is None or (premise.since is not None and premise.since >= conclusion.since)
        ends = conclusion.until is None or (premise.until is not None and premise.until <= conclusion.until)
        return begins and ends
    return conclusion.since is None and conclusion.until is None


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()
