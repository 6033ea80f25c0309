"""Files, folders and standard input as one stream of articles and refusals."""

import gzip
import io
import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from producers.articles import ReadArticle, Rules
from producers.files import FoundFile, found_files, opened, read_problem, shown_path
from producers.read import read_articles
from schemas.errors import InputError, InputProblem
from tests.unit.producers_reading import NOW, RULES, shown


def read(*paths: Path | str, stdin: bytes = b"") -> list[str]:
    return [shown(one) for one in read_articles([str(path) for path in paths], RULES, io.BytesIO(stdin))]


def line(title: str) -> str:
    return json.dumps({"title": title}) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b.jsonl").write_text(line("b1") + "\n" + line("b2"))
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "d.JSON").write_text(f"[{line('d1')},{line('d2')}]")
    (tmp_path / "e.ndjson").write_text(line("e"))
    return tmp_path


def test_a_folder_is_read_whole_in_the_order_of_names(folder: Path) -> None:
    assert read(folder) == ["a", "b1", "b2", "d1", "d2", "e"]


def test_paths_are_read_in_the_order_given(folder: Path) -> None:
    assert read(folder / "e.ndjson", "-", folder / "a.txt", stdin=line("stdin").encode()) == ["e", "stdin", "a"]


def test_what_is_hidden_or_of_another_kind_in_a_folder_is_left_out_and_said(folder: Path) -> None:
    (folder / ".hidden.txt").write_text("x")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.txt").write_text("x")
    (folder / "picture.png").write_bytes(b"x")
    (folder / "Makefile").write_text("x")
    left_out: list[tuple[str, str]] = []

    found = list(
        read_articles([str(folder)], RULES, left_out=lambda path, why: left_out.append((Path(path).name, why)))
    )

    assert len(found) == 6
    assert sorted(left_out) == [
        (".git", "hidden"),
        (".hidden.txt", "hidden"),
        ("Makefile", "other_kind"),
        ("picture.png", "other_kind"),
    ]


def test_links_in_a_circle_end(folder: Path) -> None:
    (folder / "c" / "up").symlink_to(folder, target_is_directory=True)
    (folder / "self.txt").symlink_to("self.txt")

    assert read(folder) == ["a", "b1", "b2", "d1", "d2", "e", f"{folder}/self.txt:1 link_loop"]


def test_a_link_counts_as_what_it_leads_to(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "text.txt").symlink_to(folder / "a.txt")
    (elsewhere / "folder").symlink_to(folder / "c")

    assert read(elsewhere) == ["d1", "d2", "a"]


def test_what_is_named_and_cannot_be_read_is_refused_and_the_rest_goes_on(folder: Path) -> None:
    (folder / "page.html").write_text("<p>x")
    (folder / "noending").write_text("x")
    os.mkfifo(folder / "pipe.jsonl")

    assert read("https://example.org/a", folder / "page.html", folder / "noending", folder / "pipe.jsonl", folder / "nope.txt", "\0.txt", "x" * 5000, folder / "a.txt") == [
        "https://example.org/a:None url",
        f"{folder}/page.html:1 unknown_kind",
        f"{folder}/noending:1 unknown_kind",
        f"{folder}/pipe.jsonl:1 not_a_file",
        f"{folder}/nope.txt:1 missing",
        "\\x00.txt:1 unreadable",
        f"{'x' * 5000}:1 name_too_long",
        "a",
    ]  # fmt: skip


def test_sockets_and_devices_are_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's name may be 107 bytes long
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.txt")
    (tmp_path / "null.json").symlink_to("/dev/zero")

    assert read(tmp_path) == [f"{tmp_path}/null.json:1 not_a_file", f"{tmp_path}/s.txt:1 not_a_file"]


def test_a_file_without_permission_is_refused_with_its_remedy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really_open = os.open

    def denied(path: str, flags: int, mode: int = 0o777) -> int:
        if path.endswith("a.txt"):
            raise PermissionError(13, "Permission denied", path)  # root, whom tests may run as, is never denied
        return really_open(path, flags, mode)

    monkeypatch.setattr(os, "open", denied)

    assert read(folder) == [f"{folder}/a.txt:1 no_permission", "b1", "b2", "d1", "d2", "e"]


def test_a_folder_without_permission_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really_list = os.listdir

    def denied(path: str) -> list[str]:
        if path.endswith("/c"):
            raise PermissionError(13, "Permission denied", path)
        return really_list(path)

    monkeypatch.setattr(os, "listdir", denied)

    assert read(folder) == ["a", "b1", "b2", f"{folder}/c:None no_permission", "e"]


def test_a_file_that_vanishes_between_listing_and_reading_is_refused(folder: Path) -> None:
    reading = iter(read_articles([str(folder)], RULES))
    first = shown(next(reading))
    (folder / "b.jsonl").unlink()

    assert [first, *map(shown, reading)] == ["a", f"{folder}/b.jsonl:1 missing", "d1", "d2", "e"]


def test_a_disk_that_fails_in_the_middle_is_told_with_the_line_reached() -> None:
    problem = read_problem(OSError(5, "Input/output error"), "a.jsonl", 7)

    assert str(problem).startswith("a.jsonl:7: it can't be read: Input/output error. ")


def test_packed_files_are_read_and_damaged_ones_refused_after_what_was_whole(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"a"))
    packed = gzip.compress("".join(line(f"b{number}") for number in range(20_000)).encode(), mtime=0)
    (tmp_path / "b.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "c.json.gz").write_bytes(b"no gzip")

    found = read(tmp_path)

    assert found[:2] == ["a", "b0"]
    assert [text.rsplit(" ", 1)[1] for text in found if " " in text] == ["packed", "packed"]


def test_a_packed_file_of_a_gigabyte_of_nothing_is_refused_unheld(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.jsonl.gz", "wb", compresslevel=1) as packed:
        for _ in range(32):
            packed.write(b" " * 1024 * 1024)

    assert read(tmp_path) == [f"{tmp_path}/a.jsonl.gz:1 too_large"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.txt"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\n" if name == "a.jsonl" else b"")

    assert read(tmp_path) == [f"{tmp_path}/{name}:1 empty"]


def test_json_over_several_lines_is_read_though_it_is_named_like_lines(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('[\n  {\n    "title": "een"\n  }\n]')
    (tmp_path / "b.jsonl").write_text('{\n  "title": "twee"\n}\n{\n  "title": "drie"\n}\n')

    assert read(tmp_path) == ["een", "twee", "drie"]


def test_each_bad_line_is_refused_for_itself(tmp_path: Path) -> None:
    lines = [b'{"title": "een"}', b'{"title": "tw', b"", b'{"title": "\xe9"}', b"[1]", b"\0", b'{"title": "drie"}']
    (tmp_path / "a.jsonl").write_bytes(b"\r\n".join(lines))

    at = f"{tmp_path}/a.jsonl"
    assert read(tmp_path) == [
        "een",
        f"{at}:2 truncated",
        f"{at}:4 wrong_encoding",
        f"{at}:5 not_an_object",
        f"{at}:6 binary",
        "drie",
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100, "binary"),
        (line("x").encode("utf-16"), "wrong_encoding"),
        (line("x").encode("utf-16-le") * 9, "wrong_encoding"),
    ],
)
def test_a_file_of_lines_that_is_no_text_is_refused_once(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(data)

    assert read(tmp_path) == [f"{tmp_path}/a.jsonl:1 {code}"]


def test_byte_order_marks_are_no_matter_at_the_beginning_and_where_files_were_joined(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + line("een").encode() + b"\xef\xbb\xbf" + line("twee").encode())

    assert read(tmp_path) == ["een", "twee"]


def test_a_line_that_is_too_long_is_passed_over_and_the_next_is_read() -> None:
    stdin = line("een") + line("x" * 500_000) + line("y" * 20_000) + line("vier")

    assert read("-", stdin=stdin.encode()) == ["een", "-:2 too_large", "-:3 too_large", "vier"]


def test_a_line_is_handed_on_while_the_input_stays_open() -> None:
    reading, writing = os.pipe()
    with open(reading, "rb") as stdin, open(writing, "wb", buffering=0) as feed:  # noqa: PTH123 - descriptors
        articles = read_articles(["-"], RULES, stdin)
        for title in ("een", "twee"):
            feed.write(line(title).encode())
            assert next_within(articles, 5) == title


def next_within(articles: Iterator[ReadArticle | InputProblem], seconds: float) -> str:
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(shown(next(articles))), daemon=True)
    thread.start()
    thread.join(seconds)
    return found[0]


def test_what_is_read_is_told_in_bytes_as_they_lie_on_the_disk(folder: Path) -> None:
    counts: list[int] = []

    list(read_articles([str(folder / "b.jsonl")], RULES, advance=counts.append))

    assert sum(counts) == (folder / "b.jsonl").stat().st_size


@pytest.mark.parametrize(
    ("path", "printed"),
    [
        ("a b.txt", "a b.txt"),
        ("", "''"),
        ("a\nb.txt", "a\\nb.txt"),
        ("\x1b[31m.txt", "\\x1b[31m.txt"),
        (os.fsdecode(b"\xe9.txt"), "\\xe9.txt"),
        ("café.txt", "café.txt"),
    ],
)
def test_a_name_is_shown_so_that_it_cannot_command_a_terminal(path: str, printed: str) -> None:
    assert shown_path(path) == printed


def test_a_file_is_closed_though_reading_stops_in_the_middle(folder: Path) -> None:
    reading = iter(read_articles([str(folder / "b.jsonl")], RULES))
    next(reading)
    del reading  # an unclosed file would be a warning, and a warning an error


def test_a_file_that_was_replaced_by_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    found = next(found_files([str(tmp_path)], lambda path, why: None))
    assert isinstance(found, FoundFile)

    with pytest.raises(InputError) as caught, opened(found, lambda count: None):
        pass

    assert caught.value.problem.code == "not_a_file"


def test_without_a_line_of_its_own_the_clock_is_asked_for_each_article() -> None:
    times = iter([NOW, NOW.replace(hour=13)])
    rules = Rules(lambda: next(times))
    found = list(read_articles(["-"], rules, io.BytesIO((line("a") + line("b")).encode())))

    assert [one.raw.fetched_at.hour for one in found if isinstance(one, ReadArticle)] == [12, 13]
