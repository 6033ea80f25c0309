"""Words that lists have wrong or not at all are found by the lemma that people ask for."""

from pathlib import Path

import pytest

from processors.matching.irregular import irregular_lemmas
from processors.matching.normalise import normaliser

LINES = [
    line.split()
    for line in (Path(__file__).resolve().parents[2] / "lexicon" / "words" / "irregular.txt")
    .read_text("utf-8")
    .splitlines()
    if not line.startswith("#")
]


def meet(language: str, query: str, written: str) -> bool:
    forms = normaliser(language)
    return not set(forms.query_word(query).stems).isdisjoint(forms.analyse(written, acronym=False).units[0].stems)


@pytest.mark.parametrize("line", LINES, ids=[" ".join(line[:2]) for line in LINES])
def test_each_form_is_found_by_its_lemma_and_by_itself(line: list[str]):
    language, lemma, *forms = line
    for form in forms:
        assert meet(language, lemma, form)
        assert meet(language, form, form)
        assert meet(language, lemma, form.capitalize())


def test_each_line_has_a_language_a_lemma_and_a_form_and_stands_once():
    assert all(len(line) > 2 and line[0] in ("nl", "en", "de", "fr") for line in LINES)
    assert len({tuple(line[:2]) for line in LINES}) == len(LINES)
    assert not irregular_lemmas("und")


@pytest.mark.parametrize(
    ("language", "query", "written"),
    [
        ("de", "erschießen", "erschossenen"),
        ("de", "verschwinden", "verschwundenen"),
        ("de", "unterstützen", "unterstützten"),
    ],
)
def test_a_participle_as_an_adjective_is_found_by_its_verb(language: str, query: str, written: str):
    assert meet(language, query, written)


@pytest.mark.parametrize(
    ("language", "query", "written"),
    [
        ("nl", "verdrag", "gedragen"),
        ("nl", "rijden", "reden"),
        ("en", "grind", "ground"),
        ("de", "fahren", "Gefahren"),
        ("fr", "arme", "armée"),
    ],
)
def test_what_is_mostly_another_word_is_not_found_by_it(language: str, query: str, written: str):
    assert not meet(language, query, written)
