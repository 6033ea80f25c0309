"""What names in a query stand for: words by the normal form, `entity:` by the gazetteer, `concept:` by the lexicon."""

from collections.abc import Collection
from difflib import get_close_matches
from functools import cache
from typing import Protocol

from processors.gazetteer import default_gazetteer
from processors.matching.checks import children
from processors.matching.concepts import shipped_lexicon
from processors.matching.limits import refusal, short
from processors.matching.show import show
from processors.matching.tree import ConceptTerm, EntityTerm, Node
from processors.matching.words import Normaliser


class Meanings(Protocol):
    """What names in a query stand for, by the present lexicon and gazetteer."""

    def normaliser(self, language: str) -> Normaliser:
        """The normal form of a language; of any, known or not."""
        ...

    def entity_ids(self, name: str) -> Collection[str]:
        """The ids that `entity:NAME` accepts, likeliest first; empty where the name is unknown."""
        ...

    def concept(self, concept_id: str, language: str) -> tuple[Node, Node | None] | None:
        """A concept's `mention` and `where` in a language; None where it has none there."""
        ...

    def concept_ids(self) -> Collection[str]:
        """The concepts that there are, in whatever languages."""
        ...

    def nearest_entities(self, name: str) -> Collection[str]:
        """A few known names that resemble an unknown one, best first."""
        ...


def check_meanings(node: Node, meanings: Meanings) -> None:
    """Raise QueryError (`unknown_entity`, `unknown_concept`) for the first name that nothing is known by."""
    pending = [node]
    while pending:
        part = pending.pop()
        if isinstance(part, EntityTerm):
            if not meanings.entity_ids(part.name):
                raise _unknown_entity(part, meanings)
        elif isinstance(part, ConceptTerm):
            if part.id not in meanings.concept_ids():
                raise _unknown_concept(part, meanings)
        else:
            pending += reversed(children(part))


def _unknown_entity(term: EntityTerm, meanings: Meanings) -> Exception:
    near = [show(EntityTerm(name)) for name in meanings.nearest_entities(term.name)]
    return refusal(
        "unknown_entity",
        f"no entity is known as “{short(term.name)}”",
        column=term.column,
        expected=("a name of the gazetteer", "a Wikidata id such as Q7184"),
        suggestion=f"The nearest: {', '.join(near)}"
        if near
        else f'For the words themselves write "{short(term.name)}"',
    )


def _unknown_concept(term: ConceptTerm, meanings: Meanings) -> Exception:
    known = sorted(meanings.concept_ids())
    near = get_close_matches(term.id[:60].lower(), known, n=3, cutoff=0.5) or known[:5]
    return refusal(
        "unknown_concept",
        f"there is no concept “{short(term.id)}”",
        column=term.column,
        expected=("a concept's id such as troop-buildup",),
        suggestion=f"There is {', '.join(f'concept:{concept}' for concept in near)}"
        if near
        else "No concepts are installed",
    )


class ShippedMeanings:
    """Belfry's own normal forms, gazetteer and concepts, each read on first use. May be shared by threads."""

    def normaliser(self, language: str) -> Normaliser:
        """See Meanings."""
        from processors.matching.normalise import normaliser

        return normaliser(language)

    def entity_ids(self, name: str) -> Collection[str]:
        """See Meanings."""
        return default_gazetteer().ids(name)

    def concept(self, concept_id: str, language: str) -> tuple[Node, Node | None] | None:
        """See Meanings."""
        return shipped_lexicon().concept(concept_id, language)

    def concept_ids(self) -> Collection[str]:
        """See Meanings. Raises SettingsError where the user's concepts can't be used."""
        return shipped_lexicon().ids

    def nearest_entities(self, name: str) -> Collection[str]:
        """See Meanings."""
        return default_gazetteer().nearest(name)


@cache
def shipped_meanings() -> Meanings:
    """The meanings that ship with Belfry, with the user's own concepts beside them."""
    return ShippedMeanings()
