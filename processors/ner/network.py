"""Belfry's pipeline as spaCy knows it: tokeniser, marks, and spaCy's own `ner`. Importing this registers the parts.

`nlp.pipe(texts)` works as with any spaCy pipeline; enrichment gives the network sentences instead, since it has the words
and the gazetteer's names already (`processors.ner.tagger`).
"""
# spaCy and thinc are typed in part.
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownLambdaType=false, reportAttributeAccessIssue=false, reportPrivateImportUsage=false

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import spacy
from spacy import attrs
from spacy.lang.lex_attrs import word_shape
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import load_model_from_config, load_model_from_path
from thinc.api import Config

from processors.gazetteer import default_gazetteer
from processors.mentions import MentionFinder, field_words
from processors.ner.architectures import tok2vec
from processors.ner.marks import Marks
from processors.ner.tokens import sentences

WIDTH = 96
DEPTH = 2
AFFIX_LETTERS = 3
MARKS = "belfry_marks"
ROWS = {"NORM": 8000, "PREFIX": 2000, "SUFFIX": 3000, "SHAPE": 1000, "TAG": 1000, "LEMMA": 100}
"""Rows of the tables by attribute: most words are learnt by their ends, their shape and their marks.

TAG and LEMMA hold the word feature and the name feature of `processors.ner.marks`.
"""

_CONFIG = """
[nlp]
lang = "xx"
pipeline = ["belfry_marks", "ner"]
[nlp.tokenizer]
@tokenizers = "belfry.NameTokenizer.v1"
[components]
[components.belfry_marks]
factory = "belfry_marks"
language = "nl"
[components.ner]
factory = "ner"
[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "ner"
extra_state_tokens = false
hidden_width = 64
maxout_pieces = 2
use_upper = true
[components.ner.model.tok2vec]
@architectures = "belfry.Tok2Vec.v1"
"""


class NameTokenizer:
    """A text as a Doc of the model's tokens and the white space between; `doc.text == text`, sentence starts are marked.

    It also gives the vocabulary the few attributes that the network reads: spaCy's many others take longer than all else.
    """

    def __init__(self, nlp: Language) -> None:
        self.vocab = nlp.vocab
        nlp.vocab.lex_attr_getters = {
            attrs.NORM: str.lower,
            attrs.LOWER: str.lower,
            attrs.PREFIX: lambda text: text[:AFFIX_LETTERS],
            attrs.SUFFIX: lambda text: text[-AFFIX_LETTERS:],
            attrs.SHAPE: word_shape,
            attrs.IS_SPACE: str.isspace,
        }

    def __call__(self, text: str) -> Doc:
        """See the class."""
        words = field_words(text)
        shown: list[str] = []
        spaces: list[bool] = []
        starts: list[bool | int | None] = []
        at = 0
        for sentence in sentences(words, "nl"):
            for place, token in enumerate(sentence):
                start, end = words[token.first].start, words[token.last].end
                between = text[at:start]
                if between[:1] == " " and shown:
                    spaces[-1], between = True, between[1:]
                if between:
                    shown.append(between)
                    spaces.append(False)
                    starts.append(False)
                shown.append(text[start:end])
                spaces.append(False)
                starts.append(place == 0)
                at = end
        if text[at:]:
            shown.append(text[at:])
            spaces.append(False)
            starts.append(False)
        return Doc(self.vocab, words=shown, spaces=spaces, sent_starts=starts)

    def to_disk(self, path: Path, **_: Any) -> None:
        """Nothing: it has no state."""

    def from_disk(self, path: Path, **_: Any) -> "NameTokenizer":  # noqa: ARG002
        """Itself."""
        return self


def _name_tokenizer() -> Callable[[Language], NameTokenizer]:
    return NameTokenizer


class MarksComponent:
    """Sets the two features of each token of a text that spaCy reads by itself. The gazetteer is read at the first."""

    def __init__(self, language: str) -> None:
        self._language = language

    @cached_property
    def _marks(self) -> Marks:
        return Marks(default_gazetteer())

    @cached_property
    def _finder(self) -> MentionFinder:
        return MentionFinder(default_gazetteer())

    def __call__(self, doc: Doc) -> Doc:
        """The Doc, with its features."""
        words = field_words(doc.text)
        kinds = self._marks.kinds(self._finder.candidates(words, self._language))
        for sentence in sentences(words, self._language):
            seen = zip(
                sentence, self._marks.words(sentence, self._language), self._marks.names(sentence, kinds), strict=True
            )
            for token, word_mark, name_mark in seen:
                at = doc.char_span(words[token.first].start, words[token.last].end)
                if at is not None:
                    at[0].tag_, at[0].lemma_ = word_mark, name_mark
        return doc


def _marks(nlp: Language, name: str, language: str) -> MarksComponent:  # noqa: ARG001 as spaCy calls it
    return MarksComponent(language)


spacy.registry.architectures.register("belfry.Tok2Vec.v1", func=tok2vec)
spacy.registry.tokenizers.register("belfry.NameTokenizer.v1", func=_name_tokenizer)
Language.factory(MARKS, func=_marks, default_config={"language": "nl"})


def new_pipeline(width: int, depth: int) -> Language:
    """A pipeline that hasn't learnt anything."""
    config = Config().from_str(_CONFIG)
    config["components"]["ner"]["model"]["tok2vec"] |= {
        "width": width, "depth": depth, "attrs": list(ROWS), "rows": list(ROWS.values()),
    }  # fmt: skip
    return load_model_from_config(config, auto_fill=True)


def load_pipeline(path: Path) -> Language:
    """The pipeline in a folder. Raises OSError where there is none."""
    return load_model_from_path(path)
