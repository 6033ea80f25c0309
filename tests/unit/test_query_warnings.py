"""What a query is warned of, and what it isn't: a false alarm is worse than a miss."""

import time

import pytest

from processors.matching.implies import Prover, covers
from processors.matching.parse import parse
from processors.matching.separable import separated
from processors.matching.show import show
from processors.matching.tree import And, Not
from processors.matching.warnings_ import QueryWarning, warnings


class Words:
    """A vocabulary in which short wildcards fit thousands of words."""

    def count(self, pattern: str) -> int:
        return 10 ** (8 - len(pattern.replace("*", "")))


class Names:
    def entity_ids(self, name: str) -> list[str]:
        return {"Washington": ["Q61", "Q1223", "Q23"], "NATO": ["Q7184"]}.get(name, [])


def warned(query: str) -> list[QueryWarning]:
    return warnings(parse(query), vocabulary=Words(), entities=Names())


def codes(query: str) -> list[str]:
    return [warning.code for warning in warned(query)]


@pytest.mark.parametrize(
    ("query", "code", "column", "words"),
    [
        ("lang:nl", "filters_only", 1, "no words can be shown"),
        ("lang:nl source:belga", "filters_only", 1, "only filters"),
        ("source:belga NOT troepen", "filters_only", 1, "only filters"),
        ("published:[2022-01-01 TO *]", "filters_only", 1, "only filters"),
        ("troepen OR lang:nl", "filters_only", 12, "every article with lang:nl rings"),
        ("troepen OR (source:belga NOT sport)", "filters_only", 13, "every article with source:belga AND NOT sport"),
        ("troepen and opbouw", "lower_case_operator", 9, "write AND"),
        ("troepen or opbouw", "lower_case_operator", 9, "write OR"),
        ("troepen not opbouw", "lower_case_operator", 9, "write NOT"),
        ("not troepen", "lower_case_operator", 1, "write NOT"),
        ("troepen EN opbouw", "foreign_operator", 9, "write AND"),
        ("troepen ODER leger", "foreign_operator", 9, "write OR"),
        ("NIET troepen", "foreign_operator", 1, "write NOT"),
        ("troepen (leger SAUF marine)", "foreign_operator", 16, "write NOT"),
        ("samentrekken", "separable_verb", 1, "trek* NEAR/6 samen"),
        ("troepen zurückziehen", "separable_verb", 9, "ziehen NEAR/6 zurück"),
        ("troepen OR terugtrekken", "separable_verb", 12, "trek* NEAR/6 terug"),
        ("abc*", "costly_wildcard", 1, "100,000 different words"),
        ('"de abc* in"', "costly_wildcard", 5, "give more letters"),
        ("NOT abcd* troepen", "costly_wildcard", 5, "give more letters"),
        ("entity:Washington", "several_entities", 1, "entity:Q61"),
        ("title:lang:nl troepen", "scope_without_effect", 7, "title: changes nothing"),
        ("troepen NOT troepen", "not_excludes_all", 9, "can never match"),
        ("troepen NOT troep*", None, 0, ""),
        ('"nieuwe troepen" NOT troepen', "not_excludes_all", 18, "UNLESS"),
        ("troepen NEAR/3 grens NOT grens", "not_excludes_all", 22, "UNLESS"),
        ("troepen* NOT troep*", "not_excludes_all", 10, "can never match"),
        ("=NATO NOT =NATO", "not_excludes_all", 7, "can never match"),
        ("title:troepen NOT troepen", "not_excludes_all", 15, "can never match"),
        ("(a OR b) NOT (b OR a OR c)", "not_excludes_all", 10, "can never match"),
        ("ATLEAST/2 a NOT a", "not_excludes_all", 13, "can never match"),
        ("a BEFORE/2 b NOT (a NEAR/3 b)", "not_excludes_all", 14, "can never match"),
        ("a UNLESS/2 b NOT a", "not_excludes_all", 14, "can never match"),
        ("a lang:nl lang:en", "never_matches", 11, "write OR"),
        ("a source:belga source:anp", "never_matches", 16, "write OR"),
        ("a (lang:nl OR lang:de) lang:en", "never_matches", 24, "write OR"),
        ("troepen UNLESS/3 troepen", "never_matches", 18, "can never match"),
        ("troepen* UNLESS/3 troep*", "never_matches", 19, "can never match"),
        ("title:(=a OR b) UNLESS/0 (b OR a)", "never_matches", 27, "can never match"),
        ("a published:[2022-02-01 TO 2022-01-01]", "never_matches", 3, "ends before it begins"),
        ("a published:[* TO 2022-01-01] published:[2022-02-01 TO *]", "never_matches", 31, "don't overlap"),
    ],
)
def test_what_is_probably_not_meant_is_said(query: str, code: str | None, column: int, words: str):
    found = [warning for warning in warned(query) if warning.code == code]
    assert [warning.column for warning in found] == ([column] if code else [])
    assert all(words in warning.message for warning in found)
    assert set(codes(query)) <= {code}


@pytest.mark.parametrize(
    "query",
    [
        "troepen opbouw",
        "troepen lang:nl",
        "troepen NOT lang:nl",
        "troepen NOT opbouw",
        "troepen NOT (troepen NEAR/3 opbouw)",
        "samentrekken OR trekken NEAR/6 samen",
        '"samentrekken van troepen"',
        "troepen NOT title:troepen",
        "troepen NOT =troepen",
        "troepen NOT troepenopbouw",
        "us NOT US",
        "=US NOT US",
        "=nato NOT nato*s",
        "(a OR b) NOT a",
        "a NEAR/5 b NOT a NEAR/3 b",
        "a NEAR/5 b NOT a BEFORE/5 b",
        "a NOT (a b)",
        '"a b"~2 NOT "a b"',
        "ATLEAST/2 a NOT ATLEAST/3 a",
        "=qu'il NOT *qu'il*",
        "a UNLESS/2 b NOT b",
        "troep* UNLESS/3 troepenopbouw",
        "troepen UNLESS/3 (opbouw OR troep*)",
        "(a OR b) UNLESS/3 a",
        "a UNLESS/3 (a NEAR/2 b)",
        "a published:[2022-01-01 TO 2022-01-01]",
        "a published:[* TO 2022-02-01] published:[2022-01-01 TO *]",
        "a (lang:nl OR lang:de)",
        "a lang:nl NOT lang:en",
        "lang:nl a OR lang:en b",
        "troepen (source:belga OR source:anp)",
        "(a OR b) (lang:nl OR c)",
        "entity:NATO",
        "entity:Unknown",
        "troepenopbouw*",
        "prix or",
        "or troepen",
        "EN troepen",
        "troepen OF",
        "troepen OR OF",
        '"search and rescue"',
        "troepen OR opbouw",
        "1.5*000",
    ],
)
def test_what_may_well_be_meant_is_not_warned_of(query: str):
    assert codes(query) == []


@pytest.mark.parametrize(
    ("verb", "apart"),
    [
        ("samentrekken", "trek* NEAR/6 samen"),
        ("oprukken", "ruk* NEAR/6 op"),
        ("binnenvallen", "val* NEAR/6 binnen"),
        ("uitbreiden", "breiden NEAR/6 uit"),
        ("aankondigen", "kondigen NEAR/6 aan"),
        ("einmarschieren", None),
        ("zurückziehen", "ziehen NEAR/6 zurück"),
        ("aufrüsten", "rüsten NEAR/6 auf"),
    ],
)
def test_a_separable_verb_is_known(verb: str, apart: str | None):
    found = separated(verb)
    assert (found and found.query) == apart
    assert apart is None or parse(apart)


@pytest.mark.parametrize(
    "word",
    [
        *[
            "voorspellen",
            "overleggen",
            "overvallen",
            "herstellen",
            "omsingelen",
            "weerleggen",
            "voorkomen",
            "overtreden",
        ],
        *["wiederholen", "umgeben", "umzingeln", "Abkommen", "abkommen", "Einkommen", "Vorgehen", "Aufnahmen"],
        *["troepen", "opbouw", "uitgaven", "aanslagen", "vertrekken", "betrekken", "trekken", "op", "ab", "AFP"],
        *["rebuild", "outcome", "attaquer", "aangifte", "overheden", "inkomen"],
    ],
)
def test_a_word_that_does_not_come_apart_raises_no_alarm(word: str):
    assert separated(word) is None


@pytest.mark.parametrize(
    ("wide", "narrow", "does"),
    [
        ("troep*", "troepen*", True),
        ("troep*", "troepen", True),
        ("*opbouw*", "*troepenopbouw", True),
        ("tro*en", "troepen", True),
        ("TROEP*", "troépen", True),
        ("troepen*", "troep*", False),
        ("*bouw", "opbouw*", False),
        ("aba*aba", "aba", False),
        ("a*b*c", "a1c2b3c", True),
        ("a*b*c", "a1c2", False),
    ],
)
def test_whether_one_pattern_covers_another(wide: str, narrow: str, does: bool):
    assert covers(wide, narrow) is does


def test_warnings_come_in_the_order_of_the_query():
    found = warned("samentrekken and lang:nl lang:en NOT samentrekken")
    assert [warning.column for warning in found] == sorted(warning.column for warning in found)
    assert len(found) == len(set(found)) >= 4


def test_without_a_vocabulary_no_wildcard_is_called_costly():
    assert warnings(parse("abc*")) == []


def test_a_hostile_query_is_warned_of_in_bounded_time():
    parts = [f"(a{number} OR b{number} OR c{number})" for number in range(300)]
    tree = parse(" ".join(parts) + " NOT (" + " OR ".join(f"d{number}" for number in range(99)) + ")")
    began = time.thread_time()
    warnings(tree)
    assert time.thread_time() - began < 0.5


def test_no_proof_is_taken_too_far():
    tree = parse("(a OR b) (c OR d) NOT (e OR f)")
    assert isinstance(tree, And)
    excluded = tree.operands[-1]
    assert isinstance(excluded, Not)
    assert not Prover().implies(tree.operands[0], excluded.operand)
    assert not Prover(steps=1).implies(parse("a OR a"), parse("a OR b")), show(tree)
