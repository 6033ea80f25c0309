"""Proposals: the names that Belfry's trained pipeline finds in the fields of articles."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Any, NamedTuple, cast

from spacy.language import Language
from spacy.tokens import Doc

from processors.gazetteer import Gazetteer
from processors.ner.consistency import Found, Sentence, consistent
from processors.ner.cues import LANGUAGES
from processors.ner.marks import NOTHING, Marks, is_ordinary
from processors.ner.sift import sifted
from processors.ner.tokens import Token, sentences
from processors.proposals import FieldSeen, Proposal
from schemas.entities import EntityType

ZONE_TOKENS = 200_000
"""About 400 articles of the news. spaCy's vocabulary keeps every word that it meets, for ever; after so many it forgets them: some
20 MB at most. Not after each text, since the news repeats its words, and making them anew takes longer than all else."""
MAX_BATCH_TOKENS = 2_000
"""Of sentences that the network reads at once: bounds its memory (40 MB; 330 MB with 20,000, which take a third longer as well)."""


class _Asked(NamedTuple):
    """A sentence that the network reads, with its features and its language."""

    sentence: Sentence
    words: list[str]
    names: list[str]
    language: str
    doc: Doc

    def found(self) -> list[Found]:
        """What the network has found, sifted."""
        found = [Found(one.start, one.end, cast("EntityType", one.label_)) for one in self.doc.ents]
        return sifted(self.sentence, self.words, self.names, found, self.language)


class NameTagger:
    """A Proposer by a pipeline as `models.train` makes it, for the languages that it knows. Not for two threads at a time."""

    def __init__(self, nlp: Language, gazetteer: Gazetteer) -> None:
        self._nlp = nlp
        self._ner = cast("Any", nlp.get_pipe("ner"))
        self._marks = Marks(gazetteer)
        self._zone = ExitStack()
        self._left = 0

    def proposals(
        self, articles: Sequence[Sequence[FieldSeen]], languages: Sequence[str]
    ) -> list[list[list[Proposal]]]:
        """See Proposer. Sentences of all articles go through the network together."""
        if self._left <= 0:
            self._forget()
        read = [
            [list(sentences(field.words, language)) if language in LANGUAGES else [] for field in fields]
            for fields, language in zip(articles, languages, strict=True)
        ]
        found = self._found(articles, languages, read)
        return [
            list(_article_proposals(fields, found, partial(_tells, language)))
            for fields, language in zip(read, languages, strict=True)
        ]

    def _found(
        self,
        articles: Sequence[Sequence[FieldSeen]],
        languages: Sequence[str],
        read: Sequence[Sequence[Sequence[Sentence]]],
    ) -> dict[int, list[Found]]:
        """The names of each sentence (by identity) that has any."""
        found: dict[int, list[Found]] = {}
        batch: list[_Asked] = []
        size = 0
        for fields, language, cut in zip(articles, languages, read, strict=True):
            for field, here in zip(fields, cut, strict=True):
                kinds = self._marks.kinds(field.candidates)
                for sentence in here:
                    words = self._marks.words(sentence, language)
                    names = self._marks.names(sentence, kinds)
                    if not _may_hold_a_name(sentence, words, names):
                        continue
                    batch.append(_Asked(sentence, words, names, language, self._doc(sentence, words, names)))
                    size += len(sentence)
                    if size >= MAX_BATCH_TOKENS:
                        found |= self._read(batch)
                        batch, size = [], 0
        return found | self._read(batch)

    def _doc(self, sentence: Sentence, words: list[str], names: list[str]) -> Doc:
        self._left -= len(sentence)
        shown = [token.text for token in sentence]
        try:
            return Doc(self._nlp.vocab, words=shown, tags=words, lemmas=names)
        except UnicodeEncodeError:  # a lone surrogate
            shown = [text.encode("utf-8", "replace").decode("utf-8") for text in shown]
            return Doc(self._nlp.vocab, words=shown, tags=words, lemmas=names)

    def _forget(self) -> None:
        """Have the vocabulary forget the words since the last time. No Doc of then may be in use."""
        self._zone.close()
        self._zone.enter_context(cast("AbstractContextManager[None]", self._nlp.memory_zone()))  # pyright: ignore[reportUnknownMemberType]
        self._left = ZONE_TOKENS

    def _read(self, batch: Sequence[_Asked]) -> dict[int, list[Found]]:
        docs = [asked.doc for asked in batch]
        if not docs:
            return {}
        self._ner.set_annotations(docs, self._ner.predict(docs))
        return {id(asked.sentence): found for asked in batch if (found := asked.found())}


def _may_hold_a_name(sentence: Sentence, words: Sequence[str], names: Sequence[str]) -> bool:
    """Whether the network is worth asking: there is a capital, other than that of an ordinary word that opens the sentence."""
    if any(name is not NOTHING for name in names):
        return True
    opening = True
    for token, mark in zip(sentence, words, strict=True):
        if mark[-1] in "xX" and not (opening and "O" in mark and "S" not in mark and "G" not in mark):
            return True
        opening = opening and not token.text[0].isalnum()
    return False


def _tells(language: str, word: str) -> bool:
    """See `consistent`."""
    return language != "de" or (len(word) > 1 and word.isupper()) or not is_ordinary(word.lower(), language)


def _article_proposals(
    fields: Sequence[Sequence[Sentence]], found: dict[int, list[Found]], tells: Callable[[str], bool]
) -> Iterator[list[Proposal]]:
    """The proposals of each field of an article, as words of that field."""
    flat = [sentence for field in fields for sentence in field]
    names = iter(consistent(flat, [found.get(id(sentence), []) for sentence in flat], tells))
    for field in fields:
        yield [
            Proposal(sentence[one.first].first, _last_word(sentence[one.end - 1]), one.type)
            for sentence in field
            for one in next(names)
        ]


def _last_word(token: Token) -> int:
    """The last word of a name that ends with this token: *Obama's* is a mention of Obama."""
    return token.last - 2 * (token.text[-2:] in ("'s", "’s") and token.last - token.first >= 2)
