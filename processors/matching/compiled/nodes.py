"""The mentions and conditions that queries are made of: each once, whatever queries ask for it, as rows for the kernels."""

from collections.abc import Sequence

from processors.matching.compiled.layout import (
    ANY,
    ATLEAST,
    BEFORE,
    CONCEPT,
    COUNT,
    ENTITY,
    NEAR,
    NODE_COLUMNS,
    PHRASE,
    TERM,
    UNLESS,
    A,
)
from processors.matching.compiled.store import Rows, Stretches
from processors.matching.compiled.terms import Terms

Shape = tuple[int, int, int, tuple[int, ...], int, int]
"""Kind, A, B, what stands in `args`, fields, slop: equal where the nodes are the same."""


class Nodes:
    """Numbers of nodes, kept as long as a query or another node uses them."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._numbers: dict[Shape, int] = {}
        self._shapes: list[Shape] = []
        self._uses: list[int] = []
        self._free: list[int] = []
        self._labels: list[str] = []
        self._labels_are_lent = False
        self.rows = Rows(NODE_COLUMNS, room=1024)
        self.args = Rows(room=1024)
        self.stretches = Stretches(self.args)

    def known(self, shape: Shape) -> int | None:
        """The number of a node that is there, used once more; None where there is none."""
        node = self._numbers.get(shape)
        if node is not None:
            self._uses[node] += 1
        return node

    def add(self, shape: Shape, label: str) -> int:
        """The number of a new node, used once. The terms and nodes in its shape are its own from now on."""
        kind, a, b, args, fields, slop = shape
        count = len(args)
        if count:
            a = self.stretches.put(args)
        if self._free:
            node = self._free.pop()
            if self._labels_are_lent:
                self._labels, self._labels_are_lent = self._labels.copy(), False
            self._shapes[node], self._uses[node], self._labels[node] = shape, 1, label
        else:
            node = len(self._shapes)
            self._shapes.append(shape)
            self._uses.append(1)
            self._labels.append(label)
            self.rows.reserve(node + 1)
        self.rows.array[node] = (kind, a, b, count, fields, slop)
        self._numbers[shape] = node
        return node

    def lent_labels(self) -> list[str]:
        """By leaf, the part of a query that it is, as it is written. What is there now stays, whatever is added later."""
        self._labels_are_lent = True
        return self._labels

    def label(self, leaf: int) -> str:
        """The part of a query that a leaf is, as it is written."""
        return self._labels[leaf]

    @property
    def count(self) -> int:
        """No node has a higher number."""
        return len(self._shapes)

    def shape(self, node: int) -> Shape:
        """What a node is."""
        return self._shapes[node]

    def release(self, nodes: Sequence[int]) -> None:
        """Each of the nodes is used once less; what is used no more goes, with what only it used."""
        pending = list(nodes)
        while pending:
            node = pending.pop()
            self._uses[node] -= 1
            if self._uses[node]:
                continue
            shape = self._shapes[node]
            del self._numbers[shape]
            pending += children(shape)
            for term in terms(shape):
                self._terms.release(term)
            if shape[3]:
                self.stretches.free(int(self.rows.array[node, A]), int(self.rows.array[node, COUNT]))
            self._free.append(node)


def children(shape: Shape) -> tuple[int, ...]:
    """The nodes that a node is made of, each as often as it uses it."""
    kind, a, b, args, _, _ = shape
    if kind == ANY:
        return args
    if kind in (NEAR, BEFORE, UNLESS):
        return (a, b)
    return (a,) if kind == ATLEAST else ()


def terms(shape: Shape) -> tuple[int, ...]:
    """The terms that a leaf uses; a concept's is in B."""
    kind, a, b, args, _, _ = shape
    if kind in (TERM, ENTITY):
        return (a,)
    if kind == PHRASE:
        return args
    return (b,) if kind == CONCEPT else ()
