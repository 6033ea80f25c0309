"""Sending a test message to every channel of a subscription, as the notify role would, and saying what came of it."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

from belfry.notify.channel import channel_for
from belfry.notify.message import Message, notice_id
from belfry.notify.notices import shown_channel
from belfry.notify.phrases import message_language, phrase
from belfry.settings import Settings
from schemas.errors import ChannelError, Undeliverable
from schemas.subscriptions import Subscription


def send_test(subscription: Subscription, settings: Settings, now: datetime) -> tuple[tuple[str, str | None], ...]:
    """Each channel's address, as it may be shown, and why the test message didn't arrive; None where it did."""
    text = phrase("test", message_language(subscription.language))
    message_id = notice_id(subscription.id, f"test {now.isoformat()}")
    message = Message("notice", message_id, subscription, (), now, text)
    return tuple(asyncio.run(_sent(message, settings)))


async def _sent(message: Message, settings: Settings) -> Iterator[tuple[str, str | None]]:
    urls = message.subscription.channels
    problems = await asyncio.gather(*(_problem(url, message, settings) for url in urls))
    return zip((shown_channel(url) for url in urls), problems, strict=True)


async def _problem(url: str, message: Message, settings: Settings) -> str | None:
    try:
        await channel_for(url, settings).deliver(message)
    except Undeliverable as error:
        return f"{error}{' (would be tried again)' if error.retry else ''}"
    except ChannelError as error:
        return str(error)
    return None
