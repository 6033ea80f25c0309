"""Which commit was measured, or trained from."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("processors", "lexicon", "models", "schemas")
"""What figures and weights depend on."""


def commit() -> str:
    """The short name of the checkout's commit, with a + where one of `FOLDERS` isn't as committed; "unknown" outside git."""
    head = _git("rev-parse", "--short", "HEAD")
    return (head or "unknown") + ("+" if _git("status", "--porcelain", "--", *FOLDERS) else "")


def _git(*arguments: str) -> str:
    ran = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return ran.stdout.strip()
