"""Where things are: in the cache, which all homes share, and in a home, which one stack has to itself.

CACHE/jars/                     what is downloaded
CACHE/programs/KEY/             what is compiled: launcher.jar, and modules/ for Elasticsearch
CACHE/aot/SERVER-KEY.aot        start-up caches
CACHE/*.lock                    who is downloading, who is training
HOME/kafka/, HOME/elasticsearch/  data and configuration
HOME/logs/                      what the servers say
HOME/stack.lock                 held by the stack that runs here
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cache:
    """The folders of a cache."""

    root: Path

    @property
    def jars(self) -> Path:
        """Downloaded jars."""
        return self.root / "jars"

    @property
    def programs(self) -> Path:
        """Compiled programs, a folder for each version of their source."""
        return self.root / "programs"

    @property
    def aot(self) -> Path:
        """Start-up caches."""
        return self.root / "aot"
