"""The test set of linking is what it says it is: marks that can be read, known ids, a third held apart, half of it hard."""

from collections import Counter

import pytest

from eval.linking.mentions import TEXTS, sample, samples
from eval.linking.score import PRECISION_BAR, RECALL_BAR, judged
from processors.gazetteer import default_gazetteer


def test_the_test_set_has_known_ids_a_held_third_and_hard_mentions_in_each_language() -> None:
    texts = samples()
    mentions = [(one, expected) for one in texts for expected in one.expected]
    unknown = {e.id for _, e in mentions if e.id and default_gazetteer().canonical_name(e.id) is None}
    assert unknown == set()
    assert len(mentions) >= 400
    assert sum(one.part == "held" for one, _ in mentions) * 3 >= len(mentions)
    assert sum(e.kind in "aidsv" for _, e in mentions) * 2 >= len(mentions)
    languages = Counter(one.language for one, _ in mentions)
    assert languages.keys() == {"nl", "en", "de", "fr"}
    assert min(languages.values()) >= 100


def test_a_line_is_read_with_its_marks_and_offsets() -> None:
    one = sample("open\tnl\tDe [NAVO|Q7184|p] en [Bergen||a].")
    assert one.text == "De NAVO en Bergen."
    assert [(one.text[e.start : e.end], e.id, e.kind) for e in one.expected] == [
        ("NAVO", "Q7184", "p"),
        ("Bergen", "", "a"),
    ]
    with pytest.raises(ValueError, match="can't be read"):
        sample("open\tnl\tDe [NAVO|Q7184] slaapt.")


def test_ids_given_where_none_may_be_are_wrong_and_those_not_given_are_missed() -> None:
    result = judged(sample("open\tnl\tDe NAVO en [Rusland|Q142|p] en de [Noren|Q20|d] en [Foobaria|Q1|p]."))
    assert [entity.id for entity in result.wrong] == ["Q7184", "Q159"]
    assert [expected.id for expected in result.right] == ["Q20"]
    assert [expected.id for expected in result.missed] == ["Q142", "Q1"]


@pytest.mark.parametrize("part", ["first", "second"])
def test_articles_of_somebody_who_had_not_seen_the_tables_are_linked_within_the_bars(part: str) -> None:
    results = [judged(one) for one in samples(TEXTS.with_name("outside.tsv")) if one.part == part]
    right, wrong, missed = (
        sum(map(len, kind)) for kind in zip(*((r.right, r.wrong, r.missed) for r in results), strict=True)
    )
    assert right >= PRECISION_BAR * (right + wrong)
    assert right >= RECALL_BAR * (right + missed)
