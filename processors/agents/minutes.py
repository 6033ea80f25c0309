"""A role's figures by the minute, on their way to the index `pipeline`."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from processors.agents.records import Done
from schemas.pipeline import DeadLetters, Latency, PipelineMinute

_LATENCIES = 20_000
"""So many a minute are enough for percentiles."""


@dataclass
class _Minute:
    kinds: Counter[str] = field(default_factory=Counter[str])
    reasons: Counter[str] = field(default_factory=Counter[str])
    latencies_ms: list[float] = field(default_factory=list[float])
    alerts: int = 0


class Minutes:
    """Collects what became of each record. Not for several threads."""

    def __init__(
        self, role: Literal["enrich", "group", "index", "match", "notify"], worker: str, now: Callable[[], datetime]
    ) -> None:
        self._role = role
        self._worker = worker
        self._now = now
        self._minutes: dict[datetime, _Minute] = {}

    def add(self, outcomes: Sequence[Done]) -> None:
        """Count records that are done now."""
        now = self._now()
        minute = self._minutes.setdefault(_begin(now), _Minute())
        for outcome in outcomes:
            minute.kinds[outcome.kind] += 1
            minute.alerts += outcome.alerts
            if outcome.reason is not None:
                minute.reasons[outcome.reason] += 1
            if outcome.fetched_at is not None and len(minute.latencies_ms) < _LATENCIES:
                minute.latencies_ms.append(max(0.0, (now - outcome.fetched_at).total_seconds() * 1000))

    def so_far(self, lag: int) -> list[PipelineMinute]:
        """This minute, and those before it that were not `written` yet. A minute without records counts too."""
        self._minutes.setdefault(_begin(self._now()), _Minute())
        return [self._message(begin, minute, lag) for begin, minute in sorted(self._minutes.items())]

    def written(self, minutes: Sequence[PipelineMinute]) -> None:
        """These are on their way; those that are over need not be sent again."""
        for sent in minutes:
            known = self._minutes.get(sent.minute)
            # What was counted since goes with the next ones.
            if known is not None and sent.minute < _begin(self._now()) and known.kinds.total() == sent.read:
                del self._minutes[sent.minute]

    def _message(self, begin: datetime, minute: _Minute, lag: int) -> PipelineMinute:
        return PipelineMinute(
            minute=begin,
            role=self._role,
            worker=self._worker,
            read=minute.kinds.total(),
            **minute.kinds,
            alerts=minute.alerts,
            lag=lag,
            latency_ms=_latency(minute.latencies_ms),
            dead_letters=tuple(DeadLetters(reason=name, count=count) for name, count in minute.reasons.most_common()),
        )


def _begin(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _latency(latencies_ms: Sequence[float]) -> Latency | None:
    if not latencies_ms:
        return None
    ordered = sorted(latencies_ms)
    p50, p95, p99 = (round(ordered[math.ceil(share * len(ordered)) - 1], 1) for share in (0.50, 0.95, 0.99))
    return Latency(p50=p50, p95=p95, p99=p99)
