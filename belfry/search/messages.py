"""Writing messages: each becomes an action with its own id, in its own index."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence

from belfry.search.names import IndexNames
from belfry.search.pipeline import PipelineMinute
from processors.document import IndexAction, IndexOutcome, index_action
from schemas.alerts import Alert
from schemas.articles import EnrichedArticle
from schemas.dead_letters import DeadLetter
from schemas.errors import IndexRefusedError

Written = IndexRefusedError | None
"""None: the index has it, or has a newer version; an error: it is refused for good."""


class MessageWriter(ABC):
    """What a writer of actions does for messages. Each method returns one result a message, in their order.

    Each raises SearchUnavailableError where it isn't known that all were written; writing the same again is safe.
    """

    def __init__(self, prefix: str) -> None:
        self.names = IndexNames(prefix)

    @abstractmethod
    async def write(self, batch: Sequence[IndexAction]) -> list[IndexOutcome]:
        """What became of each action, in the batch's order. Actions on the same id take effect in that order."""

    async def write_articles(self, articles: Sequence[EnrichedArticle]) -> list[Written]:
        """Write each at its version, in its month's index; a canceled one is deleted at its version."""
        # Every word is brought to its normal form here, which is no work for the event loop.
        actions = await asyncio.to_thread(
            lambda: [index_action(article, self.names.prefix) for article in articles],
        )
        return await self._written(actions)

    async def write_alerts(self, alerts: Sequence[Alert]) -> list[Written]:
        """Write each under its alert_id."""
        index = self.names.concrete(self.names.alerts)
        return await self._written(
            [IndexAction(index, alert.alert_id, alert.model_dump(mode="json")) for alert in alerts]
        )

    async def write_dead_letters(self, letters: Sequence[DeadLetter]) -> list[Written]:
        """Write each under its id, without the refused bytes, which stay in the topic."""
        index = self.names.concrete(self.names.dead_letters)
        return await self._written(
            [IndexAction(index, letter.id, letter.model_dump(mode="json", exclude={"value"})) for letter in letters]
        )

    async def write_pipeline(self, minutes: Sequence[PipelineMinute]) -> list[Written]:
        """Write each worker's minute; written again, it replaces the one before."""
        index = self.names.concrete(self.names.pipeline)
        return await self._written(
            [IndexAction(index, minute.document_id, minute.model_dump(mode="json")) for minute in minutes]
        )

    async def _written(self, actions: Sequence[IndexAction]) -> list[Written]:
        return [
            IndexRefusedError(f"{outcome.code}: {outcome.reason}", code="refused_by_index")
            if outcome.kind == "refused"
            else None
            for outcome in await self.write(actions)
        ]
