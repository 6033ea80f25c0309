"""Subscriptions: what somebody asked to be told of, and how."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.messages import Message, UtcDatetime


class Examples(BaseModel):
    """Texts that a subscription's query must match and must not match; run whenever it is saved."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()


class Subscription(Message):
    """A query and where its bells go.

    It rings for articles whose `fetched_at` is not before its `created_at` or last `resumed_at`. `version` counts
    edits from 1. `invalid` holds the reason where an upgrade made the query unusable: kept, reported, not matched.
    """

    id: str = Field(min_length=1, max_length=128, pattern=r"^[^\s\x00-\x1f]+$")
    version: int = Field(default=1, ge=1)
    query: str = Field(min_length=1)
    name: str = ""
    owner: str = ""
    channels: tuple[str, ...] = ()
    throttle: str | None = None
    digest: Literal["hourly", "daily", "weekly"] | None = None
    quiet_hours: str | None = None
    time_zone: str = "UTC"
    language: str | None = None
    paused: bool = False
    created_at: UtcDatetime
    resumed_at: UtcDatetime | None = None
    examples: Examples = Field(default_factory=Examples)
    invalid: str | None = None
