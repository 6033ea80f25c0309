"""Which jars the servers are made of, pinned by size and SHA-256 (coordinates.txt)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

JarSet = Literal["kafka", "elasticsearch", "transport-netty4", "compiler"]
_SETS: tuple[str, ...] = get_args(JarSet)


@dataclass(frozen=True)
class Jar:
    """A pinned jar: its place in a Maven repository, its size in bytes and its SHA-256 in hex."""

    group: str
    artifact: str
    version: str
    size_bytes: int
    sha256: str

    @property
    def name(self) -> str:
        """Its file's name; the same in every repository."""
        return f"{self.artifact}-{self.version}.jar"

    @property
    def path(self) -> str:
        """Its path under a repository's base address."""
        return f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}/{self.name}"


def parsed(text: str) -> dict[str, tuple[Jar, ...]]:
    """The sets in `text`, each in the order given. Raises ValueError that names a line that is none."""
    found: dict[str, list[Jar]] = {name: [] for name in _SETS}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            name, coordinate, size, sha256 = line.split()
            group, artifact, version = coordinate.split(":")
            found[name].append(Jar(group, artifact, version, int(size), sha256))
        except (KeyError, ValueError) as error:
            raise ValueError(f"coordinates, line {number}: not `set group:artifact:version size sha256`") from error
    return {name: tuple(jars) for name, jars in found.items()}


@cache
def jar_sets() -> dict[str, tuple[Jar, ...]]:
    """The pinned jars by set, each set in the order of its class path."""
    return parsed((Path(__file__).parent / "coordinates.txt").read_text(encoding="utf-8"))


def jars(*names: JarSet) -> tuple[Jar, ...]:
    """The jars of the sets, all of them when none is named, in their order."""
    return tuple(jar for name in names or _SETS for jar in jar_sets()[name])


def version_of(group: str, artifact: str) -> str:
    """The pinned version of an artifact. Raises LookupError where there is none."""
    for jar in jars():
        if (jar.group, jar.artifact) == (group, artifact):
            return jar.version
    raise LookupError(f"{group}:{artifact} is not pinned")
