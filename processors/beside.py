"""What the words beside a name say of which namesake it is: words for kinds of places, commas, brackets, *and*."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from processors.gazetteer import KnownEntity, Reading
from processors.link import Beside, alongside_points, called_points, foreign_points, joined_points
from processors.mentions import Candidate, Word

_KINDS = {
    "region": """
        gouverneur governor senator staat deelstaat bondsstaat provincie regio gewest oblast departement kanton district graafschap
        state province region oblast county canton prefecture
        bundesstaat bundesland provinz region gebiet kanton landkreis bezirk
        état etat province région oblast canton département
    """,
    "city": """
        stad stadje gemeente dorp dorpje havenstad hoofdstad badplaats miljoenenstad grensstad plaatsje metropool
        city town village port capital
        stadt gemeinde dorf hafenstadt hauptstadt kleinstadt großstadt millionenstadt grenzstadt
        ville commune village capitale métropole
    """,
    "country": """
        land republiek buurland ex-sovjetrepubliek koninkrijk eilandstaat
        country republic kingdom nation
        land republik nachbarland königreich inselstaat
        pays république royaume
    """,
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_KIND_AFTER = dict.fromkeys(
    [
        "state",
        "province",
        "oblast",
        "region",
        "county",
        "governor",
        "gov",
        "senator",
        "senators",
        "republicans",
        "democrats",
        "legislature",
    ],
    "region",
)
"""Behind the name, in English: *Washington state*, *New York State*."""
_SMALL_WORDS = frozenset(["van", "of", "de", "der", "du", "des", "het", "the", "la", "le", "l", "'", "’", "d", "von"])
_ARTICLES = frozenset(["het", "de", "een", "the", "a", "das", "der", "die", "ein", "eine", "le", "la", "un", "une"])
_AND = frozenset(["en", "and", "und", "et", "of", "or", "oder", "ou", "&"])
_IN = frozenset(["in", "en", "im", "dans"])

Known = Callable[[Sequence[Reading]], list[KnownEntity]]


def what_stands_beside(
    words: Sequence[Word], candidates: Sequence[Candidate], language: str, known: Known
) -> dict[int, Beside]:
    """What stands beside each candidate of a field, by its first word; nothing for those beside which nothing does.

    known: the entities of readings, each once.
    """
    entities = [known(candidate.readings) for candidate in candidates]
    points: dict[int, dict[str, int]] = {}
    elsewhere: set[int] = set()
    for place, candidate in enumerate(candidates):
        if len(entities[place]) > 1:
            foreign = known([reading for reading in candidate.readings if language in reading.foreign])
            points[candidate.first] = foreign_points(foreign)
            _add(points[candidate.first], _called(words, candidate, entities[place]))
    for place, (one, other) in enumerate(pairwise(candidates)):
        between = [word.text for word in words[one.last + 1 : other.first]]
        for first, more in _joint(between, one, other, entities[place], entities[place + 1]):
            _add(points.setdefault(first, {}), more)
        if _is_said_to_be_in(between, one, entities[place], entities[place + 1]):
            elsewhere.add(one.first)
    return {
        first: Beside(points.get(first, {}), first in elsewhere)
        for first in points.keys() | elsewhere
        if points.get(first) or first in elsewhere
    }


def _add(points: dict[str, int], more: Mapping[str, int]) -> None:
    for entity_id, value in more.items():
        points[entity_id] = points.get(entity_id, 0) + value


def _called(words: Sequence[Word], candidate: Candidate, entities: Sequence[KnownEntity]) -> dict[str, int]:
    """Points by a word for a kind of place before the name (*de staat*), or behind it."""
    place = candidate.first - 1
    while place >= 0 and place >= candidate.first - 3 and words[place].text.lower() in _SMALL_WORDS:
        place -= 1
    kind = _KIND_OF.get(words[place].text.lower()) if place >= 0 and words[candidate.first].gap < 2 else None
    after = candidate.last + 1
    if after < len(words) and words[after].gap == 1:
        kind = _KIND_AFTER.get(words[after].text.lower(), kind)
    kind = kind or _apposition(words, after)
    return called_points(entities, kind) if kind else {}


def _apposition(words: Sequence[Word], after: int) -> str | None:
    """The kind that a clause behind the name says it is: *Georgia, the American state*."""
    clause = [word.text.lower() for word in words[after : after + 4]]
    if len(clause) < 3 or clause[0] != "," or clause[1] not in _ARTICLES:
        return None
    return next((_KIND_OF[word] for word in clause[2:] if word in _KIND_OF), None)


def _joint(
    between: Sequence[str],
    one: Candidate,
    other: Candidate,
    first: Sequence[KnownEntity],
    second: Sequence[KnownEntity],
) -> Iterator[tuple[int, Mapping[str, int]]]:
    """Points for two candidates by what stands between them, by first word."""
    if list(between) in ([","], ["("], *([word] for word in _IN)) or (
        len(between) == 2 and between[0] == "," and between[1] in _IN
    ):
        joined = joined_points(first, second)
        yield one.first, joined
        yield other.first, joined
        if joined:
            return
    if one.readings[0].role != "name" or other.readings[0].role != "name":
        return
    if between and (between[0] in _AND or between[0] == ",") and all(w.lower() in _SMALL_WORDS for w in between[1:]):
        yield one.first, alongside_points(first, second)
        yield other.first, alongside_points(second, first)


def _is_said_to_be_in(
    between: Sequence[str], one: Candidate, inner: Sequence[KnownEntity], wider: Sequence[KnownEntity]
) -> bool:
    """Whether a city is said to be in a place of another country: in brackets, by *, in*, or in a region by a comma."""
    if one.readings[0].role == "demonym" or not all(entity.kind == "city" for entity in inner):
        return False
    if len(wider) != 1 or wider[0].kind not in ("country", "region", "territory") or not wider[0].country:
        return False
    inside = len(between) in (2, 3) and between[0] == "," and between[1] in _IN and between[-1].islower()
    said = list(between) == ["("] or inside  # in northern Lebanon
    listed = list(between) == [","] and wider[0].kind == "region"
    return (said or listed) and all(entity.country != wider[0].country for entity in inner)
