"""Channels at the command line: checked when they are saved, tried with a test message."""

import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from threading import Thread
from urllib.parse import urlsplit

import typer

from belfry.cli.subscription_output import visible
from belfry.guard import Network, refused
from belfry.settings import Settings
from schemas.errors import ChannelError
from schemas.subscriptions import Subscription

LOOK_UP_S = 2.0
"""How long a name is looked up when it is saved: the answer helps whoever typed it, and decides nothing."""


def unsendable(channels: Sequence[str], settings: Callable[[], Settings], *, look_up: bool = False) -> Iterator[str]:
    """Why messages can't be sent to these addresses, a sentence each; nothing is sent.

    With `look_up` names of webhooks are asked for too; where no answer comes in time, it is left to the delivery, which
    judges the address that it connects to in any case.
    """
    if not channels:
        return
    # What services there are is loaded only where somebody names a channel.
    from belfry.notify.channel import check_channel

    ours = settings()
    for url in channels:
        try:
            check_channel(url, ours)
        except ChannelError as error:
            yield f"channels: {error}"
            continue
        host = urlsplit(url).hostname if look_up and url.lower().startswith(("http:", "https:")) else None
        reason = _named_refusal(host, ours.allowed_networks) if host else None
        if reason is not None:
            yield f"channels: {host!r} can't be a webhook's host: {reason}. BELFRY_ALLOW_ADDRESSES lifts this"


def unsent(subscription: Subscription, settings: Callable[[], Settings], now: datetime) -> Iterator[str]:
    """Send a test message to each channel, print what arrived, and give a sentence for each that didn't."""
    from belfry.notify.sending import send_test

    if not subscription.channels:
        yield f"it has no channel: `belfry subscriptions edit {subscription.id} --to URL`"
    for channel, problem in send_test(subscription, settings(), now):
        if problem is None:
            typer.echo(f"sent   {subscription.id}: {visible(channel)}")
        else:
            yield f"{channel}: {problem}"


def template_problems(settings: Settings, now: datetime) -> tuple[str, ...]:
    """What is wrong with the user's templates; the shipped ones need no look."""
    if settings.templates is None:
        return ()
    from belfry.notify.sample import template_faults

    return template_faults(settings.templates, now)


def _named_refusal(host: str, allowed: Sequence[Network]) -> str | None:
    """Why what a name means is refused, all of it; None where something of it isn't, or nothing is known in time."""
    asked: Future[list[str]] = Future()

    def ask() -> None:
        try:
            asked.set_result([str(found[4][0]) for found in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)])
        except (OSError, ValueError):
            asked.set_result([])

    # A thread that is left behind: a resolver can't be told to give up.
    Thread(target=ask, daemon=True).start()
    try:
        addresses = asked.result(LOOK_UP_S)
    except TimeoutError:
        return None
    reasons = [refused(address, allowed) for address in addresses]
    return reasons[0] if reasons and None not in reasons else None
