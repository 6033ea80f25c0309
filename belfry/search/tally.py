"""What a subscription would have done: hits by day, and the bells that they would have been. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from belfry.search.stored import StoredArticle

STORY_DAYS = 31
"""Copies of one report appear within days; what is older is forgotten, so that memory stays bounded."""


@dataclass(slots=True)
class Tally:
    """Counts hits as they come, newest first. A story rings once, however many of its copies are hits."""

    count: int = 0
    bells: int = 0
    per_day: dict[date, int] = field(default_factory=dict[date, int])
    _stories: dict[str, date] = field(default_factory=dict[str, date])

    def add(self, article: StoredArticle) -> None:
        """Count one more hit."""
        day = article.published_at.date()
        self.count += 1
        if day not in self.per_day:
            last = day + timedelta(days=min(STORY_DAYS, (date.max - day).days))
            self._stories = {story: seen for story, seen in self._stories.items() if seen <= last}
            self.per_day[day] = 0
        self.per_day[day] += 1
        if article.story_id is None or article.story_id not in self._stories:
            self.bells += 1
        if article.story_id is not None:
            self._stories[article.story_id] = day


@dataclass(frozen=True, slots=True)
class Estimate:
    """How often a subscription would ring. `days`: those of the time asked for on which there were articles at all."""

    count: int
    bells: int
    days: int
    per_day: Mapping[date, int]

    @property
    def bells_per_day(self) -> float:
        """On average; 0 where there were no articles."""
        return self.bells / self.days if self.days else 0.0

    @property
    def busiest_day(self) -> date | None:
        """The day with most hits, the latest of several; None without hits."""
        return max(self.per_day, key=lambda day: (self.per_day[day], day), default=None)

    def as_object(self) -> dict[str, Any]:
        """As `--json` prints it on stderr; days in order."""
        return {
            "count": self.count,
            "bells": self.bells,
            "days": self.days,
            "bells_per_day": round(self.bells_per_day, 3),
            "per_day": {day.isoformat(): self.per_day[day] for day in sorted(self.per_day)},
        }
