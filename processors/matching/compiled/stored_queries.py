"""The queries that are asked: put and discarded one by one, filed for the presearcher when articles come."""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from processors.matching.compiled.layout import (
    ANCHOR_COLUMNS,
    FLAG,
    HAS,
    LACKS,
    Q_ALIVE,
    Q_LEAF_COUNT,
    Q_LEAVES,
    Q_LENGTH,
    Q_NEED_LENGTH,
    Q_NEEDS,
    Q_PROGRAM,
    QUERY_COLUMNS,
    T_ANCHOR_COUNT,
    T_ANCHOR_ROOM,
)
from processors.matching.compiled.nodes import Nodes
from processors.matching.compiled.plan import NOTHING_LACKS, NOTHING_NEAR, Need, Plan
from processors.matching.compiled.presearch import anchor_one, anchor_queries
from processors.matching.compiled.store import Rows, Stretches
from processors.matching.compiled.terms import Terms

_REFILE_AFTER: Final = 64
"""Articles until queries are filed anew by what articles really have; then eight times as many, and so on."""
_REFILE_GROWTH: Final = 8


class Needs(NamedTuple):
    """Where in `args` the needs of a concept stand."""

    at: int
    length: int
    concept: int


class StoredQueries:
    """Slots of queries. Discarded ones stay filed until much has changed: they are no longer alive, so never match."""

    def __init__(self, terms: Terms, nodes: Nodes) -> None:
        self._terms = terms
        self._nodes = nodes
        self._programs = Rows(2, room=1024)
        self._program_stretches = Stretches(self._programs)
        self._table = Rows(QUERY_COLUMNS, room=1024)
        self._anchors = Rows(ANCHOR_COLUMNS, room=4096)
        self._free: list[int] = []
        self._waiting: list[int] = []
        self._concept_needs: list[Needs] = []
        self._stale = 0
        self._order = 0
        self._refile_at = _REFILE_AFTER
        self.alive = 0

    @property
    def room(self) -> int:
        """No query has a higher slot."""
        return len(self._table.array)

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """What kernels read; taken anew after each change."""
        return {
            "nodes": self._nodes.rows.array,
            "args": self._nodes.args.array,
            "programs": self._programs.array,
            "queries": self._table.array,
            "anchors": self._anchors.array,
            **self._terms.arrays,
        }

    def put_program(self, plan: Plan) -> tuple[int, int]:
        """Where a plan's program stands, and its length, negative where it is flat."""
        return self._program_stretches.put(plan.program), -len(plan.program) if plan.flat else len(plan.program)

    def add(self, plan: Plan) -> int:
        """The slot of a new query."""
        if self._free:
            slot = self._free.pop()
        else:
            slot = self._table.used
            self._table.reserve(slot + 1)
            self._table.used += 1
        at, length = self.put_program(plan)
        needs = [*self._flat(plan.needs), *plan.nearness, *plan.lacks]
        leaves = self._nodes.stretches.put(plan.leaves) if plan.leaves else 0
        self._order += 1
        self._table.array[slot] = (
            at, length, leaves, len(plan.leaves), 1, self._order, self._nodes.stretches.put(needs), len(needs)
        )  # fmt: skip
        self._waiting.append(slot)
        self.alive += 1
        return slot

    def discard(self, slot: int) -> None:
        """Match a query no more, and let go what only it used."""
        row: list[int] = self._table.array[slot].tolist()
        self._table.array[slot, Q_ALIVE] = 0
        at, count = row[Q_PROGRAM], abs(row[Q_LENGTH])
        program: list[list[int]] = self._programs.array[at : at + count].tolist()
        self._nodes.release([operand for op, operand in program if op in (HAS, LACKS)])
        for op, operand in program:
            if op == FLAG:
                self._terms.release(operand)
        self._program_stretches.free(at, count)
        self._nodes.stretches.free(row[Q_LEAVES], row[Q_LEAF_COUNT])
        self._nodes.stretches.free(row[Q_NEEDS], row[Q_NEED_LENGTH])
        self._free.append(slot)
        self._stale += 1
        self.alive -= 1

    def add_concept(self, concept: int, needs: list[Need]) -> None:
        """Say what must be there for a concept to be mentioned in some language; kept for good."""
        flat = [*self._flat(needs), *NOTHING_NEAR, *NOTHING_LACKS]
        self._concept_needs.append(Needs(self._nodes.stretches.put(flat), len(flat), concept))
        self._file_concept(self._concept_needs[-1])

    def file(self, articles: int) -> None:
        """File what is new; all anew where articles have told what is rare, or much has been discarded."""
        if articles >= self._refile_at:
            self._refile_at = articles * _REFILE_GROWTH
            self._file_anew()
        elif self._stale > 1000 + self.alive // 2:
            self._file_anew()
        elif self._waiting:
            waiting = np.array([slot for slot in self._waiting if self._table.array[slot, Q_ALIVE]], np.int32)
            self._waiting.clear()
            self._file(waiting)

    def _file_anew(self) -> None:
        self._anchors.used = 0
        self._stale = 0
        self._waiting.clear()
        self._terms.table.array[:, [T_ANCHOR_COUNT, T_ANCHOR_ROOM]] = 0
        for needs in self._concept_needs:
            self._file_concept(needs)
        table = self._table.array[: self._table.used]
        self._file(np.nonzero(table[:, Q_ALIVE])[0].astype(np.int32))

    def _file(self, slots: NDArray[np.int32]) -> None:
        done = 0
        while done < len(slots):
            done, used = anchor_queries(
                self._nodes.args.array,
                self._table.array,
                slots,
                self._terms.table.array,
                self._anchors.array,
                self._anchors.used,
                done,
            )
            self._grow(done < len(slots), int(used))

    def _file_concept(self, needs: Needs) -> None:
        used: Any = -1
        while used < 0:
            used = anchor_one(
                self._nodes.args.array,
                needs.at,
                needs.length,
                -1 - needs.concept,
                self._terms.table.array,
                self._anchors.array,
                self._anchors.used,
            )
            self._grow(used < 0, self._anchors.used if used < 0 else int(used))

    def _flat(self, needs: list[Need]) -> list[int]:
        """Needs as the kernels read them: each with its size before it; a concept that must be there, as -1 - its term."""
        flat: list[int] = []
        for need in needs:
            alone = len(need) == 1 and self._terms.key(need[0]).kind == "concept"
            flat += (1, -1 - need[0]) if alone else (len(need), *need)
        return flat

    def _grow(self, more: bool, used: int) -> None:
        self._anchors.used = used
        if more:
            self._anchors.reserve(2 * len(self._anchors.array))
