"""A worker that starts on a busy machine is asked how it is before its consumer is there."""

from types import SimpleNamespace
from typing import Any

from faust.exceptions import ConsumerNotStarted

from processors.agents.app import lag, owned, settled


class Early:
    def assignment(self) -> set[Any]:
        raise ConsumerNotStarted


def test_before_its_consumer_is_there_a_worker_owns_nothing_and_is_not_ready():
    app = SimpleNamespace(started=True, rebalancing=False, unassigned=False, consumer=Early())
    assert (owned(app, "t"), settled(app), lag(app, ["t"])) == ([], False, 0)
