"""Which of several entities a name means: prior and context, and no id where they can't tell.

Rules, in this order:
1. One candidate: it is meant, unless what stands beside it says that it is in another country (*Vienne, en Isère*).
2. Each candidate's prior, changed by what the article says (its country, or other places there, are mentioned), by the
   language (which calls Georgia *Georgië*, so that *Georgia* is the state), and by the words beside it: a comma or bracket
   that joins a city to its region or country (*Paris, Texas*), a word for what it is (*de staat Georgia*), a place of the same
   kind that *and* joins to it (*Georgia and Arizona*).
3. The best is meant where it leads by `MARGIN`, or where all that come near it are one place of another kind in the same
   country (a city and the province of that name: the city); else the id stays None.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from processors.gazetteer import KnownEntity

MARGIN = 10
"""A city ten times as large. Georgia (95) the country leads the state (66) by more; two Cambridges of a hundred thousand don't."""
COUNTRY_MENTIONED = 20
PLACE_MENTIONED = 20
"""Beside the country's own points: an article with Atlanta speaks of the state. Not for a small town: an article about Texas
may still mean the London that everybody knows."""
SMALL_PRIOR = 45
"""Under 30,000 inhabitants."""
AMONG_COUNTRIES = 10
INTERNATIONAL = 3
"""An article that mentions so many countries rather means another one than a state of that name."""
JOINED = 60
"""By a comma. More than the whole distance between a city of 50,000 and a country."""
CALLED = 45
"""By a word for what it is."""
ALONGSIDE = 40
FOREIGN_COUNTRY = -50
"""Every language has its own name for a country and uses it."""
FOREIGN_PLACE = -25
"""*Lille* may be read for Rijsel."""
AT_HOME = 5
IMPLYING_PRIOR = 50
IMPLYING_PLACES = 2
"""So many places of 100,000 people or more speak of their country, though it isn't named."""
DESK_PRIOR = 80
"""Capitals and other places of the desk's own table stand for their governments: they say nothing of what else is meant."""

HOME = {
    "nl": frozenset(["BE", "NL"]),
    "de": frozenset(["DE", "AT", "CH"]),
    "fr": frozenset(["FR", "BE", "CH"]),
}
"""Countries of which news in a language speaks without naming them. English is written about everywhere."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the rest of the article says.

    countries: ISO codes of those that it mentions beyond doubt. cities: those of which it mentions a city. within: those in
    which it mentions a place that is no capital. home: those where its language is at home.
    """

    countries: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    home: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside one mention. points: to add, by id. elsewhere: none of its namesakes is where it is said to be."""

    points: Mapping[str, int] = field(default_factory=dict[str, int])
    elsewhere: bool = False


NOTHING = Beside()


def linked(candidates: Sequence[KnownEntity], context: Context, beside: Beside = NOTHING) -> tuple[KnownEntity, bool]:
    """The likeliest of the candidates (at least one), and whether it is sure enough to be given its id.

    Depends on the order of candidates only between equals in all things.
    """
    if len(candidates) == 1:
        return candidates[0], not beside.elsewhere
    scores = {entity.id: _score(entity, context) + beside.points.get(entity.id, 0) for entity in candidates}
    ranked = sorted(candidates, key=lambda entity: -scores[entity.id])
    best = ranked[0]
    near = [entity for entity in ranked if scores[entity.id] > scores[best.id] - MARGIN]
    if len(near) > 1:
        if not _is_one_place(near):
            return best, False
        best = next((entity for entity in near if entity.kind == "city"), best)
    return best, not beside.elsewhere


def _is_one_place(near: Sequence[KnownEntity]) -> bool:
    """Whether these are a city, its province and the like: in one country, and no two of a kind."""
    first = near[0]
    together = all(entity.type == "LOC" and entity.country and entity.country == first.country for entity in near)
    return together and len({entity.kind for entity in near}) == len(near)


def _score(entity: KnownEntity, context: Context) -> int:
    if entity.kind == "country":
        points = AMONG_COUNTRIES if len(context.countries) >= INTERNATIONAL else 0
        return entity.prior + points + (PLACE_MENTIONED if entity.country in context.cities else 0)
    if entity.type != "LOC":
        return entity.prior
    mentioned, within = entity.country in context.countries, entity.country in context.within
    return (
        entity.prior
        + (COUNTRY_MENTIONED if mentioned or within else 0)
        + (PLACE_MENTIONED if within and entity.prior >= SMALL_PRIOR else 0)
        + (AT_HOME if entity.country in context.home else 0)
    )


def joined_points(inner: Iterable[KnownEntity], wider: Iterable[KnownEntity]) -> dict[str, int]:
    """Of what stands before a comma and what stands behind it, points for each city and each region or country it is in."""
    inside = [entity for entity in inner if entity.kind == "city" and entity.country]
    around = [entity for entity in wider if entity.kind in ("country", "region", "territory")]
    return {
        entity.id: JOINED
        for city in inside
        for area in around
        if city.country == area.country
        for entity in (city, area)
    }


def alongside_points(doubtful: Sequence[KnownEntity], beside: Sequence[KnownEntity]) -> dict[str, int]:
    """Points for those that are of a kind with what *and* or a comma joins to them, where that is one place beyond doubt."""
    if len(beside) != 1 or len(doubtful) < 2 or beside[0].type != "LOC":
        return {}
    other = beside[0]
    return {
        entity.id: ALONGSIDE
        for entity in doubtful
        if entity.kind == other.kind and (entity.kind == "country" or entity.country == other.country)
    }


def called_points(candidates: Iterable[KnownEntity], kind: str) -> dict[str, int]:
    """Points for those that are what a word beside them says."""
    kinds = {"region": ("region", "territory"), "city": ("city",), "country": ("country", "territory")}[kind]
    return {entity.id: CALLED for entity in candidates if entity.type == "LOC" and entity.kind in kinds}


def foreign_points(entities: Iterable[KnownEntity]) -> dict[str, int]:
    """Points off for those that the article's language calls otherwise."""
    return {entity.id: FOREIGN_COUNTRY if entity.kind == "country" else FOREIGN_PLACE for entity in entities}


def mentioned_countries(entities: Iterable[KnownEntity]) -> frozenset[str]:
    """ISO codes of the countries among entities that are sure, of their regions, and of those that their cities speak of."""
    found: set[str] = set()
    implied: defaultdict[str, set[str]] = defaultdict(set)
    for entity in entities:
        if entity.country and entity.kind in ("country", "territory", "region"):
            found.add(entity.country)
        elif entity.country and entity.type == "LOC" and entity.prior >= IMPLYING_PRIOR:
            implied[entity.country].add(entity.id)
    found.update(country for country, places in implied.items() if len(places) >= IMPLYING_PLACES)
    return frozenset(found)


def countries_of_cities(entities: Iterable[KnownEntity]) -> frozenset[str]:
    """ISO codes of the countries of which sure entities are a city of some size, capitals too."""
    return frozenset(e.country for e in entities if e.kind == "city" and e.prior >= IMPLYING_PRIOR) - {""}


def countries_within(entities: Iterable[KnownEntity]) -> frozenset[str]:
    """ISO codes of the countries of which sure entities are a part that is no capital: Atlanta, Texas."""
    return frozenset(
        entity.country
        for entity in entities
        if entity.type == "LOC" and entity.kind in ("city", "region") and IMPLYING_PRIOR <= entity.prior < DESK_PRIOR
    ) - {""}
