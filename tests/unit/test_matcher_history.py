"""What a matcher has seen never changes its answers: it files queries anew by what articles have, in any language."""

from random import Random

import pytest

from processors.matching.articles import MatchArticle, match_article
from processors.matching.matcher import Matcher
from processors.matching.naive import naive_spans
from processors.matching.parse import parse
from schemas.entities import Entity
from tests.search_cases import MOMENT, WORDS, CaseMeanings, made_article, vocabulary

MEANINGS = CaseMeanings()
QUERIES = [
    "troepen NEAR/0 concept:build-up",
    "troepen concept:build-up opbouw",
    "concept:build-up NOT raad",
    "NATO (concept:build-up OR concept:troupes)",
    "entity:NATO NEAR/5 troep*",
    "lang:nl troepen =NAVO",
]


def test_answers_stay_those_of_the_definition_over_many_articles() -> None:
    chance = Random(7)
    matcher = Matcher(MEANINGS)
    for query in QUERIES:
        matcher.put(query, query)

    for number in range(200):
        language = chance.choice([*WORDS, "nl", "nl"])
        article = match_article(made_article(chance, language, vocabulary(language, number % 7 * 2)))
        expected = {query for query in QUERIES if naive_spans(parse(query), article, MEANINGS) is not None}
        assert {match.subscription_id for match in matcher.match(article)} == expected


@pytest.mark.parametrize("place", [(0, 5), (90, 95)])
def test_an_entity_outside_its_field_is_nowhere(place: tuple[int, int]) -> None:
    start, end = place
    entity = Entity(field="title", start=start, end=end, text="NAVO", type="ORG", id="Q7184", name="NATO")
    matcher = Matcher(MEANINGS)
    matcher.put("q", "entity:NATO")

    assert not matcher.match(MatchArticle("", "de NAVO spreekt", "nl", "belga", MOMENT, entities=(entity,)))
