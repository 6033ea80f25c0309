"""The two servers: what each is called, run with, and told. Pure but for writing a server's own folder."""

import base64
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from belfry.stack.coordinates import jars
from belfry.stack.layout import Cache
from belfry.stack.program import SOURCES, class_path, program
from belfry.stack.runtime import java

ServerName = Literal["kafka", "elasticsearch"]

_COMMON = (
    # One desk's load: the small collector and the quick compiler start sooner and take 90 MB less than the defaults.
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    # Nothing outside the home, and nothing in the log that is of no use to whoever reads it after a failure.
    "-XX:-UsePerfData",
    "-Xlog:disable",
    "-Xlog:all=error:stdout",
    "--sun-misc-unsafe-memory-access=allow",
)


@dataclass(frozen=True)
class Ports:
    """What a server listens on: for its clients, and for itself."""

    clients: int
    internal: int


@dataclass(frozen=True)
class Server:
    """One of the two. `arguments` writes what the server reads from its folder, and returns what follows its lock.

    `variable` is the setting of its port; `flags` are Java's.
    """

    name: ServerName
    label: str
    variable: str
    main: str
    flags: tuple[str, ...]
    arguments: Callable[[Cache, Path, Ports], Sequence[str]]


def _kafka_arguments(cache: Cache, folder: Path, ports: Ports) -> Sequence[str]:  # noqa: ARG001 - as the other's
    template = (SOURCES / "server.properties").read_text(encoding="utf-8")
    (folder / "server.properties").write_text(
        template.format(port=ports.clients, controller_port=ports.internal), encoding="utf-8"
    )
    (folder / "log4j2.properties").write_bytes((SOURCES / "log4j2.properties").read_bytes())
    _format(folder / "data")
    return ("server.properties",)


def _elasticsearch_arguments(cache: Cache, folder: Path, ports: Ports) -> Sequence[str]:  # noqa: ARG001
    return (str(program(cache).folder), "data", str(ports.clients), str(ports.internal))


KAFKA = Server(
    name="kafka",
    label="Kafka",
    variable="BELFRY_KAFKA_PORT",
    main="belfry.stack.KafkaBroker",
    flags=("-Xms64m", "-Xmx256m", *_COMMON, "-Dlog4j2.configurationFile=log4j2.properties"),
    arguments=_kafka_arguments,
)
ELASTICSEARCH = Server(
    name="elasticsearch",
    label="Elasticsearch",
    variable="BELFRY_ELASTICSEARCH_PORT",
    main="belfry.stack.ElasticsearchNode",
    flags=("-Xms256m", "-Xmx512m", *_COMMON, "--enable-native-access=ALL-UNNAMED"),
    arguments=_elasticsearch_arguments,
)
SERVERS = (KAFKA, ELASTICSEARCH)


def command(
    server: Server, cache: Cache, *, extra_flags: Sequence[str], parent: int, arguments: Sequence[str]
) -> list[str]:
    """What runs the server in its own folder, for as long as process `parent` lives."""
    return [
        str(java()),
        *server.flags,
        "-Djava.io.tmpdir=tmp",
        *extra_flags,
        "-cp",
        class_path(cache, *jars(server.name)),
        server.main,
        str(parent),
        "server.lock",
        *arguments,
    ]


def _format(data: Path) -> None:
    """What Kafka's own `format` would write: without it a broker refuses the folder."""
    properties = data / "meta.properties"
    if properties.exists():
        return
    data.mkdir(parents=True, exist_ok=True)
    lines = ["version=1", f"cluster.id={kafka_id()}", "node.id=1", f"directory.id={kafka_id()}", ""]
    written = properties.with_suffix(".new")
    written.write_text("\n".join(lines), encoding="ascii")
    written.replace(properties)


def kafka_id() -> str:
    """A new id as Kafka writes them: sixteen random bytes in URL-safe base64, never beginning with a dash."""
    while True:
        found = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
        if not found.startswith("-"):
            return found
