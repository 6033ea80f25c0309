"""A labelled sentence as what the network sees: the very features that enrichment gives it."""

import random

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example

from models.training.corpora import Chunks, spans
from processors.gazetteer import Gazetteer
from processors.mentions import MentionFinder, Word
from processors.names import WORD, folded_word
from processors.ner.marks import LISTED, LISTED_INSIDE, NOTHING, Marks
from processors.ner.tokens import Token, tokens

UNLISTED_SENTENCES = 0.2
UNLISTED_NAMES = 0.25
UNLISTED_ORGANISATIONS = 0.4
"""The gazetteer knows fewer names of the news than of the encyclopaedia, so some of what it says is kept from the network."""


class Examples:
    """Makes examples for one pipeline."""

    def __init__(self, nlp: Language, gazetteer: Gazetteer, seed: int) -> None:
        self._vocab = nlp.vocab
        self._marks = Marks(gazetteer)
        self._finder = MentionFinder(gazetteer)
        self._random = random.Random(seed)  # noqa: S311 no secret

    def example(self, chunks: Chunks, language: str, *, forgetful: bool = True) -> Example:
        """What is seen and what is to be found. forgetful: some of the gazetteer's names are left out."""
        words, edges = _words(chunks)
        found = list(tokens(words, language))
        seen = self._doc(words, found, language, forgetful=forgetful)
        wanted = Doc(self._vocab, words=[token.text for token in found])
        wanted.set_ents(
            [
                Span(wanted, start, end, kind)
                for start, end, kind in token_spans(
                    found, [(edges[a][0], edges[b - 1][1], k) for a, b, k in spans([t for _, t in chunks])]
                )
            ]
        )
        return Example(seen, wanted)

    def _doc(self, words: list[Word], found: list[Token], language: str, *, forgetful: bool) -> Doc:
        candidates = self._finder.candidates(words, language)
        if forgetful:
            rate = 1.0 if self._random.random() < UNLISTED_SENTENCES else UNLISTED_NAMES
            candidates = [one for one in candidates if self._random.random() >= rate]
        names = self._marks.names(found, self._marks.kinds(candidates))
        if forgetful and self._random.random() < UNLISTED_ORGANISATIONS:
            names = [NOTHING if mark in (LISTED, LISTED_INSIDE) else mark for mark in names]
        return Doc(
            self._vocab, words=[token.text for token in found], tags=self._marks.words(found, language), lemmas=names
        )


def _words(chunks: Chunks) -> tuple[list[Word], list[tuple[int, int]]]:
    """The chunks cut into words as a text of them would be, and each chunk's first and last word."""
    words: list[Word] = []
    edges: list[tuple[int, int]] = []
    at = 0
    for text, _ in chunks:
        first = len(words)
        for found in WORD.finditer(text):
            gap = 0 if len(words) > first else 1 if words else 2
            words.append(Word(found.group(), at + found.start(), folded_word(found.group()), gap))
        edges.append((first, len(words) - 1))
        at += len(text) + 1
    return words, edges


def token_spans(found: list[Token], names: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Names given by first and last word, as first token and one after the last; widened to whole tokens, none overlapping."""
    by_word = {place: number for number, token in enumerate(found) for place in range(token.first, token.last + 1)}
    result: list[tuple[int, int, str]] = []
    for first, last, kind in names:
        start, end = by_word[first], by_word[last] + 1
        if not result or result[-1][1] <= start:
            result.append((start, end, kind))
    return result
