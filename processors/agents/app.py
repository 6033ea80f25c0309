"""What every role's Faust app shares: settings that were measured to lose nothing, and the way from stream to flow."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingParameterType=false, reportUnknownLambdaType=false
# pyright: reportAttributeAccessIssue=false, reportArgumentType=false, reportPrivateUsage=false

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faust
import structlog
from faust.exceptions import ConsumerNotStarted
from faust.types import TP

from processors.agents.flow import Flow
from processors.agents.records import Record
from schemas.topics import MAX_MESSAGE_BYTES, Topics

_log = structlog.get_logger()

EX_SOFTWARE = 70

_LET_GO_WITHIN_S = 12.0
"""Well within the rebalance timeout: who takes longer to rejoin is put out of the group."""


@dataclass(frozen=True)
class RoleSettings:
    """What a role's app needs to know.

    `instance` is stable over restarts: the broker knows the worker by it. `datadir` is this worker's own. `worker` is
    its name in figures.
    """

    role: str
    kafka_bootstrap: str
    topics: Topics
    datadir: str
    instance: str = "1"
    worker: str = "1"


class EventDelivery:
    """A Faust event, read without automatic acknowledgement."""

    def __init__(self, app: Any, event: Any) -> None:
        message = event.message
        self.record = Record(
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            key=message.key,
            value=message.value,
            headers=_headers(message.headers),
        )
        self._app = app
        self._event = event

    def ack(self) -> None:
        """Tell Faust that the record is done; it commits in the background."""
        self._event.ack()

    def is_ours(self) -> bool:
        """Whether the record's partition is still assigned to this worker."""
        return TP(self.record.topic, self.record.partition) in self._app.consumer.assignment()


def _headers(headers: Any) -> dict[str, bytes]:
    pairs = headers.items() if isinstance(headers, dict) else headers or ()
    return {str(name): bytes(value) for name, value in pairs if value is not None}


def role_app(settings: RoleSettings) -> Any:
    """A Faust app for one role, its own consumer group, with nothing that could lose a record or open a port."""
    Path(settings.datadir).mkdir(parents=True, exist_ok=True)  # Faust makes the last folder only
    app = faust.App(
        f"{settings.topics.prefix}{settings.role}",
        broker=[f"kafka://{address}" for address in settings.kafka_bootstrap.split(",")],
        key_serializer="raw",
        value_serializer="raw",
        store="memory://",
        datadir=settings.datadir,
        autodiscover=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        topic_partitions=settings.topics.partitions,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=f"{settings.topics.prefix}{settings.role}-{settings.instance}",
        consumer_max_fetch_size=MAX_MESSAGE_BYTES + 1024,
        broker_commit_every=1000,
        broker_commit_interval=1.0,
        broker_session_timeout=10,
        broker_heartbeat_interval=2,
        broker_rebalance_timeout=20,
        # A long outage isn't a reason to be put out of the group: nothing is fetched while a batch waits for its end.
        broker_max_poll_interval=6 * 3600.0,
        # Waiting for the streams to run empty hangs shutdown for 45 s during an outage; what is unacknowledged is read again.
        stream_wait_empty=False,
        web_enabled=False,
        worker_redirect_stdouts=False,
        # Faust's own logging would replace ours.
        loghandlers=[],
    )
    app.conf.web_enabled = False
    return app


def attach(app: Any, flows: Iterable[tuple[str, Flow]]) -> None:
    """Make `app` read each topic (raw bytes) through its flow. If one fails, the process ends without a commit."""
    given = list(flows)
    for topic_name, flow in given:
        _attach(app, topic_name, flow)

    @app.on_partitions_revoked.connect
    async def let_go(*_: Any, **__: Any) -> None:
        await asyncio.gather(*(flow.let_go(_LET_GO_WITHIN_S) for _, flow in given))

    _ = let_go


def owned(app: Any, topic_name: str) -> list[int]:
    """The partitions of the topic that this worker has now; none while it starts."""
    return sorted(tp.partition for tp in _assigned(app) if tp.topic == topic_name)


def settled(app: Any) -> bool:
    """Whether the worker has joined its group and has its share of the partitions (which may be none)."""
    if not app.started or app.rebalancing:
        return False
    return bool(_assigned(app)) or bool(app.unassigned)


def _assigned(app: Any) -> set[Any]:
    """On a busy machine, tasks and the heartbeat run before the consumer does."""
    try:
        return app.consumer.assignment()
    except ConsumerNotStarted:
        return set()


def lag(app: Any, topic_names: Sequence[str]) -> int:
    """How many records of the topics, in this worker's partitions, aren't committed yet."""
    consumer = app.consumer
    total = 0
    for tp in _assigned(app):
        try:
            end, done = consumer.highwater(tp), consumer._committed_offset.get(tp)
        except (AssertionError, AttributeError):  # given to another one since: the consumer has a thread of its own
            continue
        if tp.topic in topic_names and end is not None and done is not None:
            total += max(0, end - done)
    return total


def _attach(app: Any, topic_name: str, flow: Flow) -> None:
    topic = app.topic(topic_name, key_serializer="raw", value_serializer="raw", key_type=bytes, value_type=bytes)

    @app.agent(topic, name=f"{app.conf.id}:{topic_name}", concurrency=1)
    async def read(stream: Any) -> None:
        await flow.feed(_deliveries(app, stream))

    @app.task()
    async def run() -> None:
        await run_to_the_end(flow)

    _ = read, run


async def _deliveries(app: Any, stream: Any) -> AsyncIterator[EventDelivery]:
    async for event in stream.noack().events():
        yield EventDelivery(app, event)


async def run_to_the_end(flow: Flow) -> None:
    """Run a flow; when it fails, end the process at once, so that nothing unprocessed can be acknowledged."""
    await run_or_exit(flow.name, flow.run)


async def run_or_exit(role: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do work that never ends by itself; when it fails, end the process at once, with nothing acknowledged."""
    try:
        await work()
    except asyncio.CancelledError:
        raise
    except BaseException as error:  # noqa: BLE001 whatever it is, nothing may be acknowledged after it
        _log.critical("role gave up; its supervisor starts it anew", role=role, error=repr(error), exc_info=True)
        # Not sys.exit: on an orderly way out Faust would commit, and acknowledge what a cancelled agent held.
        os._exit(EX_SOFTWARE)
