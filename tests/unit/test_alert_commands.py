"""`belfry alerts`: what rang, why, what became of it, once more. The index and the ledger are fakes here."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from belfry.cli.alerts import Tools, app
from belfry.notify.records import Head, Item, ItemChannel, Record, Story, head_key, item_key, story_key
from belfry.search.alerts import AlertFilters
from belfry.search.instants import time_bounds
from schemas.alerts import Alert, Excerpt
from schemas.errors import BelfryError, UsageError
from schemas.spans import ExplainedSpan
from schemas.subscriptions import Subscription
from tests.notify_cases import NOW, alert, subscription

HOOK = "https://user:secret@example.org/private/path"


class Index:
    """An AlertFinder over a list."""

    def __init__(self, alerts: Sequence[Alert]) -> None:
        self.alerts = alerts
        self.asked: list[AlertFilters] = []

    async def newest(self, filters: AlertFilters, limit: int) -> tuple[list[Alert], int]:
        self.asked.append(filters)
        return list(self.alerts)[:limit], len(self.alerts)

    async def by_id(self, alert_id: str) -> list[Alert]:
        return [one for one in self.alerts if one.alert_id.startswith(alert_id)][:5]

    async def of_story(self, alert: Alert) -> list[Alert]:
        return [one for one in self.alerts if one.story_id == alert.story_id]


class Office:
    """The tools, and what was asked of them."""

    def __init__(self, *alerts: Alert, records: Mapping[bytes, Record] | None = None, **subscribed: Any) -> None:
        self.index = Index(alerts)
        self.records = records or {}
        self.subscriptions: dict[str, Subscription] = {"s": subscription(query="troep* OR tank*", **subscribed)}
        self.rung: list[tuple[Alert, str]] = []

    def run(self, *arguments: str) -> tuple[int, str, BaseException | None]:
        result = self.result(*arguments)
        return result.exit_code, result.stdout, result.exception

    def result(self, *arguments: str) -> Result:
        @asynccontextmanager
        async def finder() -> AsyncIterator[Any]:
            yield self.index

        def ledger(prefixes: Sequence[bytes]) -> Mapping[bytes, Record]:
            return {key: record for key, record in self.records.items() if key.startswith(tuple(prefixes))}

        tools = Tools(finder, ledger, lambda: self.subscriptions, self.rung.extend)
        return CliRunner().invoke(app, list(arguments), obj=tools)


def rich_alert() -> Alert:
    text = "Er zijn troepen aan de \x1b[31mgrens."
    return alert("a").model_copy(
        update={
            "spans": (ExplainedSpan(field="text", start=8, end=15, text="troepen", part="troep*"),),
            "excerpts": (Excerpt(field="text", text=text, marks=((8, 15),), ends_inside=True),),
            "entities": ("NATO",),
        }
    )


def sent(one: Alert, **changes: Any) -> Item:
    values: dict[str, Any] = {
        "id": one.alert_id,
        "message_id": one.alert_id,
        "subscription_id": "s",
        "kind": "bell",
        "state": "closed",
        "seq": 1,
        "at": NOW,
        "alert_ids": (one.alert_id,),
        "channels": (ItemChannel(url=HOOK, state="sent", attempts=1, at=NOW),),
    }
    return Item.model_validate(values | changes)


def kept(*items: Item) -> dict[bytes, Record]:
    return {item_key("s", item.id): item for item in items}


def test_list_prints_the_newest_and_how_many_there_are():
    code, out, _ = Office(alert("a"), alert("b")).run("list", "--limit", "1")
    assert code == 0
    assert alert("a").alert_id in out
    assert "2 alerts, the newest 1 shown" in out


def test_list_as_json_is_the_alerts_and_nothing_else():
    code, out, _ = Office(alert("a"), alert("b")).run("list", "--json")
    assert [Alert.model_validate_json(line) for line in out.splitlines()] == [alert("a"), alert("b")]
    assert code == 0


def test_list_names_a_subscription_that_there_is_not_where_it_found_nothing():
    office = Office()
    result = office.result("list", "--subscription", "s", "--subscription", "slip", "--json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.splitlines()[1:] == ["there is no subscription slip now; `belfry subscriptions list`"]
    assert "no subscription" not in Office(alert("a")).result("list", "--subscription", "slip").stderr


def test_list_is_narrowed_by_subscription_story_and_time():
    office = Office()
    office.run(
        "list",
        "--subscription",
        "s",
        "--subscription",
        "t",
        "--story",
        "x",
        "--from",
        "2026-03-01",
        "--to",
        "2026-03-02",
    )
    [filters] = office.index.asked
    assert filters == AlertFilters(["s", "t"], "x", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))
    assert len(filters.query()["bool"]["filter"]) == 3


@pytest.mark.parametrize(
    ("since", "until", "message"),
    [("gisteren", None, "--from gisteren"), (None, "2026-02-30", "--to"), ("2026-02-02", "2026-02-01", "after")],
)
def test_a_time_that_is_none_is_refused_with_its_option(since: str | None, until: str | None, message: str):
    with pytest.raises(UsageError, match=message):
        time_bounds(since, until)


def test_show_has_the_sentence_the_copies_and_what_became_of_it_without_secrets():
    first, copy = rich_alert(), alert("b")
    code, out, _ = Office(first, copy, records=kept(sent(first))).run("show", first.alert_id)
    assert code == 0
    assert "Er zijn **troepen** aan de �[31mgrens.…" in out
    assert "also in      1" in out
    assert "https://example.org  sent 2026-03-02 10:30:00 UTC" in out
    assert "secret" not in out
    assert "NATO" in out


def test_show_as_json_has_alert_copies_and_delivery():
    first, copy = rich_alert(), alert("b")
    _, out, _ = Office(first, copy, records=kept(sent(first))).run("show", first.alert_id[:8], "--json")
    shown = json.loads(out)
    assert Alert.model_validate(shown["alert"]) == first
    assert [each["article_id"] for each in shown["also_in"]] == ["b"]
    assert shown["delivery"]["state"] == "sent"
    assert shown["delivery"]["channels"][0]["channel"] == "https://example.org"


def test_explain_says_which_part_found_which_words_and_that_the_subscription_was_changed():
    first = rich_alert()
    _, out, _ = Office(first, version=3).run("explain", first.alert_id)
    assert "troep* found troepen (text 8–15)" in out
    assert "the subscription was changed since: version 1, now 3" in out
    _, out, _ = Office(first, version=3).run("explain", first.alert_id, "--json")
    said = json.loads(out)
    assert (said["query"], said["subscription_changed_since"]) == ("troep* OR tank*", True)
    assert list(said["parts"]) == ["troep*"]


def fate(records: Mapping[bytes, Record], one: Alert, **subscribed: Any) -> dict[str, Any]:
    _, out, _ = Office(one, records=records, **subscribed).run("show", one.alert_id, "--json")
    return json.loads(out)["delivery"]


def test_each_fate_is_told():
    one = alert("a")
    due = NOW + timedelta(hours=1)
    waiting = sent(one, state="waiting", channels=(), why="quiet")
    head = {head_key("s"): Head(waiting=1, digest_at=due)}
    assert fate(kept(waiting) | head, one)["due"] == due.isoformat()
    assert fate(kept(waiting) | head, one)["why"] == "it rang in the quiet hours"
    story: dict[bytes, Record] = {story_key("s", "", "story"): Story(bell="other", last_at=NOW)}
    assert (fate(story, one)["state"], fate(story, one)["bell"]) == ("also_in", "other")
    assert fate({}, one)["state"] == "unknown"
    assert fate(kept(sent(one, closed="canceled")), one)["state"] == "canceled"
    assert fate(kept(sent(one, closed="removed")), one)["state"] == "removed"
    pending = ItemChannel(url=HOOK, attempts=3, reason="timeout", error="no answer")
    assert fate(kept(sent(one, state="open", channels=(pending,))), one)["state"] == "on_its_way"
    dead = ItemChannel(url=HOOK, state="dead", reason="refused", error="410")
    assert fate(kept(sent(one, channels=(dead,))), one)["state"] == "given_up"
    dropped = ItemChannel(url=HOOK, state="dropped")
    assert fate(kept(sent(one, channels=(dropped,))), one)["state"] == "dropped"
    digest = sent(one, id="digest", kind="digest", channels=(ItemChannel(url="mailto:a@b.c", state="sent"),))
    within = fate(kept(sent(one, channels=(), digest="digest"), digest), one)
    assert (within["state"], within["digest"], within["channels"][0]["channel"]) == ("sent", "digest", "mailto:a@b.c")
    again = sent(one, id=f"{one.alert_id}~w", resent=True)
    assert fate(kept(sent(one, channels=(dead,)), again), one)["channels"][1]["resent"] is True


def test_what_a_pause_holds_is_said_to_wait_for_it():
    one = alert("a")
    waiting = sent(one, state="waiting", channels=(), why="digest")
    head = {head_key("s"): Head(waiting=1, digest_at=NOW)}
    told = fate(kept(waiting) | head, one, paused=True)
    assert (told["state"], told["why"], told["due"]) == ("waits", "the subscription is paused", None)
    on_its_way = sent(one, state="open", channels=(ItemChannel(url=HOOK),))
    assert fate(kept(on_its_way), one, paused=True)["why"] == "the subscription is paused"
    assert fate(kept(on_its_way), one)["why"] is None


def test_what_is_only_counted_is_sent_where_a_digest_counts_it():
    one = alert("a")
    counted = kept(sent(one, channels=(), digest="counted"))
    by_mail = fate(counted, one, channels=(HOOK, "mailto:a@b.c"))
    assert (by_mail["state"], by_mail["why"]) == ("sent", "a long digest only counts it")
    by_hook = fate(counted, one, channels=(HOOK, "stdout:"))
    assert (by_hook["state"], by_hook["why"]) == ("unknown", "more bells waited than are kept: it was only counted")


def test_a_bell_without_channels_is_said_to_have_none():
    one = alert("a")
    assert fate({}, one, channels=())["why"] == "its subscription has no channel"
    assert "the ledger doesn't know it" in fate({}, one)["why"]


def test_a_bell_behind_another_one_is_told_with_what_holds_that_up():
    first, one, later = alert("a"), alert("b"), alert("c")
    failed = ItemChannel(url=HOOK, attempts=3, at=NOW, reason="busy", error="the receiver answered 503")
    elsewhere = ItemChannel(url="mailto:a@b.c", attempts=1, reason="timeout", error="another channel")
    ahead = sent(first, seq=1, state="open", channels=(failed, elsewhere))
    behind = sent(one, seq=2, state="open", channels=(ItemChannel(url=HOOK),))
    records = kept(ahead, behind, sent(later, seq=3, state="open", channels=(failed,)))
    [channel] = fate(records, one)["channels"]
    assert channel == {
        "channel": "https://example.org",
        "state": "pending",
        "attempts": 0,
        "at": None,
        "reason": "busy",
        "error": "the receiver answered 503",
        "resent": False,
        "behind": first.alert_id,
    }
    _, out, _ = Office(one, records=records).run("explain", one.alert_id)
    assert f"pending, behind {first.alert_id}, which isn't taken: busy: the receiver answered 503" in out
    assert [each["behind"] for each in fate(records, first)["channels"]] == [None, None]


def test_what_was_given_up_is_sent_when_it_was_taken_once_more():
    one = alert("a")
    given_up = sent(one, channels=(ItemChannel(url=HOOK, state="dead", reason="refused", error="410"),))
    failed = sent(one, id=f"{one.alert_id}~v", resent=True, channels=given_up.channels)
    assert fate(kept(given_up, failed), one)["state"] == "given_up"
    assert fate(kept(given_up, failed, sent(one, id=f"{one.alert_id}~w", resent=True)), one)["state"] == "sent"


def test_what_was_only_sent_once_more_is_on_its_way_until_it_is_taken():
    one = alert("a")
    again = sent(one, id=f"{one.alert_id}~w", resent=True, state="open", channels=(ItemChannel(url=HOOK),))
    assert fate(kept(again), one)["state"] == "on_its_way"
    taken = sent(one, id=f"{one.alert_id}~w", resent=True)
    assert fate(kept(taken), one)["state"] == "sent"


def test_resend_rings_each_once_more_with_a_wish_of_its_own():
    office = Office(alert("a"), alert("b"))
    ids = (alert("a").alert_id, alert("a").alert_id.upper(), alert("a").alert_id[:12], alert("b").alert_id[:10])
    code, out, _ = office.run("resend", *ids)
    assert code == 0
    assert [one.article_id for one, _ in office.rung] == ["a", "b"]
    assert len({wish for _, wish in office.rung}) == 2
    assert "on its way" in out


@pytest.mark.parametrize("change", [{"channels": ()}, None])
def test_resend_is_refused_where_it_could_reach_nobody(change: dict[str, Any] | None):
    office = Office(alert("a"), **(change or {}))
    if change is None:
        office.subscriptions = {}
    _, _, error = office.run("resend", alert("a").alert_id)
    assert isinstance(error, BelfryError)
    assert office.rung == []


def test_resend_sends_what_can_be_sent_and_says_what_could_not():
    gone = alert("b").model_copy(update={"subscription_id": "gone"})
    office = Office(alert("a"), gone)
    code, out, error = office.run("resend", gone.alert_id, alert("a").alert_id)
    assert code == 1
    assert [one.article_id for one, _ in office.rung] == ["a"]
    assert out.startswith(f"{alert('a').alert_id} is on its way to s")
    assert isinstance(error, BelfryError)
    assert str(error) == f"{gone.alert_id}: its subscription gone was removed; it is not sent"


def test_resend_says_that_a_paused_subscription_has_to_be_resumed():
    _, out, _ = Office(alert("a"), paused=True).run("resend", alert("a").alert_id)
    assert "kept for s, which is paused" in out


def test_an_unknown_or_ambiguous_id_is_refused():
    office = Office(alert("a"), alert("b"))
    _, _, unknown = office.run("show", "zzz")
    assert "belfry alerts list" in str(unknown)
    _, _, empty = office.run("show", " ")
    assert isinstance(empty, UsageError)
    twins = [alert(name).model_copy(update={"alert_id": f"abc{name}"}) for name in "12"]
    _, _, several = Office(*twins).run("show", "abc")
    assert "several alerts" in str(several)
