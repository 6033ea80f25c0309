"""Which subscriptions need their owner's eye."""

import json
from datetime import timedelta
from typing import Any

import typer
from typer.testing import CliRunner

from belfry.cli.health import HealthTools, health
from belfry.notify.health import LEDGER_DAYS, Known, Rings, findings
from belfry.notify.records import Head, Item, ItemChannel
from belfry.notify.store import KEPT
from processors.subscription_book import SubscriptionBook
from schemas.errors import UsageError
from schemas.subscriptions import Subscription
from tests.notify_cases import NOW, subscription

HOOK = "https://example.org/secret"


def found(one: Subscription, **known: Any) -> dict[str, str]:
    values: dict[str, Any] = {"rings": {"s": Rings(5, 1)}, "heads": {}, "items": {}, "warnings": lambda _: []}
    return {each.code: each.text for each in findings([one], Known(**(values | known)), NOW, 30)}


def item(*channels: ItemChannel, days_ago: int = 1) -> Item:
    return Item(
        id="i", message_id="i", subscription_id="s", kind="bell", state="closed", seq=1,
        at=NOW - timedelta(days=days_ago), channels=channels,
    )  # fmt: skip


def test_a_subscription_that_rings_now_and_then_is_well():
    assert found(subscription(channels=(HOOK,)), items={"s": [item(ItemChannel(url=HOOK, state="sent"))]}) == {}


def test_one_that_never_rang_is_listed_unless_it_is_young_paused_or_was_just_resumed():
    silent: dict[str, Any] = {"rings": {}}
    assert list(found(subscription(), **silent)) == ["never_rang"]
    assert found(subscription(created_at=NOW - timedelta(days=3)), **silent) == {}
    assert found(subscription(paused=True), **silent) == {}
    assert found(subscription(resumed_at=NOW - timedelta(days=3)), **silent) == {}


def test_one_that_floods_is_listed_by_its_head_or_by_its_day():
    assert list(found(subscription(), heads={"s": Head(slowed=True, hour_bells=900)})) == ["floods"]
    listed = subscription(channels=())
    assert list(found(listed, rings={"s": Rings(400, 350)})) == ["floods"]
    assert found(listed, rings={"s": Rings(9000, 300)}) == {}, "as always"


def test_a_story_of_many_copies_is_no_flood_and_many_bells_are():
    bell = item(ItemChannel(url=HOOK, state="sent"))
    assert found(subscription(), rings={"s": Rings(400, 350)}, items={"s": [bell]}) == {}
    assert list(found(subscription(), items={"s": [bell] * 250})) == ["floods"]
    before = item(ItemChannel(url=HOOK, state="sent"), days_ago=20)
    assert found(subscription(), items={"s": [bell] * 250 + [before] * 900}) == {}, "as always"
    assert timedelta(days=LEDGER_DAYS) == KEPT
    again = bell.model_copy(update={"resent": True})
    assert found(subscription(), items={"s": [again] * 250}) == {}


def test_what_a_channel_did_not_take_is_counted_for_channels_that_it_still_has():
    dead = ItemChannel(url=HOOK, state="dead", reason="refused", error="answered 410")
    tried = ItemChannel(url=HOOK, attempts=4, reason="timeout", error="no answer")
    texts = found(subscription(channels=(HOOK,)), items={"s": [item(dead), item(dead), item(tried)]})
    assert list(texts) == ["failing", "given_up"]
    assert "did not take 2 messages" in texts["given_up"]
    assert "secret" not in texts["failing"]
    assert found(subscription(channels=()), items={"s": [item(dead)]}) == {}
    assert found(subscription(channels=(HOOK,)), items={"s": [item(dead, days_ago=40)]}) == {}


def test_messages_that_wait_untried_are_told_while_others_of_their_receiver_are_tried():
    waiting = item(ItemChannel(url=HOOK)).model_copy(update={"state": "open", "at": NOW - timedelta(minutes=7)})
    [text] = found(subscription(channels=(HOOK,)), items={"s": [waiting]}).values()
    assert text.startswith("1 message waits for https://example.org, up to 7 minutes by now: ")
    assert "2 messages wait" in found(subscription(channels=(HOOK,)), items={"s": [waiting, waiting]})["failing"]
    young = waiting.model_copy(update={"at": NOW - timedelta(minutes=4)})
    assert found(subscription(channels=(HOOK,)), items={"s": [young]}) == {}
    assert found(subscription(channels=(HOOK,), paused=True), items={"s": [waiting]}) == {}
    assert found(subscription(channels=(HOOK,), quiet_hours="00:00-23:59"), items={"s": [waiting]}) == {}
    tried = ItemChannel(url=HOOK, attempts=1, reason="timeout", error="no answer")
    first = waiting.model_copy(update={"channels": (tried,)})
    [text] = found(subscription(channels=(HOOK,)), items={"s": [first, waiting]}).values()
    assert "takes no message now (timeout: no answer)" in text


def test_a_query_that_is_warned_of_or_cannot_be_used_is_listed():
    assert found(subscription(), warnings=lambda _: ["column 1: never matches"]) == {"query": "column 1: never matches"}
    assert list(found(subscription(invalid="no such entity"))) == ["invalid"]


def run(*arguments: str) -> Any:

    book = SubscriptionBook()
    for one in (subscription("s"), subscription("t")):
        book.apply(one.id.encode(), one.encode())
    book.apply(b"broken", b"{")
    known = Known({"t": Rings(1, 1)}, {}, {}, lambda _: [])
    tools = HealthTools(lambda: book, lambda *_: known, lambda one: one, lambda: NOW)
    app = typer.Typer()
    app.command()(health)
    return CliRunner().invoke(app, list(arguments), obj=tools)


def test_the_command_lists_each_finding_and_the_unreadable():
    result = run("--json")
    codes = {json.loads(line)["subscription_id"]: json.loads(line)["code"] for line in result.stdout.splitlines()}
    assert codes == {"broken": "unreadable", "s": "never_rang"}
    assert "looked at 2: 2 with something to mend" in run().stdout
    assert "looked at 1: all is well" in run("t").stdout


def test_the_command_refuses_an_unknown_subscription():
    assert isinstance(run("nobody").exception, UsageError)
