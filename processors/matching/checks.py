"""What groups well but means nothing, or can't be evaluated: refused, with what to write instead.

Rules, in the order in which they are found (inside out): operands of NEAR, BEFORE, UNLESS and ATLEAST are mentions;
their two sides can be in one field; no scope stands within a scope; each branch of an OR has a positive part; so has
the query.
"""

from typing import NamedTuple

from processors.matching.instead import instead_of_beside, instead_of_counting
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
from schemas.errors import QueryError

_MENTIONS = ("a word", "a phrase in quotes", "words joined by OR, NEAR, BEFORE or UNLESS")
_MAX_SUGGESTED = 200
"""Characters of a suggested query."""

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
    culprit = left.no_mention or right.no_mention
    if culprit is not None:
        raise _no_mention_beside(node, culprit)
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


def _no_mention_beside(node: Near | Before | Unless, culprit: Node) -> Exception:
    operator = _operator(node)
    return refusal(
        "not_a_mention",
        f"{_kind(culprit)} can't stand on a side of {operator}, which needs places in a text",
        column=culprit.column,
        expected=_MENTIONS,
        suggestion=_written(instead_of_beside(node)) or _advice(culprit, operator),
    )


def _not_countable(node: AtLeast, culprit: Node) -> Exception:
    return refusal(
        "not_a_mention",
        f"ATLEAST/{node.count} counts mentions, and {_kind(culprit)} is none",
        column=culprit.column,
        expected=_MENTIONS,
        suggestion=_written(instead_of_counting(node)) or _advice(culprit, f"ATLEAST/{node.count}"),
    )


def _written(instead: Node | None) -> str:
    """The advice to write this; empty where it is too long to be read, or is refused too."""
    if instead is None or len(text := show(instead)) > _MAX_SUGGESTED:
        return ""
    try:
        refuse_meaningless(instead)
    except QueryError:
        return ""
    return f"Write {text}"


def _advice(culprit: Node, operator: str) -> str:
    match culprit:
        case And() if not any(isinstance(operand, Not) for operand in culprit.operands):
            return f"Join the words by OR, NEAR/n or a phrase, or write AND outside {operator}"
        case And() | Not():
            return "To exclude words nearby, write a UNLESS/5 b"
        case AtLeast():
            return "Write ATLEAST/2 (a NEAR/3 b)"
        case _:
            return f"Write {short(show(culprit))} beside the whole, joined by AND"


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
