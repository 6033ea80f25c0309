"""A list of lemmas as a file is the list that it was made from, wherever it lies and whatever became of the file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simplemma.strategies.dictionaries import stream_dictionary_factory

from processors.matching.lemma_lists import LemmaList, encoded, lemma_list
from processors.matching.lemmas import lemmas

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@given(st.dictionaries(WORDS, WORDS), WORDS)
def test_a_list_is_what_it_was_made_from(words: dict[str, str], other: str) -> None:
    words = {word: lemma or word for word, lemma in words.items() if word}
    found = LemmaList(encoded(words.items(), len(words)))
    assert dict(found) == words
    assert len(found) == len(words)
    assert found.get(other) == words.get(other)
    assert (other in found) == (other in words)


def test_a_part_of_a_word_or_of_an_entry_is_no_word() -> None:
    found = LemmaList(encoded([("troepen", "troep"), ("troep", "troep")], 2))
    assert [found.get(word) for word in ("troepen", "troep", "roepen", "troepe", "", "troepen\ttroep", "\ud800")] == [
        "troep", "troep", None, None, None, None, None,
    ]  # fmt: skip
    with pytest.raises(KeyError):
        found["roepen"]


def test_a_list_that_was_cut_is_refused() -> None:
    data = encoded([("troepen", "troep")], 1)
    for cut in (b"", data[:10], data[:20], data[:-1], b"x" + data[1:]):
        with pytest.raises(ValueError, match="list of lemmas"):
            LemmaList(cut)


def test_the_list_is_written_once_and_made_anew_where_it_was_spoilt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELFRY_CACHE", str(tmp_path))
    first = lemma_list.__wrapped__("fr")
    (written,) = (tmp_path / "lemmas").iterdir()
    assert first.get("troupes") == "troupe"
    before = written.stat().st_mtime_ns
    assert lemma_list.__wrapped__("fr").get("troupes") == "troupe"
    assert written.stat().st_mtime_ns == before
    written.write_bytes(b"spoilt")
    assert lemma_list.__wrapped__("fr").get("troupes") == "troupe"
    assert written.stat().st_size > 1_000_000


def test_where_nothing_can_be_written_the_list_stays_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BELFRY_CACHE", str(tmp_path / "file"))
    assert lemma_list.__wrapped__("fr").get("troupes") == "troupe"


def test_a_language_without_a_list_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELFRY_CACHE", str(tmp_path))
    with pytest.raises(ValueError, match="xx"):
        lemma_list.__wrapped__("xx")


def test_a_list_is_read_once_however_many_languages_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    languages = ["ms", "id", "eo", "se", "sq", "lv", "fa", "hi", "ka"]
    for language in languages:
        lemmas(language).guessed("zyzzyvas")
    read: list[str] = []
    monkeypatch.setattr(stream_dictionary_factory, "StreamMap", read.append)
    for language in languages:
        lemmas(language).guessed("zyzzyva")
    assert read == []
