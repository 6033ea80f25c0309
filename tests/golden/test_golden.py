"""The samples, enriched, against what a person has read and found right."""

import json
from pathlib import Path

import pytest

from tests.golden.results import EXPECTED, SAMPLES, golden_texts

MUST_RING = {
    "troop-buildup": {"nl/01-troepen-aan-de-grens.txt", "en-border-massing", "de-aufmarsch", "fr-accumulation"},
    "nato-russia-council": {"nl/02-raad-komt-samen.txt", "en-council-meets", "de-rat", "fr-conseil", "nl-pagina"},
}  # fmt: skip


@pytest.fixture(scope="module")
def texts() -> dict[Path, str]:
    return golden_texts()


def test_what_is_found_is_what_was_found_right(texts: dict[Path, str]) -> None:
    expected = {path: path.read_text(encoding="utf-8") for path in EXPECTED.rglob("*.json")}
    assert texts == expected, "`make golden` shows what changed; commit it if it is right"


def test_only_what_is_about_a_concept_rings_it(texts: dict[Path, str]) -> None:
    ringing: dict[str, set[str]] = {concept: set() for concept in MUST_RING}
    for text in texts.values():
        for name, result in json.loads(text).items():
            for concept in ringing.keys() & result["concepts"].keys():
                ringing[concept].add(name)
    assert ringing == MUST_RING


def test_there_is_something_of_every_kind_and_language(texts: dict[Path, str]) -> None:
    languages = [result["language"] for text in texts.values() for result in json.loads(text).values()]
    assert len(languages) >= 30
    assert min(languages.count(language) for language in ("nl", "en", "de", "fr")) >= 5
    assert {path.suffix for path in SAMPLES.rglob("*") if path.is_file()} == {".txt", ".json", ".jsonl", ".md"}
