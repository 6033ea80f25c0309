"""How the model for names is trained: what it sees of a sentence, what is repaired and swapped, and that a seed decides all."""

import json
from pathlib import Path

import pytest
from spacy.util import fix_random_seed

from models.train import OUT, SEED, batches, train
from models.training.corpora import Labelled, own, own_files, spans
from models.training.examples import Examples
from models.training.repairs import repaired
from models.training.report import inputs
from models.training.scores import score
from models.training.swap import Names
from processors.gazetteer import default_gazetteer
from processors.ner.network import load_pipeline, new_pipeline


def labelled(text: str, quality: str = "silver") -> Labelled:
    """`Jan/B-PER loopt`: words with their tags, O where none is given."""
    chunks = [(word.partition("/")[0], word.partition("/")[2] or "O") for word in text.split()]
    return Labelled(chunks, "nl", quality, "test")  # pyright: ignore[reportArgumentType]


def names(sentence: Labelled) -> list[tuple[str, str]]:
    words = [word for word, _ in sentence.chunks]
    return [(" ".join(words[a:b]), kind) for a, b, kind in spans([tag for _, tag in sentence.chunks])]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Een Roemeen/B-LOC won .", [("Roemeen", "MISC")]),
        ("Naar Duitsland/B-ORG toe", [("Duitsland", "LOC")]),
        ("Gewoon/B-PER doen !", []),
        ("Oosterzwin/B-PER bloeit", [("Oosterzwin", "PER")]),
        ("van FC Damslo/B-LOC gewonnen", [("FC Damslo", "ORG")]),
        ("van FC/B-MISC Damslo gewonnen", [("FC Damslo", "ORG")]),
        ("in mei/B-LOC", []),
        ("bij firma Ottenzwin/B-PER", [("Ottenzwin", "ORG")]),
        ("het weekblad Damsloër/B-MISC Courant/I-MISC", [("Damsloër Courant", "ORG")]),
        ("de Ottenzwin/B-LOC Airlines/I-LOC", [("Ottenzwin Airlines", "ORG")]),
        ("bij firma Jan/B-PER Claes/I-PER", [("Jan Claes", "PER")]),
        ("een groep Ottenzwinse/B-MISC vrouwen", [("Ottenzwinse", "MISC")]),
        ("concurrent Ottenzwin/B-PER verloor", [("Ottenzwin", "PER")]),
        ("minister De/B-MISC Ottenzwin/I-MISC", [("De Ottenzwin", "PER")]),
        ("de film Ottenzwin/B-LOC", [("Ottenzwin", "MISC")]),
        ("het eiland Ottenzwin/B-PER", [("Ottenzwin", "LOC")]),
    ],
)
def test_a_silver_label_is_repaired_where_a_pattern_is_wrong(text: str, kept: list[tuple[str, str]]) -> None:
    assert names(repaired(labelled(text), default_gazetteer())) == kept


def test_the_own_corpus_is_read_as_it_is_marked() -> None:
    read = [sentence for path in own_files()[:2] for article in own(path) for sentence in article]
    marked = sum(path.read_text(encoding="utf-8").count("|") for path in own_files()[:2])
    assert sum(len(names(sentence)) for sentence in read) == marked


def test_what_is_swapped_keeps_its_type_and_the_seed_decides_by_what() -> None:
    learnt = [labelled("Mia/B-PER Claes/I-PER van Oxfam/B-ORG woont in Damslo/B-LOC", "gold")] * 5
    swapped = [[Names(default_gazetteer(), learnt, 7).swapped(one) for one in learnt] for _ in range(2)]
    assert swapped[0] == swapped[1]
    kinds = {tuple(kind for _, _, kind in spans([tag for _, tag in chunks])) for chunks in swapped[0]}
    assert kinds == {("PER", "ORG", "LOC")}
    assert any(chunks != learnt[0].chunks for chunks in swapped[0])


def test_the_network_sees_the_tokens_and_lists_of_enrichment() -> None:
    make = Examples(new_pipeline(16, 1), default_gazetteer(), 0)
    chunks = labelled("Minister J./B-PER Claes/I-PER praat met de NAVO-top/B-MISC en de Unizo/B-ORG").chunks
    example = make.example(chunks, "nl", forgetful=False)
    assert [(token.text, token.tag_[0], token.lemma_) for token in example.predicted] == [
        ("Minister", "t", "-"), ("J.", "-", "-"), ("Claes", "-", "-"), ("praat", "-", "-"), ("met", "-", "-"), ("de", "d", "-"),
        ("NAVO-top", "-", "hO"), ("en", "-", "-"), ("de", "d", "-"), ("Unizo", "-", "BQ"),
    ]  # fmt: skip
    assert [(one.text, one.label_) for one in example.reference.ents] == [
        ("J. Claes", "PER"),
        ("NAVO-top", "MISC"),
        ("Unizo", "ORG"),
    ]


def test_a_seed_decides_every_weight(tmp_path: Path) -> None:
    texts = [
        "Mia/B-PER Claes/I-PER zwijgt .",
        "In Gent/B-LOC regent het .",
        "De VRT/B-ORG staakt .",
        "Een Fransman/B-MISC .",
    ]
    sentences = [labelled(text, "own") for text in texts]
    models: list[bytes] = []
    for run in ("one", "other"):
        fix_random_seed(0)
        nlp = new_pipeline(16, 1)
        reports = train(nlp, sentences, default_gazetteer(), {"same": sentences}, tmp_path / run)
        assert [report["epoch"] for report in reports] == [1, 2, 3, 4]
        models.append((tmp_path / run / "ner" / "model").read_bytes())
    assert models[0] == models[1]
    assert load_pipeline(tmp_path / "one").pipe_names == ["belfry_marks", "ner"]


def test_the_shipped_weights_are_of_the_corpus_that_is_there_and_of_all_of_it() -> None:
    training = json.loads((OUT / "training.json").read_text(encoding="utf-8"))
    assert training["inputs"]["models/corpus/train"] == inputs()["models/corpus/train"], "run `make train`"
    assert (training["held_out"], training["seed"]) == ([], SEED)
    assert training["commit"].isalnum(), "all that was trained with is committed"


def test_batches_hold_every_example_once() -> None:
    make = Examples(new_pipeline(16, 1), default_gazetteer(), 0)
    examples = [make.example(labelled("woord " * 100).chunks, "nl") for _ in range(9)]
    cut = list(batches(examples))
    assert [one for batch in cut for one in batch] == examples
    assert len(cut) == 3


def test_precision_recall_and_f1_are_by_exact_span_and_type() -> None:
    one = score([{(0, 4, "PER"), (5, 9, "LOC")}], [{(0, 4, "PER"), (5, 9, "ORG"), (10, 12, "MISC")}])
    assert (one.precision, one.recall, one.f1) == (0.5, 0.5, 0.5)
    assert score([set()], [set()]).f1 == 0.0
