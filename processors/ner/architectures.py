"""The network that reads tokens.

It gives what spaCy's own (MultiHashEmbed, MaxoutWindowEncoder) give, for less work: a word that a batch has many times is
embedded once, and no rows are spent on the padding between short sentences.
"""
# spaCy and thinc are typed in part.
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownLambdaType=false, reportAttributeAccessIssue=false, reportPrivateImportUsage=false

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from spacy.ml.featureextractor import FeatureExtractor
from spacy.tokens import Doc
from thinc.api import (
    HashEmbed,
    Maxout,
    Model,
    chain,
    clone,
    concatenate,
    expand_window,
    list2ragged,
    ragged2list,
    residual,
    uniqued,
    with_array,
)
from thinc.types import Floats2d, Ints2d, Ragged

_KEY_SEED = 20_261_124
_PIECES = 3


def tok2vec(width: int, depth: int, attrs: list[str], rows: list[int]) -> Model[list[Doc], list[Floats2d]]:
    """One vector a token, from its attributes and from `depth` tokens to each side of it in its Doc.

    attrs, rows: the attributes are hashed, each into a table of so many rows.
    """
    tables = [
        HashEmbed(width, count, column=column + 1, seed=column + 7, dropout=0.0) for column, count in enumerate(rows)
    ]
    mixer = Maxout(width, width * len(rows), nP=_PIECES, dropout=0.0, normalize=True)
    embedded = uniqued(cast("Any", chain(concatenate(*tables), mixer)), column=0)
    model = chain(
        cast("Any", FeatureExtractor(attrs)),
        list2ragged(),
        with_array(cast("Any", chain(_keyed(len(attrs)), embedded))),
        cast("Any", clone(_convolution(width), depth)),
        ragged2list(),
    )
    model.set_dim("nO", width)
    return cast("Model[list[Doc], list[Floats2d]]", model)


def _convolution(width: int) -> Model[Ragged, Ragged]:
    layer = Maxout(width, width * 3, nP=_PIECES, dropout=0.0, normalize=True)
    return residual(cast("Any", chain(cast("Any", expand_window(window_size=1)), with_array(cast("Any", layer)))))


def _keyed(columns: int) -> Model[Ints2d, Ints2d]:
    """Puts a column before the others that is equal where all of them are (but for collisions of 64 bits)."""
    factors = np.random.default_rng(_KEY_SEED).integers(1, 2**63, size=columns, dtype=np.uint64) * 2 + 1

    def forward(_model: Model[Ints2d, Ints2d], rows: Ints2d, **_is_train: bool) -> tuple[Ints2d, Callable[[Any], Any]]:
        wide = np.asarray(rows, dtype=np.uint64)
        key = (wide * factors).sum(axis=1, dtype=np.uint64)
        return cast("Ints2d", np.column_stack((key, wide))), lambda _: rows  # of hashes there is no gradient

    return Model("keyed", forward)
