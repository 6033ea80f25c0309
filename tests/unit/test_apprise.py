"""Apprise's services, by real deliveries to a receiver on this machine."""

import asyncio
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web

from belfry.guard import AddressRefusedError
from belfry.notify.apprise import close_workers
from belfry.notify.apprise_worker import Guard, answered
from belfry.notify.channel import channel_for, check_channel
from belfry.settings import Settings
from schemas.errors import ChannelError, Undeliverable
from tests.unit.notify_examples import bell


@pytest.fixture(autouse=True, scope="module")
def workers_end() -> Iterator[None]:
    yield
    close_workers()


def settings(home: Path, **changes: object) -> Settings:
    return Settings.model_validate({"home": home} | changes)


async def test_a_service_gets_the_message_and_an_address_within_is_refused_unless_allowed(tmp_path: Path):
    got: list[dict[str, object]] = []
    status = 200

    async def take(request: web.Request) -> web.StreamResponse:
        got.append(json.loads(await request.read()))
        if status == 0:
            await asyncio.sleep(20)
        return web.Response(status=status)

    application = web.Application()
    application.router.add_post("/{path:.*}", take)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        url = f"json://127.0.0.1:{runner.addresses[0][1]}/x"
        ours = settings(tmp_path, allow_addresses="127.0.0.0/8", delivery_timeout_s=2)
        await channel_for(url, ours).deliver(bell(language="nl"))
        assert got[0]["title"] == "Troepenopbouw: Troepen aan de grens"
        assert "Rusland bouwt *troepen* op aan de *grens*." in str(got[0]["message"])
        with pytest.raises(Undeliverable) as guarded:
            await channel_for(url, settings(tmp_path)).deliver(bell())
        with pytest.raises(Undeliverable) as named:
            await channel_for(url.replace("127.0.0.1", "localhost"), settings(tmp_path)).deliver(bell())
        assert len(got) == 1
        status = 500
        with pytest.raises(Undeliverable) as failed:
            await channel_for(url, ours).deliver(bell())
        with pytest.raises(Undeliverable) as unknown:
            await channel_for("slack://nothing", ours).deliver(bell())
        status = 0
        with pytest.raises(Undeliverable) as slow:
            await channel_for(url, ours).deliver(bell())
    finally:
        await runner.cleanup()
    outcomes = [(error.value.reason, error.value.retry) for error in (guarded, named, failed, unknown, slow)]
    assert outcomes == [
        ("address_refused", False),
        ("address_refused", False),
        ("failed", True),
        ("refused", False),
        ("timeout", True),
    ]


class Plugin:
    """Takes what a plugin of apprise's takes."""

    def __init__(self, room_chars: int) -> None:
        self.body_maxlen = room_chars
        self.overflow_mode = "upstream"

    def notify(self, **_: object) -> bool:
        return True


@pytest.mark.parametrize(
    ("room_chars", "query", "mode"),
    [(4096, "", "split"), (160, "", "truncate"), (160, "?overflow=upstream", "upstream")],
)
def test_a_message_that_a_service_has_no_room_for_comes_in_parts_or_its_beginning_does(
    monkeypatch: pytest.MonkeyPatch, room_chars: int, query: str, mode: str
):
    plugin = Plugin(room_chars)
    monkeypatch.setattr("apprise.Apprise.instantiate", lambda *_, **__: plugin)
    order = {"url": f"sms://x{query}", "title": "t", "body": "b", "allowed": []}
    assert answered(order, Guard()) == {"outcome": "sent"}
    assert getattr(plugin.overflow_mode, "value", plugin.overflow_mode) == mode


def test_the_guard_of_the_process_lets_out_and_in_only_what_sending_needs(tmp_path: Path):
    guard = Guard()
    with socket.socket() as sock, socket.socket(socket.AF_UNIX) as local:
        guard("socket.connect", (sock, ("1.1.1.1", 443)))
        for refused in [(sock, ("127.0.0.1", 80)), (sock, ("localhost", 80)), (local, "/run/docker.sock")]:
            with pytest.raises(AddressRefusedError):
                guard("socket.connect", refused)
    guard("open", (os.__file__, "r", 0))
    guard("open", (3, "r", 0))
    secret = tmp_path / "secret.key"
    link = tmp_path / "link"
    link.symlink_to(secret)
    for path in (str(secret), b"/etc/passwd", str(link), f"{Path(os.__file__).parent}/../../../../../../../etc/shadow"):
        with pytest.raises(PermissionError):
            guard("open", (path, "r", 0))
    with pytest.raises(PermissionError):
        guard("subprocess.Popen", ("sh", [], None, None))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("slak://a/b/c", "slack://"),
        ("nothinglikeit://x", "webhooks are https://"),
        ("slack://x", "no complete address of Slack"),
        ("json://192.168.1.1/x", "BELFRY_ALLOW_ADDRESSES"),
        ("jsons://localhost/x", "BELFRY_ALLOW_ADDRESSES"),
        ("mailto://a:b@example.org", "mailtos://"),
        ("http://10.0.0.1/hook", "BELFRY_ALLOW_ADDRESSES"),
        ("feed:x", "write 'feed:'"),
    ],
)
def test_an_address_that_cannot_be_sent_to_is_refused_when_it_is_saved(tmp_path: Path, url: str, said: str):
    with pytest.raises(ChannelError, match=said):
        check_channel(url, settings(tmp_path))


def test_the_token_of_an_address_that_is_refused_stands_in_no_log(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    with caplog.at_level("DEBUG"), pytest.raises(ChannelError) as refused:
        check_channel("slack://secrettoken", settings(tmp_path))
    assert "secrettoken" not in caplog.text + str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
            "json://example.org/x",
            "tgram://123456789:abcdefg_hijklmnop/12315544/",
        ),
        *("https://example.org/hook", "mailto:desk@example.org", "feed:", "stdout:", "mailtos://user:pass@example.org"),
    ],
)
def test_an_address_that_can_be_sent_to_is_saved(tmp_path: Path, url: str):
    check_channel(url, settings(tmp_path))
