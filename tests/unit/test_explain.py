"""What `query explain` says: the tree, what words look for, where an error is."""

from collections.abc import Collection

import pytest

from processors.matching.explain import explanation, outline, pointed_out, words_of
from processors.matching.normalise import normaliser
from processors.matching.parse import parse
from processors.matching.tree import ConceptTerm, Node
from processors.matching.words import Normaliser, QueryWord
from schemas.errors import QueryError


class Lexicon:
    """Belfry's normal forms, two entities and a concept."""

    def normaliser(self, language: str) -> Normaliser:
        return normaliser(language)

    def entity_ids(self, name: str) -> Collection[str]:
        return {"NATO": ["Q7184"], "Washington": ["Q61", "Q1223"]}.get(name, [])

    def concept(self, concept_id: str, language: str) -> tuple[Node, Node | None] | None:
        return (parse("troepen"), None) if (concept_id, language) == ("troops", "nl") else None

    def concept_ids(self) -> Collection[str]:
        return ["troops"]

    def nearest_entities(self, name: str) -> Collection[str]:
        return ["NATO"]


def error_of(query: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        explanation(query, ["nl"], Lexicon())
    return caught.value


def test_the_outline_has_a_line_for_each_node_and_each_word_of_a_phrase():
    query = (
        'title:(a OR "b cde*"~2) NOT ATLEAST/2 (=D NEAR/3 e BEFORE/2 f UNLESS/1 g) entity:NATO concept:x '
        "lang:nl source:belga story:s published:[2022-01-01 TO *]"
    )
    assert outline(parse(query)).split("\n") == [
        "AND",
        "  in the title",
        "    OR",
        "      word a",
        "      phrase, up to 2 further words",
        "        word b",
        "        wildcard cde*",
        "  NOT",
        "    ATLEAST 2 mentions",
        "      UNLESS within 1 words",
        "        BEFORE within 2 words",
        "          NEAR within 3 words",
        "            exactly D",
        "            word e",
        "          word f",
        "        word g",
        "  entity NATO",
        "  concept x",
        "  lang is nl",
        "  source is belga",
        "  story is s",
        "  published 2022-01-01 TO *",
    ]


def test_words_are_those_that_are_found_in_any_inflection():
    assert list(words_of(parse('a "b =C d*ee" NOT (e NEAR/2 f) entity:NATO =G'))) == ["a", "b", "e", "f"]


def test_an_explanation_shows_what_each_language_looks_for():
    explained = explanation("troepen schepen build-up troepen", ["nl", "en"], Lexicon())
    assert explained.canonical == "troepen AND schepen AND build-up AND troepen"
    assert list(explained.normal_forms) == ["nl", "en"]
    assert list(explained.normal_forms["nl"]) == ["troepen", "schepen", "build-up"]
    assert "schip" in explained.normal_forms["nl"]["schepen"].stems
    assert explained.normal_forms["en"]["troepen"] == QueryWord(("troepen",))
    assert len(explained.normal_forms["en"]["build-up"].sequence) == 2


def test_an_explanation_says_whether_totals_are_exact():
    assert explanation("troepen NOT opbouw", ["nl"], Lexicon()).exact_totals
    assert not explanation("troepen NEAR/3 opbouw", ["nl"], Lexicon()).exact_totals


def test_an_explanation_says_what_names_stand_for():
    explained = explanation("concept:troops NEAR/5 entity:NATO NOT title:entity:Washington", ["nl", "en"], Lexicon())
    assert explained.names == {
        "concept:troops": ("nl",),
        "entity:NATO": ("Q7184",),
        "entity:Washington": ("Q61", "Q1223"),
    }


def test_an_explanation_carries_the_warnings():
    warnings = explanation("entity:Washington samentrekken", ["nl"], Lexicon()).warnings
    assert [warning.code for warning in warnings] == ["several_entities", "separable_verb"]


def test_what_nothing_is_known_by_is_an_error_where_it_stands():
    error = error_of("troepen entity:NAVOO")
    assert (error.code, error.column) == ("unknown_entity", 9)
    assert "entity:NATO" in error.suggestion
    error = error_of("a OR concept:troop")
    assert (error.code, error.column) == ("unknown_concept", 6)
    assert "concept:troops" in error.suggestion


def test_a_concept_need_not_be_known_in_every_language():
    assert explanation("concept:troops", ["nl", "en"], Lexicon()).tree == ConceptTerm("troops")


def caret(query: str) -> tuple[str, str]:
    """The line with the query and the one with the caret."""
    _, shown, pointer, *_ = pointed_out(query, error_of(query)).split("\n")
    return shown, pointer


def test_the_caret_stands_under_the_place():
    assert caret("troepen (opbouw") == ("  troepen (opbouw", "          ^")
    assert caret("a AND") == ("  a AND", "       ^")


def test_wide_and_combining_characters_take_the_room_that_a_terminal_gives_them():
    assert caret("日本 (a") == ("  日本 (a", "       ^")
    assert caret("e\u0301e\u0301 (a") == ("  e\u0301e\u0301 (a", "     ^")
    assert caret("ok❤\ufe0f (a") == ("  ok❤\ufe0f (a", "      ^")


def test_what_a_terminal_would_obey_is_not_sent_to_it():
    query = "a\x1b[31m \u202eb\nc"
    shown = pointed_out(query, error_of(query))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert len(shown.split("\n")) == 4
    assert caret(query) == ("  a·[31m ·b c", "   ^")


def test_a_long_query_is_cut_around_the_place():
    query = "troepen " * 500 + "( " + "opbouw " * 500
    shown, pointer = caret(query)
    assert len(shown) < 80
    assert shown.startswith("  …")
    assert shown.endswith("…")
    assert shown[pointer.index("^")] == "("


def test_the_message_says_what_could_stand_there_and_what_to_do():
    lines = pointed_out("a NEAR/5 OR b", error_of("a NEAR/5 OR b")).split("\n")
    assert lines[0] == "column 10: “OR” right after “NEAR/5”"
    assert lines[3] == "expected: a word, a phrase in quotes or an opening bracket"
    assert lines[4] == 'Give OR something on its left, or quote it: "OR"'
