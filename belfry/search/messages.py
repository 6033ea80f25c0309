"""Writing messages: each becomes an action with its own id, in its own index."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence

from belfry.search.names import IndexNames
from processors.document import IndexAction, IndexOutcome, index_action
from schemas.alerts import Alert
from schemas.articles import EnrichedArticle
from schemas.dead_letters import DeadLetter
from schemas.pipeline import PipelineMinute


class MessageWriter(ABC):
    """What a writer of actions does for messages. Each method returns one outcome a message, in order.

    Each raises SearchUnavailableError where it isn't known that all were written; writing the same again is safe.
    """

    def __init__(self, prefix: str) -> None:
        self.names = IndexNames(prefix)

    @abstractmethod
    async def write(self, batch: Sequence[IndexAction]) -> list[IndexOutcome]:
        """What became of each action, in the batch's order. Actions on the same id take effect in that order."""

    async def write_articles(self, articles: Sequence[EnrichedArticle]) -> list[IndexOutcome]:
        """Write each at its version, in its month's index; a canceled one is deleted at its version."""
        # Every word is brought to its normal form here, which is no work for the event loop.
        actions = await asyncio.to_thread(
            lambda: [index_action(article, self.names.prefix) for article in articles],
        )
        return await self.write(actions)

    async def write_alerts(self, alerts: Sequence[Alert]) -> list[IndexOutcome]:
        """Write each under its alert_id."""
        index = self.names.concrete(self.names.alerts)
        return await self.write([IndexAction(index, alert.alert_id, alert.model_dump(mode="json")) for alert in alerts])

    async def write_dead_letters(self, letters: Sequence[DeadLetter]) -> list[IndexOutcome]:
        """Write each under its id, without the refused bytes, which stay in the topic."""
        index = self.names.concrete(self.names.dead_letters)
        return await self.write(
            [IndexAction(index, letter.id, letter.model_dump(mode="json", exclude={"value"})) for letter in letters]
        )

    async def write_pipeline(self, minutes: Sequence[PipelineMinute]) -> list[IndexOutcome]:
        """Write each worker's minute; written again, it replaces the one before."""
        index = self.names.concrete(self.names.pipeline)
        return await self.write(
            [IndexAction(index, minute.document_id, minute.model_dump(mode="json")) for minute in minutes]
        )
