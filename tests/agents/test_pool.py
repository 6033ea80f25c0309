"""The child process with the models: what an article may do to it, and what becomes of the others."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from processors.agents.pool import Pool
from schemas.errors import EnrichError

LIMIT_S = 0.3


def load() -> None:
    pass


def break_down() -> None:
    raise ValueError("no models")


def load_slowly() -> None:
    until = time.process_time() + 1.5
    while time.process_time() < until:
        sum(range(1000))


def load_never() -> None:
    time.sleep(60)


def work(job: str) -> str:
    if job == "busy":
        while True:
            sum(range(1000))
    if job == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if job == "exit":
        raise SystemExit(3)
    if job == "slow":
        time.sleep(30)
    if job == "hang":
        signal.signal(signal.SIGALRM, signal.SIG_IGN)  # as code outside Python does, which no alarm gets through to
        time.sleep(30)
    if job == "refuse":
        raise EnrichError("no text", code="no_text")
    if job == "break":
        raise KeyError("x")
    if job == "deep":
        return work(job)
    return job.upper()


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool[str, str]]:
    pool = Pool(work, load, limit_s=LIMIT_S, grace_s=0.3)
    yield pool
    pool.close()


async def outcomes(pool: Pool[str, str], *jobs: str) -> list[str]:
    return [found.code if isinstance(found, EnrichError) else found for found in await pool.results(jobs)]


async def test_results_come_in_the_order_of_the_jobs(pool: Pool[str, str]):
    assert await outcomes(pool, "a", "b", "c") == ["A", "B", "C"]
    assert await outcomes(pool) == []


async def test_a_job_that_fails_costs_itself_alone(pool: Pool[str, str]):
    assert await outcomes(pool, "a", "refuse", "break", "deep", "b") == ["A", "no_text", "failed", "failed", "B"]


async def test_a_job_that_takes_too_long_is_ended(pool: Pool[str, str]):
    began = time.monotonic()
    assert await outcomes(pool, "a", "slow", "b") == ["A", "too_slow", "B"]
    assert time.monotonic() - began < 10


async def test_a_job_that_keeps_the_processor_is_ended_at_the_limit(pool: Pool[str, str]):
    assert await outcomes(pool, "a", "busy", "b") == ["A", "too_slow", "B"]


def test_a_job_that_was_stopped_with_its_process_is_done_when_that_goes_on():
    """On a machine that is slow, or was stopped: it had not its time yet."""
    others = {each.pid for each in psutil.Process().children()}
    pool = Pool(work, load, limit_s=1.0, grace_s=0.3)
    asyncio.run(pool.results(["a"]))
    [child] = [each for each in psutil.Process().children() if each.pid not in others]
    going_on = threading.Timer(2.0, child.resume)
    child.suspend()
    going_on.start()
    try:
        assert asyncio.run(outcomes(pool, "b", "c")) == ["B", "C"]
    finally:
        going_on.join()
    assert child.is_running()
    pool.close()


@pytest.mark.parametrize("job", ["die", "exit", "hang"])
async def test_a_job_that_takes_its_process_with_it_is_given_up_and_the_rest_goes_on(pool: Pool[str, str], job: str):
    assert await outcomes(pool, "a", job, "b", "c") == ["A", "failed", "B", "C"]


async def test_a_child_that_is_killed_between_batches_is_replaced(pool: Pool[str, str]):
    await pool.results(["a"])
    for child in psutil.Process().children():
        if "spawn_main" in " ".join(child.cmdline()):
            child.kill()
    assert await outcomes(pool, "b") == ["B"]


async def test_models_that_cannot_be_loaded_are_an_error_and_no_outcome_of_an_article():
    pool = Pool(work, break_down, limit_s=LIMIT_S)
    with pytest.raises(RuntimeError, match="models didn't start"):
        await pool.results(["a"])
    assert isinstance(pool.begin().exception(30), RuntimeError)


async def test_models_are_waited_for_as_long_as_the_child_works_at_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("processors.agents.pool.IDLE_S", 3.0)
    monkeypatch.setattr("processors.agents.pool._LOOK_S", 0.2)
    slow, never = Pool(work, load_slowly, limit_s=LIMIT_S), Pool(work, load_never, limit_s=LIMIT_S)
    assert slow.begin().exception(60) is None
    assert isinstance(never.begin().exception(30), RuntimeError)
    slow.close()


PARENT = """
import asyncio, os, sys
from tests.agents.test_pool import load, work
from processors.agents.pool import Pool
if __name__ == "__main__":
    pool = Pool(work, load, limit_s=60)
    asyncio.run(pool.results(["a"]))
    print("ready", flush=True)
    asyncio.run(pool.results(["slow"]))
"""


def test_the_child_of_a_process_that_is_killed_ends_in_the_middle_of_its_work(tmp_path_factory: pytest.TempPathFactory):
    script = tmp_path_factory.mktemp("parent") / "parent.py"
    script.write_text(PARENT)
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "ready\n"
    children = psutil.Process(parent.pid).children(recursive=True)
    assert children
    parent.kill()
    parent.wait()
    parent.stdout.close()
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert (len(gone), alive) == (len(children), [])
