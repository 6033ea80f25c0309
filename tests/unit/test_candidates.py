"""The candidate query never misses what the definition accepts, and what it calls sure is accepted."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from processors.document import index_document
from processors.matching.articles import match_article
from processors.matching.candidate_tree import (
    NOTHING,
    AllOf,
    AnyOf,
    Condition,
    HasAny,
    Lacks,
    Like,
    Published,
    clause_count,
    depth,
    elasticsearch_query,
)
from processors.matching.candidates import MAX_CLAUSES, MAX_NESTING, Candidates, candidates
from processors.matching.naive import naive_spans
from processors.matching.parse import parse
from processors.matching.tree import Node
from schemas.articles import EnrichedArticle
from tests.search_cases import LONG, MOMENT, WORDS, CaseMeanings, cases

MEANINGS = CaseMeanings()
LANGUAGES = list(WORDS)


def holds(condition: Condition, document: dict[str, Any]) -> bool:
    """Whether Elasticsearch would find the document, by the condition before it is put into its words."""
    match condition:
        case AllOf(operands):
            return all(holds(operand, document) for operand in operands)
        case AnyOf(operands):
            return any(holds(operand, document) for operand in operands)
        case Lacks(operand):
            return not holds(operand, document)
        case Like(pattern):
            return any(fits(pattern.split("*"), form) for form in document["forms"])
        case Published(since, until):
            moment = datetime.fromisoformat(document["published_at"])
            moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
            return (since is None or since <= moment) and (until is None or moment < until)
        case HasAny(field, values):
            found = document[field] or ("und" if field == "language" else None)
            return not values.isdisjoint([found] if isinstance(found, str) or found is None else found)


def fits(pieces: list[str], form: str) -> bool:
    first, *between = pieces
    if not between:
        return form == first
    if not form.startswith(first):
        return False
    place = len(first)
    for piece in between[:-1]:
        found = form.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return form[place:].endswith(between[-1])


def article(text: str, **fields: Any) -> EnrichedArticle:
    given: dict[str, Any] = {
        "article_id": "a",
        "text": text,
        "language": "nl",
        "published_at": MOMENT,
        "fetched_at": MOMENT,
        "content_hash": "h",
        "version": 1,
        "month": "2022-01",
    }
    return EnrichedArticle.model_validate(given | fields)


def found(query: str, text: str, **fields: Any) -> tuple[bool, bool]:
    """Whether the query's wide and sure conditions hold for an article."""
    bounds = candidates(parse(query), LANGUAGES, MEANINGS).bounds
    document = index_document(article(text, **fields))
    return holds(bounds.wide, document), holds(bounds.sure, document)


@settings(max_examples=400, deadline=None)
@given(cases())
def test_candidates_are_never_too_narrow_and_what_is_sure_is_accepted(case: tuple[Node, EnrichedArticle]) -> None:
    query, given = case
    accepted = naive_spans(query, match_article(given), MEANINGS) is not None
    asked = candidates(query, LANGUAGES, MEANINGS)
    document = index_document(given)

    assert not accepted or holds(asked.bounds.wide, document)
    assert accepted or not holds(asked.bounds.sure, document)


@pytest.mark.parametrize(
    ("query", "text", "wide", "sure"),
    [
        # Words, any inflection, compound parts, hyphenated forms
        ("schip", "twee schepen", True, True),
        ("raket opslag", "de raketopslag", True, True),
        ("troepen sanctie", "de troepen", False, False),
        ("troepen OR sanctie", "de troepen", True, True),
        ("NAVO-Ruslandraad", "de NAVO-Ruslandraad", True, True),
        ("navo-raad", "de raad van de NAVO", True, False),
        # What stands where isn't in the index
        ('"de troepen"', "troepen, de laatste", True, False),
        ("opbouw NEAR/1 troepen", "opbouw van vele nieuwe troepen", True, False),
        ("opbouw BEFORE/1 troepen", "de opbouw", False, False),
        ("title:troepen", "de troepen", True, False),
        ("ATLEAST/2 troepen", "de troepen", True, False),
        ("ATLEAST/1 troepen", "de troepen", True, True),
        # UNLESS is sure where its right side isn't there at all
        ("troepen UNLESS/2 terugtrekking", "de troepen", True, True),
        ("troepen UNLESS/2 terugtrekking", "de terugtrekking van alle andere troepen", True, False),
        # NOT counts as far as its inside is known
        ("troepen NOT opbouw", "de troepen", True, True),
        ("troepen NOT opbouw", "de opbouw van troepen", False, False),
        ('troepen NOT (opbouw OR "de raad")', "opbouw van troepen", False, False),
        ('troepen NOT "de raad"', "de troepen", True, True),
        ('troepen NOT "de raad"', "de troepen van de raad", True, False),
        ("troepen NOT NOT opbouw", "de opbouw van troepen", True, True),
        ("troepen NOT title:opbouw", "opbouw van troepen", True, False),
        # Written forms
        ("=VS", "de vs.", True, False),
        ("=VS", "de raad", False, False),
        ("troep*", "de troepen", True, True),
        ("*opbouw*", "de troepenopbouw", True, True),
        ("*opbouw", "de opbouwen", False, False),
        ("troepen NOT raket*", "troepen en raketten", False, False),
        # Filters
        ("lang:nl", "de troepen", True, True),
        ("lang:en", "de troepen", False, False),
        ("troepen NOT lang:en", "de troepen", True, True),
        ("source:belga", "de troepen", True, True),
        ("source:reuters", "de troepen", False, False),
        ("story:s1", "de troepen", True, True),
        ("published:[2022-01-14 TO 2022-01-14]", "de troepen", True, True),
        ("published:[2022-01-15 TO *]", "de troepen", False, False),
        # Concepts by language, with their `where`
        ("concept:build-up", "de opbouw van troepen", True, False),
        ("concept:build-up", "de troepen", False, False),
        ("concept:troupes", "les troupes", False, False),
    ],
)
def test_what_the_index_can_tell(query: str, text: str, wide: bool, sure: bool) -> None:
    assert found(query, text, source="belga", story_id="s1") == (wide, sure)


def test_entities_count_where_they_stand_on_a_word_of_what_is_searched() -> None:
    def nato(field: str, text: str = "NAVO") -> dict[str, Any]:
        return {"field": field, "start": 0, "end": 4, "text": text, "type": "ORG", "id": "Q7184", "name": "NATO"}

    made = {"title": "NAVO", "meta": {"title_from_text": True}}

    assert found("entity:NATO", "NAVO", entities=[nato("text")]) == (True, True)
    assert found("entity:NATO", "x", title="NAVO", entities=[nato("title")]) == (True, True)
    assert found("entity:NATO", "x", entities=[nato("title")], **made) == (False, False)
    assert found("entity:NATO", "---- x", entities=[nato("text", "----")]) == (False, False)
    assert found("entity:Rusland", "NAVO", entities=[nato("text")]) == (False, False)


def test_a_word_that_was_cut_in_the_index_is_found_but_not_sure() -> None:
    other = "x" * 300 + "schepen"

    assert found(LONG, LONG) == (True, False)
    assert found(LONG, other) == (True, False)
    assert found(f"={LONG}", LONG) == (True, False)
    assert found("*troepen", f"{LONG} hier") == (True, False)
    assert found("*schepen", f"{LONG} hier") == (True, False)
    assert found("een NOT xxx*", f"een {other}") == (True, False)


def test_a_very_long_pattern_asks_for_its_longest_piece() -> None:
    pattern = f"*{'ab' * 40}*troep*"

    assert found(pattern, "ab" * 60) == (True, False)
    assert found(pattern, "ab" * 20 + " troep") == (False, False)


def test_a_source_that_may_be_missing_in_the_index_is_not_asked_for() -> None:
    long = "bron" * 2500

    assert found(f"source:{long}", "x", source="elders") == (True, False)
    assert found(f"troepen NOT source:{long}", "troepen") == (True, False)


@pytest.mark.parametrize(
    ("bounds", "microsecond", "wide", "sure"),
    [
        ("[2022-01-14T09:30:00.000500Z TO *]", 400, True, False),
        ("[2022-01-14T09:30:00.000500Z TO *]", 1000, True, True),
        ("[* TO 2022-01-14T09:30:00Z]", 0, True, False),
        ("[* TO 2022-01-14T09:30:00Z]", 1000, False, False),
        ("[9999-12-31T23:59:59.999999Z TO *]", 0, False, False),
        ("[* TO 9999-12-31]", 0, True, True),
    ],
)
def test_bounds_within_a_millisecond_are_not_sure(bounds: str, microsecond: int, wide: bool, sure: bool) -> None:
    moment = MOMENT + timedelta(microseconds=microsecond)

    assert found(f"published:{bounds}", "x", published_at=moment) == (wide, sure)


def asked(query: str, languages: list[str] = LANGUAGES) -> Candidates:
    return candidates(parse(query), languages, MEANINGS)


@pytest.mark.parametrize(
    "query", ["troepen", "a b OR c NOT d", "entity:NATO lang:nl", "source:x", "published:[2022-01-01 TO 2022-01-31]"]
)
def test_words_and_filters_are_counted_exactly(query: str) -> None:
    assert asked(query).exact


@pytest.mark.parametrize("query", ['"a b"', "a NEAR/3 b", "=NATO", "title:a", "a NOT (b NEAR/3 c)", "a OR b-c"])
def test_what_has_positions_is_not_counted_exactly(query: str) -> None:
    assert not asked(query).exact


def test_languages_that_agree_share_a_condition() -> None:
    assert elasticsearch_query(asked("source:belga").bounds.wide) == {"terms": {"source": ["belga"]}}


def test_without_articles_there_are_no_candidates() -> None:
    assert asked("troepen", []).bounds.wide == NOTHING


def test_entities_are_read_only_where_the_query_asks_for_them() -> None:
    assert not asked("troepen").reads_entities
    assert asked("troepen NOT entity:NATO").reads_entities
    assert asked("concept:build-up").reads_entities
    assert not asked("concept:build-up", ["nl", "fr"]).reads_entities


@pytest.mark.parametrize(
    "query",
    [
        " ".join(f"woord{number}a" for number in range(999)),
        " OR ".join(f"(woord{number}a woord{number}b)" for number in range(499)),
        " NEAR/5 ".join(f"woord{number}a" for number in range(999)),
        " UNLESS/5 ".join(f"woord{number}a" for number in range(999)),
        " ".join(f"woord{number}*" for number in range(100)),
        "x NOT (" * 30 + "y" + ")" * 30,
        " OR ".join(f"(title:woord{number}a NOT (b c{number}))" for number in range(300)),
    ],
)
def test_what_would_be_too_large_for_elasticsearch_is_widened(query: str) -> None:
    bounds = asked(f"({query}) published:[2022-01-01 TO 2022-01-31]").bounds

    for condition in (bounds.wide, bounds.sure):
        assert clause_count(condition) <= MAX_CLAUSES
        assert depth(condition) <= MAX_NESTING
    assert "2022-01-01" in str(elasticsearch_query(bounds.wide))


def test_a_widened_condition_still_holds_for_what_is_accepted() -> None:
    words = " OR ".join(f"(woord{number}a troepen{number})" for number in range(499))

    assert found(f"({words}) schip", "woord7a troepen7 schepen") == (True, False)
    assert found(f"({words}) schip", "woord7a troepen8") == (False, False)
