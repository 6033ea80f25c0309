"""A worker that starts on a busy machine is asked how it is before its consumer is there."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from faust.exceptions import ConsumerNotStarted

from processors.agents.app import lag, owned, settled
from processors.agents.role import Role, turn


class Early:
    def assignment(self) -> set[Any]:
        raise ConsumerNotStarted


def test_before_its_consumer_is_there_a_worker_owns_nothing_and_is_not_ready():
    app = SimpleNamespace(started=True, rebalancing=False, unassigned=False, consumer=Early())
    assert (owned(app, "t"), settled(app), lag(app, ["t"])) == ([], False, 0)


async def test_a_role_notes_that_its_loop_turns_and_looks_for_garbage_seldom_from_when_it_is_ready(
    monkeypatch: pytest.MonkeyPatch,
):
    collected: list[bool] = []
    monkeypatch.setattr("processors.agents.role.collect_seldom", lambda: collected.append(is_loaded))
    tasks: list[Callable[[], Awaitable[None]]] = []
    app = SimpleNamespace(started=True, rebalancing=False, unassigned=True, consumer=Early())
    app.task = lambda: tasks.append
    is_loaded = False
    role = Role("match", app, [], lambda: is_loaded)
    turn(role)
    naps = 0

    async def nap(_: float) -> None:
        nonlocal naps, is_loaded
        naps, is_loaded = naps + 1, naps >= 1
        if naps == 5:
            raise asyncio.CancelledError

    monkeypatch.setattr("processors.agents.role.asyncio.sleep", nap)
    with contextlib.suppress(asyncio.CancelledError):
        await tasks[0]()
    assert collected == [True], "once, and not before"
    assert 0 <= time.time() - role.loop_at < 60
