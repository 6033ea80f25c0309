"""Names that no gazetteer has, proposed by rules: unknown persons, and bodies that are called after a place.

A proposal is a run of words with a type and no id. Those of a trained pipeline have the same form (`Proposer`), and go
before those of the rules where both speak of the same words (`processors.merge`). The rules:
1. A title (*minister*, *Frau*, *Mr*) and the capitalised words behind it are a person.
2. So are a first name and the capitalised words behind it, with particles and initials between (*Tom Van de Vreken*).
3. A word for a body before a place (*Universiteit Gent*, *University of Oxford*, *KV Mechelen*), or a club's word behind it
   (*Manchester United*), makes a body of both.
None holds in a line that capitalises every word; in German, where every noun does, a person has two words at most.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple, Protocol

from processors.mentions import Candidate, Word, starts_sentence
from processors.names import folded_word
from schemas.entities import EntityType

NEW_NAMES_CHARACTERS = 400_000
"""So far into a text a trained pipeline is asked at least: some 65,000 words, five seconds on one core. It is what takes longest in a
text; further on, lists and rules find what they know, so that a report of two megabytes is enriched within an article's time."""


class Proposal(NamedTuple):
    """Words `first` to `last` (inclusive) of a field that are a name of this type. sure: a rule says so."""

    first: int
    last: int
    type: EntityType
    sure: bool = False


class FieldSeen(NamedTuple):
    """A field, or a piece of one, as a trained pipeline is shown it: its words, the gazetteer's names in it, its text."""

    words: Sequence[Word]
    candidates: Sequence[Candidate]
    source: str


class Proposer(Protocol):
    """A trained pipeline."""

    def proposals(
        self, articles: Sequence[Sequence[FieldSeen]], languages: Sequence[str]
    ) -> Sequence[Sequence[Sequence[Proposal]]]:
        """For each field of each article its names, in order, not overlapping. `languages` has one for each article."""
        ...


_TITLE_WORDS = """
president presidente vicepresident premier minister staatssecretaris minister-president burgemeester gouverneur
woordvoerder woordvoerster kanselier koning koningin prins prinses senator kolonel generaal admiraal kapitein luitenant
commissaris schepen wethouder advocaat professor prof dr hoogleraar coach trainer kroonprins paus aartsbisschop bisschop
mevrouw meneer mijnheer mevr dhr ambassadeur partijleider partijvoorzitter eurocommissaris kamerlid directeur ceo
präsident präsidentin kanzler kanzlerin bundeskanzler bundeskanzlerin ministerpräsident außenminister außenministerin
verteidigungsminister verteidigungsministerin innenminister finanzminister wirtschaftsminister bürgermeister
bürgermeisterin oberbürgermeister gouverneurin sprecher sprecherin general oberst könig königin papst frau herr herrn
senatorin botschafter botschafterin parteichef parteichefin trainerin
président présidente ministre maire gouverneur chancelier chancelière roi reine général colonel amiral sénateur sénatrice
députée monsieur madame mme mlle pape ambassadeur ambassadrice porte-parole secrétaire
mr mrs ms sir lord governor mayor colonel admiral captain lieutenant sergeant chancellor king queen prince princess
pope bishop archbishop ambassador spokesman spokeswoman spokesperson congressman congresswoman
"""
_TITLES = frozenset(_TITLE_WORDS.split())
_PARTICLE_WORDS = """
van de der den het ten ter te von vom zu zur du des di da dos del della la le al el bin ibn ben abu mc y
"""
PARTICLES = frozenset(_PARTICLE_WORDS.split())
_BODY_WORDS = """
Universiteit Hogeschool Katholieke Vrije Technische Universität Universitätsklinikum Hochschule Uniklinik University
College Université Institut Institute Museum Musée Opera Opéra Theater Théâtre Ziekenhuis Krankenhaus Klinikum Hospital
Hôpital Luchthaven Flughafen Airport Aéroport Haven Port Hafen Bank Banque Sparkasse Rechtbank Arbeidsrechtbank
Parket Landgericht Amtsgericht Oberlandesgericht Staatsanwaltschaft Cour Tribunal Politiezone Politie Brandweer Police
Orchester Philharmonie Orchestre Filharmonie Stadtwerke Messe Radio Studio Hotel Hilton Camp Stade Stadion Parc
FC AFC KV KSV KAA KRC RSC SC SV SK AC AS AZ PSV ADO VfB VfL TSV BSC Real Racing Sporting Royal Club Olympique Dynamo
Dinamo Spartak Lokomotiv Torpedo CSKA Hansa Hertha Borussia Eintracht Fortuna Rapid Sparta Slavia Inter Atlético Atletico
Werder Bayern Arminia Alemannia Union Viktoria Austria
"""
BODY_WORDS = frozenset(_BODY_WORDS.split())
_LINKING = frozenset(["van", "te", "of", "de", "d", "'", "’", "du", "des", "der"])
_AFTERWORDS = """
United City Airlines Airways Rovers Wanderers Hotspur Albion Athletic Saint-Germain Times Post Tribune Telegraph Herald
Gazette Tech University College Airport Hospital
"""
AFTERWORDS = frozenset(_AFTERWORDS.split())
_MAX_NAME = 6


class Rules:
    """Proposals by rule. Holds no state of a text: may be shared by threads."""

    def __init__(self, given_names: AbstractSet[str]) -> None:
        self._given_names = given_names

    def proposals(self, words: Sequence[Word], candidates: Sequence[Candidate], language: str) -> list[Proposal]:
        """The proposals of a field whose lines don't capitalise every word, in order, not overlapping. Linear in the words."""
        found = [*_bodies(words, candidates), *self._persons(words, language)]
        found.sort(key=lambda one: (one.first, -one.last))
        kept: list[Proposal] = []
        for one in found:
            if not kept or one.first > kept[-1].last:
                kept.append(one)
        return kept

    def _persons(self, words: Sequence[Word], language: str) -> Iterator[Proposal]:
        begun = 0
        for place, word in enumerate(words):
            folded = word.folded
            given = folded in self._given_names
            # Most words begin no person: these look-ups are all that they cost.
            if not (given or folded in _FOLDED_TITLES) or place < begun:
                continue
            first, last = place, -1
            if given and is_capitalised(word.text) and _may_begin(words, place):
                last = self._full_name_end(words, place, language)
            elif folded in _FOLDED_TITLES and place + 1 < len(words):
                first = place + 1 + (words[place + 1].text == "." and folded in _ABBREVIATED)
                last = self._titled_end(words, first, language)
            if last >= 0:
                yield Proposal(first, last, "PER", sure=True)
            begun = max(place, last) + 1

    def _full_name_end(self, words: Sequence[Word], first: int, language: str) -> int:
        """The last word of the full name that this first name begins; -1 where nothing follows that can be a surname."""
        last = name_end(words, first, most=2 if language == "de" else _MAX_NAME)
        return last if last > first else -1

    def _titled_end(self, words: Sequence[Word], first: int, language: str) -> int:
        """The last word of the name behind a title; -1 where there is none."""
        if first >= len(words) or words[first].gap != 1 or words[first].text in _NO_PERSON:
            return -1
        begins = words[first].folded in self._given_names
        if language == "de" and not begins and words[first - 1].folded not in _ALWAYS_TITLES:
            return -1  # every noun has a capital: *Präsident Russlands*, *Sprecher Anfragen*
        last = name_end(words, first, most=(2 if begins else 1) if language == "de" else _MAX_NAME)
        return last if last >= first else -1


_FOLDED_TITLES = frozenset(folded_word(title) for title in _TITLES)
_ABBREVIATED = frozenset(["mr", "mrs", "ms", "dr", "prof", "mevr", "dhr"])
_ALWAYS_TITLES = frozenset(["frau", "herr", "herrn"])
_NO_PERSON = frozenset(
    ["of", "for", "The", "In", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
)


def is_capitalised(text: str) -> bool:
    """Whether a word is written as a name is: a capital, and not all capitals (*NAVO*), but for initials."""
    return text[0].isupper() and (len(text) == 1 or not text.isupper())


def name_end(words: Sequence[Word], first: int, *, most: int) -> int:
    """The last word of a person's name that begins at `first`, or `first - 1` where it begins with no capital.

    Capitalised words, with initials, particles, hyphens and apostrophes between, `most` capitalised parts at the most.
    """
    last, place, parts = first - 1, first, 0
    while place < len(words) and parts < most:
        word = words[place]
        joined = word.gap == 0 and place > first
        if place > first and word.gap == 2:
            break
        if word.text[0].isalpha() and (joined or is_capitalised(word.text)):
            parts += not joined
            last = place
        elif not (_continues(words, place, last) or (place > first and word.folded in PARTICLES and word.gap == 1)):
            break
        place += 1
    return last


def _continues(words: Sequence[Word], place: int, last: int) -> bool:
    """Whether a sign belongs to the name: the point of an initial, a hyphen or apostrophe with letters on both sides."""
    text = words[place].text
    if words[place].gap or last != place - 1:
        return False
    if text == ".":
        return len(words[last].text) == 1 and words[last].text.isupper()
    after = words[place + 1] if place + 1 < len(words) else None
    return text in ("-", "'", "’") and after is not None and after.gap == 0 and after.text[0].isupper()


def _may_begin(words: Sequence[Word], place: int) -> bool:
    """Whether a first name can begin here: it isn't the second half of a joined word (*Notre-Dame*)."""
    return (
        words[place].gap > 0 or place == 0 or not (words[place - 1].text[-1].isalnum() or words[place - 1].text == "-")
    )


def _bodies(words: Sequence[Word], candidates: Sequence[Candidate]) -> Iterator[Proposal]:
    """Bodies that are called after one of the candidates."""
    for candidate in candidates:
        before = _body_word(words, candidate.first)
        after = candidate.last + 1
        if before is not None:
            yield Proposal(before, candidate.last, "ORG", sure=True)
        elif after < len(words) and words[after].gap == 1 and words[after].text in AFTERWORDS:
            yield Proposal(candidate.first, after, "ORG", sure=True)


def _body_word(words: Sequence[Word], first: int) -> int | None:
    """Where the word for a body stands that the name at `first` goes with, None where there is none.

    With *van*, *of* between, a capital that may only be a sentence's says nothing (*Politie van Gent zoekt*).
    """
    place, linked = first - 1, False
    while place >= max(0, first - 2) and words[place].text in _LINKING:
        place, linked = place - 1, True
    if place < 0 or words[place].text not in BODY_WORDS or any(w.gap == 2 for w in words[place + 1 : first + 1]):
        return None
    if words[place + 1].gap != 1 or (linked and starts_sentence(words, place)):
        return None
    return place
