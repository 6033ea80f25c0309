"""For all tests.

Where real servers can't be had, the tests that need them are skipped, saying what is missing; in CI that is a failure.
"""

import os
import signal
from collections.abc import Iterator

import pytest

from belfry.settings import settings
from belfry.stack import Stack
from schemas.errors import StackError

# A job in the background has Ctrl-C ignored, and so would the commands that tests start in order to interrupt them.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The real servers, started once, in a folder of the session's own. They have what other tests left."""
    config = settings()
    home = tmp_path_factory.mktemp("belfry's café, home")
    stack = Stack(home, config.cache, maven_repository=config.maven_repository, train=False)
    try:
        stack.start()
    except StackError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"needs Kafka and Elasticsearch: run `belfry stack fetch` where there is network ({error})")
    yield stack
    stack.stop()
