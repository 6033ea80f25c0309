"""Signals during a step that nothing may break off."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from belfry.uninterrupted import uninterrupted


@pytest.fixture(autouse=True)
def handlers() -> Iterator[list[int]]:
    """SIGTERM notes itself, SIGINT is Python's own; the runner's are put back."""
    noted: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda number, _: noted.append(number))
    yield noted
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_step_ends_before_ctrl_c_is_answered() -> None:
    steps: list[str] = []

    def step() -> None:
        with uninterrupted():
            os.kill(os.getpid(), signal.SIGINT)
            steps.append("ended")

    with pytest.raises(KeyboardInterrupt):
        step()
    assert steps == ["ended"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_each_signal_is_answered_once_by_who_answered_it_before(handlers: list[int]) -> None:
    with uninterrupted():
        for _ in range(3):
            os.kill(os.getpid(), signal.SIGTERM)
        assert handlers == []
    assert handlers == [signal.SIGTERM]


def test_what_the_step_raises_is_not_lost_where_no_signal_came() -> None:
    with pytest.raises(OSError, match="no such program"), uninterrupted():
        raise OSError("no such program")


def test_what_was_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with uninterrupted():
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        os.kill(os.getpid(), signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_in_another_thread_it_changes_nothing() -> None:
    found: list[object] = []

    def look() -> None:
        with uninterrupted():
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [signal.default_int_handler]
