"""What is refused: the code, the column, and the remedy that the message gives."""

import pytest

from processors.matching.parse import parse
from schemas.errors import QueryError


def refused(query: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse(query)
    return caught.value


REFUSALS = [
    # query, code, column, words of the message or of its remedy
    ("", "empty", 1, "Write a word"),
    ("   ", "empty", 1, "Write a word"),
    ('""', "empty", 1, "nothing stands between the quotes"),
    ('a "  "', "empty", 3, "nothing stands between the quotes"),
    ("😀", "no_letters", 1, "Take it out"),
    ("a …", "no_letters", 3, "Take it out"),
    ("a & b", "syntax", 3, "Write AND"),
    ("a && b", "syntax", 3, "Write AND"),
    ("a || b", "syntax", 3, "Write OR"),
    ("a = b", "no_letters", 3, "right behind the ="),
    ('"😀 !"', "no_letters", 1, "Only letters and digits"),
    # operators without what they join
    ("AND a", "syntax", 1, 'quote it: "AND"'),
    ("a AND", "syntax", 6, "Give AND something on its right"),
    ("a OR OR b", "syntax", 6, "Give OR something on its left"),
    ("a NEAR/5", "syntax", 9, "Give NEAR/5 something on its right"),
    ("NOT", "syntax", 4, "Give NOT something on its right"),
    ("title:", "syntax", 7, "Give title: something on its right"),
    ("ATLEAST/2", "syntax", 10, "Give ATLEAST/2 something on its right"),
    ("a NEAR/5 NOT b", "syntax", 10, "write a UNLESS/5 b"),
    ("()", "syntax", 2, "empty brackets"),
    ("(a OR) b", "syntax", 6, "Give OR something on its right"),
    # numbers
    ("a NEAR b", "bad_number", 3, 'Write "NEAR" in quotes'),
    ("ATLEAST a", "bad_number", 1, "ATLEAST/2"),
    ("a NEAR/x b", "bad_number", 8, "NEAR/5"),
    ("a NEAR/ 5 b", "bad_number", 8, "a number is missing"),
    ("a NEAR/-1 b", "bad_number", 8, "no number from 0"),
    ("a NEAR/1001 b", "bad_number", 8, "1,000"),
    ("a NEAR/" + "9" * 400 + " b", "bad_number", 8, "no number"),
    ("a NEAR/٣ b", "bad_number", 8, "no number"),
    ("ATLEAST/0 a", "bad_number", 9, "ATLEAST/2"),
    ('"a b"~', "bad_number", 6, '"a b"~3'),
    ('"a b"~1001', "bad_number", 6, "1,000"),
    # brackets and quotes
    ("(a", "unclosed_bracket", 1, "Close it"),
    ("(a (b)", "unclosed_bracket", 1, "Close it"),
    ("a) b", "unopened_bracket", 2, "Take it out"),
    ('a "b', "unclosed_quote", 3, "Close it"),
    ('"', "unclosed_quote", 1, "Close it"),
    ('="a', "unclosed_quote", 1, "Close it"),
    ("entity:“a", "unclosed_quote", 8, "Close it"),
    # escapes
    ("a\\", "bad_escape", 2, "Take it out"),
    (r"a\b", "bad_escape", 2, r"Write \\ for a \ itself"),
    (r'"a \n b"', "bad_escape", 4, r"Write \\"),
    (r"source:a\b", "bad_escape", 9, r"Write \\"),
    # wildcards
    ("ab*", "bad_wildcard", 1, "Give more letters"),
    ("*", "bad_wildcard", 1, "NEAR/n"),
    ('"a * b"', "bad_wildcard", 4, "~n"),
    ("=troep*", "bad_wildcard", 2, "Leave out the = or the *"),
    ("a*b*c*d*e*f", "bad_wildcard", 1, "more than 4"),
    ("a tr?ep*", "syntax", 5, "Only * is a wildcard"),
    # characters that mean something elsewhere
    ("-a", "minus", 1, "Write NOT a"),
    ("a -b", "minus", 3, "Write NOT b"),
    ("a –b", "minus", 3, "Write NOT b"),
    ("a \u2212b", "minus", 3, "Write NOT b"),
    ('a -"b c"', "minus", 3, "Write NOT"),
    ("a -(b c)", "minus", 3, "Write NOT"),
    ("a -title:b", "minus", 3, "Write NOT title:b"),
    ("a !b", "minus", 3, "Write NOT b"),
    ("+a b", "syntax", 1, "Write a"),
    ("a^2", "syntax", 2, "no boosting"),
    ("a~2", "syntax", 2, "behind a phrase"),
    ('"a b" ~2', "syntax", 7, "behind a phrase"),
    ("[a]", "syntax", 1, "published:"),
    ("{a}", "syntax", 1, "round brackets"),
    ("a|b", "syntax", 2, "Write OR"),
    ("a near/5 b", "syntax", 3, "NEAR/5"),
    ("a w/5 b", "syntax", 3, "NEAR/5"),
    ("a NAER/5 b", "syntax", 3, "Write NEAR/5"),
    ("a BEFOR/5 b", "syntax", 3, "Write BEFORE/5"),
    ("a near5 b", "syntax", 3, "Write NEAR/5"),
    ("atleast3 a", "syntax", 1, "Write ATLEAST/3"),
    ("AND/OR", "syntax", 1, 'Quote it: "AND/OR"'),
    ("a NOT=NATO", "syntax", 3, "Write NOT =NATO"),
    ("（a OR b) c", "syntax", 1, "Write ("),
    ("(a OR b） c", "syntax", 8, "Write )"),
    ("a lang：nl", "syntax", 7, "Write :"),
    ("troep＊", "syntax", 6, "Write *"),
    ("a ＝NATO", "syntax", 3, "Write ="),
    ("a ＂b c＂", "syntax", 3, 'Write "'),
    ("a 'massing of troops' b", "syntax", 3, 'Write "massing of troops"'),
    ("(‘a b’) c", "syntax", 2, 'Write "a b"'),
    ("title:'a b c'", "syntax", 7, 'Write "a b c"'),
    # fields
    ("12:30", "unknown_field", 1, 'Quote it: "12:30"'),
    ("https://nieuws.nl/a", "unknown_field", 1, 'Quote it: "https://nieuws.nl/a"'),
    ("mailto:jan@nieuws.nl", "unknown_field", 1, "Quote it"),
    ("a :b", "unknown_field", 3, "Quote it"),
    ("titel:a", "unknown_field", 1, "Write title:, or quote it"),
    ("Title:a", "unknown_field", 1, "Write title:"),
    ("taal:nl", "unknown_field", 1, "Write lang:"),
    ("lang:", "bad_value", 6, "a value right after the colon"),
    ("entity:(a OR b)", "bad_value", 8, "(entity:a OR entity:b)"),
    ("entity:NAT*", "bad_value", 8, "no wildcard"),
    ("lang:dutch", "bad_value", 6, "Write lang:nl"),
    ("lang:nl,en", "bad_value", 6, "Write (lang:nl OR lang:en)"),
    ("lang:nl-BE", "bad_value", 6, "Write lang:nl"),
    ("lang:dut", "bad_value", 6, "Write lang:nl"),
    ("lang:2022", "bad_value", 6, "a code such as nl"),
    ("source:[a TO b]", "bad_value", 8, "a name or an id"),
    ('concept:"troop buildup"', "bad_value", 10, "troop-buildup"),
    ('entity:"…"', "bad_value", 9, "a name or an id"),
    ('entity:NATO"x"', "syntax", 12, "Quote the value"),
    # dates
    ("published:2022-01-01", "bad_value", 11, "Write published:[2022-01-01 TO 2022-01-01]"),
    ("published:2022-02", "bad_value", 11, "Write published:[2022-02-01 TO 2022-02-28]"),
    ("published:[2022 TO 2024-02]", "bad_value", 11, "Write published:[2022-01-01 TO 2024-02-29]"),
    ("published:[2022-01-01, 2022-02-01]", "bad_value", 11, "Write published:[2022-01-01 TO 2022-02-01]"),
    ("published:[2022-01-01 tot 2022-02-01]", "bad_value", 11, "Write published:[2022-01-01 TO 2022-02-01]"),
    ("published:[2022-01-01 TO 2022-02-01", "unclosed_bracket", 11, "never closed"),
    ("published:[2022-02-30 TO *]", "bad_value", 11, "there is no 2022-02-30"),
    ("published:[2022-01-01T25:00 TO *]", "bad_value", 11, "there is no"),
    ("published:[gisteren TO *]", "bad_value", 11, "no day or instant"),
    ("published:>=2022-01-15", "bad_value", 11, "Write published:[2022-01-15 TO *]"),
    ("published:<2022-01-15", "bad_value", 11, "Write published:[* TO 2022-01-15]"),
    ("source:belga,anp", "bad_value", 8, "Write (source:belga OR source:anp)"),
    ("published:vandaag", "bad_value", 11, "a range such as"),
    # what groups well and means nothing
    ("NOT a", "only_not", 1, "troepen NOT a"),
    ("NOT lang:nl", "only_not", 1, "Write what should be there"),
    ("NOT a NOT b", "only_not", 1, "Write what should be there"),
    ("NOT (a OR b)", "only_not", 1, "Write what should be there"),
    ("NOT NOT a", "only_not", 1, "Write what should be there"),
    ("a OR NOT b", "or_needs_positive", 6, "(troepen NOT b)"),
    ("a (b OR (NOT c NOT d))", "or_needs_positive", 10, "troepen"),
    ("NOT (a OR NOT b)", "or_needs_positive", 11, "troepen"),
    ("title:(a text:b)", "nested_scope", 10, "side by side"),
    ("title:(a OR title:b)", "nested_scope", 13, "Leave out the inner title:"),
    ("title:text:a", "nested_scope", 7, "side by side"),
    ("title:(a OR b) NEAR/3 text:c", "different_fields", 23, "can never match"),
    ("title:a BEFORE/3 (text:b OR text:c)", "different_fields", 19, "join them with AND"),
    ("title:a UNLESS/3 text:b", "different_fields", 18, "join them with NOT"),
    ("(title:a NEAR/3 b) NEAR/3 text:c", "different_fields", 27, "can never match"),
    # what has no places
    ("(a b) NEAR/5 c", "not_a_mention", 2, "Write a NEAR/5 b NEAR/5 c"),
    ("(a NOT b) NEAR/5 c", "not_a_mention", 2, "Write a UNLESS/5 b NEAR/5 c"),
    ("c NEAR/5 (a NOT b)", "not_a_mention", 11, "Write c NEAR/5 (a UNLESS/5 b)"),
    ("(NOT a) NEAR/5 c", "not_a_mention", 2, "Write c UNLESS/5 a"),
    ("a NEAR/5 lang:nl", "not_a_mention", 10, "Write a AND lang:nl"),
    ("a UNLESS/5 source:belga", "not_a_mention", 12, "Write a AND NOT source:belga"),
    ("a BEFORE/5 story:x", "not_a_mention", 12, "Write a AND story:x"),
    ("a NEAR/5 published:[* TO 2022-01-01]", "not_a_mention", 10, "Write a AND published:[* TO 2022-01-01]"),
    ("(a OR b c) NEAR/5 d", "not_a_mention", 7, "Write (a OR b NEAR/5 c) NEAR/5 d"),
    ("(a lang:nl) NEAR/5 d", "not_a_mention", 2, "Write a NEAR/5 d AND lang:nl"),
    ("title:(a b) NEAR/5 d", "not_a_mention", 8, "Write title:(a NEAR/5 b) NEAR/5 d"),
    ("ATLEAST/2 a NEAR/3 b", "not_a_mention", 1, "Write ATLEAST/2 (a NEAR/3 b)"),
    ("a NEAR/3 ATLEAST/2 b", "not_a_mention", 10, "Write ATLEAST/2 (a NEAR/3 b)"),
    ("ATLEAST/2 (a b)", "not_a_mention", 12, "Write ATLEAST/2 a AND ATLEAST/2 b"),
    ("ATLEAST/2 (a NOT b)", "not_a_mention", 12, "Write ATLEAST/2 (a UNLESS/5 b)"),
    ("ATLEAST/2 ATLEAST/3 a", "not_a_mention", 11, "Write ATLEAST/2 a"),
    ("ATLEAST/2 lang:nl", "not_a_mention", 11, "Write lang:nl"),
    # what no text can hold
    ("a\x07b", "control_character", 2, "U+0007"),
    ("\x00", "control_character", 1, "U+0000"),
    ("a \ud800", "control_character", 3, "U+D800"),
]


@pytest.mark.parametrize(("query", "code", "column", "remedy"), REFUSALS, ids=[repr(row[0])[:40] for row in REFUSALS])
def test_a_refusal_names_the_place_and_the_remedy(query: str, code: str, column: int, remedy: str):
    error = refused(query)
    assert (error.code, error.column) == (code, column)
    assert remedy in str(error)


@pytest.mark.parametrize("query", [row[0] for row in REFUSALS if row[1] == "not_a_mention"])
def test_the_query_that_is_suggested_for_a_mention_can_be_used(query: str):
    parse(refused(query).suggestion.removeprefix("Write "))


@pytest.mark.parametrize(
    "query", ["12:30", "https://nieuws.nl/a?b=c", "tr?ep", "AND/OR", "a^2", "[a]", "a|b", "near/5"]
)
def test_what_is_refused_can_be_quoted_as_the_message_says(query: str):
    suggestion = refused(query).suggestion
    assert f'"{query}"' in suggestion
    parse(f'"{query}"')


@pytest.mark.parametrize(
    "query",
    [
        "'s avonds ministers'",
        "'t Gooi politici’",
        "rock 'n roll fans'",
        "kings' crown",
        "'troepen'",
        "'troepen OR leger'",
        "\"'s avonds' laat\"",
        "l’OTAN d'Hondt NATO's",
    ],
)
def test_an_apostrophe_is_no_quote(query: str):
    parse(query)


def test_what_a_terminal_would_obey_is_not_repeated():
    assert "“····”" in str(refused("\u202e\u2066\u2069\u202c a"))
    assert refused('lang:"n\u202el"').message.isprintable()


def test_a_suggestion_that_nobody_could_read_is_not_made():
    many = " OR ".join(f"woord{number}" for number in range(100))
    error = refused(f"(({many}) b) NEAR/5 c")
    assert error.code == "not_a_mention"
    assert len(str(error)) < 400


def test_the_first_thing_wrong_is_named():
    assert refused("a) (b").column == 2
    assert refused("tr?ep* -b").column == 3
    assert refused('-b "open').code == "minus"
