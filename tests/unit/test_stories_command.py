"""`belfry stories`: one line an article, in input order, by the same code as the role."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
import typer.testing

from belfry.cli.stories import stories
from eval.stories.generate import generated

REPORT = (
    "De brandweer van Gent heeft zaterdagnacht een grote brand geblust in een leegstaande fabriek aan de Wiedauwkaai. "
    "Niemand raakte gewond, maar twaalf omwonenden moesten enkele uren hun huis uit. Volgens het parket is de brand aangestoken. "
    "Burgemeester Verbeke sprak van een wonder dat de vlammen niet oversloegen naar de houthandel ernaast."
)


def run(*arguments: str | Path, stdin: str = "") -> tuple[int, list[dict[str, Any]], str]:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(stories)
    result = typer.testing.CliRunner().invoke(app, [str(one) for one in arguments], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def lines(*articles: dict[str, str]) -> str:
    return "".join(json.dumps(article) + "\n" for article in articles)


def test_copies_have_the_id_of_the_first_of_them() -> None:
    code, found, errors = run(
        "-",
        stdin=lines(
            {"id": "one", "title": "Brand in Gentse fabriek", "body": REPORT},
            {
                "id": "other",
                "body": "Het wordt vandaag zonnig en zacht, met in de namiddag enkele wolken boven zee en land, zegt het weerbericht.",
            },
            {"id": "two", "title": "Grote brand geblust", "body": f"GENT (Belga) - {REPORT}"},
            {"id": "three", "title": "Fabriek uitgebrand", "body": REPORT[:280]},
        ),
    )
    assert (code, errors) == (0, "")
    assert found == [
        {"article_id": "one", "story_id": "one"},
        {"article_id": "other", "story_id": "other"},
        {"article_id": "two", "story_id": "one"},
        {"article_id": "three", "story_id": "one"},
    ]


def test_an_id_that_two_articles_were_given_names_one_story_only() -> None:
    other = (
        "Het wordt vandaag zonnig en zacht, met in de namiddag enkele wolken boven zee en land, zegt het weerbericht."
    )
    _, found, _ = run(
        "-",
        stdin=lines(
            {"id": "a", "url": "https://x.example/1", "body": REPORT},
            {"id": "a", "url": "https://x.example/2", "body": other},
        ),
    )
    assert [each["article_id"] for each in found] == ["a", "a"]
    assert found[0]["story_id"] == "a" != found[1]["story_id"]


def test_whatever_ingest_reads_is_taken_and_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([{"html": f"<article><p>{REPORT}</p></article>", "title": "Brand"}]))
    (tmp_path / "b.txt").write_text(REPORT)
    (tmp_path / "c.jsonl").write_text('{"id": "x", "body": "Kort."}\n{"id": 3\n')
    code, found, errors = run(tmp_path)
    assert code == 1
    assert len({each["story_id"] for each in found}) == 2
    assert len(found) == 3
    assert "c.jsonl:2" in errors


@pytest.mark.slow
def test_a_generated_set_is_grouped_as_by_the_code_of_the_role() -> None:
    cases = generated(0.02)
    _, found, _ = run(
        "-", stdin=lines(*({"id": case.article_id, "body": case.text, "language": case.language} for case in cases))
    )
    right = sum(each["story_id"] == case.report for each, case in zip(found, cases, strict=True))
    assert right >= 0.97 * len(cases)


def test_a_page_is_of_the_day_that_it_names() -> None:
    def page(day: str) -> str:
        when = f'<meta property="article:published_time" content="{day}T10:00:00Z">'
        return f"<html><head><title>Brand</title>{when}</head><body><article><p>{REPORT}</p></article></body></html>"

    days = {"one": "2026-01-03", "two": "2026-01-04", "much later": "2026-06-03"}
    code, found, errors = run("-", stdin=lines(*({"id": id_, "html": page(day)} for id_, day in days.items())))
    assert code == 0, errors
    assert [each["story_id"] for each in found] == ["one", "one", "much later"]
