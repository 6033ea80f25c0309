"""What became of each record of [articles.raw], counted once however often it is read. Pure.

Enrich reads a partition in order and decides each record, so the highest counted offset tells which records a
re-reading worker has counted before. The tally of a partition is one record of a compacted topic, written after the
outputs and before the acknowledgement; it also names the held articles that were just released, so that a release which
is repeated after a kill isn't counted twice.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Outcome = Literal["repeated", "forwarded", "held", "dead"]


class Tally(BaseModel):
    """Outcomes of one partition up to and with `offset` (-1: none yet). `released`: origins released last."""

    model_config = ConfigDict(frozen=True)

    offset: int = -1
    repeated: int = 0
    forwarded: int = 0
    held: int = 0
    dead: int = 0
    released: tuple[int, ...] = ()

    def counted(self, offset: int, outcome: Outcome) -> "Tally":
        """The tally with one more record; unchanged where that record was counted before."""
        if offset <= self.offset:
            return self
        return self.model_copy(update={"offset": offset, outcome: getattr(self, outcome) + 1})

    def with_released(self, forwarded: tuple[int, ...], dead: tuple[int, ...] = ()) -> "Tally":
        """The tally after the held records at these offsets went on, or to the dead letters.

        Those of the last release count no more: it may have been repeated after a kill.
        """
        fresh, lost = (sum(origin not in self.released for origin in origins) for origins in (forwarded, dead))
        return self.model_copy(
            update={
                "held": self.held - fresh - lost,
                "forwarded": self.forwarded + fresh,
                "dead": self.dead + lost,
                "released": (*forwarded, *dead),
            }
        )

    def encode(self) -> bytes:
        """As JSON."""
        return self.model_dump_json().encode()
