"""`python -m processors.matching.compiled`: have the kernels and the lists of lemmas ready on disk, so that nobody waits for that later."""

import importlib

from processors.matching.lemma_lists import lemma_list

importlib.import_module("processors.matching.compiled.engine")
for _code in ("nl", "en", "de", "fr"):
    lemma_list(_code)
