"""Channels at the command line: checked when they are saved, tried with a test message."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import typer

from belfry.cli.subscription_output import visible
from belfry.settings import Settings
from schemas.errors import ChannelError
from schemas.subscriptions import Subscription


def unsendable(channels: Sequence[str], settings: Callable[[], Settings]) -> Iterator[str]:
    """Why messages can't be sent to these addresses, a sentence each; nothing is sent."""
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
