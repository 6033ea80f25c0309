"""`belfry enrich`: what is printed for which input, in which order, and with which exit code."""

import contextlib
import html
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
import typer.testing

from belfry.cli.enrich import enrich
from belfry.settings import Settings
from schemas.articles import EnrichedArticle
from schemas.errors import SettingsError, UsageError

BELFRY = [sys.executable, "-c", "from belfry.cli import main; main()"]


class Desk:
    """The command in this process."""

    def __init__(self) -> None:
        self._app = typer.Typer(pretty_exceptions_enable=False)
        self._app.command()(enrich)
        self.code = 0
        self.out = ""
        self.err = ""

    def __call__(self, *arguments: str | Path, stdin: str | bytes = "") -> "Desk":
        result = typer.testing.CliRunner().invoke(self._app, [str(one) for one in arguments], input=stdin)
        if isinstance(result.exception, UsageError | SettingsError):
            raise result.exception
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        self.code, self.out, self.err = result.exit_code, result.stdout, result.stderr
        return self

    @property
    def articles(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def test_each_article_is_one_line_with_the_given_id_in_input_order(tmp_path: Path) -> None:
    lines = [{"id": f"n{number}", "body": f"Tekst {number} over de NAVO in Kiev."} for number in (3, 1, 2)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    desk = Desk()(tmp_path / "a.jsonl", "--json")
    assert (desk.code, desk.err) == (0, "")
    assert [article["article_id"] for article in desk.articles] == ["n3", "n1", "n2"]
    for article in desk.articles:
        assert EnrichedArticle.model_validate(article).text == article["text"]
        assert [one["id"] for one in article["entities"]] == ["Q7184", "Q1899"]
        assert all(article["text"][one["start"] : one["end"]] == one["text"] for one in article["entities"])


def test_standard_input_is_read_as_lines() -> None:
    desk = Desk()("-", "--json", stdin='{"id": "a", "title": "Titel", "body": "tekst", "language": "nl"}\n')
    assert [(one["article_id"], one["title"], one["language"]) for one in desk.articles] == [("a", "Titel", "nl")]


def test_without_an_id_an_article_has_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(" date 2022-01 De NAVO overlegt in Brussel.\n\nTussenkop\n\nMeer tekst.")
    (article,) = Desk()(tmp_path, "--json").articles
    assert len(article["article_id"]) == 32
    assert (article["title"], article["meta"]["title_from_text"]) == ("De NAVO overlegt in Brussel.", True)
    assert (article["month"], article["published_at"]) == ("2022-01", "2022-01-01T00:00:00Z")


def test_what_cannot_be_read_is_named_with_its_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"id": "a", "body": "x"}\n{nope\n{"id": "b", "body": " "}\n{"id": "c", "body": "y"}\n'
    )
    desk = Desk()(tmp_path / "a.jsonl", tmp_path / "none.txt", "--json")
    assert desk.code == 1
    assert [article["article_id"] for article in desk.articles] == ["a", "c"]
    first, second, third = desk.err.splitlines()
    assert f"{tmp_path}/a.jsonl:2: " in first
    assert f"{tmp_path}/a.jsonl:3: " in second
    assert "none.txt" in third


def test_a_page_without_text_is_refused_with_its_place() -> None:
    desk = Desk()("-", "--json", stdin='{"id": "a", "html": "<script>1</script>"}\n')
    assert (desk.code, desk.out) == (1, "")
    assert desk.err.startswith("belfry: -:1: the article has no text and no title. ")


def test_html_gives_its_text() -> None:
    (article,) = Desk()("-", "--json", stdin='{"id": "a", "html": "<p>Kort over Kiev.</p>"}\n').articles
    assert (article["text"], [one["id"] for one in article["entities"]]) == ("Kort over Kiev.", ["Q1899"])


def test_the_source_can_be_given() -> None:
    (article,) = Desk()("-", "--json", "--source", "krant", stdin='{"body": "tekst"}\n').articles
    assert article["source"] == "krant"


def test_people_see_title_language_entities_and_concepts_with_their_words_marked() -> None:
    body = "Zelenski waarschuwt voor een opbouw van Russische troepen. De NAVO en nog eens de NAVO zwijgen."
    line = json.dumps(
        {"id": "a1", "title": "Kiev wacht", "body": body, "published_at": "2022-01-14", "source": "krant"}
    )
    desk = Desk()("-", stdin=line + "\n")
    assert (desk.code, desk.err) == (0, "")
    assert desk.out.splitlines() == [
        "Kiev wacht",
        "  nl (100%) · krant · 2022-01-14 · a1",
        "  persons   Volodymyr Zelenskyy Q3874799",
        "  bodies    NATO Q7184 ×2",
        "  places    Kyiv Q1899",
        "  of        Russia",
        "  concept   troop-buildup",
        "            Zelenski waarschuwt voor een **opbouw van Russische troepen**. De NAVO en nog eens de NAVO zwijgen.",
        "",
    ]


def test_a_page_shows_everything_marked_and_nothing_of_it_is_markup(tmp_path: Path) -> None:
    body = "Zelenski <script>1</script> & de opbouw van Russische troepen."
    line = json.dumps({"id": "a1", "title": 'Kiev "wacht"', "body": body, "language": "nl"})
    desk = Desk()("-", "--json", "--html", tmp_path / "out.html", stdin=line + "\n")
    page = (tmp_path / "out.html").read_text()
    assert (desk.code, len(desk.articles)) == (0, 1)
    assert (
        '<mark class="PER" title="Volodymyr Zelenskyy (Q3874799)">Zelenski</mark> &lt;script&gt;1&lt;/script&gt; &amp; de '
        in page
    )
    assert '<mark class="LOC" title="Kyiv (Q1899)">Kiev</mark> &quot;wacht&quot;' in page
    marked = re.sub(r"<[^>]*>", "", page[page.index('<div class="text"') :])
    assert html.unescape(marked).startswith(body), "nothing is lost and nothing is added"
    assert '<mark class="concept demonym"' in page or '<mark class="demonym concept"' in page
    assert page.endswith("</body></html>\n")


def test_a_page_that_cannot_be_written_is_wrong_use_and_nothing_is_done(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--html: .* can't be written"):
        Desk()("-", "--html", tmp_path / "none" / "out.html", stdin='{"body": "x"}\n')


def test_what_an_article_holds_cannot_command_a_terminal() -> None:
    line = json.dumps({"id": "\u202ea", "title": "\u001b[31mrood\u202e [bold]vet[/bold]", "body": "x"})
    desk = Desk()("-", stdin=line + "\n")
    assert "\u001b" not in desk.out
    assert "\u202e" not in desk.out
    assert "[bold]vet[/bold]" in desk.out, "no markup is read into it"


def test_without_files_the_use_is_wrong() -> None:
    assert Desk()().code == 2


@pytest.mark.parametrize("given", ["", "\n\n"])
def test_nothing_on_standard_input_is_nothing_done(given: str) -> None:
    desk = Desk()("-", "--json", stdin=given)
    assert desk.out == ""


def test_it_streams_and_ends_without_a_word_when_its_reader_goes_away() -> None:
    """In a process of its own: an article is out before the next one is given."""
    line = {"body": "De NAVO overlegt. " * 200}
    with subprocess.Popen(
        [*BELFRY, "enrich", "-", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        for number in range(3):
            process.stdin.write(json.dumps(line | {"id": str(number)}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["article_id"] == str(number)
        process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(b"".join(json.dumps(line | {"id": str(n)}).encode() + b"\n" for n in range(50)))
            process.stdin.close()
        assert (process.stderr.read(), process.wait(60)) == (b"", 0)


def test_a_model_that_is_not_there_ends_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a setting's fault and no article's."""
    (tmp_path / "a.jsonl").write_text('{"id": "a", "body": "Kiev"}\n')
    monkeypatch.setattr("belfry.cli.enrich.settings", lambda: Settings(ner_models="nl=nl_no_such_model"))
    with pytest.raises(SettingsError, match="nl_no_such_model"):
        Desk()(tmp_path / "a.jsonl")
