"""Where messages go: a channel for each kind of address, and what may come of a delivery.

| address | channel |
|---|---|
| `http://`, `https://` | a signed webhook |
| `mailto:` | e-mail |
| `feed:` | the subscription's own Atom feed |
| `stdout:` | a line on standard output |
| any other | apprise's |
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Protocol
from urllib.parse import quote, urlsplit

from belfry.guard import refused_host
from belfry.notify.apprise import AppriseChannel, check_address
from belfry.notify.connections import KeptConnections
from belfry.notify.email import EmailChannel, MailServer, mailbox_of, normal_mailbox
from belfry.notify.feed import FeedChannel
from belfry.notify.keys import installation_key, unsubscribe_token, webhook_secret
from belfry.notify.message import Message
from belfry.notify.stdout import StdoutChannel
from belfry.notify.webhook import WebhookChannel
from belfry.settings import Settings
from belfry.subscriptions.definition import channel_problem
from schemas.errors import ChannelError, SettingsError, Undeliverable

__all__ = ["Channel", "ChannelError", "Channels", "Undeliverable", "channel_for", "check_channel"]

_WEB = frozenset({"http", "https"})
_WEBHOOKS = 10_000
"""Whose addresses are remembered as looked at."""


class Channel(Protocol):
    """A receiver of messages."""

    async def deliver(self, message: Message) -> None:
        """Hand the message over; when this returns, the receiver has it.

        Takes a bounded time. Delivering the same message again is told by its `message_id`. Raises Undeliverable,
        which says whether to try again.
        """
        ...


def channel_for(url: str, settings: Settings, connections: KeptConnections | None = None) -> Channel:
    """The channel behind an address; nothing is opened or sent yet. Raises ChannelError with the remedy.

    `connections` are for a webhook; without them each post makes one.
    """
    problem = channel_problem(url)
    if problem is not None:
        raise ChannelError(problem)
    scheme = _scheme(url)
    if scheme in _WEB:
        return _webhook(url, settings, connections)
    return _CHANNELS.get(scheme, AppriseChannel)(url, settings)


class Channels:
    """Channels of one event loop that uses them for long: webhooks are remembered, and so are connections for a moment."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connections = KeptConnections()
        self._webhook = lru_cache(_WEBHOOKS)(self._new_webhook)

    def __call__(self, url: str) -> Channel:
        """See channel_for."""
        return self._webhook(url) if _scheme(url) in _WEB else channel_for(url, self._settings)

    async def close(self) -> None:
        """Let go of the connections, when nothing is delivered any more."""
        await self._connections.close()

    def _new_webhook(self, url: str) -> Channel:
        return channel_for(url, self._settings, self._connections)


def check_channel(url: str, settings: Settings) -> None:
    """Raise ChannelError, with the remedy, for an address that can't be sent to; for when a subscription is saved.

    More than `channel_for`, which trusts what was saved: an address of apprise's is shown to apprise, which takes a
    second or two to load.
    """
    channel_for(url, settings)
    if _scheme(url) not in _WEB | _CHANNELS.keys():
        check_address(url, settings)


def _feed(url: str, settings: Settings) -> Channel:  # noqa: ARG001 a factory's signature
    return FeedChannel(settings.home, settings.templates)


def _scheme(url: str) -> str:
    return url.split(":", 1)[0].lower()


def _webhook(url: str, settings: Settings, connections: KeptConnections | None) -> Channel:
    host = urlsplit(url).hostname or ""
    reason = refused_host(host, settings.allowed_networks)
    if reason is not None:
        raise ChannelError(f"{host!r} can't be a webhook's host: {reason}. BELFRY_ALLOW_ADDRESSES lifts this")
    return WebhookChannel(
        url,
        secret=lambda subscription_id: webhook_secret(_key(settings), subscription_id),
        allowed=settings.allowed_networks,
        timeout_s=settings.delivery_timeout_s,
        connections=connections,
    )


def _email(url: str, settings: Settings) -> Channel:
    mailbox = mailbox_of(url)
    sender = normal_mailbox(settings.mail_from)
    if sender is None:
        raise ChannelError(f"BELFRY_MAIL_FROM, {settings.mail_from!r}, is no mailbox: write 'belfry@example.org'")
    server = MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        tls=settings.smtp_tls,
        user=settings.smtp_user,
        password_file=settings.smtp_password_file,
        sender=sender,
        timeout_s=settings.delivery_timeout_s,
    )
    pattern = settings.unsubscribe_url

    def unsubscribe(subscription_id: str) -> str:
        token = unsubscribe_token(_key(settings), subscription_id, mailbox.address)
        return (pattern or "").replace("{id}", quote(subscription_id, safe="")).replace("{token}", token)

    return EmailChannel(mailbox, server, unsubscribe=unsubscribe if pattern else None, templates=settings.templates)


def _key(settings: Settings) -> bytes:
    """The installation's key, when a message needs it. Raises Undeliverable: it may be there later."""
    try:
        return installation_key(settings)
    except SettingsError as error:
        raise Undeliverable("misconfigured", str(error), retry=True) from error


def _stdout(url: str, settings: Settings) -> Channel:  # noqa: ARG001 a factory's signature
    return StdoutChannel()


_CHANNELS: dict[str, Callable[[str, Settings], Channel]] = {
    "mailto": _email,
    "feed": _feed,
    "stdout": _stdout,
}
