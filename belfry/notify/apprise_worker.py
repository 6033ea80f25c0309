"""The process that sends by apprise: an order a line on standard input, an answer a line on standard output.

An order is `{"url", "title", "body", "allowed"}`, an answer `{"outcome": sent | failed | bad_address | address_refused,
"text"}`. Whatever a plugin does, every connection of this process passes the guard (an audit hook of Python's, which can't
be taken off again), and no file is opened but those of the program, of its libraries and of certificates: an address can't
make it read this machine's files. It ends when its input does, or when nothing came for IDLE_S.
"""

import ipaddress
import json
import logging
import os
import select
import socket
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any, cast

from belfry.guard import AddressRefusedError, Network, networks, refused

IDLE_S = 300.0

MESSAGE_CHARS = 1000
"""A service that takes so many characters gets a longer message in parts; in one that takes less it would be too many."""

_READABLE = (
    "/usr/",
    "/lib",
    "/etc/ssl/",
    "/etc/pki/",
    "/etc/ca-certificates",
    "/dev/null",
    "/dev/urandom",
    "/proc/self/",
)
_READABLE_FILES = frozenset(
    {"/etc/mime.types", "/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/services"}
)
_INET = (socket.AF_INET, socket.AF_INET6)


class Guard:
    """The hook: refuses connections to addresses that nobody allowed, and files that are none of its business."""

    def __init__(self) -> None:
        self.allowed: tuple[Network, ...] = ()
        self.refusal: str | None = None
        self._folders = _program_folders()

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """See sys.addaudithook."""
        if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
            self._connect(*arguments[:2])
        elif event == "open":
            self._open(arguments[0])
        elif event in {"subprocess.Popen", "os.exec", "os.system", "os.posix_spawn", "os.fork"}:
            raise PermissionError("no programs are started here")

    def _connect(self, sock: socket.socket, address: Any) -> None:
        if address is None and sock.family in _INET:
            return  # of a socket that is connected already
        reason = "it isn't in the internet"
        if sock.family in _INET and isinstance(address, tuple):
            host = str(cast("tuple[Any, ...]", address)[0])
            try:
                ipaddress.ip_address(host.split("%", 1)[0])
            except ValueError:
                # A name would be resolved after this look at it.
                reason = "a name is connected to unresolved"
            else:
                reason = refused(host, self.allowed)
        if reason is not None:
            self.refusal = f"the service's address, {reason}"
            raise AddressRefusedError(reason)

    def _open(self, path: Any) -> None:
        if not isinstance(path, str | bytes):
            return  # a file that is open already
        name = os.path.realpath(os.fsdecode(path))
        if not name.startswith(self._folders) and name not in _READABLE_FILES:
            raise PermissionError("this file is not for messages")


def _program_folders() -> tuple[str, ...]:
    """Folders of Python, its libraries and Belfry's own code, and a folder for what plugins write down."""
    found = {*_READABLE, f"{tempfile.gettempdir()}/belfry-apprise-{os.getpid()}/"}
    for name in ("stdlib", "platstdlib", "purelib", "platlib"):
        found.add(os.path.realpath(sysconfig.get_paths()[name]) + "/")
    found.add(str(Path(__file__).resolve().parents[1]) + "/")
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        if os.environ.get(variable):
            found.add(os.path.realpath(os.environ[variable]))
    return tuple(found)


def main() -> None:
    """Answer orders until there are no more."""
    answers = os.dup(1)
    os.dup2(2, 1)  # a plugin that prints must not be taken for an answer
    from apprise.manager_plugins import NotificationManager

    logging.disable(logging.CRITICAL)  # apprise's log has what addresses keep secret
    cast("Any", NotificationManager()).schemas()  # load every plugin, as long as files may be read
    guard = Guard()
    sys.addaudithook(guard)
    while select.select([0], [], [], IDLE_S)[0]:
        line = sys.stdin.buffer.readline()
        if not line:
            break
        answer = json.dumps(answered(json.loads(line), guard)).encode() + b"\n"
        while answer:
            answer = answer[os.write(answers, answer) :]


def answered(order: dict[str, Any], guard: Guard) -> dict[str, str]:
    """What came of an order."""
    import apprise

    guard.allowed, guard.refusal = networks(" ".join(order["allowed"])), None
    try:
        plugin = cast("Any", apprise.Apprise).instantiate(order["url"], suppress_exceptions=True)
        if plugin is None:
            return {"outcome": "bad_address"}
        if "overflow=" not in order["url"]:
            plugin.overflow_mode = _overflow(getattr(plugin, "body_maxlen", MESSAGE_CHARS))
        sent = bool(plugin.notify(title=order["title"], body=order["body"], body_format=apprise.NotifyFormat.TEXT))
    except Exception:  # noqa: BLE001 a plugin's own fault is one failed delivery; its text may hold a secret
        sent = False
    if not sent and guard.refusal is not None:
        return {"outcome": "address_refused", "text": guard.refusal}
    return {"outcome": "sent" if sent else "failed"}


def _overflow(room_chars: int) -> Any:
    """What becomes of a text that is longer than a service takes: parts, or (of a text message's size) its beginning."""
    from apprise import OverflowMode

    return OverflowMode.SPLIT if room_chars >= MESSAGE_CHARS else OverflowMode.TRUNCATE


if __name__ == "__main__":
    main()
