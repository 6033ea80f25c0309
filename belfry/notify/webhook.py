"""Signed webhooks: one POST of the Alert as JSON for each bell.

The receiver finds in the headers `Belfry-Timestamp` (Unix seconds), `Belfry-Signature` (`sha256=` and the hexadecimal
HMAC-SHA256 of timestamp, `.` and body, keyed with the subscription's secret) and `Idempotency-Key` (the alert_id; of a
notice, its message_id). Redirects are not followed; of the answer only the status and `Retry-After` are read.
"""

import asyncio
import email.utils
import hashlib
import hmac
import json
import math
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import aiohttp

from belfry.guard import GuardedSockets, Network
from belfry.notify.connections import KeptConnections, NewConnections, Post
from belfry.notify.message import Message
from schemas.errors import Undeliverable

MAX_RETRY_AFTER_S = 24 * 60 * 60.0
CONNECT_TIMEOUT_S = 5.0

_BUSY = frozenset({408, 425, 429, 503})
_SERVER_ERROR = 500


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """What `Belfry-Signature` holds."""
    return "sha256=" + hmac.new(secret.encode(), b"%d.%s" % (timestamp, body), hashlib.sha256).hexdigest()


def refusal(status: int, headers: Mapping[str, str], now: datetime) -> Undeliverable | None:
    """What an answer means: None for 2xx, else whether and when to try again.

    Retried: 408, 425, 429 and 5xx, not before `Retry-After`. Redirects and any other answer are final.
    """
    if 200 <= status < 300:
        return None
    answered = f"the receiver answered {status}"
    after_s = retry_after_s(headers.get("Retry-After"), now)
    if status in _BUSY:
        return Undeliverable("busy", answered, retry=True, retry_after_s=after_s)
    if status >= _SERVER_ERROR:
        return Undeliverable("failed", answered, retry=True, retry_after_s=after_s)
    if 300 <= status < 400:
        return Undeliverable(
            "redirected", f"{answered}, a redirect: give the address that it leads to, none is followed", retry=False
        )
    return Undeliverable("refused", answered, retry=False)


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Seconds to wait by a `Retry-After` (seconds or an HTTP date), 0 to a day; None where it says nothing usable."""
    if value is None:
        return None
    text = value.strip()[:64]
    try:
        seconds = float(text) if text.isascii() else math.nan
    except ValueError:
        try:
            moment = email.utils.parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
    return None if math.isnan(seconds) else min(max(seconds, 0.0), MAX_RETRY_AFTER_S)


class WebhookChannel:
    """Posts to one URL, on `connections` where they are given, else each time on one of its own.

    The secret is asked for when it is needed: a missing key stops no other channel.
    """

    def __init__(
        self,
        url: str,
        *,
        secret: Callable[[str], str],
        allowed: Sequence[Network],
        timeout_s: float,
        connections: KeptConnections | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._url = url
        self._secret = secret
        self._allowed = allowed
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=min(CONNECT_TIMEOUT_S, timeout_s))
        self._connections = connections or NewConnections()
        self._clock = clock

    async def deliver(self, message: Message) -> None:
        """See Channel. A digest's bells are posted one after the other; the first that isn't taken ends it.

        Tried again, a digest posts its first bells again, under the same keys.
        """
        secret = self._secret(message.subscription.id)
        for key, body in _bodies(message):
            post = self._signed(key, body, secret)
            sockets = GuardedSockets(self._allowed)
            try:
                answer = await self._connections.post(post, sockets, self._timeout)
            except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
                raise _unreached(error, sockets.refusal) from error
            problem = refusal(answer.status, answer.headers, datetime.fromtimestamp(self._clock(), UTC))
            if problem is not None:
                raise problem

    def _signed(self, key: str, body: bytes, secret: str) -> Post:
        now_s = int(self._clock())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Belfry",
            "Belfry-Timestamp": str(now_s),
            "Belfry-Signature": signature(secret, now_s, body),
            "Idempotency-Key": key,
        }
        return Post(self._url, body, headers)


def _bodies(message: Message) -> Iterator[tuple[str, bytes]]:
    """What is posted: each with its idempotency key."""
    for bell in message.bells:
        yield bell.alert.alert_id, bell.alert.encode()
    if message.kind == "notice":
        notice = {
            "kind": "notice",
            "message_id": message.message_id,
            "subscription_id": message.subscription.id,
            "notice": message.notice,
            "at": message.at.isoformat(),
        }
        yield message.message_id, json.dumps(notice, ensure_ascii=False).encode()


def _unreached(error: BaseException, refused: str | None) -> Undeliverable:
    """What it means that there is no answer. The text names no path and no password: it is shown to people."""
    if refused is not None:
        remedy = "BELFRY_ALLOW_ADDRESSES names the networks that may be sent to"
        return Undeliverable("address_refused", f"the receiver's address, {refused}: {remedy}", retry=False)
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLError | ssl.CertificateError) for cause in causes):
        return Undeliverable("tls", "no safe connection: the receiver's certificate or TLS doesn't hold", retry=True)
    if isinstance(error, asyncio.TimeoutError):
        return Undeliverable("timeout", "the receiver didn't answer in time", retry=True)
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return Undeliverable("refused", "the address can't be posted to", retry=False)
    said = next((cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror), None)
    return Undeliverable("unreachable", f"the receiver can't be reached: {said or type(error).__name__}", retry=True)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and what it was raised from."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "os_error", None)]
