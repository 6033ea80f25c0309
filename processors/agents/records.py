"""Records as the steps see them, the sinks they write to, and what they say of each record when it is done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from schemas.dead_letters import Reason


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it was read. `headers` by name; a name given twice keeps its last value."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: dict[str, bytes] = field(default_factory=dict[str, bytes])


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to be sent. `partition` None: by key, as Kafka's default partitioner does."""

    topic: str
    key: bytes | None
    value: bytes | None
    partition: int | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What a step made of one record, for the role's figures.

    `reason` is a dead letter's; `fetched_at` is the article's, where there is one to measure the way from.
    """

    kind: Literal["done", "repeated", "held", "dead", "superseded"]
    reason: Reason | None = None
    fetched_at: datetime | None = None
    alerts: int = 0


class Sender(Protocol):
    """Sends to Kafka."""

    async def send_all(self, records: Sequence[Outgoing]) -> Sequence[int]:
        """Send in this order, and return each one's offset when every one is acknowledged by all replicas.

        Raises KafkaUnavailableError when it isn't known that all arrived; sending the same again is then safe.
        """
        ...


class Step(Protocol):
    """What a role does with a batch."""

    async def process(self, batch: Sequence[Record]) -> Sequence[Done]:
        """Do all that the batch asks for, and return each record's outcome when every side effect is durable.

        Raises ServiceError when something outside is away: the same batch comes again. Whatever is wrong with a
        record itself never raises: it is dead-lettered.
        """
        ...
