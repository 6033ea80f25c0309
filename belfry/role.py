"""One role in one process: `python -m belfry.role ROLE`. Started, watched and restarted by the supervisor.

It tells its supervisor how it is in a file (pid, ready, figures), and ends when its standard input ends: the supervisor
holds the other end, so nothing stays behind when that one is killed.
"""

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from datetime import time as clock_time
from datetime import timedelta
from pathlib import Path

import faust
import orjson
import structlog
from kafka.errors import KafkaError

from belfry.addresses import elasticsearch_url, kafka_bootstrap
from belfry.logs import configure_logging
from belfry.priority import behind_bells
from belfry.role_names import ROLES, RoleName
from belfry.settings import Settings, settings
from belfry.stack.admin import kafka_admin
from belfry.supervisor.one import only_process
from processors.agents.app import EX_SOFTWARE, RoleSettings
from processors.agents.flow import FlowLimits
from processors.agents.role import Role, turn
from schemas.errors import BelfryError

_HEARTBEAT_S = 0.5
_KAFKA_WITHIN_S = 30.0
_KAFKA_AGAIN_S = 1.0
_NEVER_LATE_S = 3600.0
_log = structlog.get_logger()


def make_role(name: RoleName, config: Settings, instance: str) -> Role:
    """The role `name`, ready to run. Only what it needs is imported: starting anew should take a second or two."""
    role_settings = RoleSettings(
        role=name,
        kafka_bootstrap=kafka_bootstrap(config),
        topics=config.topics,
        datadir=str(config.home / "faust" / f"{name}-{instance}"),
        instance=instance,
        worker=f"{socket.gethostname()}-{instance}",
    )
    limits = FlowLimits(batch_size=config.batch_size, linger_s=config.linger_ms / 1000)
    if name == "enrich":
        from processors.agents.enrich_role import enrich_role

        versions_id = _topic_id(role_settings.kafka_bootstrap, config.topics.versions)
        return enrich_role(
            role_settings,
            limits,
            article_limit_s=config.enrich_timeout_s,
            versions_id=versions_id,
            names=config.name_models,
        )
    if name == "group":
        from processors.agents.group_role import group_role

        window = timedelta(days=config.story_days)
        return group_role(role_settings, limits, window=window, at_most=config.story_articles)
    if name == "index":
        from belfry.search.sink import ElasticsearchIndex
        from processors.agents.index_role import index_role

        return index_role(role_settings, limits, ElasticsearchIndex(elasticsearch_url(config), config.index_prefix))
    if name == "notify":
        return _notify(config, role_settings, limits)
    from processors.agents.match_role import match_role
    from processors.matching.matcher import shipped_matcher

    return match_role(role_settings, limits, shipped_matcher())


def _notify(config: Settings, role_settings: RoleSettings, limits: FlowLimits) -> Role:
    from belfry.notify.channel import Channels
    from belfry.notify.lanes import RetryRules
    from belfry.notify.pace import Rules
    from belfry.notify.role import NotifySettings, notify_role

    bootstrap, topics = role_settings.kafka_bootstrap, config.topics
    channels = Channels(config)
    notify = NotifySettings(
        channel_for=channels,
        close_channels=channels.close,
        alerts_id=_topic_id(bootstrap, topics.alerts),
        state_id=_topic_id(bootstrap, topics.notify_state),
        rules=Rules(
            digest_at=clock_time.fromisoformat(config.digest_at),
            flood_per_hour=config.flood_per_hour,
            late_after=timedelta(seconds=max(config.retry_for_s, _NEVER_LATE_S)),
        ),
        retry=RetryRules(
            first_s=config.retry_first_s,
            longest_s=max(config.retry_first_s, config.retry_longest_s),
            give_up_after_s=config.retry_for_s,
            width=config.deliveries_at_once,
        ),
    )
    return notify_role(role_settings, limits, notify)


def _topic_id(bootstrap: str, topic: str) -> str:
    """What tells a topic from one of the same name that was made later.

    Waits for Kafka, and for a topic that was made a moment ago and isn't known to every broker yet: a role that ended
    because they are slow would only begin again.
    """
    while True:
        try:
            with kafka_admin(bootstrap, within_s=_KAFKA_WITHIN_S) as admin:
                [described] = admin.describe_topics([topic])
            if described["topic_id"] is not None:
                return str(described["topic_id"])
            why = f"it doesn't know {topic}"
        except (KafkaError, OSError) as error:
            why = repr(error)
        _log.warning("Kafka is waited for", kafka=bootstrap, error=why)
        time.sleep(_KAFKA_AGAIN_S)


def run(name: RoleName, config: Settings, instance: str, heartbeat: Path) -> None:
    """Run the role until SIGTERM or the end of standard input."""
    threading.Thread(target=_end_with_supervisor, daemon=True, name="end-with-supervisor").start()
    with only_process(config.home, name, instance):
        role = make_role(name, config, instance)
        if name == "index":
            behind_bells()
        turn(role)
        threading.Thread(target=_beat, args=(role, heartbeat), daemon=True, name="heartbeat").start()
        worker = faust.Worker(role.app, loglevel="WARNING", quiet=True)
        worker.spinner = None  # it writes control characters into the log
        try:
            worker.execute_from_commandline()
        finally:
            for close in role.closers:
                close()


def _end_with_supervisor() -> None:
    while os.read(0, 4096):  # not sys.stdin, whose lock a thread mustn't hold when Python ends
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(10)
    os._exit(EX_SOFTWARE)


def _beat(role: Role, heartbeat: Path) -> None:
    while True:
        with contextlib.suppress(OSError):  # a full disk: it may have room again
            _write_heartbeat(role, heartbeat, time.time)
        time.sleep(_HEARTBEAT_S)


def _write_heartbeat(role: Role, heartbeat: Path, clock: Callable[[], float]) -> None:
    state = {
        "role": role.name,
        "pid": os.getpid(),
        "ready": role.is_ready(),
        "at": clock(),
        "loop_at": role.loop_at,
        "flows": {
            flow.name: {
                "records": flow.figures.records,
                "retries": flow.figures.retries,
                "outage": flow.figures.outage_since is not None,
            }
            for flow in role.flows
        },
    }
    part = heartbeat.with_suffix(".part")
    part.write_bytes(orjson.dumps(state))
    part.replace(heartbeat)


def main() -> None:
    """Entry of the child process: ROLE INSTANCE HEARTBEAT_FILE."""
    configure_logging()
    name, instance, heartbeat = sys.argv[1:4]
    if name not in ROLES:
        sys.exit(f"belfry: unknown role {name!r}; there are {', '.join(ROLES)}")
    try:
        run(name, settings(), instance, Path(heartbeat))
    except BelfryError as error:
        sys.exit(f"belfry: {error}")


if __name__ == "__main__":
    main()
