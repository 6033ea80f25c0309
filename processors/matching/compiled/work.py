"""The arrays that the kernels write, with as much room as the articles so far needed."""

from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from processors.matching.compiled.arrays import Arrays
from processors.matching.compiled.layout import (
    ANCHORED,
    COUNTERS,
    ERA,
    LISTED,
    MAX_PROGRAM,
    MORE_LINKS,
    MORE_MATCHES,
    MORE_MENTIONS,
    MORE_PLACES,
    NEED,
    PRESENT,
    SCRATCH,
)

USUAL_TOKENS: Final = 1 << 14
_STACK: Final = 1 << 14
_FIELDS = {field.name: field for field in SCRATCH}
_NEEDED = {
    MORE_LINKS: ("links",),
    MORE_MATCHES: ("matches",),
    MORE_MENTIONS: ("mentions", "marks"),
    MORE_PLACES: ("places",),
}
_ROOM = {"stack": _STACK, "counters": COUNTERS, "part": MAX_PROGRAM, "opened": MAX_PROGRAM, "values": MAX_PROGRAM}
_STATES = ("word_state", "term_state", "node_state", "query_state", "concept_state", "bits")


class Scratch:
    """Makes room in `arrays`."""

    def __init__(self) -> None:
        self.arrays = Arrays()
        for field in SCRATCH:
            self._make(field.name, _ROOM.get(field.name, 1 << 10))
        self.counters: NDArray[np.int64] = self.arrays["counters"]

    def fit_text(self, characters: int) -> None:
        """Room for the tokens of a text of so many characters; what only a huge one needed is given back."""
        room = len(self.arrays["tokens"])
        if characters > room or (room > USUAL_TOKENS and characters < room // 8):
            for name in ("tokens", "token_hashes", "unknown", "distinct", "covers", "where"):
                self._make(name, max(characters, 1 << 10))
            if len(self.arrays["mentions"]) > 1 << 18:
                for name in ("mentions", "marks", "places"):
                    self._make(name, 1 << 16)

    def fit_queries(self, *, terms: int, nodes: int, queries: int, concepts: int) -> None:
        """Room for the state of each of these."""
        if terms > len(self.arrays["term_state"]):
            self._make("term_state", 2 * terms)
            self._make("present", 2 * terms)
            self._make("anchored", 2 * terms)
            self._make("bits", (2 * terms >> 5) + 1)
            self.counters[[PRESENT, ANCHORED]] = 0
        if nodes > len(self.arrays["node_state"]):
            self._make("node_state", 2 * nodes)
        if queries > len(self.arrays["query_state"]):
            self._make("query_state", 2 * queries)
            self._make("candidates", 2 * queries)
        if concepts > len(self.arrays["concept_state"]):
            self._make("concept_state", 2 * concepts)

    def fit_words(self, words: int) -> None:
        """Room for the state of each word of a language."""
        if words > len(self.arrays["word_state"]):
            self._make("word_state", 2 * words)

    def begin(self) -> None:
        """Let nothing that was computed before be taken for the coming computation's."""
        counters = self.counters
        if max(counters[ERA], counters[LISTED]) > 1 << 30:
            for name in _STATES:
                self.arrays[name][:] = 0
            counters[:] = 0
        counters[ERA] += 1
        counters[LISTED] += 1

    def grow(self) -> None:
        """More room for what counters[NEED] says."""
        for name in _NEEDED[int(self.counters[NEED])]:
            self._make(name, 2 * len(self.arrays[name]))

    def _make(self, name: str, room: int) -> None:
        field = _FIELDS[name]
        shape: Any = (room, field.columns) if field.columns else room
        self.arrays.set(name, cast("NDArray[Any]", np.zeros(shape, field.dtype)))
