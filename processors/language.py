"""The language of an article: what the source states, else what small detectors read.

Rules, in this order:
1. What the source states is brought to ISO 639-1 (`nl-BE`, `NL`, `dut`, `Dutch` -> `nl`); what isn't a language counts as not stated.
2. The first 300 characters of title and of text are shown to the detector (processors.language_detector), without web addresses.
   A guess without an ISO 639-1 code (nds) is skipped for the next.
3. A stated language stands, unless the text has 200 letters or more and the detector is surer than 0.95. It isn't asked where
   that can't be: a short text, or one that is evidently in the language (processors.evident_language).
4. Nothing stated: the detector's best, or `und` where there is too little to go by or it is too unsure.
"""

import re

from processors.evident_language import is_evidently
from processors.language_detector import language_shares

UNDETERMINED = "und"
READ_CHARACTERS = 300
"""Of title and of text. More doesn't make the detector better on news, only slower."""
OVERRULE_LETTERS = 200
OVERRULE_CONFIDENCE = 0.95
MIN_LETTERS = 8
"""Fewer say nothing: `Brexit` is the same in every language."""
MIN_CONFIDENCE = 0.30
"""Below this the detector guesses."""
MIN_CONFIDENCE_FEW_WORDS = 0.60
"""For one or two words, which are often names."""

# ISO 639-1, all of it.
_PLAIN_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu
fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km
kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nd ne ng nl nn no nr nv ny oc oj om
or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to
tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
# What else sources write for some of them: 639-2 (T and B), older codes, kinds that are read alike, names.
_ALIASES = """
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
_NORMALISED: dict[str, str] = {code: code for code in _PLAIN_CODES.split()} | {
    alias: aliases[0]
    for line in _ALIASES.replace("\n", " ").split(";")
    for aliases in [line.split()]
    for alias in aliases
}
_STATED_CODE = re.compile(r"\W*([A-Za-z]{2,3})(?:[-_][\w.@-]*)?\W*")
_STATED_NAME = re.compile(r"\W*([^\W\d_]{4,20})\b")
_LIST = re.compile(r"[,;|/]")
_ADDRESS = re.compile(r"://|www\.|@")
_SPACES = re.compile(r"\s+")


def normalised_language(stated: str | None) -> str | None:
    """The ISO 639-1 code of a language as a source writes it, None where that is no language that is known here.

    Region and script (`nl-BE`, `nl_BE.UTF-8`, `zh-Hant`) are dropped; of a list (`nl, fr`) the first counts.
    """
    if stated is None:
        return None
    first = _LIST.split(stated[:64], maxsplit=1)[0]
    found = _STATED_CODE.fullmatch(first) or _STATED_NAME.match(first)
    return None if found is None else _NORMALISED.get(found[1].casefold())


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
    words = [
        word
        for word in _SPACES.split(sample)
        if any(character.isalpha() for character in word) and _ADDRESS.search(word) is None
    ]
    if _letters(" ".join(words), MIN_LETTERS) < MIN_LETTERS:
        return UNDETERMINED, 0.0
    shown = " ".join(words).encode("utf-8", "replace").decode()  # a lone surrogate can't be shown to it
    code, confidence = next(iter(language_shares(shown, _NORMALISED).items()), (UNDETERMINED, 0.0))
    least = MIN_CONFIDENCE_FEW_WORDS if len(words) < 3 else MIN_CONFIDENCE
    return (code, confidence) if confidence >= least else (UNDETERMINED, confidence)


def decide_language(title: str, text: str, stated: str | None) -> tuple[str, float]:
    """The language of an article (ISO 639-1, or `und`) and how sure that is, 0 to 1.

    A stated language that stands has 1.0: the source's word, not a measurement. Never raises on any text; the time
    doesn't grow with the text. Safe to call from several threads.
    """
    said = normalised_language(stated)
    if said is not None and (len(text) < OVERRULE_LETTERS or is_evidently(said, text[:READ_CHARACTERS])):
        return said, 1.0
    read, confidence = detected_language(f"{title[:READ_CHARACTERS]}\n{text[:READ_CHARACTERS]}")
    if said is None:
        return read, confidence
    sure = read != UNDETERMINED and confidence > OVERRULE_CONFIDENCE
    if sure and read != said and _letters(text, OVERRULE_LETTERS) >= OVERRULE_LETTERS:
        return read, confidence
    return said, 1.0
