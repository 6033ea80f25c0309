"""`belfry alerts`: which bells rang, why, what became of them; and sending one once more."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

import orjson
import typer
from rich.console import Console

from belfry.cli import alert_output as output
from belfry.cli.subscription_output import visible
from belfry.search.alerts import MAX_LIMIT, AlertFilters
from belfry.settings import settings
from schemas.alerts import Alert
from schemas.errors import BelfryError, SearchUnavailableError, UsageError
from schemas.subscriptions import Subscription

if TYPE_CHECKING:
    from belfry.notify.records import Record
    from belfry.search.alerts import AlertFinder

T = TypeVar("T")

app = typer.Typer(
    help="Which bells rang, why, and what became of them: list, show, explain, resend.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

AlertId = Annotated[str, typer.Argument(metavar="ALERT", help="its id, or how that begins")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object a line")]


@dataclass(frozen=True)
class Tools:
    """What the commands work with; tests give their own."""

    finder: Callable[[], "Any"]
    """An async context manager of an AlertFinder."""
    ledger: Callable[[Sequence[bytes]], Mapping[bytes, "Record"]]
    subscriptions: Callable[[], Mapping[str, Subscription]]
    ring: Callable[[Sequence[tuple[Alert, str]]], None]
    """Sends alerts once more, each with an id of that wish."""


def _tools(context: typer.Context) -> Tools:
    given = cast("object", context.obj)
    return given if isinstance(given, Tools) else _real_tools()


def _real_tools() -> Tools:
    from belfry.addresses import kafka_bootstrap
    from belfry.notify.ledger import ledger
    from belfry.notify.resend import ring_again
    from belfry.subscriptions.kafka_store import KafkaSubscriptionStore

    ours = settings()
    return Tools(
        finder=real_finder,
        ledger=lambda prefixes: ledger(ours.home, kafka_bootstrap(ours), ours.topics, prefixes),
        subscriptions=lambda: (
            KafkaSubscriptionStore(kafka_bootstrap(ours), ours.topics.subscriptions).load().subscriptions
        ),
        ring=lambda alerts: ring_again(kafka_bootstrap(ours), ours.topics, alerts),
    )


@asynccontextmanager
async def real_finder() -> "AsyncGenerator[AlertFinder]":
    """What finds in this installation's index. Raises SearchUnavailableError where no Elasticsearch is known."""
    from belfry.addresses import elasticsearch_url
    from belfry.search.alerts import AlertFinder
    from belfry.search.client import connect
    from belfry.search.names import IndexNames

    ours = settings()
    try:
        url = elasticsearch_url(ours)
    except UsageError as error:
        raise SearchUnavailableError(str(error)) from error
    async with connect(url) as client:
        yield AlertFinder(client, IndexNames(ours.index_prefix).alerts)


def _asked(tools: Tools, question: Callable[["AlertFinder"], Coroutine[Any, Any, T]]) -> T:
    async def ask() -> T:
        async with tools.finder() as finder:
            return await question(finder)

    return asyncio.run(ask())


@app.command("list")
def list_(
    context: typer.Context,
    subscriptions: Annotated[
        list[str] | None, typer.Option("--subscription", metavar="ID", help="of one of these; repeatable")
    ] = None,
    story: Annotated[str | None, typer.Option("--story", metavar="ID", help="of this story")] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DAY|INSTANT", help="that rang then or later, UTC")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="DAY|INSTANT", help="that rang then or before; all of a day")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, max=MAX_LIMIT, help="the newest so many")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show the bells that rang, newest first: copies too, which were not sent."""
    from belfry.search.instants import time_bounds

    begin, end = time_bounds(since, until)
    filters = AlertFilters(subscriptions or (), story, begin, end)
    tools = _tools(context)
    found, total = _asked(tools, lambda finder: finder.newest(filters, limit))
    console = Console(highlight=False)
    for alert in found:
        if as_json:
            typer.echo(alert.model_dump_json())
        else:
            console.print(output.line(alert), soft_wrap=True)
    if as_json:
        typer.echo(orjson.dumps({"total": total}), err=True)
    else:
        shown = "" if total == len(found) else f", the newest {len(found):,} shown"
        console.print(f"{total:,} alert{'' if total == 1 else 's'}{shown}", style="bold")
    if not total and subscriptions:
        _name_unknown(tools, subscriptions)


def _name_unknown(tools: Tools, ids: Sequence[str]) -> None:
    """Say which of these are no subscriptions: nothing found is also what a slip of the finger finds."""
    with contextlib.suppress(BelfryError):  # nothing hangs on it
        known = tools.subscriptions()
        for unknown in (id_ for id_ in ids if id_ not in known):
            typer.echo(f"there is no subscription {visible(unknown)} now; `belfry subscriptions list`", err=True)


@app.command()
def show(context: typer.Context, alert_id: AlertId, as_json: AsJson = False) -> None:
    """Show all of one bell: its sentences, where else the story is, and what became of it."""
    from belfry.notify.account import account, prefixes_of

    tools = _tools(context)
    alert, of_story = _asked(tools, lambda finder: _with_story(finder, alert_id))
    also_in = [other for other in of_story if other.article_id != alert.article_id]
    subscription = tools.subscriptions().get(alert.subscription_id)
    what_became = account(alert, tools.ledger(prefixes_of(alert)), subscription)
    if as_json:
        typer.echo(orjson.dumps(output.as_object(alert, also_in, what_became)))
        return
    console = Console(highlight=False)
    for text in output.details(alert, also_in, what_became, subscription, styled=console.is_terminal):
        console.print(text, soft_wrap=True)


@app.command()
def explain(context: typer.Context, alert_id: AlertId, as_json: AsJson = False) -> None:
    """Show why a bell rang: which part of the query found which words; and why it was sent, waits or was not sent."""
    from belfry.notify.account import account, prefixes_of

    tools = _tools(context)
    alert = _asked(tools, lambda finder: _one(finder, alert_id))
    subscription = tools.subscriptions().get(alert.subscription_id)
    what_became = account(alert, tools.ledger(prefixes_of(alert)), subscription)
    if as_json:
        parts = {
            part: [span.model_dump(mode="json", exclude={"part"}) for span in spans]
            for part, spans in output.by_part(alert.spans).items()
        }
        said = {
            "alert_id": alert.alert_id,
            "subscription_id": alert.subscription_id,
            "query": None if subscription is None else subscription.query,
            "subscription_changed_since": subscription is None or subscription.version != alert.subscription_version,
            "parts": parts,
            "sentences": [excerpt.model_dump(mode="json") for excerpt in alert.excerpts],
            "delivery": what_became.as_object(),
        }
        typer.echo(orjson.dumps(said))
        return
    console = Console(highlight=False)
    for text in output.why(alert, what_became, subscription, styled=console.is_terminal):
        console.print(text, soft_wrap=True)


@app.command()
def resend(
    context: typer.Context,
    alert_ids: Annotated[list[str], typer.Argument(metavar="ALERT…", help="ids, or how they begin")],
) -> None:
    """Send bells once more to all channels of their subscriptions, at once. The ledger notes it."""
    tools = _tools(context)

    async def all_of(finder: "AlertFinder") -> list[Alert]:
        found = [await _one(finder, alert_id) for alert_id in dict.fromkeys(alert_ids)]
        return list({alert.alert_id: alert for alert in found}.values())

    alerts = _asked(tools, all_of)
    subscriptions = tools.subscriptions()
    unsendable = {alert.alert_id: _unsendable(alert, subscriptions.get(alert.subscription_id)) for alert in alerts}
    sent = [alert for alert in alerts if unsendable[alert.alert_id] is None]
    if sent:
        tools.ring([(alert, uuid.uuid4().hex[:12]) for alert in sent])
    for alert in sent:
        typer.echo(f"{alert.alert_id} is {_on_its_way(subscriptions[alert.subscription_id])}")
    refused = [f"{alert_id}: {why}; it is not sent" for alert_id, why in unsendable.items() if why is not None]
    if refused:
        raise BelfryError("\n".join(refused))


def _unsendable(alert: Alert, subscription: Subscription | None) -> str | None:
    """Why the bell would reach nobody."""
    if subscription is None:
        return f"its subscription {visible(alert.subscription_id)} was removed"
    if not subscription.channels:
        id_ = visible(subscription.id)
        return f"{id_} has no channel (`belfry subscriptions edit {id_} --to URL` gives it one)"
    return None


def _on_its_way(subscription: Subscription) -> str:
    id_ = visible(subscription.id)
    if subscription.paused:
        return f"kept for {id_}, which is paused; it goes out when that is resumed"
    return f"on its way to {id_}; `belfry alerts show` tells what comes of it"


async def _one(finder: "AlertFinder", alert_id: str) -> Alert:
    """The alert of an id, or of how one begins. Raises UsageError where there is none, or several."""
    wanted = alert_id.strip().lower()
    found = await finder.by_id(wanted) if wanted else []
    exact = [alert for alert in found if alert.alert_id == wanted]
    if exact or len(found) == 1:
        return (exact or found)[0]
    if found:
        ids = ", ".join(alert.alert_id for alert in found)
        raise UsageError(f"several alerts begin with {alert_id!r}: {ids}, …: give more of the id")
    raise UsageError(f"there is no alert {alert_id!r}: `belfry alerts list` shows what rang")


async def _with_story(finder: "AlertFinder", alert_id: str) -> tuple[Alert, list[Alert]]:
    alert = await _one(finder, alert_id)
    return alert, await finder.of_story(alert)
