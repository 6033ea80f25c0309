"""Proposals by a spaCy model that the user has installed (nl_core_news_lg, en_core_web_sm …), as a Proposer.

Such a model has a tokeniser and often labels of its own: it is given the text, and its names are laid on the article's words.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Protocol, cast

import spacy

from processors.mentions import Word
from processors.proposals import FieldSeen, Proposal
from schemas.entities import EntityType
from schemas.errors import SettingsError

TYPES: dict[str, EntityType] = {
    "PER": "PER", "PERSON": "PER", "ORG": "ORG", "LOC": "LOC", "GPE": "LOC", "FAC": "LOC", "MISC": "MISC", "NORP": "MISC",
    "EVENT": "MISC", "WORK_OF_ART": "MISC", "LAW": "MISC", "PRODUCT": "MISC", "LANGUAGE": "MISC",
}  # fmt: skip
"""What the labels of spaCy's models are here; dates, numbers and the like are no names."""
_NEEDED = frozenset(["tok2vec", "transformer", "curated_transformer", "ner", "entity_ruler"])
ZONE_TEXTS = 200


class _Span(Protocol):
    start_char: int
    end_char: int
    label_: str


class OfficialTagger:
    """A Proposer by one installed model. Not for two threads at a time."""

    def __init__(self, model: str) -> None:
        """Load a package or a folder. Raises SettingsError where there is none, or where it finds no names."""
        try:
            self._nlp = spacy.load(Path(model) if "/" in model else model)
        except (OSError, ImportError, ValueError) as error:
            raise SettingsError(
                f"BELFRY_NER_MODELS: spaCy can't load {model!r} ({error}); install it, or give its folder with a / in it"
            ) from error
        if not {"ner", "entity_ruler"} & set(self._nlp.pipe_names):
            raise SettingsError(f"BELFRY_NER_MODELS: {model!r} has no component that finds names")
        self._nlp.select_pipes(disable=[name for name in self._nlp.pipe_names if name not in _NEEDED])
        self._zone = ExitStack()
        self._left = 0

    def proposals(
        self,
        articles: Sequence[Sequence[FieldSeen]],
        languages: Sequence[str],  # noqa: ARG002 as Proposer has it
    ) -> list[list[list[Proposal]]]:
        """See Proposer."""
        return [[list(self._field(field)) for field in fields] for fields in articles]

    def _field(self, field: FieldSeen) -> Iterator[Proposal]:
        if self._left <= 0:  # spaCy's vocabulary would keep every word for ever
            self._zone.close()
            self._zone.enter_context(cast("AbstractContextManager[None]", self._nlp.memory_zone()))  # pyright: ignore[reportUnknownMemberType]
            self._left = ZONE_TEXTS
        self._left -= 1
        doc = self._nlp(field.source.encode("utf-8", "replace").decode("utf-8"))
        yield from laid_on_words(field.words, cast("Sequence[_Span]", doc.ents))


def laid_on_words(words: Sequence[Word], spans: Sequence[_Span]) -> Iterator[Proposal]:
    """Names given by characters as whole words of the field, in order, not overlapping."""
    starts = [word.start for word in words]
    ends = [word.end for word in words]
    taken = -1
    for span in spans:
        kind = TYPES.get(span.label_)
        first, last = bisect_right(ends, span.start_char), bisect_left(starts, span.end_char) - 1
        if kind is not None and taken < first <= last:
            taken = last
            yield Proposal(first, last, kind)
