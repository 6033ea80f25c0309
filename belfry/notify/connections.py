"""Connections to the receivers of webhooks, as the guard lets them pass; kept for a moment for what comes next.

To connect takes longer than to post, with TLS above all. A connection that is kept goes to the very address that was
looked at when it was made; none is kept idle for longer than most servers keep theirs, and none is used for so long
that a receiver which has moved to another address isn't followed.
"""

import asyncio
import socket
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from belfry.guard import GuardedSockets

_IDLE_S = 4.0
"""Uvicorn, Node and Apache close what is idle for five seconds."""
_RENEWED_AFTER_S = 60.0

_threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="names")
_sockets: ContextVar[GuardedSockets] = ContextVar("_sockets")
"""Those of the delivery that is being made: a connection is made by whoever needs it."""


@dataclass(frozen=True, slots=True)
class Post:
    """What is to be posted."""

    url: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is read of an answer: not its body."""

    status: int
    headers: Mapping[str, str]


class _Names(AbstractResolver):
    """Looks names up in threads of its own: names that nobody answers for hold up nothing but each other."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """See AbstractResolver. Raises OSError."""
        ask = partial(
            socket.getaddrinfo, host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
        )
        found = await asyncio.get_running_loop().run_in_executor(_threads, ask)
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """See AbstractResolver: nothing is kept."""


class NewConnections:
    """A connection for each post, closed after it."""

    async def post(self, post: Post, sockets: GuardedSockets, limits: aiohttp.ClientTimeout) -> Answer:
        """The answer. Raises TimeoutError, aiohttp.ClientError, OSError, ValueError."""
        async with _session(force_close=True) as session:
            return await _posted(session, post, sockets, limits)


class KeptConnections:
    """Connections that are used again, by one event loop. `close` when nothing is posted any more."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sessions: list[_Session] = []
        self._new = NewConnections()

    async def post(self, post: Post, sockets: GuardedSockets, limits: aiohttp.ClientTimeout) -> Answer:
        """The answer. Raises TimeoutError, aiohttp.ClientError, OSError, ValueError.

        Where the receiver closes a kept connection at that moment, it is posted again, once, on a new one.
        """
        try:
            async with self._newest() as session:
                return await _posted(session, post, sockets, limits)
        except aiohttp.ClientConnectionError as error:
            was_kept = sockets.made == 0
            if not was_kept or isinstance(error, aiohttp.ClientConnectorError | TimeoutError):
                raise
        return await self._new.post(post, sockets, limits)

    async def close(self) -> None:
        """Close all of them."""
        sessions, self._sessions = self._sessions, []
        for each in sessions:
            await each.session.close()

    @asynccontextmanager
    async def _newest(self) -> AsyncGenerator[aiohttp.ClientSession]:
        now = self._clock()
        if not self._sessions or now - self._sessions[-1].began > _RENEWED_AFTER_S:
            self._sessions.append(_Session(_session(force_close=False), now))
        one = self._sessions[-1]
        one.posts += 1
        try:
            yield one.session
        finally:
            one.posts -= 1
            for each in [each for each in self._sessions[:-1] if not each.posts]:
                self._sessions.remove(each)
                await each.session.close()


@dataclass(eq=False)
class _Session:
    session: aiohttp.ClientSession
    began: float
    posts: int = 0
    """That are under way."""


def _session(*, force_close: bool) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        socket_factory=_socket,
        resolver=_Names(),
        use_dns_cache=False,
        force_close=force_close,
        keepalive_timeout=None if force_close else _IDLE_S,
        limit=0,  # how many at once is the courier's to say
    )
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False)


def _socket(info: tuple[Any, ...]) -> socket.socket:
    return _sockets.get()(info)


async def _posted(
    session: aiohttp.ClientSession, post: Post, sockets: GuardedSockets, limits: aiohttp.ClientTimeout
) -> Answer:
    """Leaves the answer's body unread; one that didn't come at once closes the connection."""
    token = _sockets.set(sockets)
    try:
        async with session.post(
            post.url, data=post.body, headers=post.headers, allow_redirects=False, timeout=limits
        ) as answer:
            return Answer(answer.status, answer.headers)
    finally:
        _sockets.reset(token)
