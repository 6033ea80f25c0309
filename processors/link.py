"""Which of several entities a name means: prior and context, and no id where they can't tell.

Rules, in this order:
1. One candidate: it is meant.
2. Each candidate's prior, raised where its country is mentioned elsewhere in the article (a country's, where several are),
   and more where a comma joins a city to its region or country (*Atlanta, Georgia*; *Paris, Texas*).
3. The best is meant where it leads by `MARGIN`, or where all that come near it are places in the same country (a city and
   the province of that name); else the id stays None.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from processors.gazetteer import KnownEntity

MARGIN = 10
"""A city ten times as large. Georgia (95) the country leads the state (66) by more; two Cambridges of a hundred thousand don't."""
COUNTRY_MENTIONED = 20
AMONG_COUNTRIES = 10
INTERNATIONAL = 3
"""An article that mentions so many countries rather means another one than a state of that name."""
JOINED_BY_COMMA = 60
"""More than the whole distance between a city of 50,000 and a country."""
IMPLYING_PRIOR = 50
IMPLYING_PLACES = 2
"""So many places of 100,000 people or more speak of their country, though it isn't named."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the rest of the article says. countries: ISO codes of those that it mentions beyond doubt."""

    countries: frozenset[str] = frozenset()


def linked(
    candidates: Sequence[KnownEntity], context: Context, joined: AbstractSet[str] = frozenset()
) -> tuple[KnownEntity, bool]:
    """The likeliest of the candidates (at least one), and whether it is sure enough to be given its id.

    `joined`: ids of those that a comma joins to what they belong to. Depends on the order of candidates only between
    equals in all things.
    """
    scores = {entity.id: _score(entity, context) + JOINED_BY_COMMA * (entity.id in joined) for entity in candidates}
    ranked = sorted(candidates, key=lambda entity: -scores[entity.id])
    best = ranked[0]
    near = [entity for entity in ranked[1:] if scores[entity.id] > scores[best.id] - MARGIN]
    together = all(
        entity.type == "LOC" == best.type and best.country and entity.country == best.country for entity in near
    )
    return best, together


def _score(entity: KnownEntity, context: Context) -> int:
    if entity.kind == "country":
        return entity.prior + (AMONG_COUNTRIES if len(context.countries) >= INTERNATIONAL else 0)
    return entity.prior + (COUNTRY_MENTIONED if entity.type == "LOC" and entity.country in context.countries else 0)


def joined_ids(cities: Iterable[KnownEntity], wider: Iterable[KnownEntity]) -> frozenset[str]:
    """Of what stands before a comma and what stands behind it, the ids of each city and each region or country it is in."""
    inside = [entity for entity in cities if entity.kind == "city" and entity.country]
    around = [entity for entity in wider if entity.kind in ("country", "region", "territory")]
    return frozenset(
        entity.id for city in inside for area in around if city.country == area.country for entity in (city, area)
    )


def mentioned_countries(entities: Iterable[KnownEntity]) -> frozenset[str]:
    """ISO codes of the countries and territories among entities that are sure, and of those that their cities speak of."""
    found: set[str] = set()
    implied: defaultdict[str, set[str]] = defaultdict(set)
    for entity in entities:
        if entity.country and entity.kind in ("country", "territory"):
            found.add(entity.country)
        elif entity.country and entity.type == "LOC" and entity.prior >= IMPLYING_PRIOR:
            implied[entity.country].add(entity.id)
    found.update(country for country, places in implied.items() if len(places) >= IMPLYING_PLACES)
    return frozenset(found)
