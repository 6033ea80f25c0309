"""What starts servers of its own needs what they are made of. Skipped where it can't be had; in CI that is a failure."""

import os

import pytest

from belfry.settings import settings
from belfry.stack import fetch
from belfry.stack.progress import NoProgress
from schemas.errors import StackError


@pytest.fixture(scope="session")
def fetched() -> None:
    """Everything that the servers need is on this machine."""
    config = settings()
    try:
        fetch(config.cache, maven_repository=config.maven_repository, progress=NoProgress())
    except StackError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"needs Kafka and Elasticsearch: run `belfry stack fetch` where there is network ({error})")
