"""Whether a name that was found is meant where it stands: what the words around it and the article must vouch for.

Rules, in this order:
1. A demonym holds by itself.
2. A surname alone holds for the few whom everybody knows, and for leaders of countries that the article mentions.
3. Capitals among capitals (*TELL US WHAT*) are no acronym, and *Echo* isn't the body whose name is ECHO.
4. What follows somebody else's first name (*Jack London*) or another word's capital (*KV Mechelen*, *Ned Price*) is the end
   of a longer name, unless *in* stands before it; a first name before another capital (*Sofia Larsen*) begins one.
5. An ordinary word (*Essen*, *Bergen*) needs its capital in the middle of a sentence, and in German, where that says
   nothing, a word such as *in* before it.
6. A small place, which shares its name with surnames and other places, needs its country elsewhere in the article, or
   *in* or *near* before it; so does a place that is also a first name (*David*).
Rule 4 binds countries and capitals only where a first name or a club's word stands before them.
"""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from processors.gazetteer import Gazetteer, KnownEntity, Reading
from processors.link import HOME
from processors.mentions import STRONG_PRIOR, Candidate, Word, is_shouted, starts_sentence

SMALL_PLACE_PRIOR = 50
"""Under 100,000 inhabitants, or unknown: the name alone is too weak."""
JOINED_PLACE_PRIOR = 57
"""Under 500,000: joined to another word by a hyphen it is mostly a double name (*Yilmaz-Bergen*)."""
FIRST_NAME_PLACE_PRIOR = 60
"""Under a million: a place that is also a first name is less often meant than somebody."""
_SHOUTED = frozenset(["us", "un", "is", "who", "ei", "eau", "eu", "ap"])
"""Acronyms that are words in small letters: a line in capitals throughout may mean either."""
HOME_PLACE_PRIOR = 42
"""Over 15,000 inhabitants: known where they are at home."""
_CLUB_WORDS = """
FC AFC KV KSV KAA KRC RSC SC SV SK AC AS AZ PSV ADO VfB VfL TSV BSC Real Racing Sporting Royal Club Stade Olympique Dynamo
Dinamo Spartak Lokomotiv Torpedo CSKA Hansa Hertha Borussia Eintracht Fortuna Rapid Sparta Slavia Inter Atlético Atletico
Werder Bayern Arminia Alemannia Union Viktoria Austria Studio Radio Hotel Hilton Camp
"""
"""Before a place they make it a club, a station, a house. Not *Universiteit*, which is in its city."""
_CLUBS = frozenset(_CLUB_WORDS.split())
_AFTERWORDS = """
United City Airlines Airways Rovers Wanderers Hotspur Albion Athletic Saint-Germain Times Post Tribune Telegraph Herald
Gazette Hilton Tech
"""
"""After a place they make it a club, a company, a newspaper."""
_ENDS_OF_NAMES = frozenset(_AFTERWORDS.split())
_CAPITALISED = """
President Premier Prime Foreign Defence Defense Crown King Queen Army Police Mayor Governor Minister Senator Chancellor Bishop Archbishop Downtown Central Greater Inner Northern
Southern Eastern Western North South East West Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February
March April May June July August September October November December Will Mark Grant
"""
"""Words that English writes with a capital, and that are no part of the name after them."""
_NO_NAMES = frozenset(_CAPITALISED.split())
_TITLES_OF_PERSONS = """
mevrouw meneer mijnheer mevr dhr familie professor prof dr frau herr herrn familie mr mrs ms miss sir madame monsieur mme
"""
_TITLES = frozenset(_TITLES_OF_PERSONS.split())
_KINSHIP = """
moeder vader zus zusje broer broertje dochter zoon zoontje dochtertje oma opa tante nicht neef echtgenote echtgenoot vriendin
mother father sister brother daughter son wife husband aunt uncle cousin girlfriend boyfriend
mutter vater schwester bruder tochter sohn ehefrau ehemann oma opa tante cousine freundin
mère père sœur soeur frère fille fils épouse époux grand-mère tante cousine compagne
"""
_KIN = frozenset(_KINSHIP.split())
"""Before a small place or one that is a first name they make it somebody (*her mother, Georgia*). Not *Mutter Russland*."""
_FIRST_NAMES_OF_COUNTRIES = frozenset(
    ["georgia", "jordan", "chad", "kenya", "paris", "sofia", "israel", "india", "chelsea"]
)
"""Countries and capitals that are first names, too."""
_PARTICLES = frozenset(["Van", "De", "Den", "Der", "Von", "Vom", "Du", "Ter", "Ten", "Di", "Da"])
"""With a capital within a sentence, and before a name, they belong to a surname (*zegt Van Gent*)."""
_PERSONS_VERBS = {
    "nl": frozenset(
        [
            "won",
            "wint",
            "scoorde",
            "scoort",
            "speelde",
            "finishte",
            "eindigde",
            "lachte",
            "glimlachte",
            "knikte",
            "zuchtte",
            "antwoordde",
            "schreef",
        ]
    ),
    "en": frozenset(
        [
            "said",
            "says",
            "told",
            "added",
            "scored",
            "scores",
            "won",
            "wins",
            "smiled",
            "nodded",
            "sighed",
            "finished",
            "wrote",
            "laughed",
            "shrugged",
            "replied",
            "plays",
            "played",
            "drew",
            "beat",
            "tackled",
            "passed",
        ]
    ),
    "de": frozenset(
        ["gewann", "siegte", "spielte", "lächelte", "schrieb", "nickte", "lachte", "seufzte", "antwortete", "traf"]
    ),
    "fr": frozenset(["s", "sourit", "raconte", "joue", "gagne", "marque", "écrit", "répond", "soupire"]),
}
_ARTICLES = {
    "de": frozenset(
        ["der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "vom", "zum", "im", "am"]
    ),
    "nl": frozenset(["de", "den", "der", "het", "een"]),
    "en": frozenset(["a", "an"]),
    "fr": frozenset(["un", "une"]),
}
"""Cities have none in these languages: *dem Essen* is food, *Van den Abeele* somebody."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where candidates stand.

    countries: ISO codes that the article mentions. title_case: the line capitalises all words, so that capitals say
    nothing. ends: the last words of the mentions before. article: all folded words of the article, each behind a space.
    """

    words: Sequence[Word]
    language: str
    countries: frozenset[str]
    title_case: bool
    ends: AbstractSet[int]
    article: Callable[[], str] = str


class Evidence:
    """Weighs candidates. Holds no state of an article: may be shared by threads."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def holding(self, candidate: Candidate, at: Surroundings) -> tuple[Reading, ...]:
        """The readings of a candidate for which there is enough to go by; empty where it is no mention after all."""
        if candidate.readings[0].role == "demonym":
            return candidate.readings
        words, first = at.words, candidate.first
        if candidate.readings[0].role == "bare":
            return () if self.is_another_person(words, first) else self._leaders(candidate, at)
        shown = words[first].text
        shouted = candidate.is_single and shown.isupper() and words[first].folded in _SHOUTED
        if shouted and is_shouted(words, first, first):
            return ()
        return tuple(self._held(candidate, at))

    def is_another_person(self, words: Sequence[Word], first: int) -> bool:
        """Whether a surname follows somebody else's first name, or is the second half of a double name."""
        before = _before(words, first)
        if before is None:
            return False
        if words[first].gap == 0:
            return before.text == "-" and first >= 2 and words[first - 2].text[0].isupper()
        return self._is_given_name(before) and before.text[0].isupper()

    def ends_longer_name(self, candidate: Candidate, at: Surroundings) -> bool:
        """Whether a single word is the end of somebody's or something's longer name: its capital follows another's."""
        first = candidate.first
        before = _before(at.words, first)
        if not candidate.is_single or before is None or at.words[first].gap != 1 or not before.text[0].isupper():
            return False
        if self._follows_given_name(candidate, at):
            return True
        if at.language == "de" or at.title_case or starts_sentence(at.words, first - 1) or first - 1 in at.ends:
            return False
        return len(before.text) > 1 and before.text.isalpha() and before.text not in _NO_NAMES

    def _leaders(self, candidate: Candidate, at: Surroundings) -> tuple[Reading, ...]:
        """Of surnames alone, those that everybody knows, and those of leaders whose country the article mentions."""
        known = ((reading, self._gazetteer.entities[reading.entity]) for reading in candidate.readings)
        return tuple(r for r, entity in known if entity.prior >= STRONG_PRIOR or entity.country in at.countries)

    def _held(self, candidate: Candidate, at: Surroundings) -> Iterator[Reading]:
        for reading in candidate.readings:
            if reading.needs and not self._is_vouched(candidate, reading, at):
                continue
            entity = self._gazetteer.entities[reading.entity]
            if entity.type == "LOC":
                holds = self._place_holds(candidate, reading, entity, at)
            else:
                holds = at.language not in reading.common or at.words[candidate.first].text == reading.written
            if holds:
                yield reading

    def _is_vouched(self, candidate: Candidate, reading: Reading, at: Surroundings) -> bool:
        """Whether the article has one of the words that a name such as *Wagner* needs, and it is nobody's surname here."""
        if self.is_another_person(at.words, candidate.first) or self._begins_longer(candidate, at):
            return False
        words = at.article()
        return any(f" {beginning}" in words for beginning in reading.needs)

    @staticmethod
    def _begins_longer(candidate: Candidate, at: Surroundings) -> bool:
        after = _after(at.words, candidate.last)
        return at.language != "de" and not at.title_case and after is not None and _is_capitalised(after)

    def _place_holds(self, candidate: Candidate, reading: Reading, place: KnownEntity, at: Surroundings) -> bool:
        """Whether a place's name is that place here."""
        if self._is_other_name(candidate, place, at):
            return False
        ordinary = at.language in reading.common or (at.language == "und" and bool(reading.common))
        if ordinary and not self._capital_counts(candidate, place, at):
            return False
        if place.prior >= STRONG_PRIOR:
            return True
        if place.prior < FIRST_NAME_PLACE_PRIOR and candidate.is_single and _acts_as_person(candidate, at):
            return False
        if place.prior < JOINED_PLACE_PRIOR and candidate.is_single and _is_joined(at.words, candidate):
            return False
        first_name = place.prior < FIRST_NAME_PLACE_PRIOR and self._is_given_name(at.words[candidate.first])
        if place.prior >= SMALL_PLACE_PRIOR and not (candidate.is_single and first_name):
            return True
        mentioned = place.country in at.countries or (
            place.prior >= HOME_PLACE_PRIOR and place.country in HOME.get(at.language, ())
        )
        return (mentioned and not (ordinary and candidate.is_single)) or (candidate.is_single and candidate.locative)

    def _is_other_name(self, candidate: Candidate, place: KnownEntity, at: Surroundings) -> bool:
        """Whether the place's name is part of another name here. *in* before it speaks against that."""
        before, after = _before(at.words, candidate.first), _after(at.words, candidate.last)
        if before is not None and before.text in _CLUBS and at.words[candidate.first].gap == 1:
            return True
        if after is not None and after.text in _ENDS_OF_NAMES:
            return True
        if before is not None and (before.text.lower() in _TITLES or self._is_particle(candidate.first - 1, at)):
            return True
        if candidate.locative:
            return False
        if self._begins_longer_name(candidate, place, at) or self._is_kin(candidate, place, at):
            return True
        if place.prior >= STRONG_PRIOR:
            return candidate.is_single and self._follows_given_name(candidate, at)
        if self.ends_longer_name(candidate, at):
            return True
        if before is None or before.text.casefold() not in _ARTICLES.get(at.language, ()):
            return False
        return any(self._gazetteer.entities[reading.entity].kind == "city" for reading in candidate.readings)

    def is_relative(self, candidate: Candidate, at: Surroundings) -> bool:
        """Whether a place's name is somebody's first name here, by a word of kinship before it (*her mother, Georgia*)."""
        entities = (self._gazetteer.entities[reading.entity] for reading in candidate.readings)
        return not candidate.locative and any(
            entity.type == "LOC" and self._is_kin(candidate, entity, at) for entity in entities
        )

    def _is_kin(self, candidate: Candidate, place: KnownEntity, at: Surroundings) -> bool:
        """Whether a word of kinship stands before it, with or without a comma, and it may be somebody's first name."""
        first = candidate.first
        before = _before(at.words, first)
        if before is not None and before.text == "," and first > 1:
            before = _before(at.words, first - 1)
        if not candidate.is_single or before is None or before.text not in _KIN:
            return False
        return place.prior < STRONG_PRIOR or at.words[first].folded in _FIRST_NAMES_OF_COUNTRIES

    def _is_particle(self, place: int, at: Surroundings) -> bool:
        return at.words[place].text in _PARTICLES and not at.title_case and not starts_sentence(at.words, place)

    def _begins_longer_name(self, candidate: Candidate, place: KnownEntity, at: Surroundings) -> bool:
        """Whether another capital follows a small place, or one that is also a first name (*Jordan Henderson*).

        In Dutch and French, which write no other word after a region with a capital, also a region (*Virginia Lincoln*,
        *Florida Panthers*).
        """
        after = _after(at.words, candidate.last)
        if not candidate.is_single or after is None or at.language == "de" or at.title_case:
            return False
        region = at.language in ("nl", "fr") and place.kind == "region" and place.prior < STRONG_PRIOR
        begins = region or place.prior < FIRST_NAME_PLACE_PRIOR or self._is_given_name(at.words[candidate.first])
        return begins and _is_capitalised(after) and after.text not in _NO_NAMES

    def _follows_given_name(self, candidate: Candidate, at: Surroundings) -> bool:
        """*Jack London*: but a first name that is itself a mention (*Paris*), or a month, isn't somebody's."""
        before = _before(at.words, candidate.first)
        if before is None or at.words[candidate.first].gap != 1 or not before.text[0].isupper():
            return False
        return self._is_given_name(before) and before.text not in _NO_NAMES and candidate.first - 1 not in at.ends

    def _capital_counts(self, candidate: Candidate, place: KnownEntity, at: Surroundings) -> bool:
        """Whether an ordinary word shows by its capital, or by what stands before it, that it is the place."""
        if candidate.locative:
            return at.language != "de" or place.prior >= SMALL_PLACE_PRIOR
        return at.language != "de" and not at.title_case and not starts_sentence(at.words, candidate.first)

    def _is_given_name(self, word: Word) -> bool:
        return word.folded in self._gazetteer.given_names


def _acts_as_person(candidate: Candidate, at: Surroundings) -> bool:
    """Whether what follows is what persons and teams do (*Hamilton finished*), and cities don't."""
    after = _after(at.words, candidate.last)
    return not candidate.locative and after is not None and after.text in _PERSONS_VERBS.get(at.language, ())


def _before(words: Sequence[Word], first: int) -> Word | None:
    """The word before, on the same line."""
    return words[first - 1] if first and words[first].gap < 2 else None


def _after(words: Sequence[Word], last: int) -> Word | None:
    """The word after, with white space between on the same line."""
    return words[last + 1] if last + 1 < len(words) and words[last + 1].gap == 1 else None


def _is_capitalised(word: Word) -> bool:
    return word.text[0].isupper() and not word.text.isupper()


def _is_joined(words: Sequence[Word], candidate: Candidate) -> bool:
    """Whether a hyphen joins the candidate to a word before or after it."""
    before = _before(words, candidate.first)
    if before is not None and before.text[-1] == "-" and words[candidate.first].gap == 0 and candidate.first >= 2:
        return True
    after = candidate.last + 1
    return after < len(words) and words[after].text[0] == "-" and words[after].gap == 0
