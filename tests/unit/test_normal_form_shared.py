"""The measure of compounds on a treebank that stays outside; its twin on own words is test_normal_form_compounds.py."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from processors.matching.normalise import normaliser

ROOT = Path(__file__).parents[2]
TREEBANK = ROOT.parent / "shared" / "data" / "lemmas" / "nl_lassysmall-ud-dev.conllu"


def measure() -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure_compounds", ROOT / "bench" / "compounds.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.shared
@pytest.mark.skipif(not TREEBANK.is_file(), reason="needs the treebank in shared/data/lemmas beside the checkout")
def test_compounds_of_the_treebank_are_split_right_and_other_words_are_not():
    module = measure()
    figures, _ = module.measured(module.words(TREEBANK), normaliser("nl"))
    summary = figures.summary()

    assert summary["right_share"] >= 0.85, summary
    assert summary["other_split_share"] < 0.02, summary
    assert summary["other_tokens_split_share"] < 0.02, summary
