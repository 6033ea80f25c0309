"""The model's tokens and sentences: what is joined, where a sentence ends, and that no word is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.mentions import field_words
from processors.ner.tokens import MAX_TOKENS, sentences


def shown(text: str, language: str = "nl") -> list[list[str]]:
    return [[token.text for token in sentence] for sentence in sentences(field_words(text), language)]


@pytest.mark.parametrize(
    ("language", "text", "tokens"),
    [
        ("nl", "De NAVO-top in 's-Hertogenbosch, 's avonds.", "De NAVO-top in 's-Hertogenbosch , 's avonds ."),
        ("nl", "Jan D'Hondt van Janssens N.V. en J. Peeters", "Jan D'Hondt van Janssens N.V. en J. Peeters"),
        ("nl", "dr. Maes las belga.be over 1.250,5 euro.", "dr. Maes las belga.be over 1.250,5 euro ."),
        ("nl", "R&D bij AT&T", "R&D bij AT&T"),
        ("en", "Obama's plan (the U.S. one)", "Obama's plan ( the U.S. one )"),
        ("fr", "L’OTAN et l'UE n'ont qu'Anne-Sophie", "L’ OTAN et l' UE n' ont qu' Anne-Sophie"),
    ],
)
def test_a_token_is_what_the_corpora_have_as_one(language: str, text: str, tokens: str) -> None:
    assert [token for sentence in shown(text, language) for token in sentence] == tokens.split(" ")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Dat is zo. De rest volgt.", 2),
        ('"Nee!" zei hij. "Ja."', 2),
        ("Prof. Maes en J. Peeters van N.V. De Kroon", 1),
        ("Titel\nTekst", 2),
        ("Zo … dat dan weer wel", 1),
        ("vitamine C.\nDe rest", 2),
        ("a " * (2 * MAX_TOKENS), 2),
    ],
)
def test_a_sentence_ends_at_its_full_stop_or_its_line(text: str, count: int) -> None:
    assert len(shown(text)) == count


@settings(max_examples=200)
@given(st.text(st.sampled_from("aB1 .'’-&!\n\"(é\u0301"), max_size=80), st.sampled_from(["nl", "fr", "und"]))
def test_every_word_is_in_one_token(text: str, language: str) -> None:
    cut = field_words(text)
    tokens = [token for sentence in sentences(cut, language) for token in sentence]
    assert [place for token in tokens for place in range(token.first, token.last + 1)] == list(range(len(cut)))
    assert all(token.text == text[cut[token.first].start : cut[token.last].end] for token in tokens)
