"""Train Belfry's named-entity pipeline: `python -m models.train` (`make train`), from the repository's folder.

Learns from models/corpus/train and the files in ../shared/data/ner (their README says where they are from), and writes the
pipeline into models/names, its scores beside it. Deterministic for a seed, a commit and a processor: run again, all it writes is
the same but for the speeds in scores.json. It takes some seven minutes on one quiet core. `make eval` measures what is shipped, on more.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.training import Example
from spacy.util import fix_random_seed

from eval.commit import commit
from models.training.corpora import GERMAN_HELD_BACK, Labelled, german_held_back, own, own_files, shared
from models.training.examples import Examples
from models.training.repairs import repaired
from models.training.report import describe, inputs
from models.training.scores import scores
from models.training.swap import Names
from processors.gazetteer import Gazetteer, default_gazetteer
from processors.ner.network import DEPTH, WIDTH, new_pipeline

OUT = Path(__file__).resolve().parent / "names"
SEED = 0
BATCH_TOKENS = 350
"""Small batches: much better here than 1,500."""
DROPOUT = 0.25
FIRST_LOOK = 800
"""So many sentences tell the network which labels there are."""
LEARN_RATES = (0.001, 0.001, 0.0005, 0.0002)
"""One for each epoch."""
SILVER = ("nl_wikipedia", "nl_cdb")
SHARES = {"nl_wikipedia": 0.35, "nl_cdb": 0.4, "de_germeval_test": 0.7}
"""Of these sentences, how many an epoch sees: each time others. By heart the silver ones would be learnt with their mistakes."""
OWN_TIMES = 3
"""The only gold Dutch there is. Four times, and less of the others, was better on the own test and worse on all else: one writer's style."""


def learnt(gazetteer: Gazetteer, held_out: Iterable[str] = ()) -> list[Labelled]:
    """All sentences to learn from, without those of the own files that are held out."""
    silver = [repaired(sentence, gazetteer) for name in SILVER for sentence in shared(name)]
    gold = shared("de_germeval_dev") + shared("de_germeval_test")[:-GERMAN_HELD_BACK] + shared("en_wikigold")
    files = [path for path in own_files() if path.stem[:2] not in set(held_out)]
    return silver + gold + [sentence for path in files for article in own(path) for sentence in article]


def epoch_sentences(sentences: list[Labelled], chance: random.Random) -> list[Labelled]:
    """What one epoch sees, in its order."""
    chosen: list[Labelled] = []
    for sentence in sentences:
        times = OWN_TIMES if sentence.quality == "own" else chance.random() < SHARES.get(sentence.source, 1.0)
        chosen += [sentence] * times
    chance.shuffle(chosen)
    return chosen


def batches(examples: Iterable[Example]) -> Iterator[list[Example]]:
    """Examples in batches of about `BATCH_TOKENS`."""
    batch: list[Example] = []
    size = 0
    for example in examples:
        batch.append(example)
        size += len(example.predicted)
        if size >= BATCH_TOKENS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def model_scores(nlp: Language, examples: list[Example]) -> dict[str, float]:
    """F1 of the network alone on examples whose tokens are given."""
    docs = [example.predicted.copy() for example in examples]
    nlp.get_pipe("ner").set_annotations(docs, nlp.get_pipe("ner").predict(docs))
    wanted = [[(e.start, e.end, e.label_) for e in one.reference.ents] for one in examples]
    found = [[(e.start, e.end, e.label_) for e in doc.ents] for doc in docs]
    return {name: round(one.f1, 4) for name, one in scores(wanted, found).items()}


def train(
    nlp: Language, sentences: list[Labelled], gazetteer: Gazetteer, checks: dict[str, list[Labelled]], out: Path
) -> list[dict[str, Any]]:
    """Train, write the averaged weights after each epoch, and return what each came to. checks: what to measure then, by name."""
    reports: list[dict[str, Any]] = []
    names = Names(gazetteer, sentences, SEED)
    make = Examples(nlp, gazetteer, SEED)
    chance = random.Random(SEED)  # noqa: S311 no secret
    measured = {
        name: [make.example(s.chunks, s.language, forgetful=False) for s in part] for name, part in checks.items()
    }
    nlp.initialize(
        lambda: [make.example(s.chunks, s.language) for s in chance.sample(sentences, min(FIRST_LOOK, len(sentences)))]
    )
    optimizer = nlp.create_optimizer()
    for epoch, rate in enumerate(LEARN_RATES, start=1):
        optimizer.learn_rate = rate
        began, losses = time.process_time(), dict[str, float]()
        seen = epoch_sentences(sentences, chance)
        for number, batch in enumerate(batches(make.example(names.swapped(one), one.language) for one in seen)):
            nlp.update(batch, sgd=optimizer, drop=DROPOUT, losses=losses)
            if number % 200 == 0:
                print(f"epoch {epoch}, batch {number}, {time.process_time():.0f} s", file=sys.stderr, flush=True)
        report: dict[str, Any] = {"epoch": epoch, "loss": round(losses["ner"])}
        with nlp.use_params(optimizer.averages):
            nlp.to_disk(out, exclude=["vocab"])
            report |= {name: model_scores(nlp, examples) for name, examples in measured.items()}
        print(json.dumps(report | {"cpu_s": round(time.process_time() - began)}), flush=True)
        reports.append(report)
    return reports


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--width", type=int, default=WIDTH)
    parser.add_argument("--depth", type=int, default=DEPTH)
    parser.add_argument(
        "--hold-out", default="", metavar="01,02", help="own files that are measured on, not learnt from"
    )
    arguments = parser.parse_args()
    fix_random_seed(SEED)
    held_out = [number for number in arguments.hold_out.split(",") if number]
    gazetteer = default_gazetteer()
    checks = {"de": german_held_back()}
    if held_out:
        files = [path for path in own_files() if path.stem[:2] in held_out]
        checks["own"] = [sentence for path in files for article in own(path) for sentence in article]
    begun = {"seed": SEED, "commit": commit(), "held_out": held_out, "inputs": inputs()}
    nlp = new_pipeline(arguments.width, arguments.depth)
    epochs = train(nlp, learnt(gazetteer, held_out), gazetteer, checks, arguments.out)
    describe(arguments.out, gazetteer, begun | {"epochs": epochs})


if __name__ == "__main__":
    main()
