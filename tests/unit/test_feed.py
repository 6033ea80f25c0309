"""A subscription's feed: a file that any feed reader takes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from filelock import FileLock

from belfry.notify import feed
from belfry.notify.channel import channel_for
from belfry.notify.feed import MAX_ENTRIES, FeedChannel, feed_path
from belfry.notify.message import Bell, bell_message
from belfry.settings import Settings
from schemas.alerts import Excerpt
from schemas.errors import Undeliverable
from tests.unit.notify_examples import NOW, alert, article, digest, notice, subscription

ATOM = "{http://www.w3.org/2005/Atom}"


def read(home: Path, id_: str = "build-up") -> Element:
    return ElementTree.fromstring(feed_path(home, id_).read_bytes())


def entries(home: Path) -> list[Element]:
    return read(home).findall(f"{ATOM}entry")


def texts(one: Element, *names: str) -> list[str | None]:
    return [one.findtext("/".join(f"{ATOM}{part}" for part in name.split("/"))) for name in names]


async def deliver(home: Path, number: int, **changes: object) -> None:
    channel = channel_for("feed:", Settings.model_validate({"home": home}))
    at = NOW + timedelta(minutes=number)
    await channel.deliver(bell_message(subscription(**changes), Bell(alert(number)), at))


async def test_bells_are_entries_the_newest_first(tmp_path: Path):
    for number in (1, 2):
        await deliver(tmp_path, number, language="nl")
    found = read(tmp_path)
    assert texts(found, "title", "updated") == ["Troepenopbouw", "2026-11-24T12:07:00Z"]
    assert found.get("{http://www.w3.org/XML/1998/namespace}lang") == "nl"
    newest, oldest = entries(tmp_path)
    assert texts(oldest, "id", "updated") == [f"urn:belfry:alert:{1:032x}", "2026-11-24T12:06:00Z"]
    assert texts(newest, "id", "title", "author/name") == [
        f"urn:belfry:alert:{2:032x}",
        "Troepen aan de grens",
        "belga",
    ]
    link, content = newest.find(f"{ATOM}link"), newest.find(f"{ATOM}content")
    assert link is not None
    assert link.get("href") == "https://news.example.org/a/1"
    assert content is not None
    assert content.get("type") == "html"
    assert ">troepen</mark>" in (content.text or "")


async def test_a_bell_that_comes_again_takes_its_own_place(tmp_path: Path):
    await deliver(tmp_path, 1)
    await deliver(tmp_path, 1)
    assert len(entries(tmp_path)) == 1


async def test_a_digest_is_an_entry_for_each_bell_and_a_notice_is_one(tmp_path: Path):
    channel = FeedChannel(tmp_path)
    await channel.deliver(digest(3))
    await channel.deliver(notice("Te <vaak>."))
    found = entries(tmp_path)
    assert len(found) == 4
    assert texts(found[0], "content") == ["Te <vaak>."]


async def test_a_feed_is_bounded(tmp_path: Path):
    channel = FeedChannel(tmp_path)
    await channel.deliver(digest(MAX_ENTRIES))
    await deliver(tmp_path, 5000)
    found = entries(tmp_path)
    assert len(found) == MAX_ENTRIES
    assert texts(found[0], "id") == [f"urn:belfry:alert:{5000:032x}"]


async def test_whatever_an_article_holds_the_feed_is_well_formed(tmp_path: Path):
    evil = "]]><script>\x00\x08\ufffe\uffff\U0001f600 & \u2028"
    one = alert(
        shown=article(title=evil, source=evil, url="javascript:x"), excerpts=(Excerpt(field="text", text=evil),)
    )
    await FeedChannel(tmp_path).deliver(bell_message(subscription(name=evil), Bell(one), NOW))
    [entry] = entries(tmp_path)
    assert entry.find(f"{ATOM}link") is None
    assert "<script>" not in (texts(entry, "content")[0] or "")


@pytest.mark.parametrize("id_", ["../../etc/passwd", "..", ".", "a/b", "é" * 128, "a\\b", "con"])
async def test_any_id_is_a_file_in_the_folder_of_feeds(tmp_path: Path, id_: str):
    await deliver(tmp_path, 1, id=id_)
    files = [file for file in (tmp_path / "feeds").iterdir() if file.suffix == ".xml"]
    assert files == [feed_path(tmp_path, id_)]


def test_long_ids_that_begin_alike_have_feeds_of_their_own(tmp_path: Path):
    assert feed_path(tmp_path, "x" * 128) != feed_path(tmp_path, "x" * 127 + "y")


async def test_a_feed_that_cannot_be_read_is_made_anew(tmp_path: Path):
    path = feed_path(tmp_path, "build-up")
    path.parent.mkdir()
    path.write_text("<feed><broken")
    await deliver(tmp_path, 1)
    assert len(entries(tmp_path)) == 1


async def test_what_cannot_be_written_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "feeds").write_text("in the way")
    with pytest.raises(Undeliverable) as caught:
        await deliver(tmp_path, 1)
    assert (caught.value.reason, caught.value.retry) == ("failed", True)
    monkeypatch.setattr(feed, "LOCK_TIMEOUT_S", 0.1)
    home = tmp_path / "other"
    path = feed_path(home, "build-up")
    path.parent.mkdir(parents=True)
    with FileLock(path.with_suffix(".lock")), pytest.raises(Undeliverable) as caught:
        await deliver(home, 1)
    assert (caught.value.reason, caught.value.retry) == ("busy", True)


def test_many_writers_lose_no_entry(tmp_path: Path):
    channel = FeedChannel(tmp_path)
    messages = [bell_message(subscription(), Bell(alert(number)), NOW) for number in range(20)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(channel._add, messages))
    assert len(entries(tmp_path)) == 20
