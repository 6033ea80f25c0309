"""A live Lucene Monitor that takes its turns: stopped while it isn't its turn."""

import os
import re
import signal
import subprocess
from pathlib import Path
from types import TracebackType

from material import Material, Queries

_ROUND = re.compile(r"highlights=true docs=\d+ matches=(\d+) docs_per_s=(\d+)")


def jars(material: Material) -> Path:
    """The peer's libraries, fetched once by Maven."""
    folder = material.folder / "jars"
    if not folder.exists():
        pom = str(material.peer / "pom.xml") if material.peer else ""
        command = ["mvn", "-q", "-f", pom, "dependency:copy-dependencies", f"-DoutputDirectory={folder}"]
        subprocess.run(command, check=True, capture_output=True)
    return folder


class Peer:
    """`round` is one of its rounds with spans. Its rounds without spans, which it does before, may be interrupted."""

    def __init__(self, material: Material, queries: Queries, texts: list[str], rounds: int, *, multipass: bool) -> None:
        assert material.peer is not None
        files = material.folder / "run.lucene.txt", material.folder / "run.docs.txt"
        files[0].write_text("\n".join(queries.lucene) + "\n", encoding="utf-8")
        files[1].write_text("\n".join(texts) + "\n", encoding="utf-8")
        command = ["java", "-Xmx3g", "-cp", f"{jars(material)}/*", str(material.peer / "LuceneMonitorBench.java")]
        command += [str(files[0]), str(files[1]), str(rounds), *(["multipass"] if multipass else [])]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def __enter__(self) -> "Peer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()

    def round(self) -> tuple[float, float]:
        """Texts a second, and matches."""
        os.kill(self._process.pid, signal.SIGCONT)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if found := _ROUND.search(line):
                os.kill(self._process.pid, signal.SIGSTOP)
                return float(found[2]), float(found[1])
        raise RuntimeError("the peer has ended")
