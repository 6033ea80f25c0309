"""`belfry worker`: roles alone, against servers that run elsewhere or under `belfry up`."""

import signal
import threading
from collections.abc import Sequence
from types import FrameType

import structlog

from belfry.addresses import elasticsearch_url, kafka_bootstrap
from belfry.role_names import RoleName
from belfry.settings import Settings
from belfry.stack import Addresses
from belfry.stack.topics import create_topics
from belfry.supervisor.children import Children
from belfry.supervisor.log_files import bound_logs
from belfry.supervisor.one import only_worker
from belfry.supervisor.supervise import child_environment, run_dir

_log = structlog.get_logger()
_WATCH_S = 0.2


def run_worker(config: Settings, roles: Sequence[RoleName], instance: str) -> None:
    """Run the roles until SIGTERM or Ctrl-C.

    Raises StackError where a worker of that name runs, KafkaUnavailableError where the topics can't be made sure of.
    """
    addresses = Addresses(kafka_bootstrap(config), elasticsearch_url(config))
    with only_worker(config.home, instance):
        create_topics(addresses.kafka_bootstrap, config.topics.all())
        _run(config, addresses, roles, instance)


def _run(config: Settings, addresses: Addresses, roles: Sequence[RoleName], instance: str) -> None:
    children = Children(
        roles,
        run_dir=run_dir(config.home) / f"worker-{instance}",
        log_dir=config.home / "logs",
        environment=child_environment(config, addresses),
        instance=instance,
    )
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    children.start()
    _log.info("roles started", roles=",".join(roles), instance=instance)
    try:
        while not stopping.wait(_WATCH_S):
            children.watch()
            bound_logs(config.home / "logs")
    finally:
        children.stop()
