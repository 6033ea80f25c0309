"""Whether a name that was found is meant where it stands: what the words around it and the article must vouch for.

Rules, in this order:
1. A demonym holds by itself.
2. Capitals among capitals (*TELL US WHAT*) are no acronym.
3. What follows somebody else's first name (*Jack London*) or another name's capital (*KV Mechelen*) is the end of a
   longer name; a first name before another capital (*Sofia Larsen*) is the beginning of one.
4. An ordinary word (*Essen*, *Bergen*) needs its capital in the middle of a sentence, and in German, where that says
   nothing, a word such as *in* before it.
5. A small place, which shares its name with surnames and other places, needs its country elsewhere in the article, or
   *in* or *near* before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from processors.gazetteer import Gazetteer, KnownEntity, Reading
from processors.mentions import Candidate, Word, is_shouted, starts_sentence

SMALL_PLACE_PRIOR = 50
"""Under 100,000 inhabitants, or unknown: the name alone is too weak."""
JOINED_PLACE_PRIOR = 57
"""Under 500,000: joined to another word by a hyphen it is mostly a double name (*Yilmaz-Bergen*)."""
STRONG_PLACE_PRIOR = 75
"""Countries, territories and what the desk's own table holds: known everywhere."""
SHOUTED_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a candidate stands. `countries`: ISO codes that the article mentions; `title_case`: the line capitalises its words."""

    words: Sequence[Word]
    language: str
    countries: frozenset[str]
    title_case: bool


class Evidence:
    """Weighs candidates. Holds no state of an article: may be shared by threads."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def holding(self, candidate: Candidate, at: Surroundings) -> tuple[Reading, ...]:
        """The readings of a candidate for which there is enough to go by; empty where it is no mention after all."""
        if candidate.readings[0].role == "demonym":
            return candidate.readings
        words, first, last = at.words, candidate.first, candidate.last
        if candidate.readings[0].role == "bare" and self.is_another_person(words, first):
            return ()
        shown = words[first].text
        if first == last and len(shown) <= SHOUTED_LETTERS and shown.isupper() and is_shouted(words, first, last):
            return ()
        return tuple(reading for reading in candidate.readings if self._reading_holds(candidate, reading, at))

    def is_another_person(self, words: Sequence[Word], first: int) -> bool:
        """Whether a surname follows somebody else's first name, or is the second half of a double name."""
        before = _before(words, first)
        if before is None:
            return False
        if words[first].gap == 0:
            return before.text == "-" and first >= 2 and words[first - 2].text[0].isupper()
        return before.text[0].isupper() and before.folded in self._gazetteer.given_names

    def _reading_holds(self, candidate: Candidate, reading: Reading, at: Surroundings) -> bool:
        entity = self._gazetteer.entities[reading.entity]
        return entity.type != "LOC" or self._place_holds(candidate, reading, entity, at)

    def _place_holds(self, candidate: Candidate, reading: Reading, place: KnownEntity, at: Surroundings) -> bool:
        """Whether a place's name is that place here."""
        surname = candidate.first == candidate.last and self._follows_given_name(at.words, candidate.first)
        if place.kind in ("country", "continent") or place.prior >= STRONG_PLACE_PRIOR:
            return not (surname and self._may_be_given_name(candidate, at) and not candidate.locative)
        if surname or (self._is_given_name_of(candidate, at) and not candidate.locative):
            return False
        if place.prior < JOINED_PLACE_PRIOR and candidate.first == candidate.last and _is_joined(at.words, candidate):
            return False
        ordinary = at.language in reading.common or (at.language == "und" and bool(reading.common))
        if ordinary and not self._capital_counts(candidate, place, at):
            return False
        return place.prior >= SMALL_PLACE_PRIOR or self._is_at_home(candidate, place, at, ordinary=ordinary)

    def _capital_counts(self, candidate: Candidate, place: KnownEntity, at: Surroundings) -> bool:
        """Whether an ordinary word shows by its capital, or by what stands before it, that it is the place."""
        if candidate.locative:
            return at.language != "de" or place.prior >= SMALL_PLACE_PRIOR
        return at.language != "de" and not at.title_case and not starts_sentence(at.words, candidate.first)

    def _is_at_home(self, candidate: Candidate, place: KnownEntity, at: Surroundings, *, ordinary: bool) -> bool:
        """Whether a small place's country is in the article, or a word such as *in* or *near* stands before it."""
        mentioned = place.country in at.countries
        if candidate.first != candidate.last:
            return mentioned
        return (mentioned and not ordinary) or candidate.locative

    def _follows_given_name(self, words: Sequence[Word], first: int) -> bool:
        before = _before(words, first)
        return (
            before is not None
            and words[first].gap == 1
            and before.text[0].isupper()
            and before.folded in self._gazetteer.given_names
        )

    def _may_be_given_name(self, candidate: Candidate, at: Surroundings) -> bool:
        return at.words[candidate.first].folded in self._gazetteer.given_names

    def _is_given_name_of(self, candidate: Candidate, at: Surroundings) -> bool:
        """*Paris Hilton*, *Sofia Larsen*: a first name before another capital (but German capitalises all nouns)."""
        after = candidate.last + 1
        if at.language == "de" or after >= len(at.words) or not self._may_be_given_name(candidate, at):
            return False
        follows = at.words[after]
        return follows.gap == 1 and follows.text[0].isupper() and not follows.text.isupper()


def _before(words: Sequence[Word], first: int) -> Word | None:
    """The word before, on the same line."""
    return words[first - 1] if first and words[first].gap < 2 else None


def _is_joined(words: Sequence[Word], candidate: Candidate) -> bool:
    """Whether a hyphen joins the candidate to a word before or after it."""
    before = _before(words, candidate.first)
    if before is not None and before.text[-1] == "-" and words[candidate.first].gap == 0 and candidate.first >= 2:
        return True
    after = candidate.last + 1
    return after < len(words) and words[after].text[0] == "-" and words[after].gap == 0
