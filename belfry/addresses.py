"""Where Kafka and Elasticsearch are: what the settings say, else what `belfry up` wrote down when it started them."""

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from belfry.settings import Settings
from schemas.errors import UsageError


class StackState(BaseModel):
    """What a running `belfry up` tells other commands of this home. `supervisor_pid` is who keeps it running."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    supervisor_pid: int
    started_at: float
    kafka_bootstrap: str
    elasticsearch_url: str
    web_url: str | None = None
    ready: bool = False


def state_file(home: Path) -> Path:
    """Where the state of this home's stack stands."""
    return home / "state.json"


def write_state(home: Path, state: StackState) -> None:
    """Replace the state in one step, so that a reader never sees half of it."""
    home.mkdir(parents=True, exist_ok=True)
    part = state_file(home).with_suffix(f".{os.getpid()}.part")
    part.write_text(state.model_dump_json(indent=1))
    part.replace(state_file(home))


def read_state(home: Path) -> StackState | None:
    """What the home's stack wrote down, or None where there is nothing (or nothing readable)."""
    try:
        return StackState.model_validate_json(state_file(home).read_bytes())
    except (OSError, ValidationError):
        return None


def kafka_bootstrap(settings: Settings) -> str:
    """Address of the Kafka to use. Raises UsageError where none is configured and none was started here."""
    if settings.kafka_bootstrap:
        return settings.kafka_bootstrap
    return _running(settings, "Kafka", "BELFRY_KAFKA_BOOTSTRAP").kafka_bootstrap


def elasticsearch_url(settings: Settings) -> str:
    """Address of the Elasticsearch to use. Raises UsageError where none is configured and none was started here."""
    if settings.elasticsearch_url:
        return settings.elasticsearch_url
    return _running(settings, "Elasticsearch", "BELFRY_ELASTICSEARCH_URL").elasticsearch_url


def _running(settings: Settings, server: str, variable: str) -> StackState:
    state = read_state(settings.home)
    if state is None:
        raise UsageError(
            f"no {server} is running under {settings.home}: start one with `belfry up`, or set {variable} to yours"
        )
    return state
