"""Standard output as a channel: a JSON line a bell, for logs and for trying things out."""

import asyncio
import json
import sys
from typing import TextIO

from belfry.notify.message import Message


class StdoutChannel:
    """Writes each bell's Alert as one JSON line; a notice as `{"subscription_id": …, "notice": …}`."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    async def deliver(self, message: Message) -> None:
        """See Channel."""
        lines = [bell.alert.model_dump_json() for bell in message.bells]
        if message.kind == "notice":
            lines = [json.dumps({"subscription_id": message.subscription.id, "notice": message.notice})]
        await asyncio.to_thread(self._write, "".join(f"{line}\n" for line in lines))

    def _write(self, text: str) -> None:
        stream = self._stream or sys.stdout
        stream.write(text)
        stream.flush()
