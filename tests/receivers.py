"""Receivers of messages: a real HTTP server and a real SMTP server on 127.0.0.1, which note what they were sent."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Post:
    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def key(self) -> str:
        return self.headers["Idempotency-Key"]


@dataclass
class HttpReceiver:
    """`answer` gives the status for each post, once it is noted; it may take its time."""

    answer: Callable[[Post], int] = lambda _: 204
    posts: list[Post] = field(default_factory=list[Post])
    answered: list[Post] = field(default_factory=list[Post])
    """Those that it took: it sent 2xx."""
    port: int = 0
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str = "hook") -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    def keys_of(self, path: str = "hook") -> list[str]:
        return [post.key for post in self.posts if post.path == f"/{path}"]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is no error."""


@contextmanager
def http_receiver(answer: Callable[[Post], int] = lambda _: 204, port: int = 0) -> Iterator[HttpReceiver]:
    receiver = HttpReceiver(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            post = Post(self.path, dict(self.headers.items()), body, time.time())
            with receiver.lock:
                receiver.posts.append(post)
                receiver.at_once += 1
                receiver.most_at_once = max(receiver.most_at_once, receiver.at_once)
            try:
                status = receiver.answer(post)
                if 200 <= status < 300:
                    receiver.answered.append(post)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
            finally:
                with receiver.lock:
                    receiver.at_once -= 1

        def log_message(self, *_: Any) -> None:
            pass

    server = _Server(("127.0.0.1", port), Handler)
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@dataclass
class SmtpReceiver:
    mails: list[EmailMessage] = field(default_factory=list[EmailMessage])
    came_at: list[float] = field(default_factory=list[float])
    """Of each mail."""
    port: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 aiosmtpd's name
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.came_at.append(time.time())
        self.mails.append(mail)
        return "250 taken"


@contextmanager
def smtp_receiver(port: int = 0) -> Iterator[SmtpReceiver]:
    from aiosmtpd.controller import Controller

    receiver = SmtpReceiver(port=port or free_port())
    controller = Controller(receiver, hostname="127.0.0.1", port=receiver.port)
    controller.start()
    try:
        yield receiver
    finally:
        controller.stop()
