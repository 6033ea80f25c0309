"""`belfry ingest` over a sink in memory: what is said, counted, and ended with."""

import json
import os
import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
import typer
import typer.testing

from belfry.cli.ingest import Tools, ingest
from belfry.cli.interrupts import Interrupts
from producers.sink import ArticleSink
from schemas.articles import RawArticle
from schemas.errors import BelfryError, KafkaUnavailableError, UsageError
from tests.contract.fake_article_sink import FakeArticleSink
from tests.unit.producers_reading import NOW

GOOD = '{"id": "a1", "title": "Titel", "body": "troepen"}\n'


class Desk:
    """A terminal before a sink in memory."""

    def __init__(self, sink: FakeArticleSink | None = None) -> None:
        self.sink = sink or FakeArticleSink()
        self._app = typer.Typer(pretty_exceptions_enable=False)
        self._app.command()(ingest)
        self.code = 0
        self.out = ""
        self.err = ""

    def __call__(self, *arguments: str | Path, stdin: str = "") -> "Desk":
        def opened(waiting: Callable[[float], None]) -> AbstractContextManager[ArticleSink]:
            return nullcontext(self.sink)

        runner = typer.testing.CliRunner()
        result = runner.invoke(self._app, [str(one) for one in arguments], input=stdin, obj=Tools(opened, lambda: NOW))
        if isinstance(result.exception, BelfryError):
            raise result.exception
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        self.code, self.out, self.err = result.exit_code, result.stdout, result.stderr
        return self

    @property
    def account(self) -> dict[str, object]:
        return json.loads(self.out)


def test_the_account_says_what_became_of_everything(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(GOOD + GOOD + "nope\n" + '{"body": "x", "published_at": "2022-13", "score": 1}\n')
    (tmp_path / "b.pdf").write_text("x")
    desk = Desk()(tmp_path)

    assert desk.code == 1
    assert desk.out.splitlines() == [
        "sent 2, repeated 1, refused 1",
        "dates refused 1: each is kept in meta, and the time of reading counts as publication",
        "left out in folders: 1 of another kind (.pdf)",
        "fields that Belfry doesn't know, in so many articles: score (1)",
    ]
    refused, date = desk.err.splitlines()
    assert refused.startswith(f"refused {tmp_path}/a.jsonl:3: not JSON: Expecting value at column 1. Correct it")
    assert date.startswith(f"date refused {tmp_path}/a.jsonl:4: published_at '2022-13' is no date that an article")
    assert date.endswith("Write it as 2022-01-31 or 2022-01-31T09:30:00+01:00, or leave it out.")


def test_with_json_the_account_is_the_one_object_on_standard_output(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(GOOD + GOOD + "nope\n")
    (tmp_path / ".hidden").mkdir()
    desk = Desk()(tmp_path, "--json")

    assert desk.account == {
        "sent": 1,
        "repeated": 1,
        "refused": 1,
        "unconfirmed": 0,
        "dates_refused": 0,
        "left_out": {"hidden": 1},
        "unread": {},
        "stopped": False,
    }
    assert "sent 1, repeated 1, refused 1" in desk.err


def test_all_taken_ends_with_0_and_a_date_that_is_refused_alone_is_no_failure() -> None:
    assert Desk()("-", stdin=GOOD).code == 0
    assert Desk()("-", stdin='{"body": "x", "published_at": "1970-01-01"}').code == 0


def test_the_source_is_for_articles_that_name_none() -> None:
    desk = Desk()("-", "--source", " de  krant ", stdin=GOOD + '{"body": "x", "source": "belga"}')

    assert [one.raw.source for one in desk.sink.written] == ["de krant", "belga"]


@pytest.mark.parametrize("source", ["", "  ", "\u200b", "x" * 101])
def test_a_source_without_a_name_is_wrong_use(source: str) -> None:
    with pytest.raises(UsageError, match="--source"):
        Desk()("-", "--source", source)


def test_without_a_path_it_is_wrong_use() -> None:
    desk = Desk()()

    assert desk.code == 2
    assert desk.sink.written == []


def test_a_dry_run_prints_articles_and_sends_nothing() -> None:
    desk = Desk()("-", "--dry-run", stdin=GOOD + GOOD + "nope\n")

    assert [RawArticle.decode(line.encode()).guid for line in desk.out.splitlines()] == ["a1"]
    assert desk.sink.written == []
    assert (desk.code, desk.err.splitlines()[-1]) == (1, "would send 1, repeated 1, refused 1")


def test_what_a_dry_run_printed_can_be_sent() -> None:
    printed = Desk()("-", "--dry-run", stdin=GOOD).out
    desk = Desk()("-", stdin=printed)

    assert [one.raw.encode() for one in desk.sink.written] == [printed.strip().encode()]


def test_of_many_refused_dates_the_first_are_shown_and_all_are_counted() -> None:
    desk = Desk()(
        "-", "--json", stdin="".join(f'{{"id": {n}, "body": "x", "published_at": "0000-00-00"}}\n' for n in range(50))
    )

    assert desk.err.count("date refused -:") == 20
    assert desk.account["dates_refused"] == 50


def test_when_kafka_goes_away_it_says_what_is_safe_and_from_where_on_it_is_not() -> None:
    sink = FakeArticleSink(under_way=2, fail_after=3, error=KafkaUnavailableError("Kafka is away"))
    desk = Desk(sink)("-", "--json", stdin="".join(f'{{"id": {n}, "body": "x"}}\n' for n in range(10)))

    assert desk.code == 1
    assert desk.account | {"sent": 3, "unconfirmed": 3} == desk.account
    assert "Kafka is away. What is counted as sent is safe; not confirmed is what comes from -:4 on." in desk.err
    assert "sent 3, unconfirmed 3, repeated 0, refused 0" in desk.err


def test_a_name_that_would_command_a_terminal_does_not(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m.txt").write_bytes(b"")
    desk = Desk()(tmp_path)

    assert "\x1b" not in desk.err
    assert "a\\x1b[31m.txt:1: nothing is in it" in desk.err


def test_brackets_in_a_name_are_shown_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "[bold]a.txt").write_bytes(b"")

    assert "[bold]a.txt:1" in Desk()(tmp_path).err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_the_input_is_silent_ends_the_reading(number: signal.Signals) -> None:
    reading, writing = os.pipe()
    threading.Timer(0.2, os.kill, (os.getpid(), number)).start()
    with open(reading, "rb") as stdin, open(writing, "wb"), Interrupts() as interrupts:  # noqa: PTH123 - descriptors
        assert list(interrupts.until_stopped(iter(stdin.readline, b""))) == []
        assert interrupts.exit_code == 128 + number


def test_a_signal_while_an_item_is_worked_on_waits_for_it() -> None:
    done: list[int] = []
    with Interrupts() as interrupts:
        for item in interrupts.until_stopped(range(10)):
            if item == 3:
                os.kill(os.getpid(), signal.SIGINT)
            done.append(item)
        done.append(-1)

    assert done == [0, 1, 2, 3, -1]
    assert interrupts.exit_code == 130


def test_a_second_signal_does_not_wait() -> None:
    with Interrupts() as interrupts:
        items = interrupts.until_stopped(range(10))
        next(items)
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_signals_are_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with Interrupts():
        assert signal.getsignal(signal.SIGINT) != before[0]

    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
