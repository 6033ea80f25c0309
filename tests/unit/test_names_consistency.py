"""One article's names made consistent, and what is sifted out of what the network finds."""

import pytest

from processors.ner.consistency import Found, consistent
from processors.ner.sift import sifted
from processors.ner.tokens import Token
from schemas.entities import EntityType


def sentence(text: str) -> list[Token]:
    return [Token(word, place, place) for place, word in enumerate(text.split())]


def names(texts: list[str], found: list[list[Found]], *, tells: bool = True) -> list[list[tuple[str, str]]]:
    sentences = [sentence(text) for text in texts]
    return [
        [(" ".join(t.text for t in here[one.first : one.end]), one.type) for one in kept]
        for here, kept in zip(sentences, consistent(sentences, found, lambda _: tells), strict=True)
    ]


def test_a_name_has_the_type_that_most_of_its_mentions_have() -> None:
    texts = ["Oosterzwin wint", "Oosterzwin speelt", "In Oosterzwin"]
    found = [[Found(0, 1, "ORG")], [Found(0, 1, "ORG")], [Found(1, 2, "LOC")]]
    assert names(texts, found) == [[("Oosterzwin", "ORG")]] * 3


def test_a_name_found_once_is_found_elsewhere_too() -> None:
    texts = ["Nordvalk Shipping sluit", "Het schip van Nordvalk Shipping", "nordvalk Shipping's kantoor"]
    assert names(texts, [[Found(0, 2, "ORG")], [], []]) == [[("Nordvalk Shipping", "ORG")]] * 2 + [[]]


def test_a_full_name_speaks_for_the_surname_alone() -> None:
    texts = ["Jeltje van der Wielen sprak", "Volgens Wielen en Van der Wielen"]
    assert names(texts, [[Found(0, 4, "PER")], []])[1] == [("Wielen", "PER"), ("Van der Wielen", "PER")]


def test_a_genitive_is_the_same_name() -> None:
    assert names(["Oncilla's boot", "De Oncilla zonk"], [[Found(0, 1, "MISC")], []])[1] == [("Oncilla", "MISC")]


def test_a_capital_that_says_nothing_finds_no_name() -> None:
    assert names(["Essen groeit", "Das Essen"], [[Found(0, 1, "LOC")], []], tells=False)[1] == []
    assert names(["Hij heet A", "A is een letter"], [[Found(2, 3, "PER")], []])[1] == [("A", "PER")]


@pytest.mark.parametrize(
    ("language", "text", "found", "kept"),
    [
        ("fr", "L' OTAN", Found(0, 2, "ORG"), [Found(1, 2, "ORG")]),
        ("fr", "M. Tournebise", Found(0, 2, "PER"), [Found(1, 2, "PER")]),
        ("nl", "M. Claes", Found(0, 2, "PER"), [Found(0, 2, "PER")]),
        ("fr", "Hier Anne y va", Found(1, 3, "PER"), [Found(1, 2, "PER")]),
        ("en", "on Friday", Found(1, 2, "LOC"), []),
        ("nl", "in mei", Found(1, 2, "LOC"), []),
        ("nl", "een gewoon woord", Found(1, 2, "ORG"), []),
        ("nl", "Gewoon een woord", Found(0, 1, "PER"), []),
        ("nl", "Dat Gewoon wint", Found(1, 2, "ORG"), [Found(1, 2, "ORG")]),
    ],
)
def test_what_cannot_be_a_name_is_sifted_out(language: str, text: str, found: Found, kept: list[Found]) -> None:
    here = sentence(text)
    words = ["-Ox" if token.text == "Gewoon" else "-x" if token.text[0].isupper() else "-" for token in here]
    assert sifted(here, words, ["-"] * len(here), [found], language) == kept


@pytest.mark.parametrize(
    ("language", "text", "kind", "kept"),
    [
        ("nl", "bij weekblad Oosterzwin", "PER", "ORG"),
        ("nl", "het afvalbedrijf Oosterzwin", "LOC", "ORG"),
        ("fr", "la société Oosterzwin", "LOC", "ORG"),
        ("en", "by chipmaker Oosterzwin", "PER", "ORG"),
        ("nl", "minister Oosterzwin", "LOC", "PER"),
        ("nl", "mijn tante Oosterzwin", "MISC", "PER"),
        ("nl", "de roman Oosterzwin", "PER", "MISC"),
        ("nl", "de havenstad Oosterzwin", "PER", "LOC"),
        ("nl", "de roman Jan Oosterzwin", "PER", "PER"),
        ("nl", "de staat Oosterzwin", "ORG", "ORG"),
        ("nl", "concurrent Oosterzwin", "PER", "PER"),
        ("nl", "politie Oosterzwin", "LOC", "LOC"),
        ("nl", "bedrijf Jan Oosterzwin", "PER", "PER"),
        ("nl", "bedrijf Gent", "LOC", "LOC"),
        ("nl", "bij groep Oosterzwinse", "MISC", "MISC"),
        ("de", "Regierung Oosterzwins", "LOC", "LOC"),
        ("de", "die Oosterzwin Bank", "LOC", "ORG"),
    ],
)
def test_a_name_is_what_the_words_beside_it_or_in_it_surely_say(
    language: str, text: str, kind: EntityType, kept: EntityType
) -> None:
    """No list knows Oosterzwin; Jan is a first name, and Gent is listed."""
    here = sentence(text)
    first = next(n for n, token in enumerate(here) if n and token.text[0].isupper())
    words = ["-Gx" if token.text == "Jan" else "-x" if token.text[0].isupper() else "-" for token in here]
    listed = ["BC" if token.text == "Gent" else "-" for token in here]
    assert sifted(here, words, listed, [Found(first, len(here), kind)], language) == [Found(first, len(here), kept)]


@pytest.mark.parametrize(
    ("text", "found", "kept"),
    [
        ("la société Oosterzwin Group ferme", [], [Found(2, 4, "ORG")]),
        ("la société Oosterzwin Jansen", [Found(3, 4, "PER")], [Found(2, 3, "ORG"), Found(3, 4, "PER")]),
        ("la société Gent", [], []),
        ("la société oosterzwin", [], []),
        ("la police Oosterzwin", [], []),
    ],
)
def test_a_word_that_announces_a_body_makes_one_of_the_capitals_behind_it(
    text: str, found: list[Found], kept: list[Found]
) -> None:
    here = sentence(text)
    words = ["b" if token.text in ("société", "police") else "-" for token in here]
    listed = ["BC" if token.text == "Gent" else "-" for token in here]
    assert sifted(here, words, listed, found, "fr") == kept


def test_the_article_before_a_listed_name_is_no_part_of_it() -> None:
    here = sentence("La France Libre gagne")
    words = ["dOx", "x", "x", "-"]
    assert sifted(here, words, ["-", "BC", "-", "-"], [Found(0, 2, "ORG")], "fr") == [Found(1, 2, "ORG")]
    assert sifted(here, words, ["BO", "IO", "-", "-"], [Found(0, 2, "ORG")], "fr") == [Found(0, 2, "ORG")], (
        "listed with it"
    )
    assert sifted(here, words, ["-", "BC", "-", "-"], [Found(0, 3, "ORG")], "fr") == [Found(0, 3, "ORG")], (
        "a longer name"
    )
