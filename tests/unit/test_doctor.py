import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from belfry import doctor
from belfry.doctor import Finding, findings
from belfry.settings import Settings
from belfry.supervisor.status import Counts, Process, Status


@pytest.fixture
def config(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "deep" / "home", cache=tmp_path / "cache")


def by_check(config: Settings) -> dict[str, Finding]:
    return {finding.check: finding for finding in findings(config)}


def test_a_machine_where_nothing_runs_is_looked_at_without_a_trace(config: Settings, tmp_path: Path):
    found = by_check(config)
    assert {name: found[name].state for name in ("Python", "disk (data)", "Java runtime", "language models")} == {
        "Python": "ok",
        "disk (data)": "ok",
        "Java runtime": "ok",
        "language models": "ok",
    }
    assert (found["server files"].state, found["stack"].state) == ("note", "note")
    assert "belfry up" in found["stack"].remedy
    assert list(tmp_path.iterdir()) == []


def test_whatever_is_not_well_has_a_remedy(config: Settings, monkeypatch: pytest.MonkeyPatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 0, 1_000_000))
    found = by_check(config)
    assert found["disk (cache)"].state == "problem"
    assert "BELFRY_CACHE" in found["disk (cache)"].remedy
    assert all(finding.remedy for finding in found.values() if finding.state != "ok")


@pytest.mark.parametrize("kind", ["file", "read-only"])
def test_a_home_that_cannot_be_written_is_a_problem(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch):
    if kind == "file":
        (tmp_path / "x").write_text("")
    else:
        monkeypatch.setattr(os, "access", lambda *_: False)
    found = by_check(Settings(home=tmp_path / "x" / "home", cache=tmp_path))
    assert found["disk (data)"].state == "problem"
    assert "BELFRY_HOME" in found["disk (data)"].remedy


def test_a_stack_that_does_not_answer_is_a_problem(config: Settings, monkeypatch: pytest.MonkeyPatch):
    silent = Status(
        running=True,
        processes=(Process("enrich", 1, ready=False),),
        kafka="127.0.0.1:9",
        elasticsearch="http://127.0.0.1:9",
        web=None,
        counts=None,
        lag=None,
        problems=("Kafka at 127.0.0.1:9 doesn't answer",),
    )
    monkeypatch.setattr(doctor, "status", lambda _: silent)
    found = by_check(config)
    assert (found["servers"].state, found["servers"].found) == ("problem", "Kafka at 127.0.0.1:9 doesn't answer")
    assert (found["roles"].state, found["roles"].found) == ("problem", "not ready: enrich")


def test_articles_without_an_outcome_are_a_problem_once_nothing_is_on_its_way(
    config: Settings, monkeypatch: pytest.MonkeyPatch
):
    counts = Counts(received=10, repeated=1, indexed=6, dead=1, held=1, alerts=0, delivered=0)
    for waiting, state in ((0, "problem"), (1, "ok")):
        settled = Status(True, (), "k", "e", None, counts, {"enrich": waiting})
        monkeypatch.setattr(doctor, "status", lambda _, settled=settled: settled)
        assert by_check(config)["counts"].state == state


def test_settings_that_keep_messages_from_being_sent_are_problems(config: Settings, tmp_path: Path):
    assert by_check(config)["messages"].state == "ok"
    short = tmp_path / "key"
    short.write_text("short")
    changed = {
        "secret_key_file": short,
        "smtp_user": "belfry",
        "smtp_password_file": tmp_path / "nowhere",
        "templates": tmp_path / "none",
        "mail_from": "a@b..c",
    }
    found = by_check(config.model_copy(update=changed))["messages"]
    assert found.state == "problem"
    for said in ("5 bytes", "BELFRY_SMTP_PASSWORD_FILE", "BELFRY_MAIL_FROM", "is no folder"):
        assert said in found.found
    alone = by_check(config.model_copy(update={"smtp_user": "belfry"}))["messages"]
    assert "without a password" in alone.found
