"""New words that kernels enter in the vocabulary: with the units and terms that the definition's analysis has."""

import ast
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.matching import stems
from processors.matching.compiled.characters import character_kinds
from processors.matching.compiled.cut import ALL_CAPITALS, hashed, read
from processors.matching.compiled.language_index import LanguageIndex, Stretches
from processors.matching.compiled.language_terms import LanguageTerms, uses
from processors.matching.compiled.layout import (
    CAPITALS,
    END,
    LENGTH,
    ROW_COUNT,
    ROWS,
    START,
    UNIT_COUNT,
    UNITS,
    WIDTH,
    WORD,
)
from processors.matching.compiled.listed import SOURCES, listed_words
from processors.matching.compiled.terms import Key, Terms
from processors.matching.compiled.vocabulary import unit_row
from processors.matching.compiled.work import Scratch
from processors.matching.normalise import LanguageNormaliser, normaliser
from processors.matching.words import Analysis

LANGUAGES = ("en", "fr", "und")


class Learner:
    """One language that looks for some terms, and the words that it has learnt."""

    def __init__(self, language: str, keys: Sequence[Key]) -> None:
        self.normaliser = normaliser(language)
        self.indexes: list[LanguageIndex] = []
        self.terms = Terms(
            lambda term, key: [index.add(term, key) for index in self.indexes],
            lambda term, key: [index.discard(term, key) for index in self.indexes],
        )
        self.indexes.append(LanguageIndex(self.normaliser, self.terms))
        for key in keys:
            self.terms.use(key)
        self.analyses: dict[int, Analysis] = {}

    def learn(self, text: str) -> int:
        """Let kernels learn a text's words; returns how many words that were."""
        codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        index, scratch, stretches, sizes = self.indexes[0], Scratch(), Stretches(), np.zeros(4, np.int64)
        scratch.fit_text(len(codes))
        arrays = scratch.arrays
        arrays.set_all(index.arrays)
        while True:
            arrays.set_all(stretches.arrays)
            read(codes, 0, character_kinds(), arrays.work, sizes)
            if not sizes[2]:
                break
            for start, end in arrays["unknown"][: int(sizes[2])].tolist():
                stretches.learn([text[start:end]], [int(hashed(codes, start, end))])
        count, before = int(sizes[0]), index.words
        index.learn_plain(codes, arrays, count, int(sizes[3]))
        for token in arrays["tokens"][:count].tolist():
            if token[WORD] >= before:
                written, acronym = text[token[START] : token[END]], bool(token[CAPITALS] & ALL_CAPITALS)
                self.analyses[token[WORD]] = self.normaliser.analyse(written, acronym=acronym)
        return index.words - before

    def change(self, keys: Sequence[Key]) -> None:
        """Look for these terms, and no longer for those of them that were looked for."""
        for key in keys:
            if key in self.terms.numbers:
                self.terms.release(self.terms.numbers[key])
            else:
                self.terms.use(key)

    def check(self) -> None:
        """Compare all words with their analyses."""
        language_terms, arrays = terms_of(self.indexes[0]), self.indexes[0].arrays
        for word, analysis in self.analyses.items():
            row = arrays["words"][word].tolist()
            units = arrays["units"][row[UNITS] : row[UNITS] + row[UNIT_COUNT]].tolist()
            assert units == [list(map(int, unit_row(unit))) for unit in analysis.units]
            assert (row[WIDTH], row[LENGTH] >> 1) == (analysis.width, analysis.units[0].end)
            rows = arrays["rows"][row[ROWS] : row[ROWS] + row[ROW_COUNT]].tolist()
            found = sorted((term, use) for term, use in rows if term >= 0 and term not in self.terms.dying)
            assert found == sorted(uses(language_terms, analysis.units)), analysis


def terms_of(index: LanguageIndex) -> LanguageTerms:
    return index._language_terms  # pyright: ignore[reportPrivateUsage]


@cache
def listed(language: str) -> Sequence[str]:
    """Some words of a language's list, from all of it."""
    plain = LanguageNormaliser(language).plain
    words = sorted(plain.listed()) if plain is not None else []
    return tuple(islice(words, 0, None, 97)) or ("troepen", "Opbouw")


_ODD_WORDS = """
O'Neill o’clock L'O.N.U. U.S.'s A.V z.B. C.W.-x Métro CAFÉ métros 1'000 d'Oro's rock'n'roll
NATO NATO's NATO’S U.S. won't l'OTAN L’Étoile d'NGO a-t-il e-mail build-up Play-offs NAVO-Ruslandraad x-ray’s 3.5 1,500 0,500
1.2345 12-14 1,4-beta McDonald eBay ebay Ebay 224 B2 A Ångström Đurađ Straße œuvre SIS genies buses ANKARA organized fiancée
FIANCÉE İstanbul ﬁnal ŀla ŉ kWh NGOs oasis Paris jusqu'au
"""
ODD_WORDS = _ODD_WORDS.split()
LETTERS = st.text(st.sampled_from("abcdeinoprstuzABENS059éçößĐıſ"), min_size=1, max_size=8)
ENDINGS = ("", "", "", "s", "es", "is", "us", "ss", "ies", "ized", "cies", "isms", "erves", "'s", "’s", "-up", "x")
CASES = (str, str, str.lower, str.capitalize, str.upper, str.swapcase)


def words_of(language: str) -> st.SearchStrategy[str]:
    stems = st.one_of(st.sampled_from(listed(language)), st.sampled_from(ODD_WORDS), LETTERS)
    single = st.builds(
        lambda word, ending, case: case(word) + ending, stems, st.sampled_from(ENDINGS), st.sampled_from(CASES)
    )
    return st.one_of(single, single, st.builds("-".join, st.lists(single, min_size=2, max_size=3)))


def keys_of(words: Sequence[str], data: st.DataObject) -> list[Key]:
    """Terms that the words fit, by whatever makes them fit."""
    keys: list[Key] = []
    for word in data.draw(st.lists(st.sampled_from(words), max_size=12)):
        kind = data.draw(st.sampled_from(("word", "word", "exact", "prefix", "suffix", "within")))
        letters = "".join(filter(str.isalnum, word))
        if kind in ("word", "exact"):
            keys.append(Key(kind, word))
        elif len(letters) > 2:
            size = data.draw(st.integers(3, len(letters)))
            pattern = {"prefix": letters[:size] + "*", "suffix": "*" + letters[-size:], "within": f"*{letters[:3]}*"}[
                kind
            ]
            keys.append(Key("wildcard", pattern))
    return list(dict.fromkeys(keys))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_word_has_the_units_and_terms_of_its_analysis(language: str):
    @settings(max_examples=60, deadline=None)
    @given(st.lists(words_of(language), min_size=1, max_size=30), st.data())
    def agrees(words: list[str], data: st.DataObject) -> None:
        learner = Learner(language, keys_of(words, data))
        half = len(words) // 2
        learner.learn(" x ".join(words[:half]))
        learner.check()
        learner.change(keys_of(words, data))
        learner.check()
        learner.learn("\n".join(words))
        learner.check()

    agrees()


@pytest.mark.parametrize(("language", "least"), [("en", 0.9), ("fr", 0.9), ("und", 0.9)])
def test_most_listed_words_are_learnt_by_kernels(language: str, least: float):
    words = [word for word in listed(language) if word.isalpha()][:1000]
    learner = Learner(language, [Key("word", word) for word in words[::7]])
    assert learner.learn(" ".join(words)) >= least * len(words)
    learner.check()


def test_more_words_than_there_is_room_for_are_learnt_all_the_same():
    words = [f"{word}{number}" for number in range(30) for word in listed("en")[:200] if word.isalpha()]
    learner = Learner("en", [Key("wildcard", f"{word[:3]}*") for word in listed("en")[:200] if len(word) > 3])
    learner.learn(" ".join(words))
    learner.check()


def test_joined_words_have_more_units_than_tokens_and_are_learnt_all_the_same():
    """Room was made for a unit a token alone: these words asked for more for ever, and took all memory."""
    words = [word for word in listed("en") if word.isalpha() and word.islower() and 3 < len(word) < 9][:3_000]
    learner = Learner("en", [Key("word", "peace")])
    learner.learn(" ".join(f"{one}-{other}" for one, other in zip(words, reversed(words), strict=True)))
    learner.check()


def some_english() -> LanguageNormaliser:
    english = LanguageNormaliser("en")
    assert english.plain is not None
    english.plain = replace(english.plain, listed=lambda: listed("en")[:500])
    return english


def test_stems_of_listed_words_are_read_from_disk_as_they_were_worked_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("BELFRY_CACHE", str(tmp_path))
    first, again = listed_words(some_english()), listed_words(some_english())
    assert first.keys() == again.keys()
    assert all(np.array_equal(first[name], again[name]) for name in first)
    (kept,) = tmp_path.glob("words/*/en/stems.npy")
    broken = kept.read_bytes()[:100]
    kept.unlink()  # or what is mapped would change
    kept.write_bytes(broken)
    assert np.array_equal(listed_words(some_english())["stems"], first["stems"])
    assert np.array_equal(np.load(kept), first["stems"])


def test_stems_that_another_user_has_put_there_are_read_by_those_who_may_not_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("BELFRY_CACHE", str(tmp_path))
    listed_words(some_english())
    (kept,) = tmp_path.glob("words/*/en")
    assert kept.stat().st_mode & 0o777 == 0o755
    monkeypatch.setattr("processors.matching.compiled.listed.worked_out", None)
    monkeypatch.setattr("processors.matching.compiled.listed.cache_folder", None)
    assert len(listed_words(some_english())["stems"]) > 100


def test_without_a_place_to_keep_them_stems_are_worked_out_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("BELFRY_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert len(listed_words(some_english())["stems"]) > 100


def test_stems_are_worked_out_anew_when_anything_that_they_depend_on_changes():
    folder = Path(stems.__file__).parent
    needed, pending = set[str](), ["stems"]
    while pending:
        name = pending.pop()
        needed.add(name)
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text("utf-8"))):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            if module.startswith("processors.matching.") and (found := module.rsplit(".", 1)[1]) not in needed:
                pending.append(found)
    assert needed <= set(SOURCES)
