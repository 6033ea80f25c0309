"""`belfry subscriptions`: what rings, for whom, and how it is changed.

Every command loads what the topic holds, works out what to write, and writes only when all of it can be used: with
exit code 2 nothing was changed.
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from pydantic import ValidationError

from belfry.cli import subscription_output as output
from belfry.cli.subscription_channels import template_problems, unsendable, unsent
from belfry.settings import Settings, settings
from belfry.subscriptions.checks import Checker, marked, problems
from belfry.subscriptions.definition import Definition, definition_fields, problems_of
from belfry.subscriptions.store import SubscriptionStore
from schemas.errors import BelfryError, InputProblem, UsageError
from schemas.subscriptions import Subscription

if TYPE_CHECKING:
    from processors.subscription_book import SubscriptionBook

MAX_IMPORT_BYTES = 512 * 1024 * 1024
SHOWN_PROBLEMS = 20

app = typer.Typer(
    help="What rings, for whom: add, list, show, edit, pause, resume, remove, import, export, test.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@dataclass(frozen=True)
class Tools:
    """What the commands work with; tests give their own."""

    store: SubscriptionStore
    checker: Checker
    now: Callable[[], datetime]
    settings: Callable[[], Settings] = settings


def _tools(context: typer.Context) -> Tools:
    """The tools that the caller gave, else the real ones: Kafka, the matcher, the clock."""
    given = cast("object", context.obj)
    if isinstance(given, Tools):
        return given
    from belfry.subscriptions.checker import shipped_checker

    return Tools(_InstallationStore(), shipped_checker(), lambda: datetime.now(UTC))


class _InstallationStore:
    """The topic of this installation, which is looked for when it is needed: what was typed wrong is said without it."""

    def load(self) -> "SubscriptionBook":
        """See SubscriptionStore. Raises UsageError where no Kafka is known."""
        return self._found().load()

    def save(self, subscriptions: Iterable[Subscription]) -> None:
        """See SubscriptionStore."""
        self._found().save(subscriptions)

    def remove(self, ids: Iterable[str]) -> None:
        """See SubscriptionStore."""
        self._found().remove(ids)

    def _found(self) -> SubscriptionStore:
        from belfry.addresses import kafka_bootstrap
        from belfry.subscriptions.kafka_store import KafkaSubscriptionStore

        ours = settings()
        return KafkaSubscriptionStore(kafka_bootstrap(ours), ours.topics.subscriptions)


Id = Annotated[str, typer.Option("--id", help="short and unique; letters, digits, - . _ and the like", metavar="ID")]
Query = Annotated[str | None, typer.Option("--query", help="in the alert language; see `belfry query explain`")]
To = Annotated[
    list[str] | None,
    typer.Option("--to", metavar="URL", help="https://… (webhook), mailto:…, or any address of apprise; repeatable"),
]
Name = Annotated[str | None, typer.Option("--name", help="what people call it")]
Owner = Annotated[str | None, typer.Option("--owner", help="who is told when something is wrong with it")]
Throttle = Annotated[str | None, typer.Option("--throttle", metavar="N/hour|N/day", help="at most so many bells")]
Digest = Annotated[str | None, typer.Option("--digest", metavar="hourly|daily|weekly", help="one message, not many")]
QuietHours = Annotated[str | None, typer.Option("--quiet-hours", metavar="HH:MM-HH:MM", help="no bell then")]
TimeZone = Annotated[str | None, typer.Option("--time-zone", metavar="Area/City", help="of digests and quiet hours")]
Language = Annotated[str | None, typer.Option("--language", metavar="nl|en|…", help="of its examples and its messages")]
Match = Annotated[list[str] | None, typer.Option("--match", metavar="TEXT", help="a text it must match; repeatable")]
NoMatch = Annotated[list[str] | None, typer.Option("--no-match", metavar="TEXT", help="a text it must not match")]
Ids = Annotated[list[str], typer.Argument(metavar="ID…")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object a line")]


@app.command()
def add(
    context: typer.Context,
    id_: Id,
    query: Annotated[str, typer.Option("--query", help="in the alert language; see `belfry query explain`")],
    to: To = None,
    name: Name = None,
    owner: Owner = None,
    throttle: Throttle = None,
    digest: Digest = None,
    quiet_hours: QuietHours = None,
    time_zone: TimeZone = None,
    language: Language = None,
    match: Match = None,
    no_match: NoMatch = None,
    paused: Annotated[bool, typer.Option("--paused", help="silent until it is resumed")] = False,
) -> None:
    """Add a subscription. It rings for what is fetched from now on."""
    from belfry.subscriptions.changes import added

    tools = _tools(context)
    given = _given(to, name, owner, throttle, digest, quiet_hours, time_zone, language)
    examples = {"match": match or (), "no_match": no_match or ()}
    definition = _definition({"id": id_, "query": query, "paused": paused, "examples": examples, **given})
    unusable = unsendable(definition.channels, tools.settings, look_up=True)
    _refuse([*problems(definition, tools.checker), *unusable], f"{id_} is not added")
    if id_ in tools.store.load():
        raise UsageError(f"there is a subscription {id_} already: change it with `belfry subscriptions edit {id_} …`")
    subscription = added(definition, tools.now())
    tools.store.save([subscription])
    typer.echo(f"added {id_}{', paused' if paused else ''}")


@app.command()
def edit(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID")],
    query: Query = None,
    to: To = None,
    name: Name = None,
    owner: Owner = None,
    throttle: Throttle = None,
    digest: Digest = None,
    quiet_hours: QuietHours = None,
    time_zone: TimeZone = None,
    language: Language = None,
    match: Match = None,
    no_match: NoMatch = None,
) -> None:
    """Change what is given and leave the rest. Lists (--to, --match, --no-match) are replaced; '' clears an option."""
    from belfry.subscriptions.changes import edited

    tools = _tools(context)
    before = _known(tools.store.load(), [id_])[0]
    given = _given(to, name, owner, throttle, digest, quiet_hours, time_zone, language)
    if query is not None:
        given["query"] = query
    examples = {
        name: _cleared(texts) for name, texts in (("match", match), ("no_match", no_match)) if texts is not None
    }
    if examples:
        given["examples"] = before.examples.model_copy(update=examples)
    if not given:
        raise UsageError(
            f"nothing to change in {id_}: give at least one option, see `belfry subscriptions edit --help`"
        )
    definition = _definition({**definition_fields(before), **given})
    # An address that was saved before stands in the way of no other change.
    unusable = unsendable(definition.channels, tools.settings, look_up=True) if "channels" in given else ()
    _refuse([*problems(definition, tools.checker), *unusable], f"{id_} is not changed")
    after = edited(before, definition, tools.now())
    _save_changed(tools, [before], [after], "changed")


@app.command()
def pause(context: typer.Context, ids: Ids) -> None:
    """Silence subscriptions until they are resumed."""
    from belfry.subscriptions.changes import paused

    tools = _tools(context)
    before = _known(tools.store.load(), ids)
    _save_changed(tools, before, [paused(subscription) for subscription in before], "paused")


@app.command()
def resume(context: typer.Context, ids: Ids) -> None:
    """Set paused subscriptions going again, from now on: what they missed doesn't ring."""
    from belfry.subscriptions.changes import resumed

    tools = _tools(context)
    before = _known(tools.store.load(), ids)
    _refuse(
        [f"{one.id}: {problem}" for one in before if one.paused for problem in problems(one, tools.checker)],
        "none is resumed",
    )
    now = tools.now()
    _save_changed(tools, before, [resumed(subscription, now) for subscription in before], "resumed")


@app.command()
def remove(context: typer.Context, ids: Ids) -> None:
    """Remove subscriptions for good, unreadable ones too. Pausing keeps them."""
    tools = _tools(context)
    book = tools.store.load()
    _refuse_unknown(book, [id_ for id_ in ids if id_ not in book])
    unique = list(dict.fromkeys(ids))
    tools.store.remove(unique)
    for id_ in unique:
        typer.echo(f"removed {output.visible(id_)}")


@app.command("list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """Show every subscription, with what keeps it from ringing."""
    tools = _tools(context)
    book = tools.store.load()
    subscriptions = [marked(one, tools.checker) for one in _by_id(book.subscriptions)]
    lines = output.json_list(subscriptions, book) if as_json else output.table(subscriptions, book)
    for line in lines:
        typer.echo(line)


@app.command()
def show(
    context: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID")],
    as_json: AsJson = False,
    secret: Annotated[bool, typer.Option("--secret", help="only what its webhooks are signed with")] = False,
) -> None:
    """Show all of one subscription, or the secret that its webhooks are signed with."""
    tools = _tools(context)
    known = _known(tools.store.load(), [id_])[0]
    if secret:
        from belfry.notify.keys import installation_key, webhook_secret

        found = webhook_secret(installation_key(tools.settings()), id_)
        typer.echo(json.dumps({"id": id_, "secret": found}) if as_json else found)
        return
    subscription = marked(known, tools.checker)
    for line in [subscription.model_dump_json()] if as_json else output.details(subscription):
        typer.echo(line)


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="JSON lines, or YAML by its ending .yaml")],
) -> None:
    """Add and change subscriptions from a file. With any line that can't be used, nothing is changed."""
    from belfry.subscriptions.changes import imported
    from belfry.subscriptions.exchange import read_definitions

    data = _read(file)
    tools = _tools(context)
    now = tools.now()
    lines, unreadable = read_definitions(data, file, now)
    wrong = [*unreadable, *_unusable(file, ((line.number, line.definition) for line in lines), tools)]
    wrong.sort(key=lambda problem: problem.line or 0)
    _refuse([str(problem) for problem in wrong], f"nothing of {file} is imported")
    existing = tools.store.load().subscriptions
    after = [imported(line.definition, existing, now) for line in lines]
    changed = [subscription for subscription in after if existing.get(subscription.id) != subscription]
    tools.store.save(changed)
    new = sum(subscription.id not in existing for subscription in changed)
    typer.echo(f"imported {len(after)}: {new} new, {len(changed) - new} changed, {len(after) - len(changed)} unchanged")


@app.command("export")
def export_(
    context: typer.Context,
    format_: Annotated[str, typer.Option("--format", metavar="jsonl|yaml")] = "jsonl",
) -> None:
    """Print every subscription, as `import` takes it."""
    from belfry.subscriptions.exchange import json_lines, yaml_items

    writers = {"jsonl": json_lines, "yaml": yaml_items}
    if format_ not in writers:
        raise UsageError(f"--format is jsonl or yaml, not {format_!r}")
    book = _tools(context).store.load()
    for text in writers[format_](_by_id(book.subscriptions)):
        typer.echo(text, nl=False)
    if book.unreadable:
        missing = "; ".join(f"{output.visible(one.id)} ({one.reason})" for one in book.unreadable.values())
        raise BelfryError(f"exported all but what can't be read: {missing}. Import these again, or remove them")


@app.command("test")
def run_tests(
    context: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID…]", help="all unless given")] = None,
    send: Annotated[bool, typer.Option("--send", help="send a test message to every channel of ID…")] = False,
) -> None:
    """Check queries and examples against this version of Belfry. Ends with 1 if any fails."""
    tools = _tools(context)
    if send and not ids:
        raise UsageError("--send sends to people: name the subscriptions, `belfry subscriptions test --send ID…`")
    book = tools.store.load()
    failed = 0
    faults = template_problems(tools.settings(), tools.now()) if send else ()
    for fault in faults:
        typer.echo(f"FAILED {output.visible(fault)}")
    for subscription in _known(book, ids) if ids else _by_id(book.subscriptions):
        found = [
            *problems(subscription, tools.checker),
            *(unsent(subscription, tools.settings, tools.now()) if send else ()),
        ]
        failed += bool(found)
        for line in output.test_lines(subscription, found):
            typer.echo(line)
    for record in () if ids else book.unreadable.values():
        failed += 1
        typer.echo(f"FAILED {output.visible(record.id)}: can't be read: {output.visible(record.reason)}")
    wrong = [f"{failed} of the subscriptions do not work: mend them with `belfry subscriptions edit`"] if failed else []
    if faults:
        wrong.append("BELFRY_TEMPLATES can't be used as it is: mend the template")
    if wrong:
        raise BelfryError("; ".join(wrong))


def _given(
    to: list[str] | None,
    name: str | None,
    owner: str | None,
    throttle: str | None,
    digest: str | None,
    quiet_hours: str | None,
    time_zone: str | None,
    language: str | None,
) -> dict[str, Any]:
    """The options that were given, by the schema's names; an empty one goes back to its default."""
    texts = {
        "name": name,
        "owner": owner,
        "throttle": throttle,
        "digest": digest,
        "quiet_hours": quiet_hours,
        "time_zone": time_zone,
        "language": language,
    }
    given: dict[str, Any] = {
        field: text or Definition.model_fields[field].default for field, text in texts.items() if text is not None
    }
    if to is not None:
        given["channels"] = _cleared(to)
    return given


def _cleared(values: Sequence[str]) -> tuple[str, ...]:
    return () if list(values) == [""] else tuple(values)


def _definition(fields: Mapping[str, Any]) -> Definition:
    try:
        return Definition.model_validate(fields)
    except ValidationError as error:
        raise UsageError("; ".join(problems_of(error))) from error


def _known(book: "SubscriptionBook", ids: Iterable[str]) -> list[Subscription]:
    """The subscriptions of these ids, each once. Raises UsageError that names the unknown and what is near them."""
    unique = list(dict.fromkeys(ids))
    for id_ in unique:
        if id_ in book.unreadable:
            raise UsageError(
                f"{output.visible(id_)} can't be read: {book.unreadable[id_].reason}. Import it again, or remove it"
            )
    _refuse_unknown(book, [id_ for id_ in unique if id_ not in book.subscriptions])
    return [book.subscriptions[id_] for id_ in unique]


def _refuse_unknown(book: "SubscriptionBook", unknown: Sequence[str]) -> None:
    if not unknown:
        return
    ids = [*book.subscriptions, *book.unreadable]
    near = get_close_matches(unknown[0][:128], ids, n=3, cutoff=0.5)
    remedy = f"the nearest: {', '.join(near)}" if near else "`belfry subscriptions list` shows all"
    raise UsageError(f"there is no subscription {', '.join(map(output.visible, unknown))}; {remedy}")


def _by_id(subscriptions: Mapping[str, Subscription]) -> list[Subscription]:
    return [subscriptions[id_] for id_ in sorted(subscriptions)]


def _refuse(wrong: Sequence[str], outcome: str) -> None:
    if not wrong:
        return
    shown = list(wrong[:SHOWN_PROBLEMS])
    if len(wrong) > len(shown):
        shown.append(f"… and {len(wrong) - len(shown)} more")
    raise UsageError("\n".join((f"{outcome}:" if len(shown) > 1 else f"{outcome}: {shown.pop()}", *shown)))


def _save_changed(tools: Tools, before: list[Subscription], after: list[Subscription], verb: str) -> None:
    tools.store.save([new for old, new in zip(before, after, strict=True) if new is not old])
    for old, new in zip(before, after, strict=True):
        typer.echo(f"{verb} {new.id} (version {new.version})" if new is not old else f"{new.id} is so already")


def _read(file: str) -> bytes:
    """The import's bytes, bounded. Raises UsageError."""
    try:
        with sys.stdin.buffer if file == "-" else Path(file).open("rb") as stream:
            data = stream.read(MAX_IMPORT_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{file} can't be read: {error.strerror or error}") from error
    if len(data) > MAX_IMPORT_BYTES:
        raise UsageError(f"{file} has more than {MAX_IMPORT_BYTES:,} bytes: import it in parts")
    return data


def _unusable(file: str, lines: Iterable[tuple[int, Definition]], tools: Tools) -> Iterable[InputProblem]:
    for number, definition in lines:
        for problem in problems(definition, tools.checker):
            remedy = "Correct the query or the example; `belfry query explain` shows what a query means"
            yield InputProblem(file, number, "query", f"{definition.id}: {problem}", remedy)
        for problem in unsendable(definition.channels, tools.settings):
            remedy = "Correct the address, or take it out; docs/channels.md has every form"
            yield InputProblem(file, number, "channel", f"{definition.id}: {problem}", remedy)
