"""Belfry's topics: names, partitions, configuration. Belfry creates them itself, never the broker by accident.

Names are fixed but for the prefix. Partition counts are fixed too once a topic holds data: keys decide partitions,
and tables are co-partitioned with their source.
"""

from dataclasses import dataclass, field
from zlib import crc32

DAY_MS = 24 * 60 * 60 * 1000
MAX_MESSAGE_BYTES = 4 * 1024 * 1024
"""What topics take. A dead letter of 2 MB is 2.8 MB in base64, and an enriched article is its text and then some."""

ROOM_BYTES = MAX_MESSAGE_BYTES - 64 * 1024
"""What a value may have: the topic's limit is for a message with key, headers and frame."""


GROUP_PARTITIONS = 4
"""Of the topics that are keyed by language: one for each of nl, en, de and fr, which other languages share."""

_OWN_GROUP_PARTITION = ("nl", "en", "de", "fr")


@dataclass(frozen=True)
class Topic:
    """A topic as it is created: full name, partitions, and configuration beyond the broker's defaults."""

    name: str
    partitions: int
    config: dict[str, str] = field(default_factory=dict[str, str])


def _kept(days: int) -> dict[str, str]:
    return {
        "cleanup.policy": "delete",
        "retention.ms": str(days * DAY_MS),
        "max.message.bytes": str(MAX_MESSAGE_BYTES),
    }


def _compacted() -> dict[str, str]:
    return {
        "cleanup.policy": "compact",
        "max.message.bytes": str(MAX_MESSAGE_BYTES),
        # A state topic is read whole at start: roll and clean early, so that it stays as small as what it states.
        "segment.ms": str(10 * 60 * 1000),
        "min.cleanable.dirty.ratio": "0.1",
    }


def group_partition(language: str) -> int:
    """The partition of a language in the topics that are keyed by it."""
    if language in _OWN_GROUP_PARTITION:
        return _OWN_GROUP_PARTITION.index(language)
    return crc32(language.encode("utf-8", "replace")) % GROUP_PARTITIONS


@dataclass(frozen=True)
class Topics:
    """All topics under one prefix. `partitions` holds for those keyed by article id."""

    prefix: str = "belfry."
    partitions: int = 4

    @property
    def raw(self) -> str:
        """RawArticle by article id."""
        return f"{self.prefix}articles.raw"

    @property
    def enriched(self) -> str:
        """EnrichedArticle by article id."""
        return f"{self.prefix}articles.enriched"

    @property
    def alerts(self) -> str:
        """Alert by subscription id."""
        return f"{self.prefix}alerts"

    @property
    def subscriptions(self) -> str:
        """Subscription by its id; null removes it."""
        return f"{self.prefix}subscriptions"

    @property
    def dead(self) -> str:
        """DeadLetter by article id (or whatever key the refused record had)."""
        return f"{self.prefix}articles.dead"

    @property
    def versions(self) -> str:
        """Internal: enrich's memory of what it has seen, by article id; as many partitions as `raw`."""
        return f"{self.prefix}internal.enrich.versions"

    @property
    def held(self) -> str:
        """Internal: articles that enrich holds back (withheld, embargoed), by article id; partitions as `raw`."""
        return f"{self.prefix}internal.enrich.held"

    @property
    def pipeline(self) -> str:
        """Internal: each role's figures, a record a minute, on their way to the index `pipeline`."""
        return f"{self.prefix}internal.pipeline"

    @property
    def counts(self) -> str:
        """Internal: enrich's outcomes so far, one key a partition of `raw`, written to that same partition."""
        return f"{self.prefix}internal.enrich.counts"

    @property
    def to_group(self) -> str:
        """Internal: enriched articles on their way to their story, keyed by language."""
        return f"{self.prefix}internal.group.articles"

    @property
    def stories(self) -> str:
        """Internal: what group remembers of the last days' articles, by article id; partitions as `to_group`."""
        return f"{self.prefix}internal.group.stories"

    @property
    def canceled(self) -> str:
        """Internal: version at which an article was canceled, by article id; whoever sends bells reads all of it."""
        return f"{self.prefix}internal.canceled"

    @property
    def notify_state(self) -> str:
        """Internal: what notify remembers, as many partitions as `alerts`, each of that one's subscriptions."""
        return f"{self.prefix}internal.notify.state"

    @property
    def notify_counts(self) -> str:
        """Internal: bells delivered so far, one key a partition of `alerts`, written to that same partition."""
        return f"{self.prefix}internal.notify.counts"

    def all(self) -> tuple[Topic, ...]:
        """Every topic that Belfry needs."""
        return (
            Topic(self.raw, self.partitions, _kept(7)),
            Topic(self.enriched, self.partitions, _kept(7)),
            Topic(self.alerts, self.partitions, _kept(30)),
            Topic(self.subscriptions, 1, _compacted()),
            Topic(self.dead, self.partitions, _kept(30)),
            Topic(self.versions, self.partitions, _compacted()),
            Topic(self.held, self.partitions, _compacted()),
            Topic(self.pipeline, 1, _kept(7)),
            Topic(self.counts, self.partitions, _compacted()),
            Topic(self.to_group, GROUP_PARTITIONS, _kept(7)),
            Topic(self.stories, GROUP_PARTITIONS, _compacted()),
            Topic(self.canceled, 1, _kept(30)),
            Topic(self.notify_state, self.partitions, _compacted()),
            Topic(self.notify_counts, self.partitions, _compacted()),
        )
