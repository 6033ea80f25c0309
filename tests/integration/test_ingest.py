"""`belfry ingest` as people run it, against the real broker."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from belfry.stack import Stack
from schemas.articles import RawArticle
from schemas.topics import Topics
from tests.integration.kafka_records import records_of

pytestmark = pytest.mark.integration
BELFRY = str(Path(sys.executable).with_name("belfry"))


def environment(bootstrap: str, topics: Topics) -> dict[str, str]:
    return os.environ | {"BELFRY_KAFKA_BOOTSTRAP": bootstrap, "BELFRY_TOPIC_PREFIX": topics.prefix}


def in_topic(bootstrap: str, topic: str) -> list[tuple[str, RawArticle]]:
    """Key and article of every record."""
    return [(key.decode(), RawArticle.decode(value)) for key, value in records_of(bootstrap, topic)]


def run(
    arguments: list[str], bootstrap: str, topics: Topics, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BELFRY, "ingest", *arguments],
        env=environment(bootstrap, topics),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def line(number: int, **fields: object) -> str:
    return json.dumps({"id": f"a{number}", "title": f"Titel {number}", "body": "troepen " * 50} | fields) + "\n"


def test_three_thousand_articles_are_all_there_once(kafka_bootstrap: str, topics: Topics, tmp_path: Path):
    (tmp_path / "a.jsonl").write_text("".join(line(number) for number in range(2_000)))
    (tmp_path / "b.json").write_text(json.dumps([json.loads(line(number)) for number in range(1_990, 3_000)]))

    done = run([str(tmp_path), "--json", "--source", "belga"], kafka_bootstrap, topics)

    assert done.returncode == 0, done.stderr
    account = json.loads(done.stdout)
    assert (account["sent"], account["repeated"], account["refused"]) == (3_000, 10, 0)
    records = in_topic(kafka_bootstrap, topics.raw)
    assert sorted(article.guid or "" for _, article in records) == sorted(f"a{number}" for number in range(3_000))
    assert all(key == article.article_id and article.source == "belga" for key, article in records)


def test_broken_input_is_refused_with_place_and_remedy_and_the_rest_arrives(
    kafka_bootstrap: str, topics: Topics, tmp_path: Path
):
    whole = json.dumps({"title": "goed", "body": "x"})
    (tmp_path / "truncated.jsonl").write_text(f"{whole}\n{whole[:-4]}")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 10)
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "latin1.txt").write_bytes("één\ntwee é".encode("latin-1"))
    (tmp_path / "no_date.json").write_text('{"title": "x", "published_at": "gisteren"}')
    with (tmp_path / "large.txt").open("w") as large:
        for _ in range(50):
            large.write("woord " * 170_000)
    (tmp_path / "last.txt").write_text("Een goed bericht.")

    done = run([str(tmp_path), "--json"], kafka_bootstrap, topics)

    assert done.returncode == 1, done.stderr
    refused = [text for text in done.stderr.splitlines() if text.startswith("refused ")]
    names = ["binary.txt:1", "empty.txt:1", "large.txt:1", "latin1.txt:1", "no_date.json:1", "truncated.jsonl:2"]
    assert [text.split(": ")[0] for text in refused] == [f"refused {tmp_path}/{name}" for name in names]
    assert all(text.count(". ") >= 1 for text in refused)
    account = json.loads(done.stdout)
    assert (account["sent"], account["refused"]) == (2, 6)
    assert {article.title for _, article in in_topic(kafka_bootstrap, topics.raw)} == {"goed", "Een goed bericht."}


def test_a_line_on_standard_input_arrives_while_the_input_stays_open(kafka_bootstrap: str, topics: Topics):
    process = started(kafka_bootstrap, topics)
    assert process.stdin is not None
    process.stdin.write(line(1))
    process.stdin.flush()
    wait_for(lambda: len(in_topic(kafka_bootstrap, topics.raw)) == 1)

    assert process.poll() is None
    out, _ = process.communicate(timeout=30)
    assert json.loads(out)["sent"] == 1


def test_ctrl_c_confirms_what_was_sent_and_says_how_many(kafka_bootstrap: str, topics: Topics):
    process = started(kafka_bootstrap, topics)
    assert process.stdin is not None
    process.stdin.write("".join(line(number) for number in range(500)))
    process.stdin.flush()
    wait_for(lambda: len(in_topic(kafka_bootstrap, topics.raw)) == 500)

    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=30)

    assert process.returncode == 130, errors
    assert json.loads(out) | {"sent": 500, "unconfirmed": 0, "stopped": True} == json.loads(out)


def test_topics_that_are_not_there_are_made_as_they_should_be(kafka_bootstrap: str, topics: Topics):
    elsewhere = Topics(f"{topics.prefix}new.", 4)

    assert run(["-"], kafka_bootstrap, elsewhere, stdin=line(1)).returncode == 0

    assert len(in_topic(kafka_bootstrap, elsewhere.raw)) == 1


def test_a_broker_that_is_killed_and_comes_back_loses_nothing(stack: Stack, kafka_bootstrap: str, topics: Topics):
    process = started(kafka_bootstrap, topics)
    assert process.stdin is not None
    process.stdin.write("".join(line(number) for number in range(1_000)))
    process.stdin.flush()
    wait_for(lambda: len(in_topic(kafka_bootstrap, topics.raw)) >= 1_000)

    os.kill(next(server.pid for server in stack.servers if server.name == "kafka"), signal.SIGKILL)
    process.stdin.write("".join(line(number) for number in range(1_000, 2_000)))
    process.stdin.flush()
    stack.restart("kafka")
    out, errors = process.communicate(timeout=90)

    assert process.returncode == 0, errors
    assert json.loads(out)["sent"] == 2_000
    found = {article.guid for _, article in in_topic(kafka_bootstrap, topics.raw)}
    assert found == {f"a{number}" for number in range(2_000)}


def started(bootstrap: str, topics: Topics) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [BELFRY, "ingest", "-", "--json"],
        env=environment(bootstrap, topics),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(condition: Any, within_s: float = 30) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
