"""What runs, and what became of every record.

Each record of articles.raw counts once, however often it is read:
- received: the end offsets of articles.raw, which only grow, whatever retention deletes;
- repeated, held: enrich's tallies (processors/counts.py);
- dead: enrich's tallies, and what group or the index refused (distinct dead letters of these stages);
- indexed: what enrich sent on, less what was refused after that, less what the roles group and index have still to read.
So received = repeated + indexed + dead + held once all lag is 0.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from belfry.search.names import IndexNames
from belfry.settings import Settings
from belfry.supervisor.children import read_heartbeats
from belfry.supervisor.detached import running
from belfry.supervisor.figures import IndexFigures, KafkaFigures, index_figures, kafka_figures
from belfry.supervisor.one import supervisor_pid
from belfry.supervisor.supervise import run_dir
from schemas.errors import ServiceError


@dataclass(frozen=True)
class Counts:
    """Since BELFRY_HOME was made. See the module for what each is."""

    received: int
    repeated: int
    indexed: int
    dead: int
    held: int
    alerts: int
    delivered: int

    @property
    def missing(self) -> int:
        """Records that have no outcome yet; 0 once all lag is 0."""
        return self.received - self.repeated - self.indexed - self.dead - self.held


@dataclass(frozen=True)
class Process:
    """A process of the stack."""

    role: str
    pid: int
    ready: bool


@dataclass(frozen=True)
class Status:
    """One look at the stack. `counts` and `lag` are None where a server doesn't answer; `problems` says which."""

    running: bool
    processes: tuple[Process, ...]
    kafka: str | None
    elasticsearch: str | None
    web: str | None
    counts: Counts | None
    lag: Mapping[str, int] | None
    problems: tuple[str, ...] = field(default=())
    starting: bool = False

    def as_json(self) -> dict[str, Any]:
        """As `belfry status --json` prints it."""
        return asdict(self)


def status(config: Settings) -> Status:
    """What runs under the home (or on the servers that the settings name), and the counts."""
    state = running(config.home)
    kafka = config.kafka_bootstrap or (state.kafka_bootstrap if state else None)
    elasticsearch = config.elasticsearch_url or (state.elasticsearch_url if state else None)
    processes = [Process(h.role, h.pid, h.ready) for h in read_heartbeats(run_dir(config.home))]
    if state is not None:
        processes.insert(0, Process("supervisor", state.supervisor_pid, state.ready))
    problems: list[str] = []
    counts: Counts | None = None
    lag: Mapping[str, int] | None = None
    if kafka and elasticsearch:
        try:
            figures = kafka_figures(kafka, config.topics)
            lag = figures.lag
            counts = counted(figures, index_figures(elasticsearch, IndexNames(config.index_prefix)))
        except ServiceError as error:
            problems.append(str(error))
    return Status(
        running=state is not None,
        processes=tuple(processes),
        kafka=kafka,
        elasticsearch=elasticsearch,
        web=state.web_url if state else None,
        counts=counts,
        lag=lag,
        problems=tuple(problems),
        starting=supervisor_pid(config.home) is not None and (state is None or not state.ready),
    )


def counted(figures: KafkaFigures, index: IndexFigures) -> Counts:
    """The counts from what Kafka and the index know."""
    tally = figures.tally
    return Counts(
        received=figures.received,
        repeated=tally.repeated,
        indexed=max(0, tally.forwarded - index.refused - figures.lag["group"] - figures.lag["index"]),
        dead=tally.dead + index.refused,
        held=tally.held,
        alerts=index.alerts,
        delivered=figures.delivered,
    )
