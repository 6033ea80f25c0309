"""Repeat or version: what a raw article is to Belfry, given what enrich remembers of its id. Pure.

Rules, in order:
1. A record that has been decided before (same topic and partition, an offset in the memory's history) is decided
   the same way again: the earlier worker may have died before it acknowledged. It is *sent again*, same version.
2. What is read for a replay and known is sent again with its old version; of what is older than the memory the version
   is worked out anew, and nothing is remembered. What must still wait is a repeat.
3. A record at or before the last decided offset that is not in the history, and whose content the memory knows, was a
   repeat, and still is one.
4. Same content hash, status and embargo as the last version: a *repeat*, goes no further.
5. Otherwise a new *version*: updated_at, else fetched_at, in milliseconds, and always above the last one. Withheld
   and embargoed ones are *held*; the rest is *forwarded*.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from schemas.articles import RawArticle, Status
from schemas.messages import UtcDatetime

HISTORY = 16
"""So many decided records of one article are remembered. Re-reading goes back to the last commit, a second or so."""

Outcome = Literal["repeated", "forwarded", "held"]


class Place(BaseModel):
    """Where a record stands in Kafka."""

    model_config = ConfigDict(frozen=True)

    topic: str
    partition: int
    offset: int


class Decided(BaseModel):
    """A version that was made: of which record, with what."""

    model_config = ConfigDict(frozen=True)

    offset: int
    version: int
    content_hash: str
    status: Status
    embargoed_until: UtcDatetime | None


class Memory(BaseModel):
    """What enrich remembers of an article id; a value of its table. `decided` is newest last, never empty.

    `home`: the language of its first version that was sent on, by which it is grouped for good; "" before that.
    """

    model_config = ConfigDict(frozen=True)

    topic: str
    partition: int
    month: str
    decided: tuple[Decided, ...]
    home: str = ""

    def encode(self) -> bytes:
        """As JSON."""
        return self.model_dump_json().encode()


class Decision(BaseModel):
    """What becomes of a raw article. `memory` is to be remembered once what was sent is acknowledged."""

    model_config = ConfigDict(frozen=True)

    outcome: Outcome
    version: int
    month: str
    again: bool
    memory: Memory


def month_of(published_at: datetime) -> str:
    """Which index an article first seen with this publication date belongs to: "2022-01", or "old" before 2000."""
    return "old" if published_at.year < 2000 else f"{published_at:%Y-%m}"


def milliseconds(moment: datetime) -> int:
    """Unix time in milliseconds."""
    return int(moment.timestamp() * 1000)


def decision(
    raw: RawArticle, content_hash: str, memory: Memory | None, place: Place, now: datetime, *, replay: bool = False
) -> Decision:
    """What `raw`, read at `place` at `now`, is, given what is remembered of its id. See the module for the rules."""
    outcome: Outcome = "held" if _is_held(raw, now) else "forwarded"
    # Kafka's and Elasticsearch's versions are no negative numbers; an update may be dated before 1970.
    version = max(milliseconds(raw.updated_at or raw.fetched_at), 1)
    if memory is None:
        return _made(raw, content_hash, None, place, version, outcome)
    same_log = (memory.topic, memory.partition) == _log(place)
    earlier = next((d for d in memory.decided if same_log and d.offset == place.offset), None)
    if earlier is not None and earlier.content_hash == content_hash:
        return Decision(outcome=outcome, version=earlier.version, month=memory.month, again=True, memory=memory)
    last = memory.decided[-1]
    known = next((d for d in reversed(memory.decided) if _same(d, raw, content_hash)), None)
    if replay and (known is not None or version <= last.version):
        sent: Outcome = "repeated" if outcome == "held" else "forwarded"
        old = version if known is None else known.version
        return Decision(outcome=sent, version=old, month=memory.month, again=True, memory=memory)
    read_before = same_log and place.offset <= last.offset
    if (read_before and known is not None) or _same(last, raw, content_hash):
        return Decision(outcome="repeated", version=last.version, month=memory.month, again=read_before, memory=memory)
    return _made(raw, content_hash, memory, place, max(version, last.version + 1), outcome)


def _made(
    raw: RawArticle, content_hash: str, memory: Memory | None, place: Place, version: int, outcome: Outcome
) -> Decision:
    """A new version, and the memory with it."""
    month, decided, home = month_of(raw.published_at), (), ""
    if memory is not None:
        month, home = memory.month, memory.home
        decided = memory.decided[-(HISTORY - 1) :] if (memory.topic, memory.partition) == _log(place) else ()
    made = Decided(
        offset=place.offset,
        version=version,
        content_hash=content_hash,
        status=raw.status,
        embargoed_until=raw.embargoed_until,
    )
    remembered = Memory(topic=place.topic, partition=place.partition, month=month, decided=(*decided, made), home=home)
    return Decision(outcome=outcome, version=version, month=month, again=False, memory=remembered)


def _log(place: Place) -> tuple[str, int]:
    return (place.topic, place.partition)


def _same(decided: Decided, raw: RawArticle, content_hash: str) -> bool:
    return (decided.content_hash, decided.status, decided.embargoed_until) == (
        content_hash,
        raw.status,
        raw.embargoed_until,
    )


def _is_held(raw: RawArticle, now: datetime) -> bool:
    embargoed = raw.embargoed_until is not None and raw.embargoed_until > now
    return raw.status == "withheld" or (raw.status == "usable" and embargoed)
