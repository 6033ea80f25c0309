"""What groups well but means nothing, or can't be evaluated: refused, with what to write instead.

Rules, in the order in which they are found (inside out): operands of NEAR, BEFORE, UNLESS and ATLEAST are mentions;
their two sides can be in one field; no scope stands within a scope; each branch of an OR has a positive part; so has
the query.
"""

from dataclasses import replace
from typing import NamedTuple

from processors.matching.limits import MAX_DEPTH, refusal, short
from processors.matching.show import show
from processors.matching.tree import (
    And,
    AtLeast,
    Before,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Published,
    Scoped,
    Unless,
)

_TITLE, _TEXT = 1, 2
_ANYWHERE = _TITLE | _TEXT
_NAMES = {_TITLE: "the title", _TEXT: "the text"}


class _Facts(NamedTuple):
    """Of a part of a query: the fields it can stand in, what in it is no mention, and whether it has a positive part."""

    fields: int
    no_mention: Node | None
    positive: bool


def is_mention(node: Node) -> bool:
    """Whether a node of a parsed tree stands for places in a text, so that NEAR and its kin can take it."""
    return _facts(node, None).no_mention is None


def refuse_meaningless(tree: Node) -> None:
    """Raise QueryError where a tree from the grammar breaks a rule of the language. Takes time linear in its size."""
    _refuse_deep(tree)
    if not _facts(tree, None).positive:
        raise refusal(
            "only_not",
            "the query only says what must not be there",
            column=tree.column,
            expected=("a word, a phrase or a filter beside the NOT",),
            suggestion=f"Write what should be there before it: troepen {short(show(tree))}",
        )


def children(node: Node) -> tuple[Node, ...]:
    """The parts of the query that a node is made of, in order; none for a leaf (a phrase is a leaf)."""
    match node:
        case And() | Or():
            return node.operands
        case Near() | Before() | Unless():
            return (node.left, node.right)
        case Not() | Scoped() | AtLeast():
            return (node.operand,)
        case _:
            return ()


def _refuse_deep(tree: Node) -> None:
    pending = [(tree, 1)]
    while pending:
        node, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise refusal(
                "too_deep",
                f"the query is more than {MAX_DEPTH} levels deep",
                column=node.column,
                suggestion="Use OR or AND for what NEAR, BEFORE or UNLESS chain, or split the query",
            )
        pending += [(child, depth + 1) for child in children(node)]


def _facts(node: Node, scope: Scoped | None) -> _Facts:
    match node:
        case And():
            parts = [_facts(operand, scope) for operand in node.operands]
            return _Facts(_ANYWHERE, node, any(part.positive for part in parts))
        case Or():
            return _either(node, scope)
        case Not():
            _facts(node.operand, scope)
            return _Facts(_ANYWHERE, node, positive=False)
        case Near() | Before() | Unless():
            return _beside(node, scope)
        case AtLeast():
            inner = _facts(node.operand, scope)
            if inner.no_mention is not None:
                raise _not_countable(node, inner.no_mention)
            return _Facts(inner.fields, node, positive=True)
        case Scoped():
            if scope is not None:
                raise _nested_scope(node, scope)
            inner = _facts(node.operand, node)
            return inner._replace(fields=_TITLE if node.scope == "title" else _TEXT)
        case Filter() | Published():
            return _Facts(_ANYWHERE, node, positive=True)
        case _:
            return _Facts(_ANYWHERE, None, positive=True)


def _either(node: Or, scope: Scoped | None) -> _Facts:
    fields, no_mention = 0, None
    for operand in node.operands:
        part = _facts(operand, scope)
        if not part.positive:
            raise refusal(
                "or_needs_positive",
                f"“{short(show(operand))}” as a branch of OR only says what must not be there",
                column=operand.column,
                expected=("a branch with a word, a phrase or a filter",),
                suggestion=f"Write what should be there beside it: (troepen {short(show(operand))})",
            )
        fields |= part.fields
        no_mention = no_mention or part.no_mention
    return _Facts(fields, no_mention, positive=True)


def _beside(node: Near | Before | Unless, scope: Scoped | None) -> _Facts:
    left, right = _facts(node.left, scope), _facts(node.right, scope)
    for side, facts in ((node.left, left), (node.right, right)):
        if facts.no_mention is not None:
            raise _no_mention_beside(node, side, facts.no_mention)
    if not left.fields & right.fields:
        never = "can never exclude anything" if isinstance(node, Unless) else "can never match"
        raise refusal(
            "different_fields",
            f"one side of {_operator(node)} is in {_NAMES[left.fields]}, the other in {_NAMES[right.fields]}: it {never}",
            column=node.right.column,
            suggestion="Put both sides in one field, or join them with "
            + ("NOT" if isinstance(node, Unless) else "AND"),
        )
    return _Facts(left.fields if isinstance(node, Unless) else left.fields & right.fields, None, positive=True)


def _operator(node: Near | Before | Unless) -> str:
    return f"{type(node).__name__.upper()}/{node.distance}"


_KINDS: dict[type[Node], str] = {
    And: "AND (also between words side by side)",
    Not: "NOT",
    AtLeast: "ATLEAST",
    Published: "published:",
}


def _kind(node: Node) -> str:
    return f"{node.key}:" if isinstance(node, Filter) else _KINDS.get(type(node), "this")


def _no_mention_beside(node: Near | Before | Unless, side: Node, culprit: Node) -> Exception:
    operator = _operator(node)
    instead = _instead(node, side, culprit)
    return refusal(
        "not_a_mention",
        f"{_kind(culprit)} can't stand on a side of {operator}, which needs places in a text",
        column=culprit.column,
        expected=("a word", "a phrase in quotes", "words joined by OR, NEAR, BEFORE or UNLESS"),
        suggestion=f"Write {short(show(instead), 200)}" if instead is not None else _advice(culprit, operator),
    )


def _instead(node: Near | Before | Unless, side: Node, culprit: Node) -> Node | None:
    """The query that was probably meant, where the culprit is a whole side."""
    if culprit is not side:
        return None

    def with_side(mended: Node) -> Node:
        return replace(node, left=mended) if side is node.left else replace(node, right=mended)

    match culprit:
        case AtLeast():
            return replace(culprit, operand=with_side(culprit.operand))
        case Filter() | Published():
            other = node.right if side is node.left else node.left
            return And((other, culprit))
        case And():
            mended = _mended(culprit, node.distance)
            return None if mended is None else with_side(mended)
        case _:
            return None


def _mended(both: And, distance: int) -> Node | None:
    """`a b` as `a NEAR/n b`, `a NOT b` as `a UNLESS/n b`; None where that isn't enough."""
    mended, *rest = both.operands
    if not is_mention(mended):
        return None
    for operand in rest:
        if isinstance(operand, Not) and is_mention(operand.operand):
            mended = Unless(mended, operand.operand, distance)
        elif is_mention(operand):
            mended = Near(mended, operand, distance)
        else:
            return None
    return mended


def _advice(culprit: Node, operator: str) -> str:
    match culprit:
        case And() if any(isinstance(operand, Not) for operand in culprit.operands):
            return "To exclude words nearby, write a UNLESS/5 b instead of a NOT b"
        case And():
            return f"Join the words by OR, NEAR/n or a phrase, or write AND outside {operator}"
        case Not():
            return "To exclude words nearby, write a UNLESS/5 b"
        case AtLeast():
            return "Write ATLEAST/2 (a NEAR/3 b)"
        case _:
            return f"Write it beside the whole: (a {operator} b) AND {short(show(culprit))}"


def _not_countable(node: AtLeast, culprit: Node) -> Exception:
    if isinstance(culprit, AtLeast):
        suggestion = "Leave one ATLEAST out"
    elif isinstance(culprit, Filter | Published):
        suggestion = f"Write it beside the whole: ATLEAST/{node.count} (…) AND {short(show(culprit))}"
    elif isinstance(culprit, And) and all(is_mention(operand) for operand in culprit.operands):
        instead: Node = And(tuple(AtLeast(operand, node.count) for operand in culprit.operands))
        alternative = AtLeast(Or(culprit.operands), node.count)
        suggestion = f"Write {short(show(instead), 120)} or {short(show(alternative), 120)}"
    else:
        suggestion = "Join the words by OR, NEAR/n or a phrase; to exclude words nearby, write a UNLESS/5 b"
    return refusal(
        "not_a_mention",
        f"ATLEAST/{node.count} counts mentions, and {_kind(culprit)} is none",
        column=culprit.column,
        expected=("a word", "a phrase in quotes", "words joined by OR, NEAR, BEFORE or UNLESS"),
        suggestion=suggestion,
    )


def _nested_scope(node: Scoped, outer: Scoped) -> Exception:
    if node.scope == outer.scope:
        suggestion = f"Leave out the inner {node.scope}:"
    else:
        suggestion = "It can never match: write title:… and text:… side by side, not one in the other"
    return refusal(
        "nested_scope",
        f"{node.scope}: stands inside {outer.scope}:",
        column=node.column,
        expected=("a word", "a phrase in quotes", "a bracket without fields"),
        suggestion=suggestion,
    )
