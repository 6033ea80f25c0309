"""Entities as they stand in an article."""

from typing import Literal

from schemas.spans import Span

EntityType = Literal["PER", "ORG", "LOC", "MISC"]


class Entity(Span):
    """A mention of an entity.

    `id` is a Wikidata QID where a source gives it, else a stable `x:…` of Belfry's own, else None (found, not
    linked); `name` is the canonical English name, or the mention itself where nothing better is known. `link` is
    "demonym" where an inhabitant's or an adjective's form (Russische) points at its country, else "name".
    """

    type: EntityType
    id: str | None = None
    name: str
    link: Literal["name", "demonym"] = "name"
