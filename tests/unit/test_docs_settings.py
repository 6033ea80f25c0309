"""docs/settings.md names every setting with its default and bounds, and nothing names one that isn't there."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from belfry.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "settings.md"
COMPOSE_ONLY = {"BELFRY_KIBANA_PORT"}
"""Read by `docker compose` alone: `belfry up` runs no Kibana."""


def takes(schema: dict[str, Any]) -> str:
    """What a setting takes, from its JSON schema."""
    kinds = schema.get("anyOf", [schema])
    kind = next(one for one in kinds if one.get("type") != "null")
    if "pattern" in kind:
        return f"text like `{kind['pattern'].replace('|', '&#124;')}`"
    if kind["type"] in {"integer", "number"}:
        name = "whole number" if kind["type"] == "integer" else "number"
        above = f" above {kind['exclusiveMinimum']:g}" if "exclusiveMinimum" in kind else ""
        low, high = kind.get("minimum"), kind.get("maximum")
        bounds = f" {low} to {high}" if high is not None else f" from {low}" if low is not None else ""
        return f"{name}{above}{bounds}"
    by_format = {"path": "folder", "file-path": "file"}
    by_type = {"string": "text", "boolean": "true or false", "array": "list"}
    return by_format.get(kind.get("format", "")) or by_type[kind["type"]]


def row(name: str, schema: dict[str, Any]) -> str:
    field = Settings.model_fields[name]
    default = field.get_default(call_default_factory=True)
    if isinstance(default, Path):
        default = f"~/{default.relative_to(Path.home())}"
    shown = "" if default is None or default == "" else f"`{default}`"
    return f"| `BELFRY_{name.upper()}` | {shown} | {takes(schema)} | {schema['description']} |".replace("|  |", "| |")


def rows() -> list[str]:
    properties = Settings.model_json_schema()["properties"]
    return [row(name, properties[name]) for name in Settings.model_fields]


def test_every_setting_is_documented_as_it_is():
    documented = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| `BELFRY_")]
    assert documented == rows()


def test_every_setting_has_a_sentence_of_its_own():
    descriptions = [field.description for field in Settings.model_fields.values()]
    assert all(descriptions)
    assert len(set(descriptions)) == len(descriptions)


def test_whatever_is_named_like_a_setting_is_one():
    """A setting that was renamed or mistyped in a document, a script or a message."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("needs git and a checkout: clone the repository, install git")
    known = {f"BELFRY_{name.upper()}" for name in Settings.model_fields} | COMPOSE_ONLY
    unknown = {
        f"{name}: {found[0]}"
        for name in listed.stdout.decode().split("\0")
        if name
        and name.endswith((".py", ".md", ".yml", ".yaml", ".toml", "Makefile", "Dockerfile"))
        and not name.startswith("tests/")
        and (ROOT / name).is_file()
        for found in re.finditer(r"\bBELFRY_[A-Z0-9_]*[A-Z0-9]\b", (ROOT / name).read_text())
        if found[0] not in known
    }
    assert unknown == set()
