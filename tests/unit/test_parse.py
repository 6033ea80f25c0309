"""Every construct of the alert language, what binds how tightly, and what words are cut into."""

import unicodedata

import pytest

from processors.matching.parse import parse
from processors.matching.tree import (
    And,
    AtLeast,
    Before,
    ConceptTerm,
    EntityTerm,
    Exact,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scoped,
    Unless,
    Wildcard,
    Word,
)

A, B, C, D = (Word(letter) for letter in "abcd")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("troepen", Word("troepen")),
        ("troepen opbouw", And((Word("troepen"), Word("opbouw")))),
        ("troepen AND opbouw", And((Word("troepen"), Word("opbouw")))),
        ("troepen OR opbouw", Or((Word("troepen"), Word("opbouw")))),
        ("troepen NOT opbouw", And((Word("troepen"), Not(Word("opbouw"))))),
        ("troepen AND NOT opbouw", And((Word("troepen"), Not(Word("opbouw"))))),
        ('"massing of troops"', Phrase((Word("massing"), Word("of"), Word("troops")))),
        ('"massing troops"~3', Phrase((Word("massing"), Word("troops")), 3)),
        ('"massing troops"~0', Phrase((Word("massing"), Word("troops")))),
        ('"troops"', Word("troops")),
        ("troep*", Wildcard("troep*")),
        ("*opbouw*", Wildcard("*opbouw*")),
        ("tr*pen", Wildcard("tr*pen")),
        ("troep**", Wildcard("troep*")),
        ("=NATO", Exact("NATO")),
        ('="Wit-Rusland"', Exact("Wit-Rusland")),
        ('="Vladimir Poetin"', Phrase((Exact("Vladimir"), Exact("Poetin")))),
        ('="Vladimir Poetin"~1', Phrase((Exact("Vladimir"), Exact("Poetin")), 1)),
        ('"mass* of =Troops"', Phrase((Wildcard("mass*"), Word("of"), Exact("Troops")))),
        ("a NEAR/5 b", Near(A, B, 5)),
        ("a NEAR/0 b", Near(A, B, 0)),
        ("a BEFORE/5 b", Before(A, B, 5)),
        (
            "troep* UNLESS/4 (terug* OR with*)",
            Unless(Wildcard("troep*"), Or((Wildcard("terug*"), Wildcard("with*"))), 4),
        ),
        ("ATLEAST/3 (sanctie* OR embargo)", AtLeast(Or((Wildcard("sanctie*"), Word("embargo"))), 3)),
        ("ATLEAST/2 a", AtLeast(A, 2)),
        ('ATLEAST/2 "a b"', AtLeast(Phrase((A, B)), 2)),
        ("ATLEAST/2 (a NEAR/3 b)", AtLeast(Near(A, B, 3), 2)),
        ("title:a", Scoped("title", A)),
        ("title: a", Scoped("title", A)),
        ("text:(a OR b)", Scoped("text", Or((A, B)))),
        ('title:"a b"~2', Scoped("title", Phrase((A, B), 2))),
        ("lang:nl", Filter("lang", "nl")),
        ("lang:NL", Filter("lang", "nl")),
        ("source:belga", Filter("source", "belga")),
        ('source:"De Standaard"', Filter("source", "De Standaard")),
        ("story:abc-123", Filter("story", "abc-123")),
        ("entity:NATO", EntityTerm("NATO")),
        ("entity:Q7184", EntityTerm("Q7184")),
        ('entity:"Volodymyr Zelenski"', EntityTerm("Volodymyr Zelenski")),
        ("entity:“Volodymyr   Zelenski”", EntityTerm("Volodymyr Zelenski")),
        ("concept:troop-buildup", ConceptTerm("troop-buildup")),
    ],
)
def test_each_construct_has_its_tree(query: str, tree: Node):
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("a b NEAR/3 c OR d", "(a AND (b NEAR/3 c)) OR d"),
        ("NOT a b", "(NOT a) AND b"),
        ("NOT a NEAR/3 b c", "(NOT (a NEAR/3 b)) AND c"),
        ("a OR b c", "a OR (b AND c)"),
        ("a b OR c d", "(a AND b) OR (c AND d)"),
        ("a AND b OR c", "(a AND b) OR c"),
        ("a OR b AND NOT c", "a OR (b AND (NOT c))"),
        ("a NOT b NEAR/2 c", "a AND (NOT (b NEAR/2 c))"),
        ("a NEAR/3 b BEFORE/2 c", "(a NEAR/3 b) BEFORE/2 c"),
        ("a BEFORE/3 b NEAR/2 c UNLESS/1 d", "((a BEFORE/3 b) NEAR/2 c) UNLESS/1 d"),
        ("a UNLESS/3 b NEAR/2 c", "(a UNLESS/3 b) NEAR/2 c"),
        ("title:a b", "(title:a) AND b"),
        ("title:a NEAR/3 b", "(title:a) NEAR/3 b"),
        ("ATLEAST/2 a b", "(ATLEAST/2 a) AND b"),
        ("ATLEAST/2 a OR b", "(ATLEAST/2 a) OR b"),
        ("NOT ATLEAST/2 a b", "(NOT (ATLEAST/2 a)) AND b"),
        ("ATLEAST/2 title:a", "ATLEAST/2 (title:a)"),
        ("title:ATLEAST/2 a", "title:(ATLEAST/2 a)"),
        ("a (b c) d", "a AND b AND c AND d"),
        ("a OR (b OR c)", "a OR b OR c"),
        ("((a))", "a"),
        ("NOT NOT a b", "(NOT (NOT a)) AND b"),
    ],
)
def test_what_binds_tighter_needs_no_brackets(query: str, same: str):
    assert parse(query) == parse(same)


def test_brackets_group_what_would_bind_otherwise():
    assert parse("(a OR b) c") == And((Or((A, B)), C))
    assert parse("a NEAR/3 (b NEAR/2 c)") == Near(A, Near(B, C, 2), 3)
    assert parse("NOT (a b) c") == And((Not(And((A, B))), C))


@pytest.mark.parametrize("word", ["and", "or", "not", "And", "Or", "near", "Not", "atleast", "en", "of"])
def test_operators_are_in_capitals_only(word: str):
    assert parse(f"a {word} b") == And((A, Word(word), B))


@pytest.mark.parametrize("word", ["AND", "OR", "NOT", "NEAR", "BEFORE", "UNLESS", "ATLEAST"])
def test_a_quoted_operator_is_a_word(word: str):
    assert parse(f'"{word}"') == Word(word)
    assert parse(f'"a {word} b"') == Phrase((A, Word(word), B))
    assert parse(f"={word}") == Exact(word)


@pytest.mark.parametrize("query", ["“a b”", "„a b“", "„a b”", "«a b»", "»a b«", "‟a b”", '“a b"'])
def test_typographic_quotes_are_quotes(query: str):
    assert parse(query) == Phrase((A, B))


def test_a_typographic_quote_inside_straight_ones_is_no_end():
    assert parse('"a ” b"') == Phrase((A, B))


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        (r"\"a\"", A),
        (r"a\:b", Phrase((A, B))),
        (r"a\*", A),
        (r"\(a\)", A),
        (r"a\\b", Phrase((A, B))),
        (r'"a \"b\" c"', Phrase((A, B, C))),
        (r"entity:AT\&T", None),
        (r'entity:"AT\"T"', EntityTerm('AT"T')),
        (r"source:a\:b", Filter("source", "a:b")),
        (r"source:\(a\)", Filter("source", "(a)")),
        (r"source:a\*", Filter("source", "a*")),
        (r'source:"a\\b"', Filter("source", "a\\b")),
    ],
)
def test_a_backslash_takes_the_meaning_from_what_follows(query: str, tree: Node | None):
    if tree is None:
        with pytest.raises(Exception, match="means nothing"):
            parse(query)
    else:
        assert parse(query) == tree


@pytest.mark.parametrize(
    ("written", "tree"),
    [
        ("AT&T", Phrase((Word("AT"), Word("T")))),
        ("R&D", Phrase((Word("R"), Word("D")))),
        ("C++", Word("C")),
        ("a/b", Phrase((A, B))),
        ("jan@nieuws.nl", Phrase((Word("jan"), Word("nieuws"), Word("nl")))),
        ("build-up", Word("build-up")),
        ("COVID-19", Word("COVID-19")),
        ("l'OTAN", Word("l'OTAN")),
        ("l’OTAN", Word("l’OTAN")),
        ("U.S.", Word("U.S.")),
        ("troepen.", Word("troepen")),
        ("troepen,", Word("troepen")),
        ("troepen?", Word("troepen")),
        ("130.000", Word("130.000")),
        ("130,5", Word("130,5")),
        ("130\u00a0000", Word("130\u00a0000")),
        ("130\u202f000", Word("130\u202f000")),
        ("130'000", Word("130'000")),
        ("$100", Word("100")),
        ("100%", Word("100")),
        ("#stikstof", Word("stikstof")),
        ("@premier", Word("premier")),
        ("'t", Word("t")),
        ("北京", Phrase((Word("北"), Word("京")))),
        ("24.02.2022", Phrase((Word("24"), Word("02"), Word("2022")))),
        ("Київ", Word("Київ")),
        ("كييف", Word("كييف")),
        ("a😀", A),
        ("a,b", Phrase((A, B))),
    ],
)
def test_a_written_word_is_cut_as_a_text_is(written: str, tree: Node):
    assert parse(written) == tree
    assert parse(f'"{written}"') == tree


@pytest.mark.parametrize(
    ("query", "pattern"),
    [("*-19*", None), ("COVID-*", "COVID-*"), ("2022*", "2022*"), ("a*b*c", "a*b*c"), ("été*", "été*")],
)
def test_three_letters_or_digits_make_a_wildcard(query: str, pattern: str | None):
    if pattern is None:
        with pytest.raises(Exception, match="at least three"):
            parse(query)
    else:
        assert parse(query) == Wildcard(pattern)


@pytest.mark.parametrize("space", [" ", "\n", "\t", "\u00a0", "\u2009", "\u3000", "\r\n", "  \n "])
def test_any_white_space_separates(space: str):
    assert parse(f"a{space}b") == And((A, B))
    assert parse(f'"a{space}b"') == Phrase((A, B))
    assert parse(f"{space}a{space}NEAR/5{space}b{space}") == Near(A, B, 5)


def test_no_space_is_needed_beside_brackets_and_quotes():
    assert parse('(a)b"c d"(d)') == And((A, B, Phrase((C, D)), D))
    assert parse("ATLEAST/2(a OR b)") == AtLeast(Or((A, B)), 2)
    assert parse('a NEAR/5"b c"') == Near(A, Phrase((B, C)), 5)


def test_letters_and_accents_apart_are_put_together():
    assert parse(unicodedata.normalize("NFD", "Oekraïne café")) == And((Word("Oekraïne"), Word("café")))


@pytest.mark.parametrize("invisible", ["\u00ad", "\u200b", "\u200d", "\u200e", "\u2060", "\ufeff"])
def test_what_articles_lose_when_they_are_stored_is_dropped(invisible: str):
    assert parse(f"tr{invisible}oepen{invisible}") == Word("troepen")


def test_a_column_counts_in_the_query_as_it_was_given():
    tree = parse(unicodedata.normalize("NFD", "éé éé") + "\u200b b")
    assert isinstance(tree, And)
    assert [operand.column for operand in tree.operands] == [1, 6, 12]


def test_columns_are_where_each_part_begins():
    tree = parse('a NEAR/5 (b OR "c d") NOT title:d')
    assert isinstance(tree, And)
    near, negated = tree.operands
    assert isinstance(near, Near)
    assert isinstance(near.right, Or)
    assert isinstance(negated, Not)
    assert [near.column, near.right.column, near.right.operands[1].column] == [1, 11, 16]
    assert [negated.column, negated.operand.column] == [23, 27]


@pytest.mark.parametrize(
    "query",
    [
        "troepen NOT lang:nl",
        "lang:nl",
        "a OR lang:nl",
        "a OR (b NOT c)",
        "(title:a OR text:b) NEAR/3 text:c",
        "title:a NEAR/3 title:b",
        "title:(a NEAR/3 b)",
        "title:a UNLESS/3 b",
        "entity:NATO NEAR/5 concept:troop-buildup",
        "(a UNLESS/2 b) NEAR/5 (c OR d)",
        "ATLEAST/2 (entity:NATO OR concept:troop-buildup)",
        "title:(entity:NATO lang:nl)",
    ],
)
def test_what_the_design_allows_is_allowed(query: str):
    parse(query)
