"""A blank spaCy pipeline: Belfry's own tokeniser, to which a trained recogniser can be added.

spaCy's rule tokeniser takes quadratic time on a megabyte of brackets; this one is linear on any text, and keeps every
character: `doc.text == text`.
"""

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


def blank_pipeline() -> Language:
    """A multilingual pipeline of the tokeniser alone."""
    nlp = spacy.blank("xx")
    nlp.tokenizer = LinearTokenizer(nlp.vocab)
    return nlp
