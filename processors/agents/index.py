"""The index steps: [articles.enriched], [alerts], [articles.dead] and the roles' figures into Elasticsearch."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar, cast

from processors.agents.outcomes import dead_outgoing
from processors.agents.records import Outgoing, Record, Sender
from schemas.alerts import Alert
from schemas.articles import EnrichedArticle
from schemas.dead_letters import DeadLetter, Reason
from schemas.errors import DecodeError, IndexRefusedError
from schemas.messages import Message
from schemas.topics import Topics

M = TypeVar("M", bound=Message)
Written = IndexRefusedError | None
"""None: the index has it (or has a newer version); an error: it is refused for good."""


class Index(Protocol):
    """Writes to Elasticsearch. Each method returns one outcome a message, in order.

    Raises SearchUnavailableError when it isn't known that all were written; writing the same again changes nothing.
    """

    async def write_articles(self, articles: Sequence[EnrichedArticle]) -> Sequence[Written]:
        """Write each at its version; a canceled one is deleted at its version."""
        ...

    async def write_alerts(self, alerts: Sequence[Alert]) -> Sequence[Written]:
        """Write each under its alert_id."""
        ...

    async def write_dead_letters(self, letters: Sequence[DeadLetter]) -> Sequence[Written]:
        """Write each under its id, without the refused bytes."""
        ...


class IndexStep(Generic[M]):
    """Writes one topic's messages by `write`. What can't be read or is refused goes to the dead letters, if any."""

    def __init__(
        self,
        message: type[M],
        write: Callable[[Sequence[M]], Awaitable[Sequence[Written]]],
        *,
        sender: Sender,
        topics: Topics,
        now: Callable[[], datetime],
        dead_letters: bool = True,
    ) -> None:
        self._message = message
        self._write = write
        self._sender = sender
        self._topics = topics
        self._now = now
        self._dead_letters = dead_letters
        self.refused = 0

    async def process(self, batch: Sequence[Record]) -> None:
        """See Step."""
        decoded = await asyncio.to_thread(lambda: [self._decoded(record) for record in batch])
        readable = [(record, found) for record, found in zip(batch, decoded, strict=True) if not _failed(found)]
        failures: list[tuple[Record, Reason, str]] = [
            (record, cast("Reason", found.code), str(found))
            for record, found in zip(batch, decoded, strict=True)
            if isinstance(found, DecodeError)
        ]
        written = await self._write([cast("M", message) for _, message in readable])
        for (record, _), outcome in zip(readable, written, strict=True):
            if outcome is not None:
                failures.append((record, "refused_by_index", str(outcome)))
        self.refused += len(failures)
        await self._sender.send_all([self._dead(*failure) for failure in failures if self._dead_letters])

    def _decoded(self, record: Record) -> M | DecodeError:
        try:
            return self._message.decode(record.value)
        except DecodeError as error:
            return error

    def _dead(self, record: Record, reason: Reason, error: str) -> Outgoing:
        return dead_outgoing(
            record, topic=self._topics.dead, stage="index", reason=reason, error=error, failed_at=self._now()
        )


def _failed(found: object) -> bool:
    return isinstance(found, DecodeError)
