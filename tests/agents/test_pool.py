"""The child process with the models: what an article may do to it, and what becomes of the others."""

import os
import signal
import subprocess
import sys
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


def work(job: str) -> str:
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
