"""Results of single scenarios stand beside those that were found before."""

from tests.chaos.outcome import merged


def test_a_scenario_that_is_played_alone_leaves_what_was_found_of_the_others() -> None:
    """In the order of the names, with the commits of all, whatever is wrong in one of them is told, the gone is dropped."""
    before = {
        "c": {"commit": "old", "wrong": []},
        "gone": {"commit": "older", "wrong": ["nobody can mend this"]},
        "a": {"commit": "old", "wrong": ["it was lost"]},
        "b": {"commit": "old", "wrong": ["missing"]},
    }

    both = merged(["a", "b", "c", "never played"], before, {"b": {"commit": "new", "wrong": []}})

    assert list(both["scenarios"]) == ["a", "b", "c"]
    assert both["scenarios"]["b"] == {"commit": "new", "wrong": []}
    assert both["commit"] == "new, old"
    assert both["wrong"] == ["a: it was lost"]
