"""How long something is waited for that works: as long as it does, however slow the machine."""

import time
from collections.abc import Callable

_PROGRESS_S = 0.02


class Patience:
    """Ends when what is waited for hasn't used the processor for `idle_s` seconds."""

    def __init__(self, idle_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._idle_s = idle_s
        self._clock = clock
        self._used_s = 0.0
        self._since = clock()

    def is_over(self, used_s: float) -> bool:
        """Whether to wait no longer. `used_s`: the processor time that it has used so far. Ask now and then."""
        if abs(used_s - self._used_s) > _PROGRESS_S:  # less than before: what it counts has begun anew
            self._used_s, self._since = used_s, self._clock()
        return self._clock() - self._since > self._idle_s
