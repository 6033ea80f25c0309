"""Every service that apprise knows by URL, sent to by processes of their own.

apprise blocks while it loads and while it sends, loads some hundred plugins, and connects wherever an address says. So
it runs in a worker process (`belfry.notify.apprise_worker`), under the same guard as webhooks; one that doesn't answer in
time is ended. Workers start when they are needed, at most MAX_WORKERS, and end when they have had nothing to do.
"""

import asyncio
import atexit
import contextlib
import json
import logging
import os
import selectors
import subprocess
import sys
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from belfry.guard import refused_host
from belfry.notify.message import Message
from belfry.notify.templates import rendered
from belfry.notify.view import message_view
from belfry.settings import Settings
from schemas.errors import ChannelError, Undeliverable

MAX_WORKERS = 4
START_S = 20.0
"""What a worker may take, beyond a delivery's time, before its first answer: it loads apprise."""

MAX_BODY_CHARS = 20_000
MAX_ANSWER_BYTES = 65_536

_threads = ThreadPoolExecutor(max_workers=MAX_WORKERS, thread_name_prefix="apprise")


def check_address(url: str, settings: Settings) -> None:
    """Raise ChannelError, with the remedy, for an address that apprise doesn't know or that leads where none may."""
    # Loading it takes a second or two, and few need it.
    from apprise import Apprise
    from apprise.manager_plugins import NotificationManager

    logging.getLogger("apprise").disabled = True  # its log has what addresses keep secret
    services = cast("Any", NotificationManager())
    scheme = url.split(":", 1)[0].lower()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of libraries that plugins load
        known = {name.lower() for name in services.schemas()}
    if scheme not in known:
        from difflib import get_close_matches

        near = ", ".join(f"{name}://" for name in get_close_matches(scheme, known, n=3, cutoff=0.75))
        raise ChannelError(
            f"apprise knows no service {scheme}://" + (f"; the nearest: {near}" if near else "; webhooks are https://")
        )
    plugin = cast("Any", Apprise).instantiate(url, suppress_exceptions=True)
    if plugin is None:
        service = str(services[scheme].service_name)
        raise ChannelError(f"this is no complete address of {service}: see apprise's page on {scheme}:// for its form")
    host = getattr(plugin, "host", None)
    reason = refused_host(host, settings.allowed_networks) if isinstance(host, str) else None
    if reason is not None:
        raise ChannelError(f"{host!r} can't be sent to: {reason}. BELFRY_ALLOW_ADDRESSES lifts this")


class AppriseChannel:
    """Sends to one address of apprise's: the subject as the title, the message as plain text."""

    def __init__(self, url: str, settings: Settings) -> None:
        self._url = url
        self._settings = settings

    async def deliver(self, message: Message) -> None:
        """See Channel."""
        made = rendered(message_view(message), self._settings.templates)
        order = {
            "url": self._url,
            "title": made.subject,
            "body": made.text[:MAX_BODY_CHARS],
            "allowed": [str(network) for network in self._settings.allowed_networks],
        }
        timeout_s = self._settings.delivery_timeout_s
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(_threads, _workers.ask, json.dumps(order).encode() + b"\n", timeout_s)
        outcome = answer.get("outcome")
        if outcome == "sent":
            return
        if outcome == "address_refused":
            text = f"{answer.get('text')}: BELFRY_ALLOW_ADDRESSES names the networks that may be sent to"
            raise Undeliverable("address_refused", text, retry=False)
        if outcome == "bad_address":
            raise Undeliverable("refused", "apprise doesn't know this address any more", retry=False)
        if outcome == "timeout":
            raise Undeliverable("timeout", "the service didn't take it in time", retry=True)
        raise Undeliverable("failed", "the service didn't take it", retry=True)


class _Worker:
    """A process that sends what it is told, one at a time."""

    def __init__(self) -> None:
        # -P: nothing is imported from the folder that this happens to run in.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "belfry.notify.apprise_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.fresh = True

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, order: bytes, timeout_s: float) -> dict[str, Any]:
        """The answer to an order. Raises TimeoutError, or OSError where the worker ended without one."""
        assert self._process.stdin is not None  # noqa: S101 both are pipes
        assert self._process.stdout is not None  # noqa: S101
        self._process.stdin.write(order)
        self._process.stdin.flush()
        line = _line(self._process.stdout.fileno(), time.monotonic() + timeout_s)
        self.fresh = False
        return cast("dict[str, Any]", json.loads(line))

    def end(self) -> None:
        """End the process now, and leave nothing of it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _line(descriptor: int, until: float) -> bytes:
    read = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while not read.endswith(b"\n"):
            if not selector.select(max(0.0, until - time.monotonic())):
                raise TimeoutError
            part = os.read(descriptor, MAX_ANSWER_BYTES)
            if not part or len(read) > MAX_ANSWER_BYTES:
                raise BrokenPipeError
            read += part
    return read


class _Workers:
    """The workers that wait for orders. The one that was used last is used next, so that the others may end."""

    def __init__(self) -> None:
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()

    def ask(self, order: bytes, timeout_s: float) -> dict[str, Any]:
        """The answer of a worker, or `{"outcome": "timeout"}`, or `{"outcome": "failed"}` where it ended."""
        worker = self._taken()
        try:
            answer = worker.ask(order, timeout_s + (START_S if worker.fresh else 0.0))
        except TimeoutError:
            worker.end()
            return {"outcome": "timeout"}
        except (OSError, ValueError):
            worker.end()
            return {"outcome": "failed"}
        with self._lock:
            self._idle.append(worker)
        return answer

    def close(self) -> None:
        """End those that wait."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    def _taken(self) -> _Worker:
        while True:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is None:
                return _Worker()
            if worker.alive:
                return worker
            worker.end()


_workers = _Workers()
close_workers = _workers.close
atexit.register(close_workers)
