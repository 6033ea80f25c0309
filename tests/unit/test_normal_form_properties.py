"""What holds for the normal form of any text, and how long hostile ones take."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.matching.folding import folded, typed
from processors.matching.index_terms import index_terms
from processors.matching.normalise import CACHED_WORDS, LanguageNormaliser, normaliser
from processors.matching.tokenise import text_tokens, unique_words
from tests.normal_form import finds, words

untimed = settings(deadline=None)  # the first word of a language loads its lists
LANGUAGES = st.sampled_from(["nl", "en", "de", "fr", "und", "it", "zh"])
_LETTERS = st.sampled_from("aeghnrstouAENOTSéäöüßçł'’-\u2011._,0137\u00a0北\u0301ﬁİＮ")
TEXTS = st.text(_LETTERS | st.characters(), max_size=60)
_WRITTEN = """
    troepenopbouw Schepen NAVO-Ruslandraad e-mail l'OTAN aujourd'hui U.S. z.B. 130.000 3,5 Waffenlieferungen Mueller
    Häuser NATO's Ruslands opgebouwd samengetrokken build-ups déployées NGOs COVID-19 F-16 VS us Straße x
"""
WORDS = st.sampled_from(_WRITTEN.split()) | TEXTS.flatmap(lambda text: st.sampled_from(words("und", text) or ["x"]))


@untimed
@given(LANGUAGES, TEXTS)
def test_tokens_are_in_order_do_not_overlap_and_hold_a_letter_or_digit(language: str, text: str):
    end = 0
    for token in normaliser(language).tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert text[token.start].isalnum()
        end = token.end


@untimed
@given(st.lists(WORDS | st.sampled_from(["US", "EU", "de", "troops", "U.S."]), max_size=12).map(" ".join) | TEXTS)
def test_unique_words_are_what_the_tokens_are_each_kind_once(text: str):
    kinds = {(text[token.start : token.end], token.acronym) for token in text_tokens(text)}

    assert sorted(unique_words(text)) == sorted(kinds)


@untimed
@given(LANGUAGES, WORDS | TEXTS, st.booleans())
def test_an_analysis_holds_together(language: str, written: str, acronym: bool):
    analysis = normaliser(language).analyse(written, acronym=acronym)
    whole = analysis.units[0]

    assert (whole.kind, whole.first, whole.last, whole.parent) == ("whole", 0, analysis.width - 1, -1)
    assert (whole.start, whole.end) == (0, len(written))
    assert sum(unit.kind == "hyphen" for unit in analysis.units) == (analysis.width if analysis.width > 1 else 0)
    for index, unit in enumerate(analysis.units):
        assert unit.stems
        assert unit.forms
        assert 0 <= unit.first <= unit.last < analysis.width
        assert 0 <= unit.start <= unit.end <= len(written)
        assert -1 <= unit.parent < index or index == 0
        assert (unit.exact is None) == (unit.kind == "compound")
        if unit.kind == "compound":
            around = analysis.units[unit.parent]
            assert around.kind != "compound"
            assert (around.first, around.last, around.start, around.end) == (
                *(unit.first, unit.last),
                *(unit.start, unit.end),
            )


@untimed
@given(LANGUAGES, WORDS)
def test_a_word_in_a_query_finds_itself(language: str, word: str):
    assert finds(language, word, f"dit is {word} dus")


@untimed
@given(LANGUAGES, WORDS)
def test_the_exact_form_of_a_word_is_that_of_its_unit_and_its_fold_is_among_the_forms(language: str, word: str):
    normal = normaliser(language)
    whole = normal.analyse(word, acronym=False).units[0]

    assert normal.exact_form(word) == whole.exact
    assert normal.fold_form(word) in whole.forms


@untimed
@given(LANGUAGES, TEXTS)
def test_queries_are_normalised_whatever_they_hold(language: str, text: str):
    word = normaliser(language).query_word(text)

    assert word.stems
    assert all(word.sequence) or not word.sequence


@untimed
@given(TEXTS)
def test_folding_twice_changes_nothing(text: str):
    assert folded(folded(text)) == folded(text)
    assert folded(typed(text)) == folded(text)
    assert typed(typed(text)) == typed(text)


def test_folding_twice_changes_nothing_for_any_character():
    odd = [code for code in range(0x30000) if folded(once := folded(chr(code))) != once]

    assert odd == []


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(["nl", "de", "fr"]), TEXTS, TEXTS)
def test_documents_hold_exactly_what_the_units_of_both_fields_hold(language: str, title: str, text: str):
    normal = normaliser(language)
    found = [
        unit
        for field in (title, text)
        for token in normal.tokens(field)
        for unit in normal.analyse(field[token.start : token.end], acronym=token.acronym).units
    ]
    terms = index_terms(title, text, language)

    assert len(set(terms.stems)) == len(terms.stems)
    assert len(set(terms.forms)) == len(terms.forms)
    assert set(terms.stems) == {stem for unit in found for stem in unit.stems}
    assert set(terms.forms) == {form for unit in found for form in unit.forms}


@pytest.mark.parametrize(
    "text",
    [
        *("a" * 2_000_000, "a-" * 1_000_000, "a'" * 1_000_000, "a." * 1_000_000, "ab-" * 200_000, "-" * 2_000_000),
        *(
            "1." * 300_000,
            "1.000" * 400_000,
            "é\u0301" * 200_000,
            "北" * 200_000,
            "raketopslag-" * 30_000,
            "A" * 2_000_000,
        ),
        *("'s" * 1_000_000, "waffen" * 300_000, "\u0301" * 2_000_000, "_" * 1_000_000 + "a"),
    ],
    ids=lambda text: f"{text[:6]!r}",
)
def test_hostile_texts_take_linear_time(text: str):
    normal = normaliser("de" if text.isascii() else "nl")
    normal.analyse("warm", acronym=False)
    started = time.process_time()

    for token in normal.tokens(text)[:5_000]:
        normal.analyse(text[token.start : token.end], acronym=token.acronym)

    assert time.process_time() - started < 5


def test_caches_are_bounded():
    normal = LanguageNormaliser("und")
    for number in range(CACHED_WORDS + 1000):
        normal.analyse(f"w{number}", acronym=False)
    normal.analyse("x" * 1_000_000, acronym=False)

    assert normal.cached_words() == CACHED_WORDS
