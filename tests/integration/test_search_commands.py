"""`belfry search` and `belfry backtest` on the real Elasticsearch: what they print, how they end, what docs/search.md says."""

import asyncio
import json
import re
import shlex
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from belfry.cli.backtest import backtest
from belfry.cli.finding import QUERY_FIRST
from belfry.cli.search import search
from belfry.search.client import connect
from belfry.search.index import IndexWriter
from belfry.settings import settings
from schemas.articles import EnrichedArticle
from schemas.errors import SearchUnavailableError, UsageError

pytestmark = pytest.mark.integration

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "search.md"
MOMENT = datetime(2022, 1, 14, 9, 30, tzinfo=UTC)

app = typer.Typer()
for command in (search, backtest):
    app.command(context_settings=QUERY_FIRST)(command)


def article(article_id: str, text: str, **fields: Any) -> EnrichedArticle:
    given: dict[str, Any] = {
        "article_id": article_id,
        "text": text,
        "language": "nl",
        "published_at": MOMENT,
        "fetched_at": MOMENT,
        "content_hash": "h",
        "version": 1,
        "month": "2022-01",
    }
    return EnrichedArticle.model_validate(given | fields)


def nato(text: str, name: str) -> dict[str, Any]:
    start = text.index(name)
    place = {"field": "text", "start": start, "end": start + len(name), "text": name}
    return {**place, "type": "ORG", "id": "Q7184", "name": "NATO"}


BORDER = "De opbouw van Russische troepen bij Oekraïne gaat door, zegt de NAVO."
ALARM = "The massing of troops near Ukraine alarms NATO allies."
CONDEMNED = "L'OTAN condamne le renforcement militaire."
ARTICLES = [
    article(
        "grens",
        BORDER,
        title="Onrust aan de grens",
        source="belga",
        url="https://example.org/grens",
        entities=[nato(BORDER, "NAVO")],
        story_id="s1",
    ),
    article(
        "alarm",
        ALARM,
        title="Massing of troops",
        language="en",
        source="reuters",
        published_at=datetime(2022, 1, 15, 8, tzinfo=UTC),
        entities=[nato(ALARM, "NATO")],
        story_id="s1",
    ),
    article(
        "otan",
        CONDEMNED,
        title="L'OTAN condamne",
        meta={"title_from_text": True},
        language="fr",
        source="afp",
        published_at=datetime(2022, 1, 15, 18, tzinfo=UTC),
        entities=[nato(CONDEMNED, "OTAN")],
    ),
    article(
        "weg",
        "De troepenterugtrekking bij de grens is begonnen.",
        title="Spanning daalt",
        source="reuters",
        published_at=datetime(2022, 1, 16, 11, tzinfo=UTC),
    ),
]

Belfry = Callable[..., Result]


def write(url: str, prefix: str, articles: list[EnrichedArticle], *, refresh: bool = True) -> None:
    async def written() -> None:
        async with connect(url) as client:
            writer = IndexWriter(client, prefix)
            await writer.ensure()
            await writer.write_articles(articles)
            if refresh:
                await client.indices.refresh(index=writer.names.articles)

    asyncio.run(written())


@pytest.fixture(scope="module")
def filled(elasticsearch_url: str) -> Iterator[str]:
    """The prefix of indices that hold ARTICLES."""
    prefix = f"t{uuid.uuid4().hex[:12]}."
    write(elasticsearch_url, prefix, ARTICLES)
    yield prefix

    async def clean() -> None:
        async with connect(elasticsearch_url) as client:
            await client.indices.delete(index=list(await client.indices.get(index=f"{prefix}*")))
            await client.indices.delete_index_template(name=f"belfry-{prefix}*")

    asyncio.run(clean())


def runner(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Belfry:
    """Runs a command with settings from `environment`."""
    for name, value in environment.items():
        monkeypatch.setenv(f"BELFRY_{name}", value)
    settings.cache_clear()
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


@pytest.fixture
def belfry(filled: str, elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Belfry]:
    yield runner(monkeypatch, ELASTICSEARCH_URL=elasticsearch_url, INDEX_PREFIX=filled)
    settings.cache_clear()


def ids(result: Result) -> list[str]:
    assert result.exit_code == 0, result.stderr
    return [json.loads(line)["article_id"] for line in result.stdout.splitlines()]


def test_hits_are_one_object_a_line_newest_first(belfry: Belfry) -> None:
    assert ids(belfry("search", "grens OR troops OR OTAN", "--json")) == ["weg", "otan", "alarm", "grens"]


def test_a_hit_says_what_why_and_where(belfry: Belfry) -> None:
    (line,) = belfry("search", '"russische troepen"', "--json").stdout.splitlines()
    hit = json.loads(line)

    assert hit["article"] == {
        "title": "Onrust aan de grens",
        "url": "https://example.org/grens",
        "source": "belga",
        "guid": None,
        "language": "nl",
        "published_at": "2022-01-14T09:30:00Z",
    }
    (highlight,) = hit["highlights"]
    assert [highlight["text"][start:end] for start, end in highlight["marks"]] == ["Russische troepen"]
    assert hit["spans"] == [
        {"field": "text", "start": 14, "end": 31, "text": "Russische troepen", "part": '"russische troepen"'}
    ]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["russische troepen"], ["grens"]),
        (["Russisch troep"], ["grens"]),
        (["entity:NATO"], ["otan", "alarm", "grens"]),
        (["entity:NATO", "--lang", "nl", "--lang", "FR"], ["otan", "grens"]),
        (["entity:NATO", "--source", "afp"], ["otan"]),
        (["grens", "--entity", "NAVO"], ["grens"]),
        (["NATO OR NAVO", "--concept", "troop-buildup"], ["alarm", "grens"]),
        (["entity:NATO", "--from", "2022-01-15", "--to", "2022-01-15"], ["otan", "alarm"]),
        (["entity:NATO", "--to", "2022-01-15T08:00:00Z"], ["alarm", "grens"]),
        (["entity:NATO", "--limit", "1"], ["otan"]),
        (["entity:NATO", "--limit", "0"], []),
        (["condamne title:condamne"], []),
        (["zeppelin"], []),
        (["lang:nl"], ["weg", "grens"]),
    ],
)
def test_options_narrow_the_query(belfry: Belfry, arguments: list[str], found: list[str]) -> None:
    assert ids(belfry("search", "--json", *arguments)) == found


def test_totals_and_facets_go_to_stderr_as_one_object(belfry: Belfry) -> None:
    totals = json.loads(belfry("search", "grens OR alarms", "--json", "--limit", "1").stderr)

    assert (totals["total"], totals["approximate"]) == (3, False)
    assert totals["facets"]["languages"] == {"nl": 2, "en": 1}
    assert totals["facets"]["organisations"] == {"NATO": 2}
    assert totals["facets"]["months"] == {"2022-01": 3}


def test_totals_are_exact_once_every_candidate_was_looked_at(belfry: Belfry) -> None:
    totals = json.loads(belfry("search", '"de NAVO"', "--json").stderr)
    assert (totals["total"], totals["approximate"], totals["facets"]["sources"]) == (1, False, {"belga": 1})

    guessed = json.loads(belfry("search", '"de grens"', "--json", "--limit", "0").stderr)
    assert (guessed["total"], guessed["approximate"]) == (2, True)


def test_backtest_prints_every_hit_and_counts_stories(belfry: Belfry) -> None:
    result = belfry("backtest", "entity:NATO", "--json")

    assert ids(result) == ["otan", "alarm", "grens"]
    assert json.loads(result.stderr) == {
        "count": 3,
        "bells": 2,
        "days": 3,
        "bells_per_day": 0.667,
        "per_day": {"2022-01-14": 1, "2022-01-15": 2},
    }


def test_backtest_shows_less_but_counts_all(belfry: Belfry) -> None:
    result = belfry("backtest", "entity:NATO", "--json", "--limit", "1", "--from", "2022-01-15")

    assert ids(result) == ["otan"]
    assert json.loads(result.stderr)["count"] == 2
    assert json.loads(result.stderr)["days"] == 2


def test_a_backtest_without_hits_says_so_and_is_no_failure(belfry: Belfry) -> None:
    result = belfry("backtest", "zeppelin", "--from", "2022-01-15")

    assert (result.exit_code, result.stdout) == (0, "no hits on 2 days with articles\n")


@pytest.mark.parametrize("name", ["search", "backtest"])
def test_an_invalid_query_ends_with_2_and_points_at_its_place(belfry: Belfry, name: str) -> None:
    result = belfry(name, "troepen entity:Nergensland")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "column 9" in result.stderr
    assert "  troepen entity:Nergensland\n          ^" in result.stderr


@pytest.mark.parametrize("name", ["search", "backtest"])
def test_a_query_with_a_minus_is_told_to_use_not(belfry: Belfry, name: str) -> None:
    result = belfry(name, "-troepen")

    assert (result.exit_code, "NOT troepen" in result.stderr) == (2, True)


def test_a_bound_that_is_no_date_is_wrong_use(belfry: Belfry) -> None:
    assert isinstance(belfry("search", "troepen", "--from", "gisteren").exception, UsageError)


def test_an_elasticsearch_that_does_not_answer_is_told_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    error = runner(monkeypatch, ELASTICSEARCH_URL="http://127.0.0.1:9")("search", "troepen").exception
    settings.cache_clear()

    assert isinstance(error, SearchUnavailableError)
    assert "belfry status" in str(error)


def test_without_a_stack_there_is_nothing_to_search_and_the_remedy_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("BELFRY_ELASTICSEARCH_URL", raising=False)
    error = runner(monkeypatch, HOME=str(tmp_path))("backtest", "troepen").exception
    settings.cache_clear()

    assert isinstance(error, SearchUnavailableError)
    assert "belfry up" in str(error)


def test_before_the_first_article_nothing_is_found(
    elasticsearch_url: str, index_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = runner(monkeypatch, ELASTICSEARCH_URL=elasticsearch_url, INDEX_PREFIX=index_prefix)

    assert empty("search", "troepen").stdout == "0 articles\n"
    assert empty("backtest", "troepen").stdout == "no hits on 0 days with articles\n"
    settings.cache_clear()


def test_an_article_is_found_within_two_seconds_of_being_written(
    elasticsearch_url: str, index_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    belfry = runner(monkeypatch, ELASTICSEARCH_URL=elasticsearch_url, INDEX_PREFIX=index_prefix)
    belfry("search", "warm up")
    write(elasticsearch_url, index_prefix, ARTICLES[:1], refresh=False)
    began = time.monotonic()

    while not ids(belfry("search", "Russisch troep", "--json")):
        assert time.monotonic() - began < 2

    settings.cache_clear()


@pytest.mark.shared
def test_the_seed_article_is_found_by_two_words_in_any_inflection(
    elasticsearch_url: str, index_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = DOCUMENT.parents[2] / "shared" / "data" / "seed"
    if not folder.exists():
        pytest.skip("needs the data beside the checkout: ../shared/data/seed")
    text = next(folder.glob("*.txt")).read_text(encoding="utf-8").removeprefix(" date 2022-01 ")
    write(elasticsearch_url, index_prefix, [article("seed", text)])
    belfry = runner(monkeypatch, ELASTICSEARCH_URL=elasticsearch_url, INDEX_PREFIX=index_prefix)

    for query in ("russische troepen", "Russisch troep"):
        hit = json.loads(belfry("search", query, "--json").stdout)
        marked = [excerpt["text"][start:end] for excerpt in hit["highlights"] for start, end in excerpt["marks"]]
        assert {"Russische", "troepen"} <= set(marked)
    settings.cache_clear()


def test_nothing_that_a_terminal_would_obey_is_printed(
    elasticsearch_url: str, index_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = article("x", "de \x1b[31m troepen\u202e hier [bold]", title="t\x1b]0;x\x07", source="s\x1b", url="u\r")
    write(elasticsearch_url, index_prefix, [hostile])
    belfry = runner(monkeypatch, ELASTICSEARCH_URL=elasticsearch_url, INDEX_PREFIX=index_prefix)

    shown = belfry("search", "troepen").stdout

    assert not set(shown) & set("\x1b\x07\r\u202e")
    assert "**troepen**" in shown
    assert "[bold]" in shown
    settings.cache_clear()


CONSOLE = re.compile(r"^```console\n\$ belfry (.+)\n((?s:.*?))```$", re.MULTILINE)
SHELL = re.compile(r"^belfry (.+)$", re.MULTILINE)


@pytest.mark.parametrize(("command", "printed"), CONSOLE.findall(DOCUMENT.read_text(encoding="utf-8")))
def test_the_document_shows_what_is_printed(belfry: Belfry, command: str, printed: str) -> None:
    command, _, redirection = command.partition(" 2>&1")
    result = belfry(*shlex.split(command))

    assert (result.stderr if redirection else result.stdout) == printed


@pytest.mark.parametrize("command", SHELL.findall(DOCUMENT.read_text(encoding="utf-8")))
def test_the_documents_commands_run(belfry: Belfry, command: str) -> None:
    assert belfry(*shlex.split(command)).exit_code == 0


@pytest.mark.parametrize("command", ["search", "backtest"])
def test_an_article_with_too_many_mentions_to_pair_is_named_once_the_others_are_shown(
    command: str, elasticsearch_url: str, index_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = article("enorm", "de " * 20_000 + "grens", title="Veel")
    write(elasticsearch_url, index_prefix, [huge, ARTICLES[0]])
    belfry = runner(monkeypatch, ELASTICSEARCH_URL=elasticsearch_url, INDEX_PREFIX=index_prefix)
    result = belfry(command, f"grens OR ({' NEAR/5 '.join(['de'] * 6)})", "--json")
    settings.cache_clear()

    assert result.exit_code == 1
    assert {json.loads(line)["article_id"] for line in result.stdout.splitlines()} >= {"grens"}
    assert "hits may be missing, for these have more mentions to pair than are looked at: enorm." in result.stderr
