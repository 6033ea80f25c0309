"""Articles in four languages and queries that meet in them, for property tests of search: few words, many ways to use them."""

from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from processors.matching.checks import refuse_meaningless
from processors.matching.meanings import Meanings
from processors.matching.normalise import normaliser
from processors.matching.parse import parse
from processors.matching.published import published
from processors.matching.tree import (
    And,
    AtLeast,
    Before,
    ConceptTerm,
    EntityTerm,
    Exact,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scoped,
    Unless,
    Wildcard,
    Word,
)
from processors.matching.words import Normaliser
from schemas.articles import EnrichedArticle
from schemas.entities import Entity
from schemas.errors import QueryError

MOMENT = datetime(2022, 1, 14, 9, 30, tzinfo=UTC)

LONG = "x" * 300 + "troepen"

WORDS = {
    "nl": "troepen troep troepenopbouw opbouw Russische russisch schepen schip NAVO-Ruslandraad raad VS vs raketopslag "
    "raket de minister ster e-mail Oekraïne Oekraine terugtrekking 130.000 1,5 auto's NAVO",
    "en": "troops troop build-up buildup build up massing of Russian the NATO's NATO nato U.S. US us ships ship "
    "well-known state-of-the-art 130,000 isn't café cafe withdraw withdrew",
    "de": "Truppen Truppe Waffenlieferungen Waffe Lieferung Straße Strasse Käse Kaese NATO der NATO-Russland-Rat Rat "
    "Schiffe Schiff größer groesser Aufbau Truppenaufbau",
    "fr": "troupes troupe l'OTAN OTAN d'Ukraine chevaux cheval L’UE UE aujourd'hui peut-être militaires militaire "
    "renforcement 130 000 élève eleve estime-t-il",
    "und": "troepen Troepen ñandú łódź Ελλάδα война 北京 ﬁn 𝔘𝔫𝔦 x",
    "sv": "trupper trupp NATO",
}
"""By language; what is written here stands in texts, and its words in queries."""

PATTERNS = [
    *("troep*", "*opbouw*", "t*pen", "raket*", "*raad", "build*", "*ild*", "waffe*", "*ka*se*", "otan*", "l'ota*"),
    *("strass*", "Straß*", "130*", "*000", "x*xxtroe*", "xxx*", "*roepen", "cafe*", "*élè*", "navo-rus*", "tr*p*n*"),
]
ENTITIES = {"NATO": ("Q7184",), "Rusland": ("Q159", "x:russia"), "Nergens": ("x:nowhere",)}
CONCEPTS: dict[str, dict[str, tuple[str, str | None]]] = {
    "build-up": {
        "nl": ("troepen NEAR/4 opbouw", None),
        "en": ('"massing of troops" OR build-up', "massing NOT =us"),
        "de": ("Truppenaufbau", "entity:NATO OR Rat"),
        "fr": ("concept:troupes", "lang:fr"),
    },
    "troupes": {"fr": ("troupe", None)},
}


class CaseMeanings(Meanings):
    """The real normal forms; entities and concepts of the tests' own."""

    def normaliser(self, language: str) -> Normaliser:
        return normaliser(language)

    def entity_ids(self, name: str) -> tuple[str, ...]:
        return ENTITIES.get(name, ())

    def concept(self, concept_id: str, language: str) -> tuple[Node, Node | None] | None:
        if language not in CONCEPTS[concept_id]:
            return None
        mention, where = CONCEPTS[concept_id][language]
        return parse(mention), None if where is None else parse(where)

    def concept_ids(self) -> tuple[str, ...]:
        return tuple(CONCEPTS)

    def nearest_entities(self, name: str) -> tuple[str, ...]:
        return ()


_SEPARATORS = (" ", " ", " ", " ", ", ", ". ", "\n\n", "-", " – ", "/", "’s ")
_MOMENTS_US = (-86_400_000_000, -1, 0, 1, 999, 1000)


def vocabulary(language: str, start: int) -> tuple[str, ...]:
    """A few words of a language, related ones together: what an article and a query about it are made of."""
    words = [*WORDS[language].split(), "een", LONG]
    start %= len(words)
    return tuple((words[start:] + words)[:6])


def made_article(chance: Random, language: str, words: tuple[str, ...], article_id: str = "a") -> EnrichedArticle:
    """An enriched article in a language, its title sometimes made from the text."""
    title, text = _made_text(chance, words, 5), _made_text(chance, words, 15)
    entities = (*_made_entities(chance, "title", title), *_made_entities(chance, "text", text))
    return EnrichedArticle(
        article_id=article_id,
        source=chance.choice(["belga", "reuters", "Belga nieuws", ""]),
        title=title,
        text=text,
        language=chance.choice([None, "und"]) if language == "und" else language,
        published_at=MOMENT + timedelta(microseconds=chance.choice(_MOMENTS_US)),
        fetched_at=MOMENT,
        meta={"title_from_text": True} if chance.random() < 0.2 else {},
        entities=entities,
        story_id=chance.choice(["s1", "s2", None]),
        content_hash="h",
        version=1,
        month=chance.choice(["2022-01", "2021-12", "old"]),
    )


def _made_text(chance: Random, words: tuple[str, ...], largest: int) -> str:
    count = chance.randint(largest // 3, largest)
    return "".join(chance.choice(words) + chance.choice(_SEPARATORS) for _ in range(count)).strip()


def _made_entities(chance: Random, field: str, content: str) -> tuple[Entity, ...]:
    words = [word for word in content.split() if any(map(str.isalnum, word))]
    if not words or chance.random() < 0.5:
        return ()
    word = chance.choice(words)
    place = {"field": field, "start": content.index(word), "end": content.index(word) + len(word), "text": word}
    id_ = chance.choice(["Q7184", "Q159", "x:russia", "x:other", None])
    return (Entity.model_validate({**place, "type": "ORG", "id": id_, "name": word}),)


def _leaves(words: tuple[str, ...]) -> SearchStrategy[Node]:
    word = st.sampled_from(words)
    simple = st.one_of(
        st.builds(Word, word),
        st.builds(Word, word),
        st.builds(Wildcard, st.sampled_from(PATTERNS)),
        st.builds(Exact, word),
    )
    return st.one_of(
        simple,
        simple,
        st.builds(Phrase, st.lists(simple, min_size=2, max_size=3).map(tuple), st.integers(0, 4)),
        st.builds(EntityTerm, st.sampled_from(sorted(ENTITIES))),
        st.builds(ConceptTerm, st.sampled_from(sorted(CONCEPTS))),
    )


_RANGES = [
    "[2022-01-14 TO 2022-01-14]",
    "[* TO 2022-01-14T09:30:00Z]",
    "[2022-01-14T09:30:00.000001Z TO *]",
    "[2022-01-14T09:30:00.000500Z TO 2022-01-14T09:30:00.001Z]",
]
_FILTERS = st.one_of(
    st.builds(Filter, st.just("lang"), st.sampled_from(["nl", "en", "und", "it"])),
    st.builds(Filter, st.just("source"), st.sampled_from(["belga", "Belga", "Belga nieuws"])),
    st.builds(Filter, st.just("story"), st.sampled_from(["s1", "s3"])),
    st.sampled_from(_RANGES).map(lambda inside: published(inside, 1, 1)),
)
_DISTANCES = st.integers(0, 6)


def _flat(kind: type[And] | type[Or], operands: list[Node]) -> Node:
    flat: list[Node] = []
    for operand in operands:
        flat += operand.operands if isinstance(operand, kind) else [operand]
    return kind(tuple(flat))


def _larger_mentions(inner: SearchStrategy[Node]) -> SearchStrategy[Node]:
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda operands: _flat(Or, operands)),
        st.builds(Near, inner, inner, _DISTANCES),
        st.builds(Before, inner, inner, _DISTANCES),
        st.builds(Unless, inner, inner, _DISTANCES),
    )


def _larger(inner: SearchStrategy[Node]) -> SearchStrategy[Node]:
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda operands: _flat(And, operands)),
        st.lists(inner, min_size=2, max_size=3).map(lambda operands: _flat(Or, operands)),
        st.builds(Not, inner),
        st.builds(Scoped, st.sampled_from(["title", "text"]), inner),
    )


def _means_something(tree: Node) -> bool:
    try:
        refuse_meaningless(tree)
    except QueryError:
        return False
    return True


@cache
def queries(words: tuple[str, ...]) -> SearchStrategy[Node]:
    """Trees that `parse` returns, about articles of a vocabulary."""
    mentions = st.recursive(_leaves(words), _larger_mentions, max_leaves=4)
    conditions = st.one_of(mentions, mentions, mentions, st.builds(AtLeast, mentions, st.integers(1, 3)), _FILTERS)
    return st.recursive(conditions, _larger, max_leaves=4).filter(_means_something)


_LANGUAGES = st.sampled_from(["nl", "en", "de", "fr", *WORDS])
_STARTS = st.integers(0, 30)

QUERIES = st.builds(vocabulary, _LANGUAGES, _STARTS).flatmap(queries)
"""Queries about articles of any language."""


@st.composite
def cases(draw: st.DrawFn) -> tuple[Node, EnrichedArticle]:
    """A query and an article of the same vocabulary."""
    language = draw(_LANGUAGES)
    words = vocabulary(language, draw(_STARTS))
    return draw(queries(words)), made_article(draw(st.randoms(use_true_random=False)), language, words)
