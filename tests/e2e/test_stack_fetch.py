"""What the servers need is fetched once, by one process at a time, from a folder as well as from a network."""

import subprocess
import sys
from pathlib import Path

import pytest

from belfry.settings import settings
from belfry.stack import fetch, is_fetched
from belfry.stack.coordinates import jars
from belfry.stack.layout import Cache
from belfry.stack.program import program
from belfry.stack.progress import NoProgress
from schemas.errors import StackError

pytestmark = pytest.mark.integration

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
def mirror(fetched: None, tmp_path: Path) -> str:
    """The address of a folder that is laid out as a repository, with the session's jars."""
    for jar in jars():
        place = tmp_path / "mirror" / jar.path
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            place.symlink_to(settings().cache.absolute() / "jars" / jar.name)
    return (tmp_path / "mirror").as_uri()


def belfry_fetch(cache: Path, repository: str) -> subprocess.Popen[str]:
    command = "import sys; from belfry.cli.app import main; sys.argv[1:] = ['stack', 'fetch']; main()"
    return subprocess.Popen(
        [sys.executable, "-c", command],
        env={"PATH": "", "BELFRY_CACHE": str(cache), "BELFRY_MAVEN_REPOSITORY": repository},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_that_fetch_at_once_do_it_once_and_no_network_is_needed_after_it(mirror: str, tmp_path: Path):
    cache = tmp_path / "cache"
    both = [belfry_fetch(cache, mirror) for _ in range(2)]
    said = [process.communicate(timeout=100) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert [out for out, _ in said] == ["", ""]
    assert sum("Downloading" in errors for _, errors in said) == 1
    assert is_fetched(cache)
    fetch(cache, maven_repository=NOWHERE, progress=NoProgress())
    assert {file.name for file in (cache / "jars").iterdir()} == {jar.name for jar in jars()}
    assert [folder.name for folder in (cache / "programs").iterdir()] == [program(Cache(cache)).folder.name]


def test_what_was_altered_on_disk_is_fetched_again_when_it_is_asked_for(mirror: str, tmp_path: Path):
    cache = tmp_path / "cache"
    fetch(cache, maven_repository=mirror, progress=NoProgress())
    damaged = cache / "jars" / jars("kafka")[0].name
    whole = damaged.read_bytes()
    damaged.write_bytes(b"\0" * len(whole))
    fetch(cache, maven_repository=mirror, progress=NoProgress(), check=True)
    assert damaged.read_bytes() == whole


def test_the_command_says_what_to_do_without_network_and_ends_with_1(tmp_path: Path):
    process = belfry_fetch(tmp_path / "cache", NOWHERE)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out == ""
    assert "belfry: Kafka and Elasticsearch can't be downloaded" in errors
    assert "BELFRY_MAVEN_REPOSITORY" in errors
    assert "Traceback" not in errors


def test_a_cache_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StackError, match=r"file.*can't be written: .*BELFRY_CACHE"):
        fetch(tmp_path / "file" / "cache", maven_repository=NOWHERE, progress=NoProgress())
