"""A real HTTP server in a process of its own, which notes each post and the moment when all of it was there.

It keeps connections open for whoever wants that, answers at once, and looks into nothing while it is measured.
"""

import asyncio
import contextlib
import multiprocessing
import resource
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Literal, cast

from aiohttp import web

_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Post:
    """`at`: when its last byte was read, in Unix seconds. `path`: what follows the first slash."""

    at: float
    path: str
    key: str
    body: bytes


class Receiver:
    """The other end of the process."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.port = cast("int", self._said())

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    def count(self) -> int:
        """Of the posts so far."""
        return cast("int", self._asked("count"))

    def posts(self) -> list[Post]:
        """All so far, in the order in which they came."""
        return cast("list[Post]", self._asked("posts"))

    def cpu_s(self) -> float:
        """What the process has used so far."""
        return cast("float", self._asked("cpu"))

    def _asked(self, question: Literal["count", "posts", "cpu"]) -> object:
        self._pipe.send(question)
        return self._said()

    def _said(self) -> object:
        if not self._pipe.poll(_WITHIN_S):
            raise TimeoutError("the receiver doesn't answer")
        return self._pipe.recv()


@contextmanager
def receiver() -> Generator[Receiver]:
    """A receiver that listens on a free port of 127.0.0.1."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = cast("tuple[Connection, Connection]", context.Pipe())
    process = context.Process(target=_serve, args=(theirs,), daemon=True, name="receiver")
    process.start()
    theirs.close()
    try:
        yield Receiver(ours)
    finally:
        ours.close()  # it ends by that
        process.join(10)
        if process.is_alive():
            process.kill()


def _serve(pipe: Connection) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve_until_closed(pipe))


async def _serve_until_closed(pipe: Connection) -> None:
    posts: list[Post] = []
    closed = asyncio.Event()

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        posts.append(Post(time.time(), request.path[1:], request.headers.get("Idempotency-Key", ""), body))
        return web.Response(status=204)

    def answer() -> None:
        try:
            question = pipe.recv()
            usage = resource.getrusage(resource.RUSAGE_SELF)
            answers = {"count": len(posts), "posts": posts, "cpu": usage.ru_utime + usage.ru_stime}
            pipe.send(answers[question])
        except (EOFError, OSError):
            asyncio.get_running_loop().remove_reader(pipe.fileno())
            closed.set()

    app = web.Application()
    app.router.add_post("/{path:.*}", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    [address] = runner.addresses
    asyncio.get_running_loop().add_reader(pipe.fileno(), answer)
    pipe.send(address[1])
    await closed.wait()
    await runner.cleanup()
