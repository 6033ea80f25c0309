"""Syntax tree to what the kernels run: nodes, a program of conditions, and which terms an article surely needs.

A program is flat where all of some conditions must hold or not hold, which most queries are, else in postfix order.
"""

from collections.abc import Callable
from typing import NamedTuple

from processors.matching.compiled.layout import (
    ALL_OF,
    ANY,
    ANY_OF,
    ATLEAST,
    BEFORE,
    CONCEPT,
    EITHER,
    ENTITY,
    FLAG,
    HAS,
    LACKS,
    NEAR,
    NOT,
    PHRASE,
    T_FREQUENCY,
    TERM,
    UNLESS,
)
from processors.matching.compiled.nearness import MOST_SLOP
from processors.matching.compiled.nodes import Nodes, Shape
from processors.matching.compiled.nodes import children as node_children
from processors.matching.compiled.terms import Key, Terms
from processors.matching.show import show
from processors.matching.tree import (
    And,
    AtLeast,
    Before,
    ConceptTerm,
    EntityTerm,
    Exact,
    Filter,
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

_BOTH = 3
_FIELDS = {"title": 1, "text": 2}
_PAIRS = {Near: NEAR, Before: BEFORE, Unless: UNLESS}

Need = tuple[int, ...]
"""Terms of which one must be there."""
Nearness = tuple[int, int, int]
"""Two terms that must be near each other, and how, or of which one must be there: see the columns of anchors in layout.py."""
NOTHING_NEAR: Nearness = (-1, -1, -1)
Lacks = tuple[int, int]
"""Two terms that must not be there."""
NOTHING_LACKS: Lacks = (-1, -1)


class Plan(NamedTuple):
    """What is run: operations with their operands; `flat`: all must hold."""

    program: list[tuple[int, int]]
    flat: bool
    leaves: list[int]
    """In the order of the query; empty where it has one."""
    needs: list[Need]
    nearness: Nearness
    lacks: Lacks


class Planner:
    """Makes plans of trees; the nodes and terms in them are used by the plan until it is released."""

    def __init__(self, terms: Terms, nodes: Nodes, concept_number: Callable[[str], int]) -> None:
        self._terms = terms
        self._nodes = nodes
        self._concept_number = concept_number

    def plan(self, tree: Node) -> Plan:
        """The plan of a condition."""
        program: list[tuple[int, int]] = []
        flat = self._flat(tree, _BOTH, program)
        if not flat:
            self.release_program(program)
            program.clear()
            self._postfix(tree, _BOTH, program)
        leaves = self._leaves(program)
        needs = self._needs(tree, program, flat)
        nearness = self._nearness(program) if flat else NOTHING_NEAR
        return Plan(
            program,
            flat,
            leaves if len(leaves) > 1 else [],
            needs,
            self._either(needs) if nearness == NOTHING_NEAR else nearness,
            self._lacks(program) if flat else NOTHING_LACKS,
        )

    def release_program(self, program: list[tuple[int, int]]) -> None:
        """What a plan uses isn't used by it any more."""
        self._nodes.release([operand for op, operand in program if op in (HAS, LACKS)])
        for op, operand in program:
            if op == FLAG:
                self._terms.release(operand)

    def mention(self, tree: Node, fields: int) -> int:
        """The node of a mention, used once more."""
        chain: list[Near | Before | Unless] = []
        while isinstance(tree, Near | Before | Unless):  # a chain of a thousand must not be walked by recursion
            chain.append(tree)
            tree = tree.left
        node = self._single(tree, fields)
        for pair in reversed(chain):
            right = self.mention(pair.right, fields)
            node = self._node((_PAIRS[type(pair)], node, right, (), _BOTH, pair.distance))
        return node

    def _single(self, tree: Node, fields: int) -> int:
        match tree:
            case Word() | Wildcard() | Exact():
                return self._leaf(tree, (TERM, self._terms.use(_key(tree)), 0, (), fields, 0))
            case Phrase(terms, slop):
                numbers = tuple(self._terms.use(_key(term)) for term in terms)
                return self._leaf(tree, (PHRASE, 0, 0, numbers, fields, slop))
            case EntityTerm(name):
                return self._leaf(tree, (ENTITY, self._terms.use(Key("entity", name)), 0, (), fields, 0))
            case ConceptTerm(concept):
                number = self._concept_number(concept)
                return self._leaf(tree, (CONCEPT, number, self._terms.use(Key("concept", concept)), (), fields, 0))
            case Or(operands):
                return self._node((ANY, 0, 0, tuple(self.mention(each, fields) for each in operands), _BOTH, 0))
            case Scoped(scope, operand):
                return self.mention(operand, fields & _FIELDS[scope])
            case _:
                raise TypeError(f"no mention: {show(tree)}")

    def _leaf(self, tree: Word | Wildcard | Exact | Phrase | EntityTerm | ConceptTerm, shape: Shape) -> int:
        node = self._nodes.known(shape)
        if node is None:
            return self._nodes.add(shape, show(tree))
        kind, a, b, args, _, _ = shape
        for term in args or ((b,) if kind == CONCEPT else (a,)):
            self._terms.release(term)
        return node

    def _node(self, shape: Shape) -> int:
        node = self._nodes.known(shape)
        if node is None:
            return self._nodes.add(shape, "")
        self._nodes.release(node_children(shape))
        return node

    def _condition(self, tree: Node, fields: int) -> tuple[int, int] | None:
        """A single operation for a condition; None where it takes several."""
        match tree:
            case And() | Not():
                return None
            case Or() if not _is_mention(tree):
                return None
            case Scoped(scope, operand):
                return self._condition(operand, fields & _FIELDS[scope])
            case AtLeast(operand, count):
                return HAS, self._node((ATLEAST, self.mention(operand, fields), 0, (), _BOTH, count))
            case Filter(key, value):
                return FLAG, self._terms.use(Key(key, value))
            case Published(since, until):
                limits = (since.isoformat() if since else "", until.isoformat() if until else "")
                return FLAG, self._terms.use(Key("published", "/".join(limits)))
            case _:
                return HAS, self.mention(tree, fields)

    def _flat(self, tree: Node, fields: int, program: list[tuple[int, int]]) -> bool:
        match tree:
            case And(operands):
                return all(self._flat(operand, fields, program) for operand in operands)
            case Scoped(scope, operand):
                return self._flat(operand, fields & _FIELDS[scope], program)
            case Not(operand):
                condition = self._condition(operand, fields)
                if condition is not None:
                    program.append((LACKS, condition[1]) if condition[0] == HAS else condition)
                return condition is not None and condition[0] == HAS
            case _:
                condition = self._condition(tree, fields)
                if condition is not None:
                    program.append(condition)
                return condition is not None

    def _postfix(self, tree: Node, fields: int, program: list[tuple[int, int]]) -> None:
        condition = self._condition(tree, fields)
        if condition is not None:
            program.append(condition)
            return
        match tree:
            case And(operands) | Or(operands):
                for operand in operands:
                    self._postfix(operand, fields, program)
                program.append((ALL_OF if isinstance(tree, And) else ANY_OF, len(operands)))
            case Not(operand):
                self._postfix(operand, fields, program)
                program.append((NOT, 0))
            case Scoped(scope, operand):
                self._postfix(operand, fields & _FIELDS[scope], program)
            case _:
                raise TypeError(f"no condition: {show(tree)}")

    def _leaves(self, program: list[tuple[int, int]]) -> list[int]:
        """The leaves that a program looks for, in the order of the query; the same part in another field comes with the first."""
        leaves: dict[int, None] = {}
        for op, operand in program:
            if op not in (HAS, LACKS):
                continue
            pending = [operand]
            while pending:
                node = pending.pop()
                inner = node_children(self._nodes.shape(node))
                if inner:
                    pending += reversed(inner)
                else:
                    leaves[node] = None
        first: dict[str, int] = {}
        return sorted(leaves, key=lambda leaf: first.setdefault(self._nodes.label(leaf), len(first)))

    def _needs(self, tree: Node, program: list[tuple[int, int]], flat: bool) -> list[Need]:
        if flat:
            needs = [need for op, operand in program if op != LACKS for need in self.operation_needs(op, operand)]
        else:
            needs = self._postfix_needs(program)
        if not needs:
            raise TypeError(f"nothing is needed: {show(tree)}")
        return list(dict.fromkeys(needs))

    def _nearness(self, program: list[tuple[int, int]]) -> Nearness:
        """The first two terms of a flat program that must be near each other, if there are such."""
        for op, operand in program:
            kind, a, b, args, _, slop = self._nodes.shape(operand) if op == HAS else (TERM, 0, 0, (), 0, 0)
            if slop > MOST_SLOP:
                continue
            if kind == PHRASE and len(args) > 1:
                return args[0], args[1], slop << 1
            if kind in (NEAR, BEFORE):
                one, other = self._nodes.shape(a), self._nodes.shape(b)
                if one[0] == other[0] == TERM:
                    return one[1], other[1], slop << 1 | 1
        return NOTHING_NEAR

    def _either(self, needs: list[Need]) -> Nearness:
        """The first two of the needs that are alternatives. No concepts: whether they are there isn't known in time."""
        for need in needs:
            if len(need) == 2 and all(self._terms.key(term).kind != "concept" for term in need):
                return need[0], need[1], EITHER
        return NOTHING_NEAR

    def _lacks(self, program: list[tuple[int, int]]) -> Lacks:
        """The first two terms of a flat program that no article that it accepts has."""
        found: list[int] = []
        for op, operand in program:
            if op == LACKS:
                shape = self._nodes.shape(operand)
                leaves = [self._nodes.shape(node) for node in shape[3]] if shape[0] == ANY else [shape]
                found += (a for kind, a, _, _, fields, _ in leaves if kind == TERM and fields == _BOTH)
        one, other, *_ = *found, *NOTHING_LACKS
        return one, other

    def operation_needs(self, op: int, operand: int) -> list[Need]:
        """What must be there for HAS or FLAG to hold."""
        return [(operand,)] if op == FLAG else self.node_needs(operand)

    def node_needs(self, root: int) -> list[Need]:
        """What must be there for a node to have mentions."""
        needs: list[Need] = []
        pending = [root]
        while pending:
            kind, a, b, args, _, _ = self._nodes.shape(pending.pop())
            if kind in (TERM, ENTITY):
                needs.append((a,))
            elif kind == CONCEPT:
                needs.append((b,))
            elif kind == PHRASE:
                needs += ((term,) for term in args)
            elif kind in (NEAR, BEFORE):
                pending += (a, b)
            elif kind == ANY:
                needs.append(self._any_of([self.node_needs(node) for node in args]))
            else:
                pending.append(a)
        return needs

    def _any_of(self, alternatives: list[list[Need]]) -> Need:
        """Of each alternative the need that is rarest: one of all these terms must be there."""
        frequencies = self._terms.table.array[:, T_FREQUENCY]
        chosen: dict[int, None] = {}
        for needs in alternatives:
            best = min(needs, key=lambda need: sum(int(frequencies[term]) + 1 for term in need))
            chosen.update(dict.fromkeys(best))
        return tuple(chosen)

    def _postfix_needs(self, program: list[tuple[int, int]]) -> list[Need]:
        stack: list[list[Need]] = []
        for op, operand in program:
            if op in (HAS, FLAG):
                stack.append(self.operation_needs(op, operand))
            elif op == NOT:
                stack[-1] = []
            else:
                parts = [stack.pop() for _ in range(operand)]
                if op == ALL_OF:
                    stack.append([need for part in reversed(parts) for need in part])
                elif all(parts):
                    stack.append([self._any_of(parts)])
                else:
                    stack.append([])
        return stack[0]


def _key(term: Word | Wildcard | Exact) -> Key:
    match term:
        case Word(text):
            return Key("word", text)
        case Wildcard(pattern):
            return Key("wildcard", pattern)
        case Exact(text):
            return Key("exact", text)


def _is_mention(tree: Node) -> bool:
    """Whether an OR (or what is in it) is a mention; the rules for operands of NEAR hold already."""
    match tree:
        case Or(operands):
            return all(_is_mention(operand) for operand in operands)
        case Scoped(_, operand):
            return _is_mention(operand)
        case And() | Not() | AtLeast() | Filter() | Published():
            return False
        case _:
            return True
