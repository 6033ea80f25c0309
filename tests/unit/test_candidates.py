"""The candidate query never misses what the definition accepts, and what it calls sure is accepted."""

from datetime import datetime
from typing import Any

from hypothesis import given, settings

from processors.document import index_document
from processors.matching.articles import match_article
from processors.matching.candidate_tree import (
    AllOf,
    AnyOf,
    Condition,
    HasAny,
    Lacks,
    Like,
    Published,
)
from processors.matching.candidates import candidates
from processors.matching.naive import naive_spans
from processors.matching.parse import parse
from processors.matching.tree import Node
from schemas.articles import EnrichedArticle
from tests.search_cases import MOMENT, WORDS, CaseMeanings, cases

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


@settings(max_examples=1500, deadline=None)
@given(cases())
def test_candidates_are_never_too_narrow_and_what_is_sure_is_accepted(case: tuple[Node, EnrichedArticle]) -> None:
    query, given = case
    accepted = naive_spans(query, match_article(given), MEANINGS) is not None
    asked = candidates(query, LANGUAGES, MEANINGS)
    document = index_document(given)

    assert not accepted or holds(asked.bounds.wide, document)
    assert accepted or not holds(asked.bounds.sure, document)
