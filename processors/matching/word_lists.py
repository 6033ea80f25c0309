"""The word lists of lexicon/words: small, compressed, loaded once and kept."""

import gzip
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parents[2] / "lexicon" / "words"


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of lexicon/words/{name}.txt.gz, one a line in UTF-8; none where there is no such list."""
    path = _FOLDER / f"{name}.txt.gz"
    if not path.is_file():
        return frozenset()
    return frozenset(gzip.decompress(path.read_bytes()).decode().split("\n")) - {""}
