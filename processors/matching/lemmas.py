"""The lemmas of a word: from simplemma's lists where it has the language, a Snowball stem where only PyStemmer has it.

A word may have several. simplemma's Dutch list marks the parts of some lemmas with `_`, which is no letter of theirs.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from threading import Lock
from typing import Protocol, cast

import Stemmer
from simplemma.strategies import DefaultStrategy, RulesStrategy
from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES
from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamDictionaryFactory

from processors.matching.irregular import irregular_lemmas
from processors.matching.lemma_lists import lemma_list
from processors.matching.word_forms import english_lemmas, french_lemmas

_KEPT = 256

MAX_LEMMA_LETTERS = 64
"""A longer word is in no list, and is its own lemma."""

_SIMPLEMMA = {"no": "nb", "hr": "hbs", "sr": "hbs", "bs": "hbs", "fil": "tl"}
"""Where simplemma's code isn't that of ISO 639-1."""

_STEMMERS = {"eu": "basque", "ne": "nepali", "ta": "tamil", "yi": "yiddish", "st": "sesotho", "eo": "esperanto"}
"""Snowball's languages that simplemma may lack."""

_RULES_ALONE = frozenset({"en", "nl", "de", "fr"})
"""Where simplemma's endings are all that is guessed by. Elsewhere its whole pipeline guesses (clitics, prefixes, affixes)."""

_TOO_LONG = frozenset({"sw"})
"""Five million words: reading them takes longer than an article may. Words are folded alone."""

_FRUGAL = StreamDictionaryFactory(cache_max_size=len(SUPPORTED_LANGUAGES))
"""Keeps all: by default the ninth language pushes out the first, whose list is then read anew (a second or more) at each word
that must be guessed. It costs no memory, for `lemmas` holds the lists as well."""

_PARTICIPLES = {
    "nl": re.compile(r"(?:.*ge.+(?:[dt]|en)|.+end)", re.DOTALL),
    "de": re.compile(
        r"(?:.*ge.+(?:t|en)|.+end|.+iert|(?:be|emp|ent|er|hinter|mi[sß]s?|über|um|unter|ver|wider|zer).+(?:t|en))",
        re.DOTALL,
    ),
    "fr": re.compile(r".+[éiu]", re.DOTALL),
}
"""Lemmas that are participles, and so have a verb for lemma in turn: `déployées`, `déployé`, `déployer`."""


_BY_ENDING = {"en": english_lemmas, "fr": french_lemmas}


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802


class Lemmas(Protocol):
    """The lemmas of one language."""

    def listed(self, word: str) -> tuple[str, ...]:
        """The lemmas of a word as it is written or with the other case of its first letter; none where it isn't listed."""
        ...

    def guessed(self, word: str) -> str | None:
        """The lemma by rules, of a word that isn't listed; None where no rule applies."""
        ...


class NoLemmas:
    """A language of which nothing is known: a word is its own lemma."""

    def listed(self, word: str) -> tuple[str, ...]:  # noqa: ARG002
        """See Lemmas."""
        return ()

    def guessed(self, word: str) -> str | None:  # noqa: ARG002
        """See Lemmas."""
        return None


class StemLemmas:
    """Stems in place of lemmas."""

    def __init__(self, algorithm: str) -> None:
        self._stemmer = cast("_Stemmer", Stemmer.Stemmer(algorithm))  # pyright: ignore[reportUnknownMemberType]
        self._one_at_a_time = Lock()  # a stemmer has one buffer

    def listed(self, word: str) -> tuple[str, ...]:
        """See Lemmas."""
        with self._one_at_a_time:
            return (self._stemmer.stemWord(word.lower()),)

    def guessed(self, word: str) -> str | None:  # noqa: ARG002
        """See Lemmas."""
        return None


class ListedLemmas:
    """simplemma's list and rules for one language.

    Its list has one lemma a word. In English and French a word that others are the plural of is a lemma besides: *bombings*
    has `bombing`, which by itself has `bomb`.
    """

    def __init__(self, language: str, code: str) -> None:
        self._code = code
        # Elsewhere simplemma's pipeline shares its list with us, in its frugal form: Polish takes 400 MB as a dict.
        self._dictionary = lemma_list(code) if language in _RULES_ALONE else _FRUGAL.get_dictionary(code)
        # A word is asked for by its stems, its parts, and with the other case: that is one look into the list.
        self._get = lru_cache(_KEPT)(self._dictionary.get)
        self._rules = RulesStrategy() if language in _RULES_ALONE else DefaultStrategy(dictionary_factory=_FRUGAL)
        self._has_plural_s = language in ("en", "fr")
        self._by_ending = _BY_ENDING.get(language)
        self._participle = _PARTICIPLES.get(language)
        self._diminutive = "je" if language == "nl" else None
        self._irregular = irregular_lemmas(language)

    def listed(self, word: str) -> tuple[str, ...]:
        """See Lemmas."""
        if len(word) > MAX_LEMMA_LETTERS:
            return ()
        lemma = self._listed(word)
        if lemma is None:
            return ()
        found = [lemma]
        if lemma != word:
            if self._has_plural_s and self._listed(f"{word}s") == word:
                found.append(word)
            if self._has_lemma_in_turn(lemma) and (further := self._listed(lemma)) is not None:
                found.append(further)
        if self._by_ending is not None:
            found += self._by_ending(word.lower(), lemma, self._dictionary.get)
        found.extend(self._irregular.get(word.lower(), ()))
        return tuple(found)

    def guessed(self, word: str) -> str | None:
        """See Lemmas."""
        return self._rules.get_lemma(word, self._code) if len(word) <= MAX_LEMMA_LETTERS else None

    def words(self) -> Iterable[str]:
        """The words that are in the list."""
        return iter(self._dictionary)

    def _listed(self, word: str) -> str | None:
        """The lemma in the list, of the word as it is written or else with the other case of its first letter."""
        lemma = self._get(word)
        if lemma is None:
            lemma = self._get(word.lower() if word[:1].isupper() else word.capitalize())
        if lemma is None or "_" not in lemma:
            return lemma
        particle, _, verb = lemma.partition("_")
        # A verb that came apart in its sentence was listed with its particle: `rukken` `op_rukken`.
        return lemma.replace("_", "") if word.lower().startswith(particle.lower()) else verb

    def _has_lemma_in_turn(self, lemma: str) -> bool:
        if self._diminutive is not None and lemma.endswith(self._diminutive):
            return True
        return self._participle is not None and self._participle.fullmatch(lemma) is not None


def listed_words(words: Lemmas) -> Iterable[str]:
    """The words of a list."""
    return words.words() if isinstance(words, ListedLemmas) else ()


@cache
def lemmas(language: str) -> Lemmas:
    """The lemmas of a language; its list is loaded at the first word."""
    code = _SIMPLEMMA.get(language, language)
    if code in SUPPORTED_LANGUAGES and code not in _TOO_LONG:
        return ListedLemmas(language, code)
    if language in _STEMMERS:
        return StemLemmas(_STEMMERS[language])
    return NoLemmas()


def unique(words: Iterable[str]) -> tuple[str, ...]:
    """Each word once, in order."""
    return tuple(dict.fromkeys(words))
