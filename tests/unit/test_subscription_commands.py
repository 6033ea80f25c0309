"""`belfry subscriptions …` over a store in memory: what is written, what is shown, what is refused."""

import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer.testing
import yaml

from belfry.cli.subscriptions import Tools, app
from belfry.settings import Settings
from belfry.subscriptions.store import MemorySubscriptionStore
from schemas.errors import BelfryError, QueryError, UsageError
from schemas.subscriptions import Subscription

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Words:
    """A checker of plain words; a query with a bracket is invalid."""

    def check_query(self, query: str) -> None:
        if "(" in query:
            raise QueryError("a bracket is never closed", column=query.index("(") + 1)

    def matches(self, query: str, text: str, language: str | None) -> bool:
        return all(word in text.split() for word in query.split())


class Desk:
    """A terminal over a store; its clock goes one minute a command."""

    def __init__(self, **settings: object) -> None:
        self.store = MemorySubscriptionStore()
        self.now = NOW
        self.settings = Settings.model_validate(settings)
        self._runner = typer.testing.CliRunner()

    def __call__(self, *arguments: str, stdin: str | None = None) -> str:
        """What the command printed. Raises what it raised."""
        self.now += timedelta(minutes=1)
        tools = Tools(self.store, Words(), lambda: self.now, lambda: self.settings)
        result = self._runner.invoke(app, list(arguments), input=stdin, obj=tools)
        if isinstance(result.exception, BelfryError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    def refused(self, *arguments: str, stdin: str | None = None) -> str:
        """The message of a refusal that wrote nothing."""
        before = list(self.store.records)
        with pytest.raises(UsageError) as caught:
            self(*arguments, stdin=stdin)
        assert self.store.records == before
        return str(caught.value)

    def kept(self, id_: str) -> Subscription:
        return self.store.load().subscriptions[id_]

    def put(self, key: bytes, value: bytes | None) -> None:
        self.store.records.append((key, value))


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk("add", "--id", "troops", "--query", "troepen opbouw", "--to", "mailto:desk@example.org")
    return desk


def test_add_keeps_everything_that_was_given():
    desk = Desk()
    desk(
        *("add", "--id", "troops", "--query", "troepen", "--to", "mailto:a@b.c", "--to", "https://b.c/hook"),
        *("--name", "Troop build-up", "--owner", "foreign desk", "--throttle", "5/h", "--digest", "daily"),
        *("--quiet-hours", "22:00-7:00", "--time-zone", "Europe/Brussels", "--language", "nl", "--paused"),
        *("--match", "nieuwe troepen", "--match", "troepen weg", "--no-match", "tanks"),
    )
    expected = {
        "id": "troops",
        "version": 1,
        "query": "troepen",
        "name": "Troop build-up",
        "owner": "foreign desk",
        "channels": ["mailto:a@b.c", "https://b.c/hook"],
        "throttle": "5/hour",
        "digest": "daily",
        "quiet_hours": "22:00-07:00",
        "time_zone": "Europe/Brussels",
        "language": "nl",
        "paused": True,
        "created_at": NOW + timedelta(minutes=1),
        "examples": {"match": ["nieuwe troepen", "troepen weg"], "no_match": ["tanks"]},
    }
    assert desk.kept("troops") == Subscription.model_validate(expected)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--id", "troops", "--query", "x"], "belfry subscriptions edit troops"),
        (["--id", "new", "--query", "a (b"], "column 3: a bracket is never closed"),
        (["--id", "new", "--query", "x", "--to", "desk@example.org"], "write 'mailto:desk@example.org'"),
        (["--id", "new", "--query", "x", "--digest", "yearly"], "digest: "),
        (["--id", "new", "--query", "x", "--time-zone", "Europe/Brusels"], "Europe/Brussels"),
        (["--id", "new one", "--query", "x"], "id: "),
        (["--id", "new", "--query", ""], "query: "),
        (["--id", "new", "--query", "x", "--match", "y"], "example 1 of match does not match: 'y'"),
        (["--id", "new", "--query", "x", "--no-match", "x"], "example 1 of no_match matches: 'x'"),
    ],
)
def test_add_refuses_what_would_not_work(desk: Desk, options: list[str], said: str):
    assert said in desk.refused("add", *options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--query", "kabel* NEAR sabotage"), "query, column 8"),
        (("--query", "kabel", "--to", "http://127.0.0.1/"), "this machine itself"),
        (("--query", "kabel", "--time-zone", "Europe/Amsterdm"), "Europe/Amsterdam"),
        (("--query", "kabel", "--to", "mailto:desk@example.org"), "no Kafka"),
    ],
)
def test_what_was_typed_wrong_is_said_before_kafka_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], said: str
):
    monkeypatch.setenv("BELFRY_HOME", str(tmp_path))
    monkeypatch.delenv("BELFRY_KAFKA_BOOTSTRAP", raising=False)
    result = typer.testing.CliRunner().invoke(app, ["add", "--id", "troops", *options])
    assert isinstance(result.exception, UsageError)
    assert said in str(result.exception)


def test_add_refuses_an_id_whose_record_cannot_be_read(desk: Desk):
    desk.put(b"broken", b"{")
    assert "already" in desk.refused("add", "--id", "broken", "--query", "x")


def test_edit_changes_only_what_is_given(desk: Desk):
    before = desk.kept("troops")
    assert "version 2" in desk("edit", "troops", "--query", "tanks", "--digest", "hourly")
    assert desk.kept("troops") == before.model_copy(update={"query": "tanks", "digest": "hourly", "version": 2})


def test_edit_replaces_lists_and_clears_with_an_empty_value(desk: Desk):
    desk("edit", "troops", "--to", "https://b.c/x", "--digest", "daily", "--time-zone", "Europe/Brussels")
    assert desk.kept("troops").channels == ("https://b.c/x",)
    desk("edit", "troops", "--to", "", "--digest", "", "--time-zone", "")
    kept = desk.kept("troops")
    assert (kept.channels, kept.digest, kept.time_zone) == ((), None, "UTC")


def test_edit_of_one_kind_of_examples_keeps_the_other(desk: Desk):
    desk("edit", "troops", "--match", "troepen opbouw", "--no-match", "tanks")
    desk("edit", "troops", "--match", "opbouw troepen")
    assert desk.kept("troops").examples.match == ("opbouw troepen",)
    assert desk.kept("troops").examples.no_match == ("tanks",)
    desk("edit", "troops", "--no-match", "")
    assert desk.kept("troops").examples.no_match == ()


def test_edit_that_changes_nothing_writes_nothing(desk: Desk):
    written = len(desk.store.records)
    assert "already" in desk("edit", "troops", "--query", "troepen opbouw")
    assert len(desk.store.records) == written


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["troops"], "nothing to change"),
        (["trops", "--query", "x"], "the nearest: troops"),
        (["troops", "--query", "a (b"], "column 3"),
        (["troops", "--match", "tanks"], "example 1 of match"),
        (["troops", "--to", "nowhere"], "channels.0: 'nowhere' has no scheme"),
    ],
)
def test_edit_refuses_what_would_not_work(desk: Desk, options: list[str], said: str):
    assert said in desk.refused("edit", *options)


def test_an_edit_of_the_query_runs_the_examples_that_are_kept(desk: Desk):
    desk("edit", "troops", "--match", "troepen opbouw")
    assert "example 1 of match does not match" in desk.refused("edit", "troops", "--query", "tanks")


def test_pause_and_resume_do_not_ring_for_the_past(desk: Desk):
    desk("add", "--id", "tanks", "--query", "tanks")
    desk("pause", "troops", "tanks", "troops")
    assert [desk.kept(id_).paused for id_ in ("troops", "tanks")] == [True, True]
    desk("resume", "troops")
    assert (desk.kept("troops").paused, desk.kept("troops").resumed_at) == (False, desk.now)
    assert (desk.kept("troops").version, desk.kept("tanks").version) == (3, 2)
    assert "already" in desk("resume", "troops")


def test_resume_refuses_one_that_turned_invalid(desk: Desk):
    broken = desk.kept("troops").model_copy(update={"query": "a (b", "paused": True})
    desk.store.save([broken])
    assert "troops: query, column 3" in desk.refused("resume", "troops")


@pytest.mark.parametrize("command", ["pause", "resume", "remove", "test", "show"])
def test_an_unknown_id_is_refused_with_the_nearest_before_anything_is_done(desk: Desk, command: str):
    ids = ["trops"] if command == "show" else ["troops", "trops"]
    assert "there is no subscription trops; the nearest: troops" in desk.refused(command, *ids)


def test_an_id_like_no_other_points_at_the_list(desk: Desk):
    assert "belfry subscriptions list" in desk.refused("show", "\x1b[2J")


def test_remove_removes_for_good_unreadable_ones_too(desk: Desk):
    desk.put(b"broken", b"{")
    desk("remove", "troops", "broken", "troops")
    assert not desk.store.load().subscriptions
    assert not desk.store.load().unreadable


def test_list_shows_the_state_of_each_and_the_reason_of_the_broken(desk: Desk):
    desk("add", "--id", "quiet", "--query", "tanks", "--paused")
    desk.store.save([desk.kept("troops").model_copy(update={"id": "bad", "query": "a (b"})])
    desk.put(b"broken\x1b", b"{")
    lines = desk("list").splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [
        ["bad", "invalid"],
        ["column", "3:"],
        ["quiet", "paused"],
        ["troops", "rings"],
        ["broken\ufffd", "unreadable"],
    ]


def test_list_of_nothing_says_how_to_begin():
    assert "belfry subscriptions add" in Desk()("list")


def test_list_as_json_is_an_object_a_line_with_marks(desk: Desk):
    desk.store.save([desk.kept("troops").model_copy(update={"id": "bad", "query": "a (b"})])
    desk.put(b"broken", b"{")
    bad, troops, broken = (json.loads(line) for line in desk("list", "--json").splitlines())
    assert bad["invalid"] == "column 3: a bracket is never closed"
    assert Subscription.model_validate(troops) == desk.kept("troops")
    assert broken["id"] == "broken"
    assert broken["unreadable"]


def test_list_as_json_of_nothing_is_nothing():
    assert Desk()("list", "--json") == ""


def test_show_prints_all_and_nothing_that_commands_a_terminal(desk: Desk):
    desk.store.save([desk.kept("troops").model_copy(update={"query": "a\x1b[2J b"})])
    shown = desk("show", "troops")
    assert "a\ufffd[2J b" in shown
    assert "mailto:desk@example.org" in shown
    assert json.loads(desk("show", "troops", "--json"))["query"] == "a\x1b[2J b"


def test_export_and_import_move_everything(desk: Desk, tmp_path: Path):
    desk("add", "--id", "ships", "--query", "schepen", "--match", "schepen", "--paused")
    for format_ in ("jsonl", "yaml"):
        file = tmp_path / f"all.{format_}"
        file.write_text(desk("export", "--format", format_))
        other = Desk()
        assert "imported 2: 2 new, 0 changed, 0 unchanged" in other("import", str(file))
        assert dict(other.store.load().subscriptions) == dict(desk.store.load().subscriptions)
        assert "2 unchanged" in other("import", str(file))


def test_export_as_yaml_is_for_people(desk: Desk):
    exported = yaml.safe_load(desk("export", "--format", "yaml"))
    assert exported[0].keys() == {"id", "query", "channels", "created_at"}


def test_export_says_what_it_could_not(desk: Desk):
    desk.put(b"broken", b"{")
    with pytest.raises(BelfryError, match="broken") as caught:
        desk("export")
    assert not isinstance(caught.value, UsageError)


def test_export_refuses_another_format(desk: Desk):
    assert "jsonl or yaml" in desk.refused("export", "--format", "xml")


def test_import_from_standard_input_edits_what_is_known(desk: Desk):
    lines = '{"id":"troops","query":"tanks"}\n{"id":"new","query":"x"}\n'
    assert "imported 2: 1 new, 1 changed, 0 unchanged" in desk("import", "-", stdin=lines)
    assert (desk.kept("troops").query, desk.kept("troops").version) == ("tanks", 2)


@pytest.mark.parametrize(
    ("bad_line", "said"),
    [
        ("{", "JSON that breaks off"),
        ('{"id":"b","query":"x","query":"y"}', '"query" stands twice in one object'),
        ('["a"]', "a list where a subscription should be"),
        ('{"id":"b","query":"a (b"}', "b: query, column 3"),
        ('{"id":"b","query":"x","examples":{"match":["y"]}}', "b: example 1 of match does not match: 'y'"),
        ('{"id":"b","query":"x","channels":["nowhere"]}', "channels.0: 'nowhere' has no scheme"),
        ('{"id":"a","query":"y"}', "stands on line 1 already"),
    ],
)
def test_one_bad_line_and_nothing_is_imported(desk: Desk, tmp_path: Path, bad_line: str, said: str):
    file = tmp_path / "some.jsonl"
    file.write_text(f'{{"id":"a","query":"x"}}\n{bad_line}\n')
    message = desk.refused("import", str(file))
    assert f"nothing of {file} is imported" in message
    assert f"{file}:2: " in message
    assert said in message


def test_every_bad_line_is_named_in_order_up_to_twenty(desk: Desk, tmp_path: Path):
    file = tmp_path / "some.jsonl"
    file.write_text("".join(f'{{"id":"s{n}","query":"("}}\n{{\n' for n in range(30)))
    lines = desk.refused("import", str(file)).splitlines()
    assert [line.split(":")[1] for line in lines[1:21]] == [str(n) for n in range(1, 21)]
    assert lines[21] == "… and 40 more"


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: None])
def test_a_file_that_cannot_be_read_is_refused(desk: Desk, tmp_path: Path, make: Callable[[Path], None]):
    make(tmp_path / "subs.jsonl")
    assert "can't be read" in desk.refused("import", str(tmp_path / "subs.jsonl"))


def test_test_says_which_examples_fail_and_goes_through_all(desk: Desk):
    desk("edit", "troops", "--match", "troepen opbouw")
    assert desk("test") == "ok     troops: query, 1 example\n"
    desk.store.save([desk.kept("troops").model_copy(update={"id": "a", "query": "tanks"})])
    with pytest.raises(BelfryError, match="1 of the subscriptions"):
        desk("test")
    assert desk("test", "troops").startswith("ok")


def test_test_fails_on_what_cannot_be_read(desk: Desk):
    desk.put(b"broken", b"{")
    with pytest.raises(BelfryError, match="1 of the subscriptions"):
        desk("test")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:8080/hook", "this machine itself. BELFRY_ALLOW_ADDRESSES"),
        ("https://169.254.169.254/latest", "a metadata service"),
        ("http://2130706433/", "this machine itself"),
        ("mailto:a@b.c?bcc=d@e.f", "not 'bcc'"),
        ("slack://nothing", "no complete address of Slack"),
        ("slakc://a/b/c", "nearest: slack://"),
    ],
)
def test_a_channel_that_cannot_be_sent_to_is_refused_when_it_is_saved(desk: Desk, tmp_path: Path, url: str, said: str):
    assert said in desk.refused("add", "--id", "new", "--query", "x", "--to", url)
    assert said in desk.refused("edit", "troops", "--to", url)
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps({"id": "new", "query": "x", "channels": [url]}) + "\n")
    refused = desk.refused("import", str(file))
    assert said in refused
    assert f"{file}:1: new: channels: " in refused


def test_a_name_of_a_private_address_is_refused_when_it_is_saved_and_an_unknown_one_is_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    names = {"inside.example": ["10.0.0.1", "::1"], "both.example": ["10.0.0.1", "1.1.1.1"]}

    def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        if host not in names:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in names[host]]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    for command in (("edit", "troops"), ("add", "--id", "new", "--query", "troepen")):
        assert "'inside.example' can't be" in desk.refused(*command, "--to", "https://inside.example/hook")
    for host in ("both.example", "nowhere.example"):
        desk("edit", "troops", "--to", f"https://{host}/")


def test_a_channel_that_is_refused_by_now_stands_in_the_way_of_no_other_change(tmp_path: Path):
    desk = Desk(allow_addresses="127.0.0.0/8")
    desk("add", "--id", "own", "--query", "x", "--to", "http://127.0.0.1:1/")
    desk.settings = Settings(home=tmp_path)
    desk("edit", "own", "--query", "y")
    assert desk.kept("own").query == "y"


def test_the_secret_is_shown_when_asked_for_and_nowhere_else(tmp_path: Path):
    desk = Desk(home=tmp_path)
    desk("add", "--id", "a", "--query", "x")
    desk("add", "--id", "b", "--query", "x")
    secret = desk("show", "a", "--secret").strip()
    assert len(secret) == 64
    assert desk("show", "--secret", "a").strip() == secret != desk("show", "--secret", "b").strip()
    assert json.loads(desk("show", "a", "--secret", "--json")) == {"id": "a", "secret": secret}
    shown = desk("show", "a") + desk("show", "a", "--json") + desk("list", "--json") + desk("export")
    assert secret not in shown
    assert "no subscription nobody" in desk.refused("show", "nobody", "--secret")


def test_a_test_message_goes_to_every_channel_and_what_failed_is_told(tmp_path: Path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}/token"
        desk = Desk(home=tmp_path, allow_addresses="127.0.0.0/8")
        desk("add", "--id", "a", "--query", "x", "--to", "feed:", "--language", "nl")
        desk("add", "--id", "b", "--query", "x", "--to", nobody, "--to", "feed:")
        desk("add", "--id", "c", "--query", "x")
        assert desk("test", "--send", "a").splitlines() == ["sent   a: feed:", "ok     a: query, 0 examples"]
        assert "Dit is een proefbericht" in (tmp_path / "feeds" / "a.xml").read_text()
        for id_ in ("b", "c"):
            with pytest.raises(BelfryError, match="1 of the subscriptions do not work"):
                desk("test", "--send", id_)
    assert (tmp_path / "feeds" / "b.xml").exists()
    assert "name the subscriptions" in desk.refused("test", "--send")


def test_a_template_that_cannot_be_used_is_no_fault_of_a_subscription(tmp_path: Path):
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "subject.txt.j2").write_text("{{ message.headline.foo }}")
    desk = Desk(home=tmp_path, templates=folder)
    desk("add", "--id", "a", "--query", "x", "--to", "feed:")
    with pytest.raises(BelfryError) as failed:
        desk("test", "--send", "a")
    assert str(failed.value) == "BELFRY_TEMPLATES can't be used as it is: mend the template"
