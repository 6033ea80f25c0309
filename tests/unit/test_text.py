"""The cleaning rule and the titles that are made from texts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.text import MAX_TITLE_CHARS, cleaned_text, folded_space, title_from_text

REMOVED = ["\x00", "\x07", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x9f"] + [
    chr(code) for code in (0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF)
]
ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize("character", REMOVED)
def test_what_the_rule_names_is_removed(character: str) -> None:
    assert cleaned_text(f"a{character}b") == "ab"


@pytest.mark.parametrize(
    "character", ["\t", "\n", " ", "\u00a0", "\u2009", "\u2028", "\u2029", "\u200a", "\u2010", "\u2061"]
)
def test_everything_else_stays(character: str) -> None:
    assert cleaned_text(f"a{character}b") == f"a{character}b"


def test_nothing_is_trimmed() -> None:
    assert cleaned_text("\n  twee  woorden \t\n") == "\n  twee  woorden \t\n"


def test_line_ends_become_line_feeds() -> None:
    assert cleaned_text("a\r\nb\rc\nd\r\r\ne") == "a\nb\nc\nd\n\ne"


def test_a_letter_and_its_accent_are_composed() -> None:
    assert cleaned_text("Oekrai\u0308ne") == "Oekraïne"


def test_a_letter_and_its_accent_are_composed_though_a_removed_character_stood_between() -> None:
    assert cleaned_text("cafe\u200b\u0301") == "café"


def test_a_lone_surrogate_becomes_a_replacement_character() -> None:
    assert cleaned_text("a\ud800b\udfff") == "a\ufffdb\ufffd"


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = cleaned_text(text)
    assert cleaned_text(once) == once


@given(ANY_TEXT)
def test_clean_text_is_nfc_encodable_and_without_controls(text: str) -> None:
    clean = cleaned_text(text)
    assert unicodedata.is_normalized("NFC", clean)
    assert clean.encode().decode() == clean
    assert not [c for c in clean if unicodedata.category(c) == "Cc" and c not in "\n\t"]


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"])))
def test_ordinary_text_is_only_normalised(text: str) -> None:
    assert cleaned_text(text) == unicodedata.normalize("NFC", text)


def test_white_space_folds_to_single_spaces() -> None:
    assert folded_space(" a\n\tb\u00a0 c ") == "a b c"


def test_a_title_is_the_lead_sentence() -> None:
    assert title_from_text("De minister reist af. Hij komt terug.\n\nMeer.") == "De minister reist af."


def test_a_title_ends_with_its_line_where_no_sentence_ends() -> None:
    assert title_from_text("\n\n  Stoltenberg wil overleg\nEn ook Blinken. Ja.") == "Stoltenberg wil overleg"


def test_a_closing_quote_belongs_to_the_lead_sentence() -> None:
    assert title_from_text("“Dit is het einde.” Hij zweeg.") == "“Dit is het einde.”"


@pytest.mark.parametrize(
    "lead",
    ["Dr. Jansen sprak met J. Peeters.", "Er kwam 2,5 procent bij.", "Op 3.5 kilometer van Kiev.", "De VN vs. de EU."],
)
def test_abbreviations_initials_and_decimals_end_no_sentence(lead: str) -> None:
    assert title_from_text(f"{lead} Daarna niets.") == lead


def test_a_long_lead_is_cut_at_a_word_before_the_limit() -> None:
    title = title_from_text("woord " * 50)
    assert title == "woord " * 19 + "woord"
    assert len(title) < MAX_TITLE_CHARS


def test_a_word_that_ends_right_at_the_limit_stays_whole() -> None:
    lead = "a" * 59 + " " + "b" * 59
    assert title_from_text(f"{lead} c") == lead


def test_a_first_word_longer_than_the_limit_is_cut_inside() -> None:
    assert title_from_text("a" * 500) == "a" * (MAX_TITLE_CHARS - 1)


@pytest.mark.parametrize("text", ["", "  \n\t\n ", "\u2003"])
def test_no_text_gives_no_title(text: str) -> None:
    assert title_from_text(text) == ""


@given(ANY_TEXT.map(cleaned_text))
def test_a_title_is_short_on_one_line_and_opens_the_text(text: str) -> None:
    title = title_from_text(text)
    assert len(title) < MAX_TITLE_CHARS
    assert folded_space(text).startswith(title)
    assert bool(title) == bool(text.strip())
