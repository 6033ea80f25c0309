"""`belfry subscriptions health`: which subscriptions need their owner's eye."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, cast

import orjson
import typer

from belfry.cli.subscription_output import visible
from belfry.settings import settings
from schemas.errors import UsageError
from schemas.subscriptions import Subscription

if TYPE_CHECKING:
    from belfry.notify.health import Finding, Known, Rings
    from processors.subscription_book import SubscriptionBook


@dataclass(frozen=True)
class HealthTools:
    """What the command works with; tests give their own. `known` is asked for so many days before an instant."""

    book: Callable[[], "SubscriptionBook"]
    known: Callable[[datetime, int], "Known"]
    marked: Callable[[Subscription], Subscription]
    now: Callable[[], datetime]


def health(
    context: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID…]", help="all unless given")] = None,
    days: Annotated[int, typer.Option(min=1, max=365, help="look at so many days")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """List what floods, never rings, can't be delivered, or has a query that is warned of."""
    from belfry.notify.health import Finding, findings

    given = cast("object", context.obj)
    tools = given if isinstance(given, HealthTools) else _real_tools()
    book = tools.book()
    unknown = [id_ for id_ in ids or () if id_ not in book]
    if unknown:
        raise UsageError(f"there is no subscription {', '.join(map(visible, unknown))}; `belfry subscriptions list`")
    wanted = [tools.marked(one) for id_, one in sorted(book.subscriptions.items()) if not ids or id_ in ids]
    found = [
        Finding(id_, "unreadable", f"can't be read: {record.reason}. Import it again, or remove it")
        for id_, record in book.unreadable.items()
        if not ids or id_ in ids
    ]
    now = tools.now()
    found += findings(wanted, tools.known(now, days), now, days)
    for line in _json_lines(found) if as_json else _lines(found, len(wanted)):
        typer.echo(line)


def _json_lines(found: "list[Finding]") -> Iterator[str]:
    for one in found:
        said = {"subscription_id": one.subscription_id, "code": one.code, "text": one.text}
        yield orjson.dumps(said).decode()


def _lines(found: "list[Finding]", looked_at: int) -> Iterator[str]:
    for one in found:
        yield f"{visible(one.subscription_id)}  {one.code:10}  {visible(one.text)}"
    ill = len({one.subscription_id for one in found})
    yield f"looked at {looked_at}: {f'{ill} with something to mend' if ill else 'all is well'}"


def _real_tools() -> HealthTools:
    from belfry.addresses import kafka_bootstrap
    from belfry.subscriptions.checker import shipped_checker
    from belfry.subscriptions.checks import marked
    from belfry.subscriptions.kafka_store import KafkaSubscriptionStore

    ours = settings()
    store = KafkaSubscriptionStore(kafka_bootstrap(ours), ours.topics.subscriptions)
    checker = shipped_checker()
    return HealthTools(store.load, _known, lambda one: marked(one, checker), lambda: datetime.now(UTC))


def _known(now: datetime, days: int) -> "Known":
    from belfry.addresses import kafka_bootstrap
    from belfry.notify.health import Known
    from belfry.notify.ledger import ledger
    from belfry.notify.records import Head, Item, subscription_of

    ours = settings()
    heads: dict[str, Head] = {}
    items: dict[str, list[Item]] = defaultdict(list)
    for key, record in ledger(ours.home, kafka_bootstrap(ours), ours.topics, [b"h\x1f", b"i\x1f"]).items():
        if isinstance(record, Head):
            heads[subscription_of(key)] = record
        elif isinstance(record, Item):
            items[record.subscription_id].append(record)
    return Known(asyncio.run(_rings(now, days)), heads, items, _warnings())


async def _rings(now: datetime, days: int) -> "Mapping[str, Rings]":
    from belfry.cli.alerts import real_finder
    from belfry.notify.health import Rings

    async with real_finder() as finder:
        in_all = await finder.rung_since(now - timedelta(days=days))
        today = await finder.rung_since(now - timedelta(days=1))
    return {id_: Rings(rung.count, today[id_].count if id_ in today else 0) for id_, rung in in_all.items()}


def _warnings() -> Callable[[str], Iterator[str]]:
    from belfry.cli.query import LANGUAGES
    from processors.matching.meanings import shipped_meanings
    from processors.matching.parse import parse
    from processors.matching.vocabulary import ListedWords
    from processors.matching.warnings_ import warnings

    meanings, vocabulary = shipped_meanings(), ListedWords(LANGUAGES)

    def of(query: str) -> Iterator[str]:
        for warning in warnings(parse(query), vocabulary=vocabulary, entities=meanings):
            yield f"column {warning.column}: {warning.message} ({warning.code})"

    return of
