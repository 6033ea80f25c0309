"""Which of several entities a name means: prior and context, and no id where they can't tell.

Rules, in this order:
1. One candidate: it is meant.
2. Each candidate's prior, raised where its country is mentioned elsewhere in the article, and more where the name of its
   region or country follows after a comma (*Atlanta, Georgia*).
3. The best is meant where it leads by `MARGIN`, or where all that come near it are places in the same country (a city and
   the province of that name); else the id stays None.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from processors.gazetteer import KnownEntity

MARGIN = 12
"""Georgia (95) the country leads the state (66) by more; two Cambridges of a hundred thousand people don't."""
COUNTRY_MENTIONED = 20


@dataclass(frozen=True, slots=True)
class Context:
    """What the rest of the article says: ISO codes of countries that it mentions beyond doubt."""

    countries: frozenset[str] = frozenset()


def _score(entity: KnownEntity, context: Context) -> int:
    mentioned = entity.type == "LOC" and entity.kind != "country" and entity.country in context.countries
    return entity.prior + (COUNTRY_MENTIONED if mentioned else 0)


def linked(candidates: Sequence[KnownEntity], context: Context) -> tuple[KnownEntity, bool]:
    """The likeliest of the candidates (at least one), and whether it is sure enough to be given its id.

    Depends on the order of candidates only between equals in all things.
    """
    ranked = sorted(candidates, key=lambda entity: -_score(entity, context))
    best = ranked[0]
    least = _score(best, context) - MARGIN
    near = [entity for entity in ranked[1:] if _score(entity, context) > least]
    together = all(
        entity.type == "LOC" == best.type and best.country and entity.country == best.country for entity in near
    )
    return best, together


def mentioned_countries(entities: Iterable[KnownEntity]) -> frozenset[str]:
    """ISO codes of the countries and territories among entities that are sure."""
    return frozenset(e.country for e in entities if e.country and e.kind in ("country", "territory"))
