"""A tiny language with the shape of the real ones, so that the definition is tested apart from lemmas and word lists."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from processors.matching.articles import MatchArticle
from processors.matching.naive import naive_spans
from processors.matching.parse import parse
from processors.matching.tree import Node
from processors.matching.words import Analysis, QueryWord, Token, Unit
from schemas.entities import Entity
from schemas.spans import ExplainedSpan

LEMMAS = {
    "troepen": "troep",
    "russische": "russisch",
    "raketten": "raket",
    "schepen": "schip",
    "troops": "troop",
    "drones": "drone",
}
COMPOUNDS = {
    "troepenopbouw": ("troepen", "opbouw"),
    "troepenterugtrekking": ("troepen", "terugtrekking"),
    "ruslandraad": ("rusland", "raad"),
    "landbouwdrone": ("landbouw", "drone"),
    "wapenstilstand": ("wapen", "stilstand"),
    "raketraket": ("raket", "raket"),
}


def folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()


def lemma(text: str) -> str:
    return LEMMAS.get(folded(text), folded(text))


class SmallNormaliser:
    """Words are runs of letters with hyphens between; lemmas and compounds are those above."""

    def __init__(self, language: str = "xx") -> None:
        self.language = language
        self.plain = None

    def tokens(self, text: str) -> Sequence[Token]:
        return [Token(found.start(), found.end(), acronym=False) for found in re.finditer(r"\w+(?:-\w+)*", text)]

    def analyse(self, written: str, *, acronym: bool) -> Analysis:
        parts = written.split("-")
        if len(parts) == 1:
            whole = Unit("whole", (lemma(written),), (folded(written),), written, 0, 0, 0, -1, 0, len(written))
            return Analysis((whole, *self._compound_parts(written, 0, 0, 0)), 1)
        joined = "".join(parts)
        forms = (folded(written), folded(joined))
        units = [Unit("whole", (lemma(joined),), forms, written, 0, len(parts) - 1, 0, -1, 0, len(written))]
        start = 0
        for position, part in enumerate(parts):
            units.append(
                Unit(
                    "hyphen",
                    (lemma(part),),
                    (folded(part),),
                    part,
                    position,
                    position,
                    0,
                    0,
                    start,
                    start + len(part),
                )
            )
            units += self._compound_parts(part, position, len(units) - 1, start)
            start += len(part) + 1
        return Analysis(tuple(units), len(parts))

    def _compound_parts(self, word: str, position: int, parent: int, start: int) -> list[Unit]:
        return [
            Unit("compound", (lemma(part),), (part,), None, position, position, rank, parent, start, start + len(word))
            for rank, part in enumerate(COMPOUNDS.get(folded(word), ()))
        ]

    def query_word(self, text: str) -> QueryWord:
        parts = text.split("-")
        if len(parts) == 1:
            return QueryWord((lemma(text),))
        return QueryWord((lemma("".join(parts)),), tuple((lemma(part),) for part in parts))

    def exact_form(self, text: str) -> str:
        return text

    def fold_form(self, text: str) -> str:
        return folded(text)


@dataclass
class SmallMeanings:
    """Meanings over the small language, with whatever names a test gives."""

    entities: Mapping[str, Collection[str]] = field(default_factory=dict)
    concepts: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)

    def normaliser(self, language: str) -> SmallNormaliser:
        return SmallNormaliser(language)

    def entity_ids(self, name: str) -> Collection[str]:
        return self.entities.get(name, ())

    def concept(self, concept_id: str, language: str) -> tuple[Node, Node | None] | None:
        if language != "xx" or concept_id not in self.concepts:
            return None
        mention, where = self.concepts[concept_id]
        return parse(mention), None if where is None else parse(where)

    def concept_ids(self) -> Collection[str]:
        return self.concepts.keys()

    def nearest_entities(self, name: str) -> Collection[str]:
        return [known for known in self.entities if known[:3].lower() == name[:3].lower()]


def article(text: str, title: str = "", language: str = "xx", entities: tuple[Entity, ...] = ()) -> MatchArticle:
    published = datetime(2022, 1, 18, 12, tzinfo=UTC)
    return MatchArticle(title, text, language, "belga", published, story_id="s1", entities=entities)


def spans(
    query: str, text: str, title: str = "", meanings: SmallMeanings | None = None, entities: tuple[Entity, ...] = ()
) -> tuple[ExplainedSpan, ...] | None:
    """The spans of a query in a text of the small language by the definition; None where it doesn't match."""
    return naive_spans(parse(query), article(text, title, entities=entities), meanings or SmallMeanings())


def texts(query: str, text: str, title: str = "", **more: object) -> list[str] | None:
    """The same as the words that are marked."""
    found = spans(query, text, title, **more)  # type: ignore[arg-type]
    return None if found is None else [span.text for span in found]
