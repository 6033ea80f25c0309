"""A blank spaCy pipeline: Belfry's own tokeniser, to which a trained recogniser can be added.

spaCy's rule tokeniser takes quadratic time on a megabyte of brackets; this one is linear on any text, and keeps every
character: `doc.text == text`.
"""

import re
from contextlib import AbstractContextManager, ExitStack
from typing import cast

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from processors.names import WORD

_SURROGATE = re.compile("[\ud800-\udfff]")
ZONE_TOKENS = 200_000
"""About 400 articles of the news; its words take some 20 MB at most."""


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
    """A spaCy pipeline as the recogniser uses it. Not for two threads at a time.

    spaCy's vocabulary keeps every word that it meets, for ever. Here it forgets them after `zone_tokens`: not after each
    text, since the news repeats its words and making them anew takes longer than all else.
    """

    def __init__(self, nlp: Language, zone_tokens: int = ZONE_TOKENS) -> None:
        self._nlp = nlp
        self._zone = ExitStack()
        self._zone_tokens = zone_tokens
        self._left = 0

    def tokens(self, text: str) -> list[tuple[str, int]]:
        """The tokens of a text with their offsets in it."""
        if self._left <= 0:
            self._zone.close()
            self._zone.enter_context(cast("AbstractContextManager[None]", self._nlp.memory_zone()))  # pyright: ignore[reportUnknownMemberType]
            self._left = self._zone_tokens
        # A lone surrogate, which spaCy can't encode, is shown to it as another character: offsets stay.
        tokens = [(token.text, token.idx) for token in self._nlp(_SURROGATE.sub("\ufffd", text))]
        self._left -= len(tokens)
        return tokens


def blank_pipeline() -> Pipeline:
    """A multilingual pipeline of the tokeniser alone."""
    nlp = spacy.blank("xx")
    nlp.tokenizer = LinearTokenizer(nlp.vocab)
    return Pipeline(nlp)
