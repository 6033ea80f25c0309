"""`python -m processors.matching.compiled`: make what is kept on disk, so that nobody waits for that later.

The compiled kernels, the lists of lemmas, and the stems of all listed words of the languages that have plain words.
"""

import importlib

from processors.matching.lemma_lists import lemma_list
from processors.matching.normalise import normaliser
from processors.matching.stems import PLAIN_LANGUAGES

importlib.import_module("processors.matching.compiled.engine")
for _code in ("nl", "en", "de", "fr"):
    lemma_list(_code)
_listed = importlib.import_module("processors.matching.compiled.listed")
for _code in PLAIN_LANGUAGES:
    _listed.listed_words(normaliser(_code))
