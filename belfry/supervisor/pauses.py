"""How long to wait before something that died is started anew."""

from collections.abc import Callable

FIRST_S = 0.2
LONGEST_S = 30.0
SETTLED_S = 20.0
"""What was ready for so long was well; its next death is its first again."""


class Pauses:
    """The pauses of one process: short after its first death, twice as long after each further one."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._deaths = 0
        self._ready_since: float | None = None
        self._not_before: float | None = None

    @property
    def deaths(self) -> int:
        """How often it has died since it was last well."""
        return self._deaths

    @property
    def is_waiting(self) -> bool:
        """Whether a pause was begun, and what it is for not started since."""
        return self._not_before is not None

    @property
    def is_over(self) -> bool:
        """Whether it may be started now."""
        return self._not_before is not None and self._clock() >= self._not_before

    def begin(self) -> float:
        """It has died: begin a pause, and return its length in seconds."""
        now = self._clock()
        was_well = self._ready_since is not None and now - self._ready_since > SETTLED_S
        self._deaths = 1 if was_well else self._deaths + 1
        self._ready_since = None
        pause_s = min(FIRST_S * 2.0 ** min(self._deaths - 1, 60), LONGEST_S)
        self._not_before = self._clock() + pause_s
        return pause_s

    def started(self) -> None:
        """It is started now."""
        self._ready_since = None
        self._not_before = None

    def ready(self) -> None:
        """It does its work now. To be called as often as that is seen: the first time since its start counts."""
        if self._ready_since is None:
            self._ready_since = self._clock()
