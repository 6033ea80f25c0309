"""docs/quality.md is what the kept results say, and a bar is held or it isn't."""

import pytest

from eval.figure import Figure
from eval.report import report
from eval.run import PARTS, QUALITY, kept


@pytest.mark.parametrize(
    ("value", "bar", "at_most", "passed"),
    [
        (0.98, 0.98, False, "yes"),
        (0.97, 0.98, False, "no"),
        (0.5, None, False, ""),
        (700, 700, True, "yes"),
        (701, 700, True, "no"),
    ],
)
def test_a_bar_is_held_from_its_own_value_on(value: float, bar: float | None, at_most: bool, passed: str) -> None:
    assert Figure("f", value, bar=bar, at_most=at_most).passed == passed


def test_the_page_is_what_the_results_say() -> None:
    assert QUALITY.read_text(encoding="utf-8") == report(kept()), "run `make eval`; the page is never edited by hand"


def test_a_figure_is_the_same_after_it_was_kept() -> None:
    figure = Figure("f", 0.25, unit="MB", bar=1.0, n=3, note="n", at_most=True)
    assert Figure(**figure.as_json()) == figure


def test_what_may_not_be_published_is_not_on_the_page() -> None:
    figures = [Figure("shown", 0.5), Figure("private", 0.7, published=False)]
    result = {
        "title": "T",
        "date": "2026-11-24",
        "commit": "c",
        "machine": "m",
        "figures": [f.as_json() for f in figures],
    }
    page = report([result])
    assert "shown" in page
    assert "private" not in page


def test_figures_have_unique_names_in_their_part() -> None:
    for result in kept():
        names = [figure["name"] for figure in result["figures"]]
        assert sorted(names) == sorted(set(names)), result["title"]
    assert len(set(PARTS.values())) == len(PARTS)
