"""The own corpus: its format is read exactly, its rules are kept."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "check_corpus.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """tools/check_corpus.py, which is a script and no module of a package."""
    spec = importlib.util.spec_from_file_location("check_corpus", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_a_line_is_read_as_text_and_spans(tool: ModuleType) -> None:
    """The markup leaves the text, and the spans point into what is left."""
    sentence = tool.parsed("[NAVO|ORG] en 's avonds ook [Jan D'Hondt|PER].")
    assert sentence.text == "NAVO en 's avonds ook Jan D'Hondt."
    assert [(sentence.text[name.start : name.end], name.kind) for name in sentence.names] == [
        ("NAVO", "ORG"),
        ("Jan D'Hondt", "PER"),
    ]


@pytest.mark.parametrize("line", ["L'[OTAN|ORG] et l’[Iran|LOC]", "Qu'[Anne|PER] vienne (d'[Arras|LOC])"])
def test_an_elision_stands_before_a_name(tool: ModuleType, line: str) -> None:
    assert len(tool.parsed(line).names) == 2


@pytest.mark.parametrize(
    "line",
    [
        "[Gent|PLACE] wint.",
        "[|ORG] wint.",
        "[Gent |ORG] wint.",
        "[Gent|ORG wint.",
        "Gent|ORG] wint.",
        "[De [Gent|LOC]|ORG] wint.",
        "De [NAVO|ORG]-top begint.",
        "[Peeters|PER]'s boek.",
        "Hij zag de pro-[Europeaan|MISC].",
        " [Gent|ORG] wint.",
        "[Gent|ORG]  wint.",
        "",
    ],
)
def test_malformed_markup_is_refused(tool: ModuleType, line: str) -> None:
    """Unknown types, empty or untrimmed names, stray brackets, parts of words, loose spaces."""
    with pytest.raises(tool.MalformedError):
        tool.parsed(line)


def test_problems_are_named_with_their_place(tool: ModuleType) -> None:
    """A sentence said twice, even with other markup, and an article that is too short."""
    sentences, found = tool.problems([("a.txt", "[Gent|ORG] wint.\nHet regent.\nNiemand klaagt.\n\nGent wint.\n")])
    assert len(sentences) == 4
    assert found == [
        "a.txt: article 2 (Gent wint.) has 1 sentences, expected 3 to 12",
        "a.txt: article 2: Gent wint.: said before, in a.txt",
    ]


def test_the_summary_counts_sentences_and_types(tool: ModuleType) -> None:
    """Each type with its number, its share and its different names."""
    counted = tool.summary([tool.parsed("[Gent|ORG] klopt [Gent|ORG] in [Gent|LOC]."), tool.parsed("Het regent.")])
    assert counted.splitlines() == [
        "2 sentences, 7 words, 1 sentences without a name",
        "PER: 0 (0%), 0 different",
        "ORG: 2 (67%), 1 different",
        "LOC: 1 (33%), 1 different",
        "MISC: 0 (0%), 0 different",
        "all: 3, 2 different",
    ]


def test_the_shipped_corpus_keeps_every_rule() -> None:
    """The script finds nothing wrong in models/corpus/train."""
    run = subprocess.run([sys.executable, TOOL], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_five_words_in_a_row_that_both_parts_have_are_named(tool: ModuleType) -> None:
    """Punctuation and case don't hide them; four words are no matter."""
    train = ["De druppel die de emmer deed overlopen."]
    assert tool.common_runs(train, ["Die druppel, die de emmer deed trillen."]) == [
        (
            "test: Die druppel, die de emmer deed trillen.: has 'druppel die de emmer deed' in common with "
            "'De druppel die de emmer deed overlopen.'"
        )
    ]
    assert tool.common_runs(train, ["Zij druppelt die de emmer deed vallen."]) == []


def test_what_runs_from_one_sentence_into_the_next_is_compared_too(tool: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Feest in [Gent|LOC]\nHet [Museum|ORG] is open.\n\nRegen\n", encoding="utf-8")
    assert tool.article_texts(tmp_path) == ["Feest in Gent Het Museum is open.", "Regen"]
    assert len(tool.common_runs(tool.article_texts(tmp_path), ["In Gent het museum. Is het open?"])) == 1


def test_a_name_is_new_where_neither_training_nor_a_list_has_it(tool: ModuleType) -> None:
    test = [tool.parsed("[gaspard Vandromme|PER], de [NAVO|ORG], de [VRT|ORG] en [Oosterzwin|ORG].")]
    assert tool.few_new_names(["Gaspard Vandromme"], {"nl.txt": test}) == [
        "nl.txt: 1 of the 4 names are new, fewer than half"
    ]
    assert tool.few_new_names([], {"nl.txt": test}) == []
