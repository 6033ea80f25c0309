"""The parts of the compiled matcher that must agree with something else: the cutting of words, wildcards, sources."""

import ast
import random
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.matching.compiled import kernel
from processors.matching.compiled.arrays import Arrays
from processors.matching.compiled.characters import character_kinds
from processors.matching.compiled.cut import ALL_CAPITALS, cut, hashed, mark_acronyms
from processors.matching.compiled.language_index import Stretches
from processors.matching.compiled.layout import CAPITALS, END, START
from processors.matching.compiled.wildcards import Wildcards, fits_pieces
from processors.matching.compiled.work import Scratch
from processors.matching.naive_units import fits
from processors.matching.tokenise import text_tokens


def tokens_of(text: str) -> list[tuple[int, int, bool]]:
    """What the kernel cuts a field into."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    scratch, stretches = Scratch(), Stretches()
    scratch.fit_text(len(codes))
    arrays: Arrays = scratch.arrays
    while True:
        arrays.set_all(stretches.arrays)
        count, missing = cut(codes, 0, len(codes), character_kinds(), arrays.work, 0, 0)
        if not missing:
            break
        found = {text[start:end]: (start, end) for start, end in arrays["unknown"][:missing].tolist()}
        stretches.learn(list(found), [int(hashed(codes, *place)) for place in found.values()])
    tokens, hashes = arrays["tokens"], arrays["token_hashes"]
    mark_acronyms(tokens, hashes, 0, count)
    return [(token[START], token[END], bool(token[CAPITALS] & ALL_CAPITALS)) for token in tokens[:count].tolist()]


def by_the_rule(text: str) -> list[tuple[int, int, bool]]:
    return [(token.start, token.end, token.acronym) for token in text_tokens(text)]


AWKWARD = st.text(st.sampled_from("aaabBC12.,'’-_ \u00a0\u2009\n\u0301ßé北ไ๑ʼ–´İǅ·٣"), max_size=40)


@settings(max_examples=800, deadline=None)
@given(st.one_of(AWKWARD, st.text(max_size=30)))
def test_words_are_cut_as_the_rule_cuts_them(text: str):
    assert tokens_of(text) == by_the_rule(text)


@pytest.mark.parametrize("around", ["a{}b {} ", "1{}2 A{}B {}x.y "])
def test_every_character_is_to_the_kernel_what_it_is_to_the_rule(around: str):
    """In pieces of texts, because one character of a script without spaces lets the rule take another way."""
    codes = [
        code for code in range(sys.maxunicode + 1) if not 0x3400 < code < 0xD7A0 and code not in range(0xD800, 0xE000)
    ]
    wanted = [code for code in codes if code < 0x3400 or chr(code).isalnum() or code % 97 == 0]
    random.Random(3).shuffle(wanted)
    for first in range(0, min(len(wanted), 30_000), 3000):
        text = "".join(around.replace("{}", chr(code)) for code in wanted[first : first + 3000])
        assert tokens_of(text) == by_the_rule(text)


PIECES = st.lists(st.text("ab", max_size=3), min_size=1, max_size=4)


@given(PIECES, st.text("ab", max_size=8))
def test_pieces_fit_as_the_definition_says(pieces: list[str], form: str):
    assert fits_pieces(pieces, form) == fits(pieces, form)


@given(
    st.lists(PIECES.filter(any), max_size=20), st.lists(st.text("ab", min_size=1, max_size=8), max_size=8), st.data()
)
def test_many_wildcards_at_once_fit_as_one_by_one(patterns: Sequence[list[str]], forms: list[str], data: st.DataObject):
    wildcards = Wildcards()
    for term, pieces in enumerate(patterns):
        wildcards.add(tuple(pieces), term)
    gone = data.draw(st.sets(st.sampled_from(range(len(patterns))))) if patterns else set[int]()
    for term in gone:
        wildcards.discard(tuple(patterns[term]), term)
    for form in forms:
        fitting = [term for term, pieces in enumerate(patterns) if term not in gone and fits(pieces, form)]
        assert sorted(wildcards.fitting(form)) == fitting


def test_compiled_code_is_kept_apart_for_each_state_of_all_that_it_is_made_of():
    folder = Path(kernel.__file__).parent
    kernels = {
        file.stem for file in folder.glob("*.py") if re.search(r"^@kernel\(", file.read_text("utf-8"), re.MULTILINE)
    }
    needed = set(kernels)
    for name in kernels:
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("processors.matching.compiled."):
                needed.add(str(node.module).rsplit(".", 1)[1])
    assert needed <= set(kernel.SOURCES)


def test_a_wrong_array_never_reaches_a_kernel():
    with pytest.raises(TypeError, match="tokens can't be"):
        Arrays().set("tokens", np.zeros((3, 2), np.int32))
    with pytest.raises(TypeError, match="counters can't be"):
        Arrays().set("counters", np.zeros(3, np.int32))
