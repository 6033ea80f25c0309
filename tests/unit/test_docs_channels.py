"""docs/channels.md: its examples run, and it names what there is."""

import dataclasses
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from belfry.notify.view import BellView, Copy, MessageView, Part, Passage, Piece
from belfry.notify.webhook import signature
from belfry.settings import Settings
from schemas.alerts import Alert

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
SECRET = "5" * 64
BODY = '{"alert_id": "é"}'.encode()


def block(language: str, containing: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    return next(text for text in blocks if containing in text)


def test_the_check_in_python_tells_genuine_from_forged_and_old():
    names: dict[str, Any] = {}
    exec(block("python", "is_belfrys"), names)
    is_belfrys = cast("Callable[..., bool]", names["is_belfrys"])
    headers = {"Belfry-Timestamp": "1000", "Belfry-Signature": signature(SECRET, 1000, BODY)}
    assert is_belfrys(SECRET, headers, BODY, now=1200)
    assert not is_belfrys(SECRET, headers, BODY + b" ", now=1200)
    assert not is_belfrys("6" * 64, headers, BODY, now=1200)
    assert not is_belfrys(SECRET, headers, BODY, now=2000)
    assert not is_belfrys(SECRET, headers | {"Belfry-Timestamp": "1001"}, BODY, now=1200)


@pytest.mark.parametrize(("secret", "said"), [(SECRET, "genuine"), ("6" * 64, "forged")])
def test_the_check_in_the_shell_tells_genuine_from_forged(tmp_path: Path, secret: str, said: str):
    (tmp_path / "body.json").write_bytes(BODY)
    variables = {"SECRET": secret, "TIMESTAMP": "1000", "SIGNATURE": signature(SECRET, 1000, BODY)}
    ran = subprocess.run(
        ["sh", "-c", block("sh", "openssl")],
        cwd=tmp_path,
        env=variables | {"PATH": "/usr/local/bin:/usr/bin:/bin"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert ran.stdout.strip() == said


def test_the_alert_that_is_shown_is_one_and_has_every_field():
    shown = json.loads(block("json", "alert_id"))
    alert = Alert.model_validate(shown)
    assert json.loads(alert.encode()) == shown
    assert set(shown) == set(Alert.model_fields)
    [excerpt] = alert.excerpts
    assert [excerpt.text[start:end] for start, end in excerpt.marks] == [span.text for span in alert.spans]


def test_every_template_and_everything_that_it_gets_is_named():
    shipped = ROOT / "belfry" / "notify" / "shipped_templates"
    wanted = {path.name for path in shipped.iterdir()}
    for view in (MessageView, BellView, Copy, Part, Passage, Piece):
        wanted |= {field.name for field in dataclasses.fields(view)}
    assert {name for name in wanted if f"`{name}`" not in DOCUMENT} == set()


def test_every_setting_of_deliveries_is_named():
    names = ("allow_addresses", "secret_key_file", "delivery_timeout_s", "mail_from", "unsubscribe_url", "templates")
    names += tuple(name for name in Settings.model_fields if name.startswith("smtp_"))
    assert {name for name in names if f"BELFRY_{name.upper()}" not in DOCUMENT} == set()
