"""What `belfry search` and `belfry backtest` say to people, beside the hits."""

from datetime import date

import pytest

from belfry.cli.backtest import summary
from belfry.cli.search import show
from belfry.search.find import Found
from belfry.search.tally import Estimate


@pytest.mark.parametrize(("approximate", "said"), [(True, "about 17 articles"), (False, "17 articles")])
def test_counts_of_what_may_be_a_hit_are_called_so(approximate: bool, said: str, capsys: pytest.CaptureFixture[str]):
    show(Found((), 17, approximate, {"languages": {"nl": 47}}), as_json=False)
    printed = capsys.readouterr().out.splitlines()
    among = ["among all that may be hits:"] if approximate else []
    assert printed == [f"{said}, the newest 0 shown", *among, "languages: nl 47"]


@pytest.mark.parametrize(
    ("bells", "said"), [(4, "about 1 bell a day:"), (8, "about 2 bells a day:"), (1, "about 0.25 bells")]
)
def test_one_bell_is_a_bell(bells: int, said: str):
    assert summary(Estimate(8, bells, 4, {date(2022, 1, 14): 8}))[1].startswith(said)
