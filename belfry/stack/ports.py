"""Ports on loopback."""

import random
import socket

from schemas.errors import StackError

LOOPBACK = "127.0.0.1"
_FIRST, _LAST = 20_000, 32_000
"""Below what systems hand out to clients (Linux from 32,768, others from 49,152). A client that keeps calling the port
of a dead server may otherwise be given that very port: it then talks to itself, and the server can't have it back."""
_TRIES = 200


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: past connections don't count
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port that nobody listens on. Somebody may take it before you do: be ready to ask for another."""
    for _ in range(_TRIES):
        port = random.randint(_FIRST, _LAST)  # noqa: S311 - no secret
        if is_free(port):
            return port
    raise StackError(f"no free port between {_FIRST} and {_LAST}", remedy="End programs that listen on so many ports")


def is_listening(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((LOOPBACK, port)) == 0
