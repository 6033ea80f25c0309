"""What a role did in one minute in one worker, for Kibana and the page."""

from pydantic import BaseModel, ConfigDict

from schemas.messages import Message, UtcDatetime


class Latency(BaseModel):
    """Percentiles of the time from an article's `fetched_at` to the end of this role's work on it, in milliseconds."""

    model_config = ConfigDict(frozen=True)

    p50: float
    p95: float
    p99: float


class DeadLetters(BaseModel):
    """How many records were dead-lettered for one reason."""

    model_config = ConfigDict(frozen=True)

    reason: str
    count: int


class PipelineMinute(Message):
    """One role's minute in one worker. Outcomes are counts of records; each record has exactly one in each role.

    `lag` is how many records of the role's input were not yet read at the end of the minute.
    """

    minute: UtcDatetime
    role: str
    worker: str
    read: int = 0
    done: int = 0
    repeated: int = 0
    held: int = 0
    dead: int = 0
    superseded: int = 0
    alerts: int = 0
    lag: int = 0
    latency_ms: Latency | None = None
    dead_letters: tuple[DeadLetters, ...] = ()

    @property
    def document_id(self) -> str:
        """The same minute of the same worker and role is the same document, however often it is written."""
        return f"{self.role}-{self.worker}-{self.minute:%Y%m%dT%H%M}"[:500]
