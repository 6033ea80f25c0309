"""What narrows a query down from outside it is said in the alert language, and refused by the option's name."""

import pytest

from belfry.search.filters import Filters, wanted
from processors.matching.show import show
from schemas.errors import QueryError, UsageError
from tests.search_cases import CaseMeanings

MEANINGS = CaseMeanings()


def said(query: str, filters: Filters) -> str:
    return show(wanted(query, filters, MEANINGS))


@pytest.mark.parametrize(
    ("query", "filters", "canonical"),
    [
        ("troepen", Filters(), "troepen"),
        ("a b", Filters(languages=["NL"]), "a AND b AND lang:nl"),
        ("a OR b", Filters(languages=["nl", "fr"]), "(a OR b) AND (lang:nl OR lang:fr)"),
        ("a", Filters(sources=["Belga", 'De "Standaard"']), 'a AND (source:Belga OR source:"De \\"Standaard\\"")'),
        ("a", Filters(entities=["NATO", "Rusland"]), "a AND entity:NATO AND entity:Rusland"),
        ("a", Filters(concepts=["troupes"]), "a AND concept:troupes"),
        ("a", Filters(since="2022-01-01"), "a AND published:[2022-01-01 TO *]"),
        ("a", Filters(until=" 2022-01-31 "), "a AND published:[* TO 2022-01-31]"),
        (
            "a",
            Filters(since="2022-01-01", until="2022-01-01T12:00:00Z"),
            "a AND published:[2022-01-01 TO 2022-01-01T12:00:00Z]",
        ),
    ],
)
def test_filters_are_conditions_beside_the_query(query: str, filters: Filters, canonical: str) -> None:
    assert said(query, filters) == canonical


@pytest.mark.parametrize(
    ("filters", "named"),
    [
        (Filters(languages=["x y"]), "--lang x y"),
        (Filters(languages=[""]), "--lang"),
        (Filters(sources=["…"]), "--source"),
        (Filters(entities=["Onbekend"]), "--entity Onbekend"),
        (Filters(concepts=["no-such"]), "--concept no-such"),
        (Filters(since="2022-13-01"), "--from 2022-13-01: there is no 2022-13-01; write a day, 2022-01-31, or"),
        (Filters(since="2022-02"), "--from 2022-02: “2022-02” is no day; write --from 2022-02-01"),
        (Filters(until="2022-02"), "--to 2022-02: “2022-02” is no day; write --to 2022-02-28"),
        (Filters(until="gisteren"), "--to gisteren: “gisteren” is no day or instant; write a day"),
        (Filters(until=" "), "--to  : takes a day, 2022-01-31, or an instant"),
        (Filters(until="2022-01-01 TO *] OR x"), "--to 2022-01-01 TO"),
        (Filters(since="2022-02-01", until="2022-01-01"), "--from 2022-02-01 is after --to 2022-01-01"),
    ],
)
def test_a_filter_that_cannot_be_used_is_refused_by_its_name(filters: Filters, named: str) -> None:
    with pytest.raises(UsageError, match=named):
        wanted("troepen", filters, MEANINGS)


def test_what_is_wrong_with_the_query_is_told_with_its_own_column() -> None:
    with pytest.raises(QueryError) as refused:
        wanted("troepen entity:Onbekend", Filters(languages=["nl"]), MEANINGS)

    assert (refused.value.code, refused.value.column) == ("unknown_entity", 9)


def test_a_query_that_only_excludes_stays_refused_beside_filters() -> None:
    with pytest.raises(QueryError):
        wanted("NOT troepen", Filters(languages=["nl"]), MEANINGS)
