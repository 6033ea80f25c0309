"""The index steps: [articles.enriched], [alerts], [articles.dead] and the roles' figures into Elasticsearch."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Generic, Literal, Protocol, TypeVar, cast

from processors.agents.outcomes import dead_outgoing
from processors.agents.records import Done, Outgoing, Record, Sender
from schemas.alerts import Alert
from schemas.articles import EnrichedArticle
from schemas.dead_letters import DeadLetter, Reason
from schemas.errors import DecodeError, IndexRefusedError
from schemas.messages import Message
from schemas.pipeline import PipelineMinute
from schemas.topics import Topics

M = TypeVar("M", bound=Message)
Written = Literal["done", "superseded"] | IndexRefusedError
"""done: the index has it. superseded: it has a newer version. An error: it is refused for good."""


class Index(Protocol):
    """Writes to Elasticsearch. Each method returns one outcome a message, in order.

    Raises SearchUnavailableError when it isn't known that all were written; writing the same again changes nothing.
    """

    async def prepare(self) -> None:
        """Make the indices' templates sure. What is written without it does that first."""
        ...

    async def write_articles(self, articles: Sequence[EnrichedArticle]) -> Sequence[Written]:
        """Write each at its version; a canceled one is deleted at its version."""
        ...

    async def write_alerts(self, alerts: Sequence[Alert]) -> Sequence[Written]:
        """Write each under its alert_id."""
        ...

    async def write_dead_letters(self, letters: Sequence[DeadLetter]) -> Sequence[Written]:
        """Write each under its id, without the refused bytes."""
        ...

    async def write_pipeline(self, minutes: Sequence[PipelineMinute]) -> Sequence[Written]:
        """Write each role's minute."""
        ...

    async def close(self) -> None:
        """Let go of the connection."""
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

    async def process(self, batch: Sequence[Record]) -> Sequence[Done]:
        """See Step."""
        decoded = await asyncio.to_thread(lambda: [self._decoded(record) for record in batch])
        written = iter(await self._write([found for found in decoded if not isinstance(found, DecodeError)]))
        done: list[Done] = []
        letters: list[Outgoing] = []
        for record, found in zip(batch, decoded, strict=True):
            outcome = found if isinstance(found, DecodeError) else next(written)
            fetched_at = found.fetched_at if isinstance(found, EnrichedArticle) else None
            if isinstance(outcome, str):
                done.append(Done(outcome, fetched_at=fetched_at))
                continue
            reason = cast("Reason", outcome.code)
            done.append(Done("dead", reason, fetched_at))
            letters.append(self._dead(record, reason, str(outcome)))
        if self._dead_letters:
            await self._sender.send_all(letters)
        return done

    def _decoded(self, record: Record) -> M | DecodeError:
        try:
            return self._message.decode(record.value)
        except DecodeError as error:
            return error

    def _dead(self, record: Record, reason: Reason, error: str) -> Outgoing:
        return dead_outgoing(
            record, topic=self._topics.dead, stage="index", reason=reason, error=error, failed_at=self._now()
        )
