"""Work that takes long goes to a thread, so that the event loop turns; a little is done at once: the way there and back takes longer."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_LITTLE_BYTES = 64 * 1024
"""Read or written within some milliseconds."""


async def aside(work: Callable[[], T], size_bytes: int) -> T:
    """What `work` returns, which takes as long as so many bytes take to be read or written."""
    return work() if size_bytes <= _LITTLE_BYTES else await asyncio.to_thread(work)
