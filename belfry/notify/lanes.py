"""Which delivery may be tried now: in order for each subscription and channel, gently for each receiver. Pure.

- A lane is one channel of one subscription: its messages go one after the other, and one that must wait (backoff with
  jitter, or as long as the receiver asks) holds up those behind it, and nothing else.
- A receiver is what lanes share: a host, the mail server. It gets `width` requests at once; a failure halves that, each
  success adds one. Once it has answered it may have another, while the answer is still being written down for its lane;
  but no more than some answers may be unwritten, since a kill repeats these. When it can't be reached from two lanes in a row it is down: then it is tried by one request at a
  time, with growing pauses, until one succeeds; so whatever has gathered meanwhile comes back gently.
- Whoever has not failed yet goes first: a lane that fails for reasons of its own doesn't hold up the others.

Times are in seconds of a clock that is never set.
"""

import heapq
import itertools
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from urllib.parse import urlsplit

DOWN = frozenset({"unreachable", "timeout"})
"""Reasons that say something of the receiver, not of the message or the channel."""
_DOWN_LANES = 2
_UNWRITTEN_WIDTHS = 16
"""Answers of a receiver that may be unwritten, in widths: on a busy machine the ledger takes some tenths of a second."""


@dataclass(frozen=True, slots=True)
class RetryRules:
    """First and longest pause between two tries, how long is tried in all, and requests at once to one receiver."""

    first_s: float = 1.0
    longest_s: float = 60.0
    give_up_after_s: float = 24 * 3600.0
    width: int = 8


@dataclass(frozen=True, slots=True)
class LaneKey:
    """A channel of a subscription, whose alerts are in this partition."""

    partition: int
    subscription_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A message (the key of its item) that is to be tried now."""

    lane: LaneKey
    item: bytes
    number: int = 0


@dataclass(eq=False)
class _Lane:
    key: LaneKey
    receiver: "_Receiver"
    items: deque[bytes] = field(default_factory=deque[bytes])
    known: set[bytes] = field(default_factory=set[bytes])
    running: int = 0
    """The number of the attempt that is being made; 0: none."""
    answered: bool = False
    """Its receiver has taken it; that is being written down."""
    queued: bool = False
    failures: int = 0
    wake_at: float = 0.0


@dataclass(eq=False)
class _Receiver:
    width: int
    fresh: deque[_Lane] = field(default_factory=deque[_Lane])
    failed: deque[_Lane] = field(default_factory=deque[_Lane])
    running: int = 0
    unwritten: int = 0
    unreached: set[LaneKey] = field(default_factory=set[LaneKey])
    probes: int = 0
    gate_at: float = 0.0
    lanes: int = 0

    @property
    def is_down(self) -> bool:
        return len(self.unreached) >= _DOWN_LANES


@lru_cache(10_000)
def receiver_of(url: str) -> str:
    """What is busy when a message to this address is: the host of a webhook, the mail server, an apprise service."""
    scheme = url.partition(":")[0].lower()
    if scheme in {"mailto", "feed", "stdout"}:
        return scheme
    try:
        parts = urlsplit(url)
        return f"{scheme}://{parts.hostname or ''}:{parts.port or ''}"
    except ValueError:
        return url


class Lanes:
    """See the module. Not for several threads."""

    def __init__(self, rules: RetryRules, chance: Random) -> None:
        self._rules = rules
        self._chance = chance
        self._lanes: dict[LaneKey, _Lane] = {}
        self._receivers: dict[str, _Receiver] = {}
        self._busy: dict[_Receiver, None] = {}
        self._sleeping: list[tuple[float, int, _Lane]] = []
        self._count = itertools.count(1)

    def add(self, key: LaneKey, item: bytes) -> None:
        """One more message, behind those that the lane has; one that it has already is not added again."""
        lane = self._lanes.get(key)
        if lane is None:
            receiver = self._receivers.setdefault(receiver_of(key.url), _Receiver(self._rules.width))
            receiver.lanes += 1
            lane = self._lanes[key] = _Lane(key, receiver)
        if item in lane.known:
            return
        lane.known.add(item)
        lane.items.append(item)
        if len(lane.items) == 1:
            self._queue(lane)

    def ready(self, now: float) -> list[Attempt]:
        """What is to be tried now, each told once: `sent`, `failed`, `dropped` or `held` must follow."""
        while self._sleeping and self._sleeping[0][0] <= now:
            wake_at, _, lane = heapq.heappop(self._sleeping)
            if lane.wake_at == wake_at and self._lanes.get(lane.key) is lane and not lane.running:
                self._queue(lane)
        return [attempt for receiver in tuple(self._busy) for attempt in self._of(receiver, now)]

    def next_at(self, now: float) -> float | None:
        """When `ready` may have something without anything being told; None: never."""
        gates = [receiver.gate_at for receiver in self._busy if receiver.gate_at > now and not receiver.running]
        sleeping = [self._sleeping[0][0]] if self._sleeping else []
        return min((*gates, *sleeping), default=None)

    def answered(self, attempt: Attempt) -> None:
        """The receiver has it; the lane waits until that is written down, and `sent` is told."""
        lane = self._running(attempt)
        if lane is not None and not lane.answered:
            lane.answered = True
            lane.receiver.running -= 1
            lane.receiver.unwritten += 1

    def sent(self, attempt: Attempt) -> None:
        """The receiver has it, and that is written down."""
        lane = self._running(attempt)
        if lane is None:
            return
        receiver = lane.receiver
        receiver.unreached.clear()
        receiver.probes = 0
        receiver.gate_at = 0.0
        receiver.width = min(self._rules.width, receiver.width + 1)
        lane.failures = 0
        self._done(lane, attempt)

    def failed(self, attempt: Attempt, now: float, reason: str, retry_after_s: float | None = None) -> None:
        """It is to be tried again later."""
        lane = self._running(attempt)
        if lane is None:
            return
        receiver = lane.receiver
        self._rest(lane)
        lane.failures += 1
        receiver.width = max(1, receiver.width // 2)
        pause_s = self._pause(lane.failures)
        if reason in DOWN:
            receiver.unreached.add(lane.key)
            if receiver.is_down:
                receiver.width = 1
                receiver.probes += 1
                receiver.gate_at = now + self._pause(receiver.probes)
                pause_s = 0.0  # its turn comes by the gate
        self._sleep(lane, now + max(pause_s, retry_after_s or 0.0))

    def dropped(self, attempt: Attempt) -> None:
        """It isn't to be tried again: given up, refused for good, canceled."""
        lane = self._running(attempt)
        if lane is not None:
            lane.failures = 0
            self._done(lane, attempt)

    def held(self, attempt: Attempt, now: float, pause_s: float) -> None:
        """It wasn't tried, and isn't to be for some time."""
        lane = self._running(attempt)
        if lane is not None:
            self._rest(lane)
            self._sleep(lane, now + pause_s)

    def wake(self, subscription_id: str, now: float) -> None:
        """Try the subscription's messages again at once: it was changed."""
        for lane in self._lanes.values():
            if lane.key.subscription_id == subscription_id and not (lane.running or lane.queued):
                self._sleep(lane, now)

    def remove(self, key: LaneKey, item: bytes) -> None:
        """Forget a message that waits, and isn't being tried."""
        lane = self._lanes.get(key)
        if lane is not None and item in lane.known and not (lane.running and lane.items[0] == item):
            lane.items.remove(item)
            lane.known.discard(item)
            self._forget_empty(lane)

    def let_go(self, partitions: Iterable[int]) -> None:
        """Forget the lanes of these partitions. What is being tried of them may still be told; it is ignored."""
        gone = set(partitions)
        for key in [key for key in self._lanes if key.partition in gone]:
            lane = self._lanes.pop(key)
            lane.items.clear()
            lane.known.clear()
            if lane.running:
                self._rest(lane)
            self._forget_receiver(lane)

    def waiting(self, key: LaneKey) -> tuple[bytes, ...]:
        """The items of a lane, in order."""
        lane = self._lanes.get(key)
        return () if lane is None else tuple(lane.items)

    def busy(self) -> tuple[LaneKey, ...]:
        """The lanes that have something."""
        return tuple(self._lanes)

    def _of(self, receiver: _Receiver, now: float) -> list[Attempt]:
        attempts: list[Attempt] = []
        most_unwritten = _UNWRITTEN_WIDTHS * self._rules.width
        while receiver.running < receiver.width and receiver.unwritten < most_unwritten and now >= receiver.gate_at:
            waiting = receiver.fresh or receiver.failed
            if not waiting:
                self._busy.pop(receiver, None)
                break
            lane = waiting.popleft()
            lane.queued = False
            if self._lanes.get(lane.key) is not lane or not lane.items:
                continue
            lane.running = next(self._count)
            receiver.running += 1
            attempts.append(Attempt(lane.key, lane.items[0], lane.running))
        return attempts

    def _running(self, attempt: Attempt) -> _Lane | None:
        """The lane of an attempt that is being made; None where it was let go meanwhile."""
        lane = self._lanes.get(attempt.lane)
        return lane if lane is not None and lane.running == attempt.number else None

    def _rest(self, lane: _Lane) -> None:
        """The lane's attempt is over."""
        if lane.answered:
            lane.receiver.unwritten -= 1
        else:
            lane.receiver.running -= 1
        lane.running, lane.answered = 0, False

    def _done(self, lane: _Lane, attempt: Attempt) -> None:
        self._rest(lane)
        if lane.items and lane.items[0] == attempt.item:
            lane.known.discard(lane.items.popleft())
        if lane.items:
            self._queue(lane)
        else:
            self._forget_empty(lane)

    def _queue(self, lane: _Lane) -> None:
        if not (lane.queued or lane.running):
            lane.queued = True
            lane.wake_at = 0.0
            self._busy[lane.receiver] = None
            (lane.receiver.failed if lane.failures else lane.receiver.fresh).append(lane)

    def _sleep(self, lane: _Lane, until: float) -> None:
        lane.wake_at = until
        heapq.heappush(self._sleeping, (until, next(self._count), lane))

    def _pause(self, failures: int) -> float:
        """Twice as long each time, up to the longest; a half to all of it, so that not all come at once."""
        longest = min(self._rules.longest_s, self._rules.first_s * 2.0 ** min(failures - 1, 60))
        return longest * (0.5 + self._chance.random() / 2)

    def _forget_empty(self, lane: _Lane) -> None:
        if not lane.items and not lane.running and self._lanes.get(lane.key) is lane:
            del self._lanes[lane.key]
            self._forget_receiver(lane)

    def _forget_receiver(self, lane: _Lane) -> None:
        receiver = lane.receiver
        receiver.lanes -= 1
        name = receiver_of(lane.key.url)
        # One that fails is remembered, or its next message would find it at full width.
        if receiver.lanes == 0 and not (receiver.running or receiver.unwritten) and receiver.width == self._rules.width:
            self._receivers.pop(name, None)
