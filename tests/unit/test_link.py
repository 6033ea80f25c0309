"""Which namesake is meant: priors, the article's countries, commas, and no id where these can't tell."""

import pytest

from processors.gazetteer import KnownEntity, default_gazetteer
from processors.link import Beside, Context, joined_points, linked, mentioned_countries
from processors.recognise import Recogniser

RECOGNISER = Recogniser(default_gazetteer())
COUNTRY = KnownEntity("Q230", "LOC", "country", "GE", 95, "Georgia")
STATE = KnownEntity("Q1428", "LOC", "region", "US", 66, "Georgia")
CITY = KnownEntity("Q23556", "LOC", "city", "US", 67, "Atlanta")
NAMED = [COUNTRY, STATE]
PROVINCE = KnownEntity("Q1", "LOC", "region", "BE", 56, "Antwerp")
TOWN = KnownEntity("Q2", "LOC", "city", "BE", 60, "Antwerp")


def test_one_candidate_is_meant() -> None:
    assert linked([STATE], Context()) == (STATE, True)


def test_the_likelier_one_is_meant_where_it_leads_by_enough() -> None:
    assert linked(NAMED, Context()) == (COUNTRY, True)
    assert linked([TOWN, KnownEntity("Q3", "LOC", "city", "NL", 51, "Antwerp")], Context()) == (TOWN, False)


def test_a_country_that_is_mentioned_makes_the_others_doubtful() -> None:
    assert linked(NAMED, Context(frozenset({"US"}))) == (COUNTRY, False)
    assert linked(NAMED, Context(frozenset({"US", "UA", "RU"}))) == (COUNTRY, True)


def test_a_comma_says_which() -> None:
    joined = joined_points([CITY], NAMED)
    assert joined.keys() == {"Q23556", "Q1428"}
    assert linked(NAMED, Context(), Beside(joined)) == (STATE, True)
    assert joined_points(NAMED, [CITY]) == {}, "the wider comes second"


def test_a_city_and_its_province_are_one_enough() -> None:
    assert linked([TOWN, PROVINCE], Context()) == (TOWN, True)


def test_cities_speak_of_their_country() -> None:
    assert mentioned_countries([TOWN]) == frozenset()
    assert mentioned_countries([TOWN, TOWN]) == frozenset(), "one place, twice"
    assert mentioned_countries([PROVINCE]) == {"BE"}
    assert mentioned_countries([COUNTRY]) == {"GE"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Voters in Georgia, the country, queued.", ["Q230"]),
        ("In Atlanta, Georgia, queues were long.", ["Q23556", "Q1428"]),
        ("In Tbilisi, Georgia, queues were long.", ["Q994", "Q230"]),
        ("The US told Georgia to wait.", ["Q30", None]),
        ("The US and Georgia agree.", ["Q30", "Q230"]),
        ("The US, Ukraine, Moldova and Georgia agree.", ["Q30", "Q212", "Q217", "Q230"]),
        ("It is cold in London, Ontario.", ["Q92561", "Q1904"]),
        ("It is cold in London.", ["Q84"]),
        ("It is cold in Paris, Texas.", [None, "Q1439"]),
        ("The Georgia governor waits.", ["Q1428"]),
        ("Voters in Georgia and Arizona waited.", ["Q1428", "Q816"]),
        ("Fires in Washington state, said Washington.", ["Q1223", "Q61"]),
        ("The state of New York told New York.", ["Q1384", "Q60"]),
        ("Georgia, the American state, waited.", ["Q1428"]),
        ("Lincoln, Nebraska, is quiet.", ["Q28260", "Q1553"]),
        ("Springfield mourns.", [None]),
        ("Fire in Cambridge.", [None]),
        ("Fire in Cambridge, New Zealand.", ["Q1028261", "Q664"]),
    ],
)
def test_namesakes_in_an_article(text: str, expected: list[str | None]) -> None:
    assert [one.id for one in RECOGNISER.recognise("", text, "en") if one.link == "name"] == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("nl", "In Atlanta kiezen de kiezers van Georgia.", ["Q23556", "Q1428"]),
        ("nl", "Congo sluit de grens. In Kinshasa wordt gevochten.", ["Q974", "Q3838"]),
        ("nl", "Congo sluit de grens.", [None]),
        ("nl", "De Polen bouwen, in Polen.", ["Q36", "Q36"]),
        ("fr", "Il habite Vienne, en Isère.", [None, "x:isere"]),
        ("fr", "Il habite Vienne, en Autriche.", ["Q1741", "Q40"]),
        ("nl", "De huurlingen van Wagner rukken op.", ["x:wagner-group"]),
        ("nl", "In de opera klinkt Wagner.", []),
        ("nl", "De regio Donetsk en de stad Donetsk.", ["Q2012050", "Q43070"]),
        ("en", "Tripoli, in northern Lebanon, was calm.", [None, "Q822"]),
        ("nl", "Het leger trok Gaza binnen.", ["Q39760"]),
        ("nl", "Jordan scoorde.", []),
        ("fr", "les milices libyennes", ["Q1016"]),
        ("en", "Wang Yi flew home. Wang said nothing.", ["Q701801", "Q701801"]),
        ("de", "Schoigu und Gerassimow schweigen.", ["Q32024", "Q36073"]),
        ("en", "Washington waits. George Washington would not.", [None, "x:george-washington"]),
    ],
)
def test_the_language_and_the_words_beside_tell_namesakes_apart(
    language: str, text: str, expected: list[str | None]
) -> None:
    found = RECOGNISER.recognise("", text, language)
    assert [one.id for one in found if one.type != "PER" or one.id] == expected
