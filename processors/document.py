"""An enriched article as the document that is indexed: the whole article, and what is derived from it for searching.

Pure. The fields' types are in belfry.search.mapping; the two are held together by a contract test.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from processors.matching.index_terms import index_terms
from schemas.articles import EnrichedArticle
from schemas.entities import Entity

MAPPING_VERSION = 1
"""In the name of every concrete index; raised where a change can't be added to the indices that exist."""

ANALYSED_LANGUAGES = ("nl", "en", "de", "fr", "es", "it", "pt")
"""Languages whose title and text stand once more in an analysed field of their own."""

MAX_TERM_CHARS = 256
"""A longer stem or form is cut here: Lucene refuses a whole document for one term over 32,766 bytes."""

LONG_FORM = "\x00long"
"""Stands among the `forms` of an article that has one cut: any wildcard may fit it. No written word is like it."""


@dataclass(frozen=True, slots=True)
class IndexAction:
    """One write: `document` under `id` in the concrete `index`, or its deletion where `document` is None.

    With a `version`, an older one never overwrites a newer one, and the same one may be written again.
    """

    index: str
    id: str
    document: dict[str, Any] | None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class IndexOutcome:
    """What became of an IndexAction for good.

    done: it is as asked (also a deletion of what was not there). superseded: a newer version is there, so there is
    nothing to do. refused: the index will never take this document; `code` is Elasticsearch's error type, `reason` its
    explanation.
    """

    kind: Literal["done", "superseded", "refused"]
    code: str = ""
    reason: str = ""


def index_name(month: str, prefix: str = "") -> str:
    """The concrete index of an article's `month` ("2022-01", or "old" for all before 2000)."""
    return f"{prefix}articles-v{MAPPING_VERSION}-{month}"


def index_action(article: EnrichedArticle, prefix: str = "") -> IndexAction:
    """The write that brings `article` into the index; its deletion, at its version, where it is canceled."""
    return IndexAction(
        index=index_name(article.month, prefix),
        id=article.article_id,
        document=None if article.status == "canceled" else index_document(article),
        # Elasticsearch takes no negative version; one can come only from an update dated before 1970.
        version=max(article.version, 0),
    )


def index_document(article: EnrichedArticle) -> dict[str, Any]:
    """The document of `article`: its own fields as JSON values, and beside them what is derived.

    stems, forms
        Unique normal forms and folded written forms (parts included) of searched title and text, each cut at
        MAX_TERM_CHARS; `forms` has LONG_FORM besides where one was cut.
    entity_ids, entity_names {PER, ORG, LOC, MISC}, concept_ids
        Unique, in order of appearance; only of entities that stand on a word of what is searched, as matching has it.
    analysed {title, text} {language}
        Only for ANALYSED_LANGUAGES.
    words
        How many words title and text have, by white space.

    A given title that was made from the text is kept but not searched.
    """
    title, text, language = article.searched_title, article.text, article.language or "und"
    terms = index_terms(title, text, language)
    entities = [entity for entity in article.entities if _is_searched(entity, title)]
    document = article.model_dump(mode="json")
    document |= {
        "stems": _cut_terms(terms.stems),
        "forms": forms_for_index(terms.forms),
        "entity_ids": _unique(entity.id for entity in entities if entity.id is not None),
        "entity_names": _names_by_type(entities),
        "concept_ids": _unique(concept.id for concept in article.concepts),
        "words": len(title.split()) + len(text.split()),
    }
    if language in ANALYSED_LANGUAGES:
        document["analysed"] = {"title": {language: title}, "text": {language: text}}
    return document


def forms_for_index(forms: Collection[str]) -> list[str]:
    """The forms as they are indexed: unique, cut, with LONG_FORM where one was cut."""
    cut = _cut_terms(forms)
    return [*cut, LONG_FORM] if _has_long(forms) else cut


def cut_term(term: str) -> str:
    """A stem or form as it is indexed, for use in queries alike."""
    return term[:MAX_TERM_CHARS]


def _cut_terms(terms: Collection[str]) -> list[str]:
    return _unique(map(cut_term, terms) if _has_long(terms) else terms)


def _has_long(terms: Collection[str]) -> bool:
    return max(map(len, terms), default=0) > MAX_TERM_CHARS


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _is_searched(entity: Entity, title: str) -> bool:
    return (entity.field == "text" or title != "") and any(map(str.isalnum, entity.text))


def _names_by_type(entities: Iterable[Entity]) -> dict[str, list[str]]:
    names: dict[str, dict[str, None]] = {}
    for entity in entities:
        names.setdefault(entity.type, {})[entity.name] = None
    return {kind: list(found) for kind, found in names.items()}
