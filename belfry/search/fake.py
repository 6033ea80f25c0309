"""An index in memory, for tests of what writes to one. It keeps the contract of the real one (tests/contract)."""

from collections.abc import Sequence
from typing import Any

from belfry.search.mapping import index_templates
from belfry.search.messages import MessageWriter
from processors.document import IndexAction, IndexOutcome


class FakeIndex(MessageWriter):
    """Holds documents by index and id; takes an action or refuses it as Elasticsearch would for the same reasons.

    It knows versions and the strict mapping's names, nothing of values. `failures`: errors to raise, one for each
    next call, before anything is written.
    """

    def __init__(self, failures: Sequence[Exception] = (), prefix: str = "") -> None:
        super().__init__(prefix)
        self.documents: dict[tuple[str, str], dict[str, Any]] = {}
        self.failures = list(failures)
        self._versions: dict[tuple[str, str], int] = {}
        self._fields: dict[str, frozenset[str]] = {
            template["index_patterns"][0].rstrip("*"): frozenset(template["template"]["mappings"]["properties"])
            for template in index_templates(self.names).values()
        }

    async def write(self, batch: Sequence[IndexAction]) -> list[IndexOutcome]:
        """What became of each action, in the batch's order."""
        if self.failures:
            raise self.failures.pop(0)
        return [self._take(action) for action in batch]

    def _take(self, action: IndexAction) -> IndexOutcome:
        place = (action.index, action.id)
        known = next(fields for start, fields in self._fields.items() if action.index.startswith(start))
        unknown = sorted(set(action.document or {}) - known)
        if unknown:
            return IndexOutcome(
                "refused", "strict_dynamic_mapping_exception", f"introduction of [{unknown[0]}] is not allowed"
            )
        if action.version is not None and action.version < self._versions.get(place, -1):
            return IndexOutcome("superseded")
        self._versions[place] = self._versions.get(place, 0) + 1 if action.version is None else action.version
        if action.document is None:
            self.documents.pop(place, None)
        else:
            self.documents[place] = action.document
        return IndexOutcome("done")
