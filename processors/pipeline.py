"""A blank spaCy pipeline: Belfry's own tokeniser, to which a trained recogniser can be added.

spaCy's rule tokeniser takes quadratic time on a megabyte of brackets; this one is linear on any text, and keeps every
character: `doc.text == text`.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import cast

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from processors.names import WORD


class LinearTokenizer:
    """Cuts a text where `processors.names.WORD` does; a single space after a word belongs to it, as spaCy wants it."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The text as a Doc, nothing lost and nothing added."""
        words: list[str] = []
        spaces: list[bool] = []
        for found in WORD.finditer(text):
            word = found.group()
            if word[0] == " " and words and not spaces[-1] and not words[-1].isspace():
                spaces[-1] = True
                word = word[1:]
                if not word:
                    continue
            words.append(word)
            spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)


class Pipeline:
    """A spaCy pipeline as the recogniser uses it. Not for two threads at a time."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp

    def memory_zone(self) -> AbstractContextManager[None]:
        """Within it, strings that are new to the vocabulary are kept; at its end they are freed."""
        return cast("AbstractContextManager[None]", self._nlp.memory_zone())  # pyright: ignore[reportUnknownMemberType]

    def tokens(self, text: str) -> Iterator[tuple[str, int]]:
        """The tokens of a text with their offsets in it."""
        return ((token.text, token.idx) for token in self._nlp(text))


def blank_pipeline() -> Pipeline:
    """A multilingual pipeline of the tokeniser alone."""
    nlp = spacy.blank("xx")
    nlp.tokenizer = LinearTokenizer(nlp.vocab)
    return Pipeline(nlp)
