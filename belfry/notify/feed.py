"""An Atom feed for each subscription: a file in `feeds` of BELFRY_HOME, with the newest entries first.

The file is replaced in one step, so a reader never sees half of it. An entry that comes again (a bell sent twice, or with
more copies) takes the place of its former self. Workers on several machines each keep a feed of their own: what one of
them delivered is in its home.
"""

import asyncio
import hashlib
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as Xml

import structlog
from filelock import FileLock, Timeout

from belfry.notify.message import Message
from belfry.notify.templates import rendered_bell
from belfry.notify.view import MessageView, message_view
from schemas.errors import Undeliverable

_log = structlog.get_logger()

MAX_ENTRIES = 100
MAX_FEED_BYTES = 32 * 1024 * 1024
MAX_NAME_CHARS = 120
LOCK_TIMEOUT_S = 5.0

_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Xml.register_namespace("", _ATOM)


def feed_path(home: Path, subscription_id: str) -> Path:
    """Where a subscription's feed is. Any id makes a file name of its own, in this folder."""
    name = quote(subscription_id, safe="")
    if len(name) > MAX_NAME_CHARS:
        name = f"{name[:MAX_NAME_CHARS]}-{hashlib.sha256(subscription_id.encode()).hexdigest()[:16]}"
    return home / "feeds" / f"{name}.xml"


class FeedChannel:
    """Writes the feeds under `home`, each message's bells as entries."""

    def __init__(self, home: Path, templates: Path | None = None) -> None:
        self._home = home
        self._templates = templates

    async def deliver(self, message: Message) -> None:
        """See Channel."""
        try:
            await asyncio.to_thread(self._add, message)
        except Timeout as error:
            raise Undeliverable("busy", "the feed is being written by another worker", retry=True) from error
        except OSError as error:
            raise Undeliverable(
                "failed", f"the feed can't be written: {error.strerror or error}", retry=True
            ) from error

    def _add(self, message: Message) -> None:
        path = feed_path(self._home, message.subscription.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        view = message_view(message, max_bells=MAX_ENTRIES)
        with FileLock(path.with_suffix(".lock"), timeout=LOCK_TIMEOUT_S):
            new = list(_entries(view, message.at, self._templates))
            own = {_text(entry, "id") for entry in new}
            kept = [entry for entry in _read(path) if _text(entry, "id") not in own]
            feed = _feed(view, message.subscription.id, [*new, *kept][:MAX_ENTRIES])
            _replace(path, Xml.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entries(view: MessageView, at: datetime, templates: Path | None) -> Iterator[Xml.Element]:
    for bell in view.bells:
        html = rendered_bell(view, bell, templates)
        yield _entry(f"urn:belfry:alert:{bell.alert_id}", bell.headline.text, at, html, bell.link, bell.source)
    if view.notice:
        yield _entry(f"urn:belfry:notice:{view.message_id}", view.heading, at, view.notice, None, "Belfry", kind="text")


def _entry(
    id_: str, title: str, at: datetime, content: str, link: str | None, author: str, kind: str = "html"
) -> Xml.Element:
    entry = Xml.Element(f"{{{_ATOM}}}entry")
    _add(entry, "id", id_)
    _add(entry, "title", title)
    _add(entry, "updated", _moment(at))
    if link is not None:
        _add(entry, "link", "", href=link, rel="alternate")
    _add(_add(entry, "author", ""), "name", author)
    _add(entry, "content", content, type=kind)
    return entry


def _feed(view: MessageView, subscription_id: str, entries: list[Xml.Element]) -> Xml.Element:
    feed = Xml.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": view.language})
    _add(feed, "id", f"urn:belfry:subscription:{quote(subscription_id, safe='')}")
    _add(feed, "title", view.name)
    _add(feed, "updated", max((_text(entry, "updated") for entry in entries), default=_moment(datetime.now(UTC))))
    _add(feed, "generator", "Belfry")
    feed.extend(entries)
    return feed


def _add(parent: Xml.Element, name: str, text: str, **attributes: str) -> Xml.Element:
    child = Xml.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    child.text = _NOT_XML.sub("\ufffd", text) or None
    return child


def _text(entry: Xml.Element, name: str) -> str:
    return entry.findtext(f"{{{_ATOM}}}{name}", "")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _read(path: Path) -> list[Xml.Element]:
    """The entries that the feed has; none where it isn't there, or isn't one any more."""
    try:
        if path.stat().st_size > MAX_FEED_BYTES:
            raise ValueError("it is too large")
        return Xml.fromstring(path.read_bytes()).findall(f"{{{_ATOM}}}entry")  # noqa: S314 Belfry's own file
    except FileNotFoundError:
        return []
    except (Xml.ParseError, ValueError) as error:
        _log.error("feed can't be read and is made anew", feed=str(path), error=str(error))
        return []


def _replace(path: Path, content: bytes) -> None:
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
