"""Mentions in one field: where a name of the gazetteer stands, and which readings hold there.

Everything here looks at the field alone. What needs the whole article (who is meant among namesakes, surnames after a full
name, small places that need a sign that their country is meant) is decided in `processors.recognise`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, cast

from processors.demonyms import LANGUAGES
from processors.gazetteer import Gazetteer, Reading
from processors.names import KEPT_LETTERS, WORD_AND_SPACE, folded_word, name_words

GENITIVE_LANGUAGES = frozenset({"nl", "de", "und"})
MIN_GENITIVE = 5
"""Letters with the -s: *Ruslands*, *Irans*, but *Gents* stays as it is."""
STRONG_PRIOR = 75
"""Countries, territories and what the desk's own table holds are known everywhere."""
GENITIVE_PLACE_PRIOR = 57
"""Of places under 500,000 inhabitants, a name with an -s is mostly another word (*Voorts* and Voort)."""
MAX_NAME_WORDS = 16
_KEPT_WORDS = 1 << 14
"""What a word alone may be read as is remembered for so many words, of KEPT_LETTERS at most."""

_SENTENCE_ENDS = frozenset(".!?:…•\"“”„«»'")
_LOCATIVE = {
    "nl": frozenset({"in", "te", "naar", "uit", "nabij", "vanuit", "bij", "rond"}),
    "en": frozenset({"in", "near", "outside", "around", "into"}),
    "de": frozenset({"in", "nach", "aus", "bei", "nahe"}),
    "fr": frozenset({"à", "a", "près", "vers", "aux", "au"}),
}


_ARTICLES_OF_PEOPLE = {
    "nl": frozenset(
        [
            "de",
            "deze",
            "die",
            "veel",
            "vele",
            "alle",
            "enkele",
            "sommige",
            "onze",
            "twee",
            "drie",
            "vier",
            "vijf",
            "tien",
        ]
    ),
    "de": frozenset(
        [
            "die",
            "der",
            "den",
            "diese",
            "dieser",
            "viele",
            "vielen",
            "alle",
            "allen",
            "einige",
            "manche",
            "zwei",
            "drei",
            "vier",
        ]
    ),
}


_CONTRACTED = frozenset(["au", "du"])
"""French for *à le* and *de le*: *au Caire* is in *Le Caire*."""
CONTRACTED_PRIOR = 50
"""Places under 100,000 inhabitants whose name begins with *Le* are mostly something else's name."""
_NAME_ARTICLES = frozenset(["het", "de", "the", "der", "die", "das", "le", "la", "les"])
"""A name that begins so (*Het Kanaal*) is one only with its capitals: *Het kanaal is dicht*."""


_new: Any = cast("Any", tuple).__new__
"""Makes a named tuple in half the time that its class takes: an article has hundreds of words."""


class Word(NamedTuple):
    """A word or sign of a field. gap: 0 joined to the one before, 1 after white space, 2 after a line end."""

    text: str
    start: int
    folded: str
    gap: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name found: words `first` to `last` (inclusive) of the field, characters `start` to `end` (exclusive).

    readings: those that hold here, all of one role, at least one. locative: it follows *in*, *naar*, *à* …
    """

    first: int
    last: int
    start: int
    end: int
    readings: tuple[Reading, ...]
    locative: bool

    @property
    def is_single(self) -> bool:
        """Whether it is one word."""
        return self.first == self.last


def field_words(text: str) -> list[Word]:
    """The words and signs of a text, white space turned into gaps; `text[start : start + len(word.text)] == word.text`.

    Linear in the text, which may be any.
    """
    words: list[Word] = []
    place, gap = len(text) - len(text.lstrip()), 2
    found: list[tuple[str, str, str]] = WORD_AND_SPACE.findall(text)
    for shown, _, space in found:
        words.append(_new(Word, (shown, place, folded_word(shown), gap)))
        place += len(shown) + len(space)
        gap = 0 if not space else 1 if space == " " else 2 if "\n" in space or "\r" in space else 1
    return words


def _may_be_genitive(text: str) -> bool:
    return text[-1] == "s" and len(text) >= MIN_GENITIVE and text[0].isupper()


def _is_name_case(written: str, shown: str) -> bool:
    """Whether a word of a name may be written as it stands in the text: case counts, with the licence of headlines."""
    if written == shown or not written[0].isalpha():
        return True
    if written[0].islower():
        return shown[0].isalpha() and not shown.isupper()
    if len(written) > 1 and written.isupper():
        return shown.isupper() or (len(written) >= 4 and shown == written.capitalize())
    if not shown[0].isupper() or shown[1:].islower() or len(shown) == 1:
        return shown[0].isupper()
    return len(shown) >= 4 and (shown.isupper() or shown[1:].isupper() == written[1:].isupper())


def _counts_in(reading: Reading, language: str) -> bool:
    """Whether a name counts in articles of a language; an acronym also where none of its languages is known to be meant."""
    if reading.languages is None or language in reading.languages:
        return True
    return language not in LANGUAGES and reading.written.isupper()


def case_fits(reading: Reading, shown: Sequence[Word], written: Sequence[str]) -> bool:
    """Whether a name stands in the text in a case in which it can be that name."""
    if not _is_name_case(written[0], shown[0].text):
        return False
    # *Europese commissie*, *Rode kruis*: what follows the first word is often written small.
    loose = reading.role == "name" and not written[0].isupper() and written[0].casefold() not in _NAME_ARTICLES
    return all(
        _is_name_case(w, s.text) or (s.text[0].islower() and (loose or (written[0].isupper() and _is_long_word(w))))
        for w, s in zip(written[1:], shown[1:], strict=True)
    )


def _is_long_word(written: str) -> bool:
    """A word of a name that begins with an acronym (*VN-veiligheidsraad*)."""
    return len(written) >= 4 and not written.isupper()


class MentionFinder:
    """Finds names of a gazetteer. Holds no state of a text: may be shared by threads."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._written: dict[str, tuple[str, ...]] = {}
        self._fitting_short = lru_cache(_KEPT_WORDS)(self._fitting_word)

    def candidates(self, words: Sequence[Word], language: str) -> list[Candidate]:
        """Every name in a field, longest first from the left, not overlapping. Time is linear in the words."""
        found: list[Candidate] = []
        beginnings = self._gazetteer.beginnings
        genitive = language in GENITIVE_LANGUAGES
        french = language == "fr"
        taken = -1
        for place, word in enumerate(words):
            # Most words begin no name: this test is all that they cost.
            if place <= taken:
                continue
            text, key = word.text, word.folded
            if not (genitive and text[-1] == "s" and _may_be_genitive(text)):
                if key in beginnings:
                    if not french and self._begins_none(text, key, words[place + 1 : place + 2], language):
                        continue
                elif not (french and place and words[place - 1].folded in _CONTRACTED):
                    continue
            candidate = self._contracted(words, place) if french else None
            candidate = candidate or self._at(words, place, language)
            if candidate is not None:
                found.append(candidate)
                taken = candidate.last
        return found

    def _begins_none(self, text: str, key: str, after: Sequence[Word], language: str) -> bool:
        """Whether a word with which names begin surely begins none here: *de* and *in*, mostly."""
        if self._fitting_alone(text, key, language):
            return False
        return self._gazetteer.longest(key) == 1 or not self._may_go_on(key, after, language)

    def _at(self, words: Sequence[Word], place: int, language: str) -> Candidate | None:
        word = words[place]
        longest = min(self._gazetteer.longest(word.folded), MAX_NAME_WORDS, len(words) - place)
        if longest > 1 and not self._may_go_on(word.folded, words[place + 1 : place + 2], language):
            longest = 1
        for count in range(longest, 1, -1):
            if any(words[place + more].gap == 2 for more in range(1, count)):
                continue
            shown = words[place : place + count]
            key = " ".join(w.folded for w in shown)
            readings = self._holding(key, shown, language, words[max(0, place - 2) : place])
            readings = readings or self._genitive(words, place, count, language)
            if readings:
                return self._candidate(words, place, count, readings, language)
        readings = self._alone(words, place, language) or self._genitive(words, place, 1, language)
        return self._candidate(words, place, 1, readings, language) if readings else None

    def _alone(self, words: Sequence[Word], place: int, language: str) -> tuple[Reading, ...]:
        """The readings of a single word that hold. Remembered but for the words before: *de* and *in* are names in capitals."""
        word = words[place]
        fitting = self._fitting_alone(word.text, word.folded, language)
        return fitting and self._strongest(fitting, language, words[max(0, place - 2) : place])

    def _fitting_alone(self, text: str, folded: str, language: str) -> tuple[Reading, ...]:
        """The readings of a single word that fit its writing, whatever stands before it."""
        fits = self._fitting_short if len(text) <= KEPT_LETTERS else self._fitting_word
        return fits(text, folded, language)

    def _fitting_word(self, text: str, folded: str, language: str) -> tuple[Reading, ...]:
        return self._fitting(folded, [Word(text, 0, folded, 0)], language)

    def _contracted(self, words: Sequence[Word], place: int) -> Candidate | None:
        """The place *Le Caire* at the word *Caire* behind *au* or *du*."""
        word = words[place]
        if not place or words[place - 1].folded not in _CONTRACTED or word.gap != 1 or not word.text[0].isupper():
            return None
        after = words[place + 1] if place + 1 < len(words) else None
        if after is not None and (
            (after.gap == 0 and after.text[0] == "-") or (after.gap == 1 and after.text[0].isupper())
        ):
            return None
        entities = self._gazetteer.entities
        readings = tuple(
            reading
            for reading in self._gazetteer.readings(f"le {word.folded}")
            if reading.role == "name"
            and entities[reading.entity].type == "LOC"
            and entities[reading.entity].prior >= CONTRACTED_PRIOR
            and _counts_in(reading, "fr")
        )
        return self._candidate(words, place, 1, readings, "fr") if readings else None

    def _may_go_on(self, key: str, after: Sequence[Word], language: str) -> bool:
        """Whether a name may have a word and the one after it; without this, a text of nothing but beginnings takes long."""
        if not after:
            return False
        second = after[0].folded
        if self._gazetteer.begins_with(key, second):
            return True
        return second[-1:] == "s" and language in GENITIVE_LANGUAGES and self._gazetteer.begins_with(key, second[:-1])

    def _genitive(self, words: Sequence[Word], place: int, count: int, language: str) -> tuple[Reading, ...]:
        """The readings of a name whose last word has a bare genitive -s (Dutch and German): *Ruslands*, *Zelenskis*."""
        last = words[place + count - 1]
        if language not in GENITIVE_LANGUAGES or not _may_be_genitive(last.text):
            return ()
        if count == 1 and not self._gazetteer.longest(last.folded[:-1]):
            return ()
        bare = [*words[place : place + count - 1], last._replace(text=last.text[:-1], folded=last.folded[:-1])]
        key = " ".join(word.folded for word in bare)
        return tuple(
            reading
            for reading in self._holding(key, bare, language)
            if reading.role != "demonym" and not reading.common and self._has_genitive(reading)
        )

    def _has_genitive(self, reading: Reading) -> bool:
        entity = self._gazetteer.entities[reading.entity]
        return entity.type != "LOC" or entity.prior >= GENITIVE_PLACE_PRIOR

    def _holding(
        self, key: str, shown: Sequence[Word], language: str, before: Sequence[Word] = ()
    ) -> tuple[Reading, ...]:
        """The readings of a key that hold in this language and this case, all of the strongest role that there is.

        before: the words before it, at most two.
        """
        return self._strongest(self._fitting(key, shown, language), language, before)

    def _fitting(self, key: str, shown: Sequence[Word], language: str) -> tuple[Reading, ...]:
        """The readings of a key that count in this language and hold in this case."""
        return tuple(
            reading
            for reading in self._gazetteer.readings(key)
            if _counts_in(reading, language) and case_fits(reading, shown, self._name_words(reading.written))
        )

    def _strongest(self, holding: Sequence[Reading], language: str, before: Sequence[Word]) -> tuple[Reading, ...]:
        """Those of the strongest role that there is."""
        names = self._of_role("name", holding)
        demonyms = self._of_role("demonym", holding)
        if demonyms and all(self._is_weak(reading) for reading in names):
            return demonyms  # Engels is English before it is a town on the Volga
        if demonyms and _counts_people(before, language):
            return demonyms  # die Polen, de jonge Denen
        return names or demonyms or self._of_role("bare", holding)

    @staticmethod
    def _of_role(role: str, readings: Sequence[Reading]) -> tuple[Reading, ...]:
        return tuple(reading for reading in readings if reading.role == role)

    def _is_weak(self, reading: Reading) -> bool:
        entity = self._gazetteer.entities[reading.entity]
        return entity.type == "LOC" and entity.prior < STRONG_PRIOR

    def _name_words(self, written: str) -> tuple[str, ...]:
        known = self._written.get(written)
        if known is None:
            known = self._written[written] = tuple(name_words(written))
        return known

    def _candidate(
        self, words: Sequence[Word], place: int, count: int, readings: tuple[Reading, ...], language: str
    ) -> Candidate:
        before = words[place - 1] if place else None
        locative = before is not None and before.text.lower() in _LOCATIVE.get(language, frozenset())
        last = place + count - 1
        return Candidate(place, last, words[place].start, words[last].end, readings, locative)


def _counts_people(before: Sequence[Word], language: str) -> bool:
    """Whether the words before say that inhabitants are meant, not the country, which has no article (*die Polen*)."""
    articles = _ARTICLES_OF_PEOPLE.get(language)
    if articles is None or not before:
        return False
    last = before[-1].text.lower()
    if last in articles or last.isdecimal():
        return True
    adjective = last.endswith(("e", "en")) and before[-1].text[0].islower()
    return adjective and len(before) == 2 and before[0].text.lower() in articles


def starts_sentence(words: Sequence[Word], place: int) -> bool:
    """Whether the word at this place may have its capital because a sentence, a line or a quotation starts."""
    if place == 0 or words[place].gap == 2:
        return True
    before = words[place - 1]
    if before.text in ("'", "’") and words[place].gap == 0 == before.gap and place > 1:
        return False  # l'Université
    return before.text[-1] in _SENTENCE_ENDS


def is_shouted(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether the words around are all in capitals, so that capitals say nothing."""
    around = [*words[max(0, first - 3) : first], *words[last + 1 : last + 4]]
    letters = [word.text for word in around if len(word.text) > 1 and word.text.isalpha()]
    return bool(letters) and all(text.isupper() for text in letters)
