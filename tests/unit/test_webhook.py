"""Webhooks, at a real receiver on this machine."""

import asyncio
import hashlib
import hmac
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from belfry.guard import GuardedSockets, Network, networks
from belfry.notify.channel import Channels, channel_for
from belfry.notify.connections import KeptConnections
from belfry.notify.keys import installation_key, unsubscribe_token, webhook_secret
from belfry.notify.stdout import StdoutChannel
from belfry.notify.webhook import WebhookChannel, refusal, retry_after_s, signature
from belfry.settings import Settings
from schemas.alerts import Alert
from schemas.errors import ChannelError, SettingsError, Undeliverable
from tests.unit.notify_examples import NOW, bell, digest, notice
from tests.unit.own_certificate import own_certificate

HERE = networks("127.0.0.0/8")


class Receiver:
    """Takes what is posted, and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[web.Request, bytes]] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        self.answer: Callable[[web.Request], Awaitable[web.StreamResponse]] | None = None
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.got.append((request, await request.read()))
        if self.answer is not None:
            return await self.answer(request)
        return web.Response(status=self.status, headers=self.headers, text="taken")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", receiver.handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook?x=1"
    yield receiver
    await runner.cleanup()


def channel(url: str, allowed: tuple[Network, ...] = HERE, timeout_s: float = 5) -> WebhookChannel:
    return WebhookChannel(
        url, secret=lambda id_: f"secret of {id_}", allowed=allowed, timeout_s=timeout_s, clock=lambda: 1764072300.9
    )


async def refused_by(channel: WebhookChannel) -> Undeliverable:
    with pytest.raises(Undeliverable) as caught:
        await channel.deliver(bell())
    return caught.value


async def test_a_bell_is_one_post_of_its_alert_that_the_receiver_can_verify(receiver: Receiver):
    await channel(receiver.url).deliver(bell(7))
    [(request, body)] = receiver.got
    assert (request.method, request.path_qs) == ("POST", "/hook?x=1")
    assert Alert.decode(body).alert_id == request.headers["Idempotency-Key"] == f"{7:032x}"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Belfry-Timestamp"] == "1764072300"
    expected = hmac.new(b"secret of build-up", b"1764072300." + body, hashlib.sha256).hexdigest()
    assert request.headers["Belfry-Signature"] == f"sha256={expected}"


async def test_a_digest_is_a_post_for_each_bell_until_one_is_not_taken(receiver: Receiver):
    await channel(receiver.url).deliver(digest(3))
    assert [request.headers["Idempotency-Key"] for request, _ in receiver.got] == [f"{n:032x}" for n in (1, 2, 3)]
    receiver.got.clear()
    receiver.status = 500
    with pytest.raises(Undeliverable):
        await channel(receiver.url).deliver(digest(3))
    assert len(receiver.got) == 1


async def test_a_notice_is_told_from_an_alert(receiver: Receiver):
    await channel(receiver.url).deliver(notice("Te veel bellen."))
    [(request, body)] = receiver.got
    assert request.headers["Idempotency-Key"] == "n1"
    assert json.loads(body) == {
        "kind": "notice",
        "message_id": "n1",
        "subscription_id": "build-up",
        "notice": "Te veel bellen.",
        "at": "2026-11-24T12:05:00+00:00",
    }


@pytest.mark.parametrize(
    ("status", "reason", "retry"),
    [
        *((status, "busy", True) for status in (408, 425, 429, 503)),
        *((status, "failed", True) for status in (500, 502, 504, 599)),
        *((status, "refused", False) for status in (400, 401, 403, 404, 410, 413, 422)),
        *((status, "redirected", False) for status in (300, 301, 302, 303, 304, 307, 308)),
    ],
)
def test_whether_an_answer_is_final_is_told_by_its_status(status: int, reason: str, retry: bool):
    answer = refusal(status, {}, NOW)
    assert answer is not None
    assert (answer.reason, answer.retry, answer.retry_after_s) == (reason, retry, None)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_success_is_one(status: int):
    assert refusal(status, {}, NOW) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        *(("120", 120), (" 5 ", 5), ("0", 0), ("-3", 0), ("99999999", 86400), ("inf", 86400), ("nan", None)),
        ("Tue, 24 Nov 2026 12:06:00 GMT", 60),
        ("Tue, 24 Nov 2020 12:06:00 GMT", 0),
        *(("soon", None), ("", None), ("١٢", None), ("Tue, 99 Nov 2026 12:06:00 GMT", None), ("1" * 5000, 86400)),
    ],
)
def test_retry_after_is_seconds_or_a_date_within_a_day(value: str, seconds: float | None):
    assert retry_after_s(value, NOW) == seconds


async def test_a_receiver_that_asks_for_time_gets_it(receiver: Receiver):
    receiver.status, receiver.headers = 429, {"Retry-After": "30"}
    error = await refused_by(channel(receiver.url))
    assert (error.reason, error.retry, error.retry_after_s) == ("busy", True, 30)


async def test_a_redirect_is_not_followed_wherever_it_leads(receiver: Receiver):
    receiver.status, receiver.headers = 307, {"Location": "http://169.254.169.254/latest/meta-data"}
    error = await refused_by(channel(receiver.url))
    assert (error.reason, error.retry, len(receiver.got)) == ("redirected", False, 1)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]"])
async def test_this_machine_is_refused_at_the_moment_of_connecting(receiver: Receiver, host: str):
    url = receiver.url.replace("127.0.0.1", host)
    error = await refused_by(channel(url, allowed=()))
    assert (error.reason, error.retry, receiver.got) == ("address_refused", False, [])


async def test_a_name_that_means_a_private_address_by_now_is_refused(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    """Whatever the name meant when it was saved, and whatever is answered next: what is connected to counts."""
    asked: list[str] = []
    answers = iter(["93.184.216.34", "127.0.0.1"])

    def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    socket.getaddrinfo("rebind.example.org", 80)
    error = await refused_by(channel(receiver.url.replace("127.0.0.1", "rebind.example.org"), allowed=()))
    assert (error.reason, asked, receiver.got) == ("address_refused", ["rebind.example.org"] * 2, [])


async def test_nobody_there_a_broken_answer_and_no_answer_are_tried_again(receiver: Receiver):
    async def breaks(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(b"NOT HTTP\r\n\r\n")
        request.transport.close()
        return web.Response()

    async def hangs(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(30)
        return web.Response()

    receiver.answer = breaks
    broken = await refused_by(channel(receiver.url))
    receiver.answer = hangs
    slow = await refused_by(channel(receiver.url, timeout_s=0.2))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = await refused_by(channel(f"http://127.0.0.1:{free.getsockname()[1]}/secret-path"))
    nowhere = await refused_by(channel("http://nowhere.invalid/secret-path"))
    plain = await refused_by(channel(receiver.url.replace("http:", "https:")))
    assert [error.reason for error in (broken, slow, nobody, nowhere, plain)] == [
        *("unreachable", "timeout", "unreachable", "unreachable", "tls"),
    ]
    assert all(error.retry for error in (broken, slow, nobody, nowhere, plain))
    assert not any("secret" in str(error) for error in (nobody, nowhere))


async def test_an_answer_without_end_is_not_read(receiver: Receiver):
    sent = 0

    async def pours(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(500):
            await response.write(b"x" * 65536)
            sent += 65536
        return response

    receiver.answer = pours
    await channel(receiver.url).deliver(bell())
    assert sent < 16 * 1024 * 1024


@pytest.fixture
async def kept() -> AsyncIterator[KeptConnections]:
    kept = KeptConnections()
    yield kept
    await kept.close()


class Sockets:
    """The guard's way in, counting the connections that came."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made = 0
        make = GuardedSockets.__call__

        def counted(guarded: GuardedSockets, info: tuple[object, ...]) -> socket.socket:
            self.made += 1
            return make(guarded, info)

        monkeypatch.setattr(GuardedSockets, "__call__", counted)


def keeping(url: str, kept: KeptConnections, allowed: tuple[Network, ...] = HERE) -> WebhookChannel:
    return WebhookChannel(url, secret=lambda _: "secret", allowed=allowed, timeout_s=5, connections=kept)


async def test_a_connection_serves_the_next_bell_to_the_same_receiver_whoever_it_is_for(
    receiver: Receiver, kept: KeptConnections, monkeypatch: pytest.MonkeyPatch
):
    sockets = Sockets(monkeypatch)
    for number in range(5):
        await keeping(f"{receiver.url}&n={number}", kept).deliver(bell(number + 1))
    assert [request.query["n"] for request, _ in receiver.got] == list("01234")
    assert sockets.made == 1


async def test_a_connection_that_the_receiver_closed_costs_no_bell_and_no_waiting(
    receiver: Receiver, kept: KeptConnections
):
    """Closed as the bell is sent, unanswered: it is posted again at once, under the same key."""
    ours = keeping(receiver.url, kept)
    await ours.deliver(bell(1))
    broken: list[web.Request] = []

    async def breaks_once(request: web.Request) -> web.StreamResponse:
        if not broken:
            broken.append(request)
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=204)

    receiver.answer = breaks_once
    await ours.deliver(bell(2))
    assert [request.headers["Idempotency-Key"][-1] for request, _ in receiver.got] == ["1", "2", "2"]


async def test_a_new_connection_that_breaks_is_a_failure(receiver: Receiver, kept: KeptConnections):
    async def breaks(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    receiver.answer = breaks
    error = await refused_by(keeping(receiver.url, kept))
    assert (error.reason, error.retry, len(receiver.got)) == ("unreachable", True, 1)


async def test_what_may_not_be_sent_to_is_refused_though_others_have_connections(
    receiver: Receiver, kept: KeptConnections
):
    await keeping(receiver.url, kept).deliver(bell(1))
    error = await refused_by(keeping(receiver.url.replace("127.0.0.1", "127.0.0.2"), kept, allowed=()))
    assert (error.reason, len(receiver.got)) == ("address_refused", 1)


async def test_an_answer_that_goes_on_is_not_waited_for_and_its_connection_not_used_again(
    receiver: Receiver, kept: KeptConnections, monkeypatch: pytest.MonkeyPatch
):
    sockets = Sockets(monkeypatch)
    ended = asyncio.Event()

    async def goes_on(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await ended.wait()
        return response

    receiver.answer = goes_on
    for number in (1, 2):
        await keeping(receiver.url, kept).deliver(bell(number))
    ended.set()
    assert (len(receiver.got), sockets.made) == (2, 2)


async def test_connections_are_made_anew_after_a_minute_so_that_a_receiver_that_moved_is_found(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    sockets, moments = Sockets(monkeypatch), (0.0, 30.0, 59.0, 61.0, 62.0)
    kept = KeptConnections(iter(moments).__next__)
    for _ in moments:
        await keeping(receiver.url, kept).deliver(bell(1))
    assert sockets.made == 2
    await kept.close()


async def test_a_workers_webhooks_share_connections_and_other_channels_are_made_as_ever(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    sockets = Sockets(monkeypatch)
    ours = Channels(settings(tmp_path, allow_addresses="127.0.0.1"))
    for number in (1, 2):
        await ours(receiver.url).deliver(bell(number))
    assert (ours(receiver.url) is ours(receiver.url), sockets.made) == (True, 1)
    assert isinstance(ours("stdout:"), StdoutChannel)
    for _ in range(2):
        with pytest.raises(ChannelError, match="BELFRY_ALLOW_ADDRESSES"):
            ours("http://10.0.0.1/")
    await ours.close()


def test_the_signature_is_what_the_documentation_says():
    assert signature("s", 1, b"{}") == "sha256=" + hmac.new(b"s", b"1.{}", hashlib.sha256).hexdigest()


def settings(home: Path, **changes: object) -> Settings:
    return Settings.model_validate({"home": home} | changes)


def test_the_key_is_made_once_for_its_owner_alone_and_stays(tmp_path: Path):
    key = installation_key(settings(tmp_path / "home"))
    assert installation_key(settings(tmp_path / "home")) == key
    assert len(key) == 64
    [file] = (tmp_path / "home").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert installation_key(settings(tmp_path / "other")) != key
    assert installation_key(settings(tmp_path / "other", secret_key_file=file)) == key


def test_of_many_that_make_the_key_at_once_all_have_the_same(tmp_path: Path):
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: installation_key(settings(tmp_path / "new")), range(32)))
    assert len(keys) == 1
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["secret.key"]


def test_secrets_differ_by_subscription_purpose_and_key():
    made = {
        webhook_secret(b"k" * 16, "a"),
        webhook_secret(b"k" * 16, "b"),
        webhook_secret(b"l" * 16, "a"),
        unsubscribe_token(b"k" * 16, "a", "m@x.org"),
        unsubscribe_token(b"k" * 16, "a", "n@x.org"),
    }
    assert len(made) == 5
    assert {len(secret) for secret in made} == {64}


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 5000, None])
def test_a_key_that_is_none_is_refused_with_the_file_named(tmp_path: Path, content: bytes | None):
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match=str(file)):
        installation_key(settings(tmp_path, secret_key_file=file))


async def test_a_webhook_is_made_for_hosts_that_may_be_sent_to(tmp_path: Path, receiver: Receiver):
    with pytest.raises(ChannelError, match="BELFRY_ALLOW_ADDRESSES"):
        channel_for(receiver.url, settings(tmp_path))
    ours = settings(tmp_path, allow_addresses="127.0.0.1")
    await channel_for(receiver.url, ours).deliver(bell())
    [(request, body)] = receiver.got
    stamp = int(request.headers["Belfry-Timestamp"])
    assert abs(datetime.fromtimestamp(stamp, UTC) - datetime.now(UTC)) < timedelta(minutes=1)
    secret = webhook_secret(installation_key(ours), "build-up")
    assert request.headers["Belfry-Signature"] == signature(secret, stamp, body)


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path):
    context = own_certificate(tmp_path)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        error = await refused_by(channel(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"))
    assert (error.reason, error.retry) == ("tls", True)
