"""The state of a role's partitions, complete before a partition's first record is decided."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from aiokafka.errors import KafkaError

from processors.agents.changelog import changelog_consumer
from schemas.errors import KafkaUnavailableError

_log = structlog.get_logger()


class Keeper(ABC):
    """Has the state of partitions read when they are got, once, and dropped when they are lost.

    `what` it keeps, of which role, is for people. What is read, and what dropped, a role says by `_read` and `_drop`.
    """

    def __init__(self, bootstrap: str, what: str) -> None:
        self.known: frozenset[int] = frozenset()
        self._bootstrap = bootstrap
        self._what = what
        self._lock = asyncio.Lock()
        self._losses = 0

    async def ensure(self, partitions: Iterable[int]) -> None:
        """Return when the state of all these is complete. Raises KafkaUnavailableError."""
        async with self._lock:
            missing = sorted(set(partitions) - self.known)
            if not missing:
                return
            began, losses = time.monotonic(), self._losses
            self._drop(missing)
            try:
                async with changelog_consumer(self._bootstrap) as consumer:
                    figures = await self._read(consumer, missing)
            except (KafkaError, OSError) as error:
                raise KafkaUnavailableError(f"{self._what} can't be read: {error!r}") from error
            if losses != self._losses:
                # Some were lost while they were read: whatever is still owned is asked for again.
                self._drop(missing)
                raise KafkaUnavailableError(f"partitions were taken away while {self._what} was read")
            self.known |= set(missing)
            self._got(missing)
            ms = round((time.monotonic() - began) * 1000)
            _log.info("state complete", partitions=missing, ms=ms, **figures)

    def forget(self, partitions: Iterable[int]) -> None:
        """Drop what another worker may change from now on. What is on disk is brought up to date when it is needed."""
        lost = set(partitions)
        self._losses += 1
        self.known -= lost
        self._drop(lost)

    @abstractmethod
    async def _read(self, consumer: Any, partitions: list[int]) -> Mapping[str, int]:
        """Bring their state in; returns figures for the log. Raises KafkaError, OSError."""

    def _drop(self, partitions: Iterable[int]) -> None:  # noqa: B027 - by default nothing is held in memory
        """Let go of what is held in memory of these."""

    def _got(self, partitions: Iterable[int]) -> None:  # noqa: B027 - by default nobody is told
        """Their state is known from now on."""
