"""What the words and letters of a short text say about its language, beside what a detector says. Pure.

A detector of 176 languages that fits in a megabyte mixes up neighbours on a headline: Dutch, Afrikaans and Frisian; Danish,
Norwegian and Swedish; Spanish, Catalan and Portuguese. Three kinds of cues tell them apart, each as log odds:
- words: the commonest of each language (`lexicon/languages/words.toml`); one that many languages have says little;
- shapes: how a language spells (`polisie`, `plysje`, `politie`);
- letters: `ø` is no Swedish, `ы` no Ukrainian.
"""

import re
import tomllib
from collections import defaultdict
from functools import cache, lru_cache
from math import log
from pathlib import Path

_WORDS_FILE = Path(__file__).resolve().parents[1] / "lexicon" / "languages" / "words.toml"
_UNIQUE_WORD = 8.0
"""Odds for a word that one language alone has are 1 + this to 1; for one that n have, 1 + this / n."""

# Dutch and the two that look like it differ in spelling by rule. Each word counts once for each shape that it has.
_SHAPES: tuple[tuple[re.Pattern[str], dict[str, float]], ...] = tuple(
    (re.compile(pattern), odds)
    for pattern, odds in (
        # Words that settle it, beside what they count as words.
        (r"^(?:nie|hulle|hierdie|daardie|baie|'n|ŉ|sê|gesê|vir|oor|ná|se|dié)$", {"af": 1.5, "nl": -1.0, "fy": -1.0}),
        (
            r"^(?:fan|foar|nij|nije|wurdt|wurde|hawwe|yn|út|troch|oer|mei|net|dy|'e)$",
            {"fy": 1.2, "nl": -0.7, "af": -0.7},
        ),
        (
            r"^(?:niet|zijn|naar|voor|deze|wordt|worden|over|tegen|nieuwe|heeft|uit|bij)$",
            {"nl": 0.7, "af": -0.5, "fy": -1.5},
        ),
        (r"^(?:de|hij|je|we|ze|u)$", {"af": -1.5}),
        (r"[^aeiouê]en$", {"nl": 0.2, "fy": 0.1, "af": -0.6}),
        (r"[a-z]{2}(?:[aeo]{2}|[bdfgklmnpr])t$", {"nl": 0.1, "fy": 0.1, "af": -0.3}),
        (r"ij", {"nl": 1.0, "af": -1.5, "fy": -0.5}),
        (r"sch[aeiour]", {"nl": 0.7, "de": 0.7, "af": -2.0, "fy": -1.5}),
        (r"^sk[aeiouyêûô]|[^aeiou]sk[aeiouyêûô]", {"af": 1.0, "fy": 1.0, "sv": 0.5, "da": 0.5, "no": 0.5, "nl": -1.2}),
        (r"^z", {"nl": 0.5, "af": -1.0, "fy": -1.5}),
        (r"[aeiou]ties?$", {"nl": 1.2, "af": -1.0, "fy": -1.5}),
        (r"[aeirsn]sies?$", {"af": 1.5, "nl": -0.5}),
        (r"lijke?$", {"nl": 1.0, "af": -1.5, "fy": -1.5}),
        (r"[^e]like?$", {"af": 0.8, "fy": 0.6, "da": 0.3, "no": 0.3}),
        (r"[bcdfghjklmnprstvw]y(?:[bdfgklmnprstvw]|$)", {"af": 0.6, "fy": 0.5, "nl": -0.6}),
        # Afrikaans: no endings on verbs, plurals in -e and -s, diminutives in -ie, vowels that meet.
        (r"[aeiou]tjies?$|[^aeiou]jies?$|[kpmlnr]ies$", {"af": 1.2, "nl": -0.5}),
        (r"ings$|[^aeiou]eus$", {"af": 0.8, "nl": -0.3}),
        (r"^(?:aan|af|vas|op|uit|in|weg|neer|toe|mee)ge.*[bfgklmprs]$", {"af": 1.2, "nl": -0.6}),
        (r"^ge[bdfghklmnprstvw].*[gklmprs]$", {"af": 0.4}),
        (r"[bdfgklmnprt]{2}e$|[aeo]{2}[nrl]e$", {"af": 0.2, "fy": 0.2}),
        (r"oë|eë|ieë|ê", {"af": 0.8}),
        (r"^uu?r|[^e]uwe$", {"af": 0.5}),
        # Frisian: f for v, s for z, sk for sch, broken vowels, -je for -en.
        (r"[aei]sje$|asjes$", {"fy": 1.5}),
        (r"earje$|earre[nt]?$|ôf|^ûn", {"fy": 2.0}),
        (r"^f[aiou][ne]|^fer|^foar", {"fy": 1.2, "nl": -0.4, "af": -0.4}),
        (r"tsj|^dj|^tj|[^aeiou]jild", {"fy": 1.5}),
        (r"[^aeiou]ea[^u]|oa[rntds]|[^aeiou]ie[rn]e$|oe[gk]$", {"fy": 0.5}),
        (r"inne$|ynge?$|ens$|skip(?:pen)?$|wenning", {"fy": 0.7}),
        (r"û", {"fy": 1.2, "fr": 0.3, "nl": -1.0, "af": -0.6}),
        (r"â|ô", {"fy": 0.6, "fr": 0.2, "nl": -0.5}),
        (r"[bdfgklmnprst]je[nt]?$", {"fy": 0.4}),
        (r"^ver", {"nl": 0.3, "af": 0.3, "de": 0.3, "fy": -1.2}),
        (r"^v", {"fy": -0.8}),
        # Others that a headline leaves open.
        (r"ung(?:en)?$|keit$|lich(?:en?)?$|schaft$", {"de": 1.0}),
        (r"^l'|^d'|^qu'|eaux?$|tion$|eur$|ées?$", {"fr": 0.5}),
        (r"ción$|miento$", {"es": 1.5}),
        (r"zione$|zioni$|mento$", {"it": 1.2}),
        (r"ção$|ções$|mento$|ões$", {"pt": 1.2}),
    )
)
# Letters by the languages that need them; in a text that has one, all others with that script are less likely.
_LETTERS = {
    "ß": "de", "ñ": "es gl eu tl", "ã": "pt vi", "õ": "pt et vi", "ç": "fr pt ca tr sq az ku", "œ": "fr", "ł": "pl", "ą": "pl lt",
    "ę": "pl lt", "ż": "pl mt", "ś": "pl", "ź": "pl", "ř": "cs", "ě": "cs", "ů": "cs", "ľ": "sk", "ĺ": "sk", "ő": "hu", "ű": "hu",
    "ă": "ro vi", "ț": "ro", "ș": "ro", "ğ": "tr az", "ı": "tr az", "ş": "tr az ku", "å": "sv da no fi", "ø": "da no fo",
    "æ": "da no is fo fr", "þ": "is", "ð": "is fo", "đ": "hr sr bs vi", "ü": "de tr hu et es nl fr ca az lb", "ä": "de sv fi et sk lb",
    "ö": "de sv fi hu tr et is nl az lb", "ÿ": "fr", "ê": "fr pt fy af vi", "ú": "fy es pt cs sk hu is ga fo ca gl",
    "ō": "lv mi ja", "ā": "lv mi", "ē": "lv", "ī": "lv", "ļ": "lv", "ņ": "lv", "ė": "lt", "ų": "lt", "į": "lt", "ū": "lt lv",
    "ы": "ru be kk ky mn tt ba", "э": "ru be kk ky mn tt ba", "ъ": "bg ru", "ё": "ru be kk ky tg", "щ": "ru uk bg kk", "і": "uk be kk",
    "ї": "uk", "є": "uk", "ґ": "uk", "ў": "be uz", "ј": "sr mk", "љ": "sr mk", "њ": "sr mk", "ћ": "sr", "ђ": "sr", "ѓ": "mk", "ќ": "mk",
    "ѕ": "mk", "џ": "sr mk", "и": "ru uk bg sr mk kk ky mn tg tt ba cv ce",
}  # fmt: skip
_WITH_LETTER = {letter: frozenset(languages.split()) for letter, languages in _LETTERS.items()}
_LETTER_ODDS = 0.9
_LONG_WORD = 40
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*(?:-[^\W\d_]+)*|['’]n\b|['’][st]\b")
_APOSTROPHE = str.maketrans("’‘ʼ", "'''")


@cache
def _languages_by_word() -> dict[str, tuple[str, ...]]:
    with _WORDS_FILE.open("rb") as file:
        lists: dict[str, str] = tomllib.load(file)
    languages: dict[str, dict[str, None]] = {}
    for language, words in lists.items():
        for word in words.split():
            languages.setdefault(word, {})[language] = None
    return {word: tuple(known) for word, known in languages.items()}


@lru_cache(maxsize=32_768)
def _word_cues(word: str) -> tuple[tuple[str, float], ...]:
    """Remembered: the news repeats its words, and trying all shapes on all words costs more than both detectors."""
    found: defaultdict[str, float] = defaultdict(float)
    languages = _languages_by_word().get(word, ())
    for language in languages:
        found[language] += log(1.0 + _UNIQUE_WORD / len(languages))
    for shape, odds in _SHAPES:
        if shape.search(word):
            for language, odd in odds.items():
                found[language] += odd
    return tuple(found.items())


def cues(text: str) -> dict[str, float]:
    """Log odds for languages (ISO 639-1) by the text's words, shapes and letters; not there means nothing said.

    Each word counts once. Linear in the text; meant for some hundred characters.
    """
    found: defaultdict[str, float] = defaultdict(float)
    small = text.casefold().translate(_APOSTROPHE)
    for word in dict.fromkeys(_WORD.findall(small)):
        for language, odds in _word_cues(word) if len(word) <= _LONG_WORD else ():
            found[language] += odds
    for letter in _WITH_LETTER.keys() & set(small):
        for language in _WITH_LETTER[letter]:
            found[language] += _LETTER_ODDS
    return found
