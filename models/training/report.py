"""What is written beside a trained pipeline: what it is, how it came to be, how good it is and how quick.

Scores are those of the whole of `processors.recognise` with this pipeline, by exact spans: on Belfry's own test set, and on the German
that was held back. The private yardstick is never among them.
"""

import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.ner.texts import Text, german_texts, own_texts
from models.training.corpora import SHARED, own_files
from models.training.scores import scores
from processors.gazetteer import LEXICON, Gazetteer
from processors.ner.cues import FOLDER as CUES
from processors.ner.network import load_pipeline
from processors.ner.tagger import NameTagger
from processors.recognise import Recogniser

META = {
    "name": "belfry_names",
    "version": "1.0.0",
    "description": "Names in the news: PER, ORG, LOC, MISC. Dutch first; also English, German and French.",
    "author": "Belfry",
    "license": "CC BY-SA 4.0",
    "sources": [
        {"name": "Belfry's own news corpus", "license": "CC BY 4.0"},
        {"name": "Dutch Wikipedia and its authors (silver labels)", "license": "CC BY-SA"},
        {"name": "UD_Dutch-Alpino / Alpino treebank (silver labels)", "license": "CC BY-SA 4.0"},
        {"name": "GermEval 2014, NoSta-D: Benikova, Biemann, Reznicek 2014", "license": "CC BY 4.0"},
        {"name": "Wikigold: Balasuriya, Ringland, Nothman, Murphy, Curran 2009", "license": "CC BY 4.0"},
    ],
}


def inputs() -> dict[str, str]:
    """What a pipeline depends on besides the code: SHA-256 of each file or, for folders, of all files in them."""
    return {
        "models/corpus/train": _hash(own_files()),
        "lexicon/entities": _hash(sorted(LEXICON.glob("*.*"))),
        "lexicon/cues": _hash(sorted(CUES.glob("*.t*"))),
        **{path.name: _hash([path]) for path in sorted(SHARED.glob("*.conll.gz"))},
    }


def _hash(paths: Sequence[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.read_bytes())
    return whole.hexdigest()


def describe(folder: Path, gazetteer: Gazetteer, training: dict[str, Any]) -> None:
    """Write meta.json, training.json and scores.json into the folder of a pipeline. training: how it came to be."""
    _write(folder / "training.json", training)
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    _write(folder / "meta.json", meta | META)
    _write(folder / "scores.json", measured(folder, gazetteer))


def measured(folder: Path, gazetteer: Gazetteer) -> dict[str, Any]:
    """Precision, recall and F1 by text and type, and words a second on one core: of the network's own pipeline, and of the whole."""
    nlp = load_pipeline(folder)
    recogniser = Recogniser(gazetteer, NameTagger(nlp, gazetteer))
    texts = {
        "nl": own_texts("nl"),
        "en": own_texts("en"),
        "fr": own_texts("fr"),
        "de (GermEval, held back)": german_texts(),
    }
    result: dict[str, Any] = {name: _scores(recogniser, part) for name, part in texts.items()}
    plain = [text.text for text in texts["nl"]]
    words = sum(len(text.split()) for text in plain)
    began = time.process_time()
    for _ in nlp.pipe(plain):
        pass
    bare = time.process_time() - began
    began = time.process_time()
    recogniser.recognise_batch([("", text, "nl") for text in plain])
    whole = time.process_time() - began
    model = nlp.get_pipe("ner").model
    result["words_per_second"] = {"nlp.pipe": round(words / bare), "names, whole": round(words / whole)}
    result["size_bytes"] = len(model.to_bytes())
    return result


def _scores(recogniser: Recogniser, texts: Sequence[Text]) -> dict[str, dict[str, float]]:
    found = [{text.span(one) for one in recogniser.recognise("", text.text, text.language)} for text in texts]
    return {
        name: {"p": round(one.precision, 4), "r": round(one.recall, 4), "f1": round(one.f1, 4), "n": one.wanted}
        for name, one in scores([text.names for text in texts], found).items()
    }


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
