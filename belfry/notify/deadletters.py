"""The dead letters of messages that could not be delivered: one for each bell and channel. Pure."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from belfry.notify.notices import shown_channel
from belfry.notify.records import Item
from processors.agents.records import Outgoing
from schemas.dead_letters import Reason, dead_letter
from schemas.errors import Undeliverable
from schemas.topics import Topics


def dead_deliveries(
    item: Item, url: str, failure: Undeliverable, topics: Topics, failed_at: datetime
) -> Sequence[Outgoing]:
    """The letters, ready to send. Made again, they have the same ids. A notice has none."""
    reason: Reason = "undelivered" if failure.retry else "refused_by_receiver"
    letters: list[Outgoing] = []
    for bell in item.bells:
        value, key = bell.alert.encode(), bell.alert.subscription_id.encode()
        letter = dead_letter(
            stage="notify",
            reason=reason,
            error=f"{shown_channel(url)}: {failure.reason}: {failure.text}",
            key=key,
            value=value,
            topic=topics.alerts,
            partition=bell.partition,
            offset=bell.offset,
            failed_at=failed_at,
        )
        id_ = hashlib.sha256("\x1f".join((letter.id, item.id, url)).encode()).hexdigest()[:32]
        letters.append(Outgoing(topics.dead, key, letter.model_copy(update={"id": id_}).encode()))
    return letters
